//! Blocks of one name, gathered into one section.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{FileKind, FileSections, Named, Section, SectionKind, Warning, keep_last};

/// What the blocks of one section are gathered in.
pub(super) trait Gather<'a>: Sized {
    /// Whether sections of that kind are gathered at all.
    const ONLY: Option<SectionKind>;

    /// A section without keys, as its header at `line` begins it.
    fn new(named: Named<'a>, file: FileKind, line: u32) -> Self;
}

impl<'a> Gather<'a> for Section {
    const ONLY: Option<SectionKind> = None;

    fn new(named: Named<'a>, file: FileKind, line: u32) -> Self {
        Section {
            kind: named.kind,
            name: named.name.into_owned(),
            file,
            line,
            keys: Vec::new(),
        }
    }
}

/// A section that may go on in another block.
#[derive(Debug)]
pub(super) struct Draft<T> {
    /// What it holds up to now; `None` before its first block.
    pub(super) body: Option<T>,
    /// The file of its last block that counted, and whether that was a bare `[default]`.
    last: Option<(FileKind, bool)>,
}

impl<T> Default for Draft<T> {
    fn default() -> Self {
        Draft {
            body: None,
            last: None,
        }
    }
}

impl<T> Draft<T> {
    /// Begins a block; `None` where its keys don't count. In one file `[profile default]` puts all of
    /// `[default]` aside, whichever comes first.
    pub(super) fn open<'a>(&mut self, named: Named<'a>, file: FileKind, line: u32) -> Option<&mut T>
    where
        T: Gather<'a>,
    {
        let bare = named.bare;
        match self.last {
            Some((before, false)) if before == file && bare => return None,
            Some((before, was_bare)) if before != file || was_bare == bare => {}
            _ => self.body = Some(T::new(named, file, line)),
        }
        self.last = Some((file, bare));
        self.body.as_mut()
    }
}

/// Sections in the order in which their names first appear.
pub(super) struct Index<'a, T> {
    drafts: Vec<Draft<T>>,
    places: HashMap<(SectionKind, Cow<'a, str>), usize>,
}

impl<T> Default for Index<'_, T> {
    fn default() -> Self {
        Index {
            drafts: Vec::new(),
            places: HashMap::new(),
        }
    }
}

impl<'a, T: Gather<'a>> Index<'a, T> {
    /// Begins a block; `None` where its keys don't count.
    pub(super) fn open(&mut self, named: Named<'a>, file: FileKind, line: u32) -> Option<&mut T> {
        self.draft(&named)?.open(named, file, line)
    }

    /// Begins a block that takes the place of all before it; says whether there were any.
    pub(super) fn replace(
        &mut self,
        named: Named<'a>,
        file: FileKind,
        line: u32,
    ) -> Option<(bool, &mut T)> {
        let draft = self.draft(&named)?;
        let before = draft.body.replace(T::new(named, file, line));
        draft.body.as_mut().map(|body| (before.is_some(), body))
    }

    fn draft(&mut self, named: &Named<'a>) -> Option<&mut Draft<T>> {
        if T::ONLY.is_some_and(|only| only != named.kind) {
            return None;
        }
        let next = self.drafts.len();
        let place = *self
            .places
            .entry((named.kind, named.name.clone()))
            .or_insert(next);
        if place == next {
            self.drafts.push(Draft::default());
        }
        self.drafts.get_mut(place)
    }

    /// All that was gathered.
    pub(super) fn bodies(self) -> impl Iterator<Item = T> {
        self.drafts.into_iter().filter_map(|draft| draft.body)
    }
}

impl Index<'_, Section> {
    /// The sections of one file, each key once.
    pub(super) fn finish(self, warnings: Vec<Warning>) -> FileSections {
        let mut sections: Vec<Section> = self.bodies().collect();
        for section in &mut sections {
            keep_last(&mut section.keys);
        }
        FileSections { sections, warnings }
    }
}
