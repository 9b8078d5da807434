//! Counts what values are made of. Each constructor of a value counts, and a budget is paid from the count, so that no
//! function can make something without paying for it.

use std::cell::Cell;

thread_local! {
    /// The bytes of all values that this thread has made.
    static MADE: Cell<u64> = const { Cell::new(0) };
}

/// Bytes that an element of a list counts as, and a field of an object besides its name: about what they take.
pub const ELEMENT: usize = 64;
/// Bytes that a text takes besides its letters.
pub const TEXT: usize = 16;

/// Counts bytes that were made or copied.
pub(super) fn count(bytes: usize) {
    MADE.set(made().wrapping_add(bytes as u64));
}

/// The count so far. Only the difference to an earlier count means something.
pub fn made() -> u64 {
    MADE.get()
}
