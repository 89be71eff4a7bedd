//! A text after replacements, and the way back to places in the original.

use std::ops::Range;

/// A text in which parts were replaced, with the place of every part in the original.
///
/// A [`CharFilter`](crate::CharFilter) writes it from the beginning of the original to its end. All places and lengths
/// are in bytes.
///
/// # Complexity
///
/// Only parts whose length changed are remembered, 32 bytes each.
///
/// # Examples
///
/// ```
/// use zhnorm_tantivy::Filtered;
///
/// let mut filtered = Filtered::default();
/// filtered.copy("a ");
/// filtered.replace("&amp;".len(), "&");
/// filtered.copy(" b");
/// assert_eq!(filtered.text(), "a & b");
/// assert_eq!(filtered.original(2..3), 2..7);
/// assert_eq!(filtered.original(4..5), 8..9);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Filtered {
    text: String,
    /// How much of the original was written.
    original: usize,
    /// The parts that were replaced, in order. Between them both texts have the same lengths.
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    filtered: Range<usize>,
    original: Range<usize>,
}

impl Filtered {
    /// Writes the next part of the original as it is.
    pub fn copy(&mut self, part: &str) {
        self.text.push_str(part);
        self.original += part.len();
    }

    /// Writes `with` for the next `length` bytes of the original.
    ///
    /// A token that holds a piece of `with` has all of these bytes.
    pub fn replace(&mut self, length: usize, with: &str) {
        let filtered = self.text.len()..self.text.len() + with.len();
        let original = self.original..self.original + length;
        self.text.push_str(with);
        self.original = original.end;
        match self.parts.last_mut() {
            // Deletions in a row are one, or each token beside them would visit all of them.
            Some(last)
                if with.is_empty()
                    && last.filtered == filtered
                    && last.original.end == original.start =>
            {
                last.original.end = original.end;
            }
            _ => self.parts.push(Part { filtered, original }),
        }
    }

    /// Writes `with` for the next part of the original, character for character: the nth of one stands for the nth of
    /// the other. If one has more of them, all that is left of one stands for all that is left of the other.
    pub fn replace_characters(&mut self, part: &str, with: &str) {
        if same_boundaries(part, with) {
            self.text.push_str(with);
            self.original += part.len();
            return;
        }
        let (mut before, mut after) = (part.chars(), with.chars());
        loop {
            let (old, new) = (before.as_str(), after.as_str());
            match (before.next(), after.next()) {
                (Some(b), Some(a)) if b.len_utf8() == a.len_utf8() => {
                    self.copy(&new[..a.len_utf8()])
                }
                (Some(b), Some(a)) => self.replace(b.len_utf8(), &new[..a.len_utf8()]),
                (None, None) => return,
                _ => return self.replace(old.len(), new),
            }
        }
    }

    /// The text with its replacements.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place in the original of a range of [`text`](Filtered::text).
    ///
    /// Whoever reads a piece of a replaced part gets all of the part. An empty range stays empty. Starts and ends of
    /// characters give starts and ends of characters; a greater start never gives a smaller one.
    ///
    /// # Complexity
    ///
    /// O(log n + m), of n parts that were replaced, and m of them in the range.
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        self.original_from(&mut 0, range)
    }

    /// The same, from the part that the last call left in `from`. Calls with growing starts take O(n + m) together.
    pub(crate) fn original_from(&self, from: &mut usize, range: Range<usize>) -> Range<usize> {
        let ends_before = |part: &Part| part.filtered.end <= range.start;
        let known = *from <= self.parts.len() && self.parts[..*from].last().is_none_or(ends_before);
        if !known || *from == 0 {
            *from = self.parts.partition_point(ends_before);
        }
        while self.parts.get(*from).is_some_and(ends_before) {
            *from += 1;
        }
        let start = match self.parts.get(*from) {
            Some(part) if part.filtered.start <= range.start => part.original.start,
            _ => self.shifted(*from, range.start),
        };
        if range.end <= range.start {
            return start..start;
        }
        let inside = self.parts[*from..].iter();
        let next = *from
            + inside
                .take_while(|part| part.filtered.end < range.end)
                .count();
        let end = match self.parts.get(next) {
            Some(part) if part.filtered.start < range.end => part.original.end,
            _ => self.shifted(next, range.end),
        };
        start..end
    }

    /// A place between parts, of which the next is `next`.
    fn shifted(&self, next: usize, place: usize) -> usize {
        match self.parts[..next].last() {
            Some(part) => place - part.filtered.end + part.original.end,
            None => place,
        }
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.original = 0;
        self.parts.clear();
    }
}

/// Whether characters begin at the same bytes of both.
fn same_boundaries(a: &str, b: &str) -> bool {
    let continues = |byte: u8| byte & 0xC0 == 0x80;
    // Without an early end the loop is vectorized, and most texts are like that to their end.
    let differ = |(a, b)| usize::from(continues(a) != continues(b));
    a.len() == b.len() && a.bytes().zip(b.bytes()).map(differ).sum::<usize>() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For each byte of the filtered text where its part began and ended in the original. Nothing cleverer.
    #[derive(Default)]
    struct Naive {
        places: Vec<(usize, usize)>,
        original: usize,
    }

    impl Naive {
        fn part(&mut self, length: usize, with: &str) {
            let place = (self.original, self.original + length);
            self.places.extend(with.bytes().map(|_| place));
            self.original += length;
        }

        fn copy(&mut self, part: &str) {
            for _ in part.bytes() {
                self.part(1, "x");
            }
        }
    }

    #[test]
    fn places_are_those_of_a_list_of_all_bytes() {
        let mut seed = 1u64;
        let mut random = move |below: u64| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let texts = ["", "a", "头", "𠀋丈", "ab头", "𠀋"];
        for _ in 0..3_000 {
            let (mut filtered, mut naive) = (Filtered::default(), Naive::default());
            for _ in 0..random(9) {
                let (one, other) = (texts[random(6) as usize], texts[random(6) as usize]);
                match random(3) {
                    0 => {
                        filtered.copy(one);
                        naive.copy(one);
                    }
                    1 => {
                        filtered.replace(one.len(), other);
                        naive.part(one.len(), other);
                    }
                    _ => {
                        filtered.replace_characters(one, other);
                        let (mut a, mut b) = (one.chars(), other.chars());
                        loop {
                            let (rest_a, rest_b) = (a.as_str(), b.as_str());
                            match (a.next(), b.next()) {
                                (Some(a), Some(b)) if a.len_utf8() == b.len_utf8() => {
                                    naive.copy(&b.to_string())
                                }
                                (Some(a), Some(b)) => naive.part(a.len_utf8(), &b.to_string()),
                                (None, None) => break,
                                _ => break naive.part(rest_a.len(), rest_b),
                            }
                        }
                    }
                }
            }
            let length = filtered.text().len();
            assert_eq!(length, naive.places.len());
            let mut from = 0;
            for start in 0..length {
                for end in start + 1..=length {
                    let expected = naive.places[start].0..naive.places[end - 1].1;
                    assert_eq!(
                        filtered.original(start..end),
                        expected,
                        "{filtered:?} {start}..{end}"
                    );
                    assert_eq!(
                        filtered.original_from(&mut from, start..end),
                        expected,
                        "{filtered:?} {start}..{end}"
                    );
                }
            }
            // Backwards, too: what the last call left behind must not matter.
            for start in (0..length).rev() {
                let expected = naive.places[start].0..naive.places[start].1;
                assert_eq!(
                    filtered.original_from(&mut from, start..start + 1),
                    expected,
                    "{filtered:?}"
                );
            }
        }
    }
}
