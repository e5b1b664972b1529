//! `[badge] format`: the parts of the badge and their order.

/// The default format.
pub const DEFAULT_FORMAT: &str = "{symbol}{config/}{profile}{ region}{ left}";

/// A template for the badge: literal text, and fields in braces. If a field is empty, the text beside it inside the
/// braces is omitted too: `{ left}`. `badge::format` fills it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// The pieces, in order.
    pub pieces: Vec<Piece>,
}

/// A piece of a [`Format`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// A field, and the text beside it inside its braces.
    Field {
        /// Before the field.
        before: String,
        /// The field.
        field: Field,
        /// After it.
        after: String,
    },
}

/// The fields of a [`Format`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The symbol of the settings.
    Symbol,
    /// The profile, or what overrides it.
    Profile,
    /// The region.
    Region,
    /// The time left, or the state.
    Left,
    /// The account: its name in the settings, or its id.
    Account,
    /// The role.
    Role,
    /// The SSO session.
    Session,
    /// The set of config files, if it is not the usual one.
    Config,
}

impl Format {
    /// Parses a template. Anything that is not a field is literal text.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::noting(text, &mut Vec::new())
    }

    /// Like [`Self::parse`], but also adds unknown fields to `unknown`, with their braces.
    pub(super) fn noting(text: &str, unknown: &mut Vec<String>) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, inside, after)) = rest
            .split_once('{')
            .and_then(|(b, r)| r.split_once('}').map(|(i, a)| (b, i, a)))
        {
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Self::field(inside).unwrap_or_else(|| {
                unknown.push(format!("{{{inside}}}"));
                Piece::Text(format!("{{{inside}}}"))
            }));
            rest = after;
        }
        if let Some(open) = rest.find('{') {
            unknown.push(rest[open..].to_owned());
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self { pieces }
    }

    pub(super) fn field(inside: &str) -> Option<Piece> {
        let start = inside.find(|c: char| c.is_ascii_alphabetic())?;
        let tail = &inside[start..];
        let end = tail
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let field = match &tail[..end] {
            "symbol" => Field::Symbol,
            "profile" => Field::Profile,
            "region" => Field::Region,
            "left" => Field::Left,
            "account" => Field::Account,
            "role" => Field::Role,
            "session" => Field::Session,
            "config" => Field::Config,
            _ => return None,
        };
        Some(Piece::Field {
            before: inside[..start].to_owned(),
            field,
            after: tail[end..].to_owned(),
        })
    }
}
