//! What AWS's files, variables and caches mean. Pure: text and values in, values out.

pub mod grammar;
