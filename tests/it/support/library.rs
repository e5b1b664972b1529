//! What the tests use of the library; everything else they see of awsbadge is the program.
#![allow(unused_imports, reason = "the two test targets use a part each")]

pub(crate) use awsbadge::aws::chain::{
    Decision, FileContent, Host, Inputs, Link, Provider, Region, Tool, Winner,
};
pub(crate) use awsbadge::aws::config::{
    Dialect, FileKind, FileSections, ParseError, Section, SectionKind, merge, read_file,
};
pub(crate) use awsbadge::aws::expiry::State;
pub(crate) use awsbadge::aws::{Env, Epoch, cache};
pub(crate) use awsbadge::diagnostic::Diagnostic;
pub(crate) use awsbadge::output::sanitize::acts;
pub(crate) use awsbadge::shells;
