//! Characters as bytes, and the trie that finds keys by them: what all processors of text share.

pub(crate) mod trie;
pub(crate) mod utf8;
