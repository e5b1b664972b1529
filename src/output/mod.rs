//! How results are shown: JSON, and what of them may be seen.

pub mod json;
pub mod redact;
pub mod sanitize;
