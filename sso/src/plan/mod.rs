//! What becomes of the config file, without I/O: its bytes come in, the bytes to change go out.

pub(crate) mod diff;
pub(crate) mod document;
pub(crate) mod edits;
pub(crate) mod filter;
pub(crate) mod mark;
pub(crate) mod merge;
pub(crate) mod names;
pub(crate) mod undo;
