//! The loop's frame: what it is given, what it finds, and which form of it runs.

#[cfg(vector)]
mod block;
#[cfg(vector)]
mod lanes;
mod scalar;
#[cfg(vector)]
mod short;

#[cfg(all(vector, not(test)))]
use std::sync::atomic::{AtomicU32, Ordering};
#[cfg(not(test))]
use std::sync::OnceLock;

#[cfg(vector)]
use fearless_simd::Level;

use super::classes::{Changes, Classes};
use super::exception_pairs::{self, AnyView};
use super::passthrough;

/// Why the loop stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// At a character that changes, where none was to be changed, as far as the loop knows.
    Change,
    /// At a character of which more must be known, at a long run of ASCII, at what is neither ASCII
    /// nor a three-byte character, or at the end.
    Other,
    /// Anywhere; with new room it goes on.
    Full,
}

/// What the loop looks at beside the exception pairs.
#[derive(Clone, Copy)]
pub(super) struct Tables<'t> {
    pub(super) changes: &'t Changes,
    pub(super) notable: passthrough::View<'t>,
    /// Whether a character at an offset, which would change alone, is known to stay.
    pub(super) stays: &'t dyn Fn(usize) -> bool,
}

/// What the loop is to do: convert three-byte characters and ASCII at the start of `source` one by
/// one into `target`, about `limit` bytes, and note the hits among them.
pub(super) struct Task<'t, const BYTES: usize> {
    pub(super) tables: Tables<'t>,
    pub(super) exceptions: exception_pairs::View<'t, BYTES>,
    pub(super) source: &'t [u8],
    pub(super) limit: usize,
    /// Has room for `limit` bytes and [`SLACK`], unless nothing is to be written.
    pub(super) target: &'t mut [u8],
    /// The packed form of the character before.
    pub(super) before: u32,
}

/// What the loop did.
pub(super) struct Run {
    /// How many bytes it converted.
    pub(super) at: usize,
    /// The packed form of the last character.
    pub(super) before: u32,
    pub(super) stop: Stop,
}

/// The loop may write so many bytes more than it was asked for.
pub(super) const SLACK: usize = 128;

/// The loop stops after so many bytes, or a few more.
pub(super) const STRETCH: usize = 2 << 10;

/// The places where an exception pair may end, in order: offsets of the second characters.
pub(super) struct Hits {
    places: [u16; Hits::MOST],
    count: usize,
}

impl Hits {
    /// With fewer the loop goes on.
    const ENOUGH: usize = 64;

    /// The loop adds no more before it asks whether there are enough.
    pub(super) const AT_ONCE: usize = 192;

    /// One place more is written to, before it is known not to be one.
    const MOST: usize = Hits::ENOUGH + Hits::AT_ONCE + 1;

    pub(super) fn new() -> Hits {
        Hits {
            places: [0; Hits::MOST],
            count: 0,
        }
    }

    /// Whether there may be no room for all places of a block.
    #[inline(always)]
    pub(super) fn is_full(&self) -> bool {
        self.count >= Hits::ENOUGH
    }

    /// Adds a place if it is one, without a branch.
    #[inline(always)]
    pub(super) fn add_if(&mut self, is_one: bool, place: usize) {
        self.places[self.count] = place as u16;
        self.count += usize::from(is_one);
    }

    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.places[..self.count].iter().map(|&place| place.into())
    }
}

/// The loop, in the form for the processor.
#[inline]
#[allow(clippy::too_many_arguments)]
pub(super) fn run<const WRITES: bool>(
    tables: Tables<'_>,
    exceptions: AnyView<'_>,
    source: &[u8],
    limit: usize,
    target: &mut [u8],
    before: u32,
    hits: &mut Hits,
) -> Run {
    macro_rules! task {
        ($exceptions:ident) => {
            Task {
                tables,
                exceptions: $exceptions,
                source,
                limit,
                target,
                before,
            }
        };
    }
    match exceptions {
        AnyView::Large(exceptions) => form::<WRITES, _>(task!(exceptions), hits),
        AnyView::Small(exceptions) => form::<WRITES, _>(task!(exceptions), hits),
    }
}

/// The loop with pairs of a known size.
#[inline(always)]
pub(super) fn form<const WRITES: bool, const BYTES: usize>(
    task: Task<'_, BYTES>,
    hits: &mut Hits,
) -> Run {
    match fastest() {
        #[cfg(vector)]
        Form::Lanes(level) => lanes::run::<WRITES, _>(level, task, hits),
        Form::Scalar => scalar::run::<WRITES, _>(task, hits),
    }
}

/// The longest text that is converted at once, in bytes.
pub(super) const SHORT: usize = 128;

