//! A count of the work done, by which tests show that something is linear. Outside of tests it is nothing.

#[cfg(test)]
thread_local! {
    static DONE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts bytes that are looked at or moved, or starts of a loop that costs something to start.
#[cfg(test)]
pub(crate) fn count(bytes: usize) {
    DONE.set(DONE.get() + bytes);
}

#[cfg(not(test))]
#[inline(always)]
pub(crate) fn count(_: usize) {}

/// How much is counted while something is done.
#[cfg(test)]
pub(crate) fn of(doing: impl FnOnce()) -> usize {
    let before = DONE.get();
    doing();
    DONE.get() - before
}
