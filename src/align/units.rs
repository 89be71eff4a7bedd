//! Ranges in characters and in UTF-16, for programs that count so.

use std::ops::Range;

use super::error::{RangeError, RangeErrorKind};
use super::mapped::Mapped;

/// What a program counts the places of a text in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Offsets {
    /// Unicode scalar values, as Python does.
    Chars,
    /// UTF-16 code units, as JavaScript, Java and Windows do.
    Utf16,
}

/// The ranges of a [`Mapped`] in units other than bytes; made by [`Mapped::in_units`].
///
/// A unit inside a character, as between the surrogates of UTF-16, is an error.
#[derive(Clone, Debug)]
pub struct UnitMap<'m> {
    mapped: &'m Mapped<'m>,
    source: Index<'m>,
    target: Index<'m>,
}

/// How many bytes of a text there are between two entries of its index.
const STEP: usize = 256;

/// Where the units of a text are.
#[derive(Clone, Debug)]
struct Index<'t> {
    text: &'t str,
    offsets: Offsets,
    /// For each multiple of [`STEP`] how many units there are before the first character from there on.
    before: Vec<usize>,
}

impl Mapped<'_> {
    /// The same map for ranges in characters or UTF-16.
    ///
    /// # Complexity
    ///
    /// Linear once, then each range some hundred bytes of text.
    ///
    /// # Examples
    ///
    /// ```
    /// use zhnorm::align::Offsets;
    /// use zhnorm::Converter;
    ///
    /// let mapped = Converter::s2twp().convert_mapped("😀程序员和鼠标");
    /// let utf16 = mapped.in_units(Offsets::Utf16);
    /// assert_eq!(utf16.to_target(2..5)?, 2..7);
    /// assert_eq!(mapped.in_units(Offsets::Chars).to_source(7..9)?, 5..7);
    /// # Ok::<(), zhnorm::align::RangeError>(())
    /// ```
    pub fn in_units(&self, offsets: Offsets) -> UnitMap<'_> {
        UnitMap::new(self, offsets)
    }
}

impl<'m> UnitMap<'m> {
    fn new(mapped: &'m Mapped<'m>, offsets: Offsets) -> UnitMap<'m> {
        UnitMap {
            mapped,
            source: Index::new(mapped.source(), offsets),
            target: Index::new(mapped.text(), offsets),
        }
    }

    /// [`Mapped::to_target`] in units.
    ///
    /// # Errors
    ///
    /// As there; the error's range is in units, too.
    pub fn to_target(&self, range: Range<usize>) -> Result<Range<usize>, RangeError> {
        let bytes = self.source.bytes(&range)?;
        let mapped = self.mapped.to_target(bytes)?;
        Ok(self.target.units(&mapped))
    }

    /// [`Mapped::to_source`] in units.
    ///
    /// # Errors
    ///
    /// As there; the error's range is in units, too.
    pub fn to_source(&self, range: Range<usize>) -> Result<Range<usize>, RangeError> {
        let bytes = self.target.bytes(&range)?;
        let mapped = self.mapped.to_source(bytes)?;
        Ok(self.source.units(&mapped))
    }
}

impl<'t> Index<'t> {
    fn new(text: &'t str, offsets: Offsets) -> Index<'t> {
        let mut index = Index {
            text,
            offsets,
            before: vec![0],
        };
        let mut count = 0;
        for number in 0..text.len() / STEP {
            count += offsets.count(&text[index.start(number)..index.start(number + 1)]);
            index.before.push(count);
        }
        index
    }

    /// The first boundary of characters at a multiple of [`STEP`] or after it.
    fn start(&self, number: usize) -> usize {
        let mut at = number * STEP;
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        at
    }

    /// A range of bytes from one of units.
    fn bytes(&self, range: &Range<usize>) -> Result<Range<usize>, RangeError> {
        let error = |kind| RangeError::new(range.clone(), kind);
        if range.start > range.end {
            return Err(error(RangeErrorKind::Reversed));
        }
        let byte = |unit| self.byte(unit).map_err(error);
        Ok(byte(range.start)?..byte(range.end)?)
    }

    fn byte(&self, unit: usize) -> Result<usize, RangeErrorKind> {
        let number = self.before.partition_point(|&before| before <= unit) - 1;
        let mut at = self.start(number);
        let mut count = self.before[number];
        let mut characters = self.text[at..].chars();
        while count < unit {
            let character = characters.next().ok_or(RangeErrorKind::OutOfBounds)?;
            count += self.offsets.of(character);
            at += character.len_utf8();
        }
        match count == unit {
            true => Ok(at),
            false => Err(RangeErrorKind::InsideCharacter),
        }
    }

    /// A range of units from one of bytes, on boundaries of characters.
    fn units(&self, range: &Range<usize>) -> Range<usize> {
        let unit = |byte: usize| {
            let mut number = byte / STEP;
            if self.start(number) > byte {
                number -= 1;
            }
            self.before[number] + self.offsets.count(&self.text[self.start(number)..byte])
        };
        unit(range.start)..unit(range.end)
    }
}

impl Offsets {
    /// How many units a character has.
    fn of(self, character: char) -> usize {
        match self {
            Offsets::Chars => 1,
            Offsets::Utf16 => character.len_utf16(),
        }
    }

    /// How many units a text has.
    fn count(self, text: &str) -> usize {
        match self {
            Offsets::Chars => text.chars().count(),
            Offsets::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }
}
