//! The tests with tantivy and its tokenizers, as one program: linking tantivy takes longer than most of them.

mod corpus;
mod random;
mod search;