/// The size of the block that it becomes: the kernel writes more than it must, and phrases may be longer
/// than what they stand for.
pub(super) const SHORT_BLOCK: usize = 192;

/// What became of a short text converted one by one.
pub(super) struct Converted {
    /// Whether any character changed.
    pub(super) changed: bool,
    /// Where the second characters of pairs stand that may be exceptions.
    pub(super) hits: Places,
}

/// Places in a short text, in order: a bit for each byte.
#[derive(Clone, Copy)]
pub(super) struct Places(u128);
const _: () = assert!(SHORT <= u128::BITS as usize);

impl Places {
    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl Iterator for Places {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        if self.0 == 0 {
            return None;
        }
        let place = self.0.trailing_zeros() as usize;
        self.0 &= self.0 - 1;
        Some(place)
    }
}

/// Converts the characters of a short text one by one into zeros, and notes the pairs that may be exceptions;
/// `None` if they are not that simple.
#[inline]
pub(super) fn convert_short(
    classes: &Classes,
    exceptions: AnyView<'_>,
    text: &[u8],
    block: &mut [u8; SHORT_BLOCK],
) -> Option<Converted> {
    // With a size that is known, shifts need no count.
    match exceptions {
        AnyView::Small(exceptions) => short_form(classes, exceptions, text, block),
        AnyView::Large(exceptions) => short_form(classes, exceptions, text, block),
    }
}

/// The same with pairs of a known size.
#[inline(always)]
pub(super) fn short_form<const BYTES: usize>(
    classes: &Classes,
    exceptions: exception_pairs::View<'_, BYTES>,
    text: &[u8],
    block: &mut [u8; SHORT_BLOCK],
) -> Option<Converted> {
    #[cfg(vector)]
    if short::may_be_threes(text) {
        if let Form::Lanes(level) = form_for_short() {
            let tables = (classes.changes(), exceptions);
            if let Some(converted) = short::convert_threes(level, tables, text, block) {
                return Some(converted);
            }
        }
    }
    scalar::convert_short(classes, exceptions, text, block)
}

/// A form of the loop.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// One character after the other.
    Scalar,
    /// Several at once, by the instructions that the processor has.
    #[cfg(vector)]
    Lanes(Level),
}

/// The fastest form that the processor can run.
fn processor_can() -> Form {
    #[cfg(vector)]
    if let Some(level) = lanes::level_of_processor() {
        return Form::Lanes(level);
    }
    Form::Scalar
}

/// What [`processor_can`] said.
#[cfg(not(test))]
static FASTEST: OnceLock<Form> = OnceLock::new();

#[cfg(not(test))]
#[inline]
fn fastest() -> Form {
    *FASTEST.get_or_init(processor_can)
}
#[cfg(test)]
use tests::fastest;

/// The form for a short text.
#[cfg(vector)]
#[inline]
fn form_for_short() -> Form {
    #[cfg(not(test))]
    return match FASTEST.get() {
        Some(&form) => form,
        None => unknown_form_for_short(),
    };
    #[cfg(test)]
    fastest()
}

/// Where a hypervisor answers for the processor, asking it takes as long as some hundred short texts;
/// so the first of them do without.
#[cfg(all(vector, not(test)))]
#[cold]
#[inline(never)]
fn unknown_form_for_short() -> Form {
    const PATIENCE: u32 = 500;
    static COUNT: AtomicU32 = AtomicU32::new(0);
    match COUNT.fetch_add(1, Ordering::Relaxed) < PATIENCE {
        true => Form::Scalar,
        false => fastest(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    impl Form {
        /// Those that the processor can run, the fastest last.
        pub(crate) fn all() -> Vec<Form> {
            #[cfg(vector)]
            let lanes = lanes::tests::levels().into_iter().map(Form::Lanes);
            #[cfg(not(vector))]
            let lanes = [];
            [Form::Scalar].into_iter().chain(lanes).collect()
        }
    }

    thread_local! {
        /// The form to run, so that tests try each.
        static FORCED: Cell<Option<Form>> = const { Cell::new(None) };
    }

    #[test]
    fn forms_that_run_here() {
        let names = Form::all().into_iter().map(|form| format!("{form:?}"));
        let names: Vec<String> = names.collect();
        println!("forms of the loop that the tests run: {}", names.join(", "));
        #[cfg(vector)]
        for &name in lanes::tests::NAMES {
            if !names.iter().any(|form| form.contains(name)) {
                println!("NOT RUN, this processor cannot: {name}");
            }
        }
        assert!(names[0] == "Scalar");
    }

    /// Lets this thread run a form.
    pub(crate) fn force(form: Form) {
        FORCED.set(Some(form));
    }

    pub(super) fn fastest() -> Form {
        FORCED.get().unwrap_or_else(processor_can)
    }
}
