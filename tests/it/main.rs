//! One test binary: behaviour of the real program in real shells.

mod differential_grammar;
