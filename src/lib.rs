//! Exact and fast Chinese script conversion and normalization.
