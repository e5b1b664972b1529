//! Blocks of one name, gathered into one section.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher};

use super::{FileKind, FileSections, Named, Section, SectionKind, Warning, keep_last};

/// What the blocks of one section are gathered in.
pub(super) trait Gather<'a>: Sized {
    /// Whether sections of that kind are gathered at all.
    const ONLY: Option<SectionKind>;

    /// A section without keys, as its header at `line` begins it.
    fn new(named: Named<'a>, file: FileKind, line: u32) -> Self;

    /// Whether it is the section of that kind and name.
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
pub(super) struct Index<T> {
    drafts: Vec<Draft<T>>,
    /// Where the section of a hash is, or, where another one had that hash first, of the next free number. The
    /// names themselves stand in the sections: a second copy would be half of what a big file takes.
    places: HashMap<u64, usize, BuildHasherDefault<Hashed>>,
    hashing: RandomState,
}

/// Takes a hash as it is.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

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
    /// With room for so many names before it has to grow.
    pub(super) fn with_room(names: usize) -> Self {
        Index {
            drafts: Vec::with_capacity(names),
            places: HashMap::with_capacity_and_hasher(names, BuildHasherDefault::default()),
            hashing: RandomState::new(),
        }
    }
}

impl<T> Index<T> {
    /// Begins a block; `None` where its keys don't count.
    pub(super) fn open<'a>(&mut self, named: Named<'a>, file: FileKind, line: u32) -> Option<&mut T>
    where
        T: Gather<'a>,
    {
        self.draft(&named)?.open(named, file, line)
    }

    /// Begins a block that takes the place of all before it; says whether there were any.
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

    /// All that was gathered.
    pub(super) fn bodies(self) -> impl Iterator<Item = T> {
        self.drafts.into_iter().filter_map(|draft| draft.body)
    }
}

impl Index<Section> {
    /// The sections of one file, each key once.
    pub(super) fn finish(self, warnings: Vec<Warning>) -> FileSections {
        let mut sections: Vec<Section> = self.bodies().collect();
        for section in &mut sections {
            keep_last(&mut section.keys);
        }
        FileSections { sections, warnings }
    }
}
