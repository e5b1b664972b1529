//! Collects the blocks of one name into one section.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use super::{FileKind, FileSections, Named, Section, SectionKind, keep_last};
use crate::diagnostic::Diagnostic;

/// A collector for the blocks of one section.
pub(super) trait Gather<'a>: Sized {
    /// The only kind of section to collect, if not all.
    const ONLY: Option<SectionKind>;

    /// A section without keys, from its header at `line`.
    fn new(named: Named<'a>, file: FileKind, line: u32) -> Self;

    /// Whether it is the section of this kind and name.
    fn is(&self, kind: SectionKind, name: &str) -> bool;
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

    fn is(&self, kind: SectionKind, name: &str) -> bool {
        self.kind == kind && self.name == name
    }
}

/// A section that may continue in another block.
#[derive(Debug)]
pub(super) struct Draft<T> {
    /// Its content so far; `None` before its first block.
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
    /// Begins a block; `None` if its keys do not count. In one file, `[profile default]` replaces all of `[default]`,
    /// whichever comes first.
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
pub(super) struct Index<T> {
    drafts: Vec<Draft<T>>,
    /// The position of the section with a hash; if another section has that hash already, the next free number is used.
    /// The names are only in the sections, because a second copy would double the memory for a big file.
    places: HashMap<u64, usize, BuildHasherDefault<Hashed>>,
    hashing: RandomState,
}

/// Uses a hash without hashing it again.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    /// Required by the trait; a `u64` uses the other method.
    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self::with_room(0)
    }
}

impl<T> Index<T> {
    /// With room for this many names.
    pub(super) fn with_room(names: usize) -> Self {
        Index {
            drafts: Vec::with_capacity(names),
            places: HashMap::with_capacity_and_hasher(names, BuildHasherDefault::default()),
            hashing: RandomState::new(),
        }
    }
}

impl<T> Index<T> {
    /// Begins a block; `None` if its keys do not count.
    pub(super) fn open<'a>(&mut self, named: Named<'a>, file: FileKind, line: u32) -> Option<&mut T>
    where
        T: Gather<'a>,
    {
        self.draft(&named)?.open(named, file, line)
    }

    /// Begins a block that replaces all earlier ones; returns whether there were any.
    pub(super) fn replace<'a>(
        &mut self,
        named: Named<'a>,
        file: FileKind,
        line: u32,
    ) -> Option<(bool, &mut T)>
    where
        T: Gather<'a>,
    {
        let draft = self.draft(&named)?;
        let before = draft.body.replace(T::new(named, file, line));
        draft.body.as_mut().map(|body| (before.is_some(), body))
    }

    fn draft<'a>(&mut self, named: &Named<'a>) -> Option<&mut Draft<T>>
    where
        T: Gather<'a>,
    {
        if T::ONLY.is_some_and(|only| only != named.kind) {
            return None;
        }
        let mut hash = self.hashing.hash_one((named.kind, &named.name));
        let place = loop {
            let next = self.drafts.len();
            let place = *self.places.entry(hash).or_insert(next);
            if place == next {
                self.drafts.push(Draft::default());
                break place;
            }
            let body = self.drafts.get(place).and_then(|draft| draft.body.as_ref());
            if body.is_none_or(|body| body.is(named.kind, &named.name)) {
                break place;
            }
            hash = hash.wrapping_add(1);
        };
        self.drafts.get_mut(place)
    }

    /// Everything collected.
    pub(super) fn bodies(self) -> impl Iterator<Item = T> {
        self.drafts.into_iter().filter_map(|draft| draft.body)
    }
}

impl Index<Section> {
    /// The sections of one file, each key once.
    pub(super) fn finish(self, warnings: Vec<Diagnostic>) -> FileSections {
        let mut sections: Vec<Section> = self.bodies().collect();
        for section in &mut sections {
            keep_last(&mut section.keys);
        }
        FileSections { sections, warnings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::config::Value;

    /// The kind, name and line of each section, with headers on lines 1, 2, 3 and so on.
    fn gathered(index: Index<Section>) -> Vec<(SectionKind, String, u32)> {
        let summary = |section: Section| (section.kind, section.name, section.line);
        index.bodies().map(summary).collect()
    }

    #[test]
    fn two_names_of_one_hash_are_two_sections() {
        let (profile, session) = (SectionKind::Profile, SectionKind::SsoSession);
        for other in [Named::new(profile, "b"), Named::new(session, "a")] {
            let first = Named::new(profile, "a");
            let mut index = Index::<Section>::default();
            index.open(first.clone(), FileKind::Config, 1);
            // Simulate a collision: the other name gets the first one's hash.
            let hash = index.hashing.hash_one((other.kind, &other.name));
            index.places.insert(hash, 0);
            for (line, named) in (2..).zip([&other, &first, &other]) {
                index.open(named.clone(), FileKind::Config, line);
            }
            let expected = [
                (first.kind, first.name.into_owned(), 1),
                (other.kind, other.name.into_owned(), 2),
            ];
            assert_eq!(gathered(index), expected);
        }
    }

    #[test]
    fn in_one_file_profile_default_puts_default_aside() {
        use FileKind::{Config, Credentials};
        let bare = Named::bare_default;
        let full = || Named::new(SectionKind::Profile, "default");
        for (blocks, kept) in [
            (vec![(Config, bare()), (Config, bare())], &[1, 2][..]),
            (vec![(Config, full()), (Config, full())], &[1, 2]),
            (vec![(Config, bare()), (Config, full())], &[2]),
            (vec![(Config, full()), (Config, bare())], &[1]),
            (
                vec![(Config, full()), (Config, bare()), (Config, full())],
                &[1, 3],
            ),
            (
                vec![(Config, bare()), (Config, full()), (Config, bare())],
                &[2],
            ),
            (vec![(Config, bare()), (Credentials, full())], &[1, 2]),
            (vec![(Config, full()), (Credentials, full())], &[1, 2]),
            (vec![(Config, full()), (Credentials, bare())], &[1, 2]),
        ] {
            let mut draft = Draft::<Section>::default();
            for (line, (file, named)) in (1..).zip(&blocks) {
                if let Some(section) = draft.open(named.clone(), *file, line) {
                    let text = String::new();
                    let file = *file;
                    section
                        .keys
                        .push((line.to_string(), Value { text, file, line }));
                }
            }
            let lines: Vec<u32> = draft
                .body
                .iter()
                .flat_map(|section| &section.keys)
                .map(|(_, value)| value.line)
                .collect();
            assert_eq!(lines, kept, "{blocks:?}");
        }
    }

    /// Hashing it again would take time.
    #[test]
    fn a_hash_is_taken_as_it_is() {
        let hashing = BuildHasherDefault::<Hashed>::default();
        assert_eq!(hashing.hash_one(7u64), 7);
    }
}
