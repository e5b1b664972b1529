//! Changes of a text, as byte ranges. What no range touches stays as it is, byte for byte.

use std::ops::Range;

/// One change: these bytes become those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Where, in the text before.
    pub(crate) at: Range<usize>,
    /// What comes there.
    pub(crate) with: Vec<u8>,
}

/// Changes that do not overlap, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Edits(Vec<Edit>);

impl Edits {
    /// Whether nothing changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The changes.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter()
    }

    /// One more change. Of two at one place, the one that was said first comes first.
    pub(crate) fn push(&mut self, at: Range<usize>, with: impl Into<Vec<u8>>) {
        let with = with.into();
        if at.is_empty() && with.is_empty() {
            return;
        }
        let place = self
            .0
            .partition_point(|edit| (edit.at.start, edit.at.end) <= (at.start, at.end));
        self.0.insert(place, Edit { at, with });
    }

    /// The text after all changes; `None` if they do not fit it.
    pub(crate) fn apply(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out =
            Vec::with_capacity(text.len() + self.0.iter().map(|e| e.with.len()).sum::<usize>());
        let mut done = 0;
        for edit in &self.0 {
            out.extend_from_slice(text.get(done..edit.at.start)?);
            out.extend_from_slice(&edit.with);
            // A range that ends before it begins, or after the text, is none.
            text.get(edit.at.clone())?;
            done = edit.at.end;
        }
        out.extend_from_slice(text.get(done..)?);
        Some(out)
    }

    /// The changes that take these back: they fit what [`Edits::apply`] gave for `before`.
    pub(crate) fn inverse(&self, before: &[u8]) -> Self {
        let mut inverse = Vec::with_capacity(self.0.len());
        // How much longer the text has become so far.
        let (mut more, mut less) = (0, 0);
        for edit in &self.0 {
            let start = edit.at.start + more - less;
            inverse.push(Edit {
                at: start..start + edit.with.len(),
                with: before.get(edit.at.clone()).unwrap_or_default().to_vec(),
            });
            more += edit.with.len();
            less += edit.at.len();
        }
        Self(inverse)
    }
}

impl FromIterator<Edit> for Edits {
    fn from_iter<I: IntoIterator<Item = Edit>>(edits: I) -> Self {
        Self(edits.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_applied_and_taken_back() {
        let text = b"abcdefgh";
        let mut edits = Edits::default();
        edits.push(6..8, *b"");
        edits.push(0..0, *b"<");
        edits.push(3..4, *b"DDD");
        edits.push(8..8, *b">");
        edits.push(0..0, *b"-");
        edits.push(5..5, *b"");
        let after = edits.apply(text).unwrap();
        assert_eq!(after, b"<-abcDDDef>");
        assert_eq!(edits.inverse(text).apply(&after).unwrap(), text);
        assert_eq!(edits.iter().count(), 5);
    }

    #[test]
    fn changes_that_do_not_fit_are_refused() {
        let edit = |at| Edits::from_iter([Edit { at, with: vec![] }]);
        assert_eq!(edit(3..9).apply(b"abc"), None);
        assert_eq!(edit(7..9).apply(b"abc"), None);
        let overlap = [
            Edit {
                at: 0..2,
                with: vec![],
            },
            Edit {
                at: 1..3,
                with: vec![],
            },
        ];
        assert_eq!(Edits::from_iter(overlap).apply(b"abc"), None);
    }
}
