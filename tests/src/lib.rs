//! What crosses a border: one module per border, all tests.

#[cfg(test)]
mod typescript;
