//! Which part of a text became which: everything against relations of places written from the definitions
//! in `zhnorm::align`, for every config, words of one's own, pipelines, and however a text is cut.

mod generators;
mod reference;

use std::collections::BTreeMap;
use std::ops::Range;

use generators::{alphabet, builtin, converter, pieces, sizes, Vocabulary};
use proptest::prelude::*;
use proptest::sample::Index;
use reference::aligned::Pairs;
use reference::Reference;
use zhnorm::align::{Offsets, Protected, Protection, RangeErrorKind, SpanKind};
use zhnorm::{Alignment, Config, Converter, Mapped, Pair, Table, Variety};

/// As many texts as proptest would try, times something.
fn config(times: u32, of: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: (default.cases * times / of).max(1),
        failure_persistence: None,
        ..default
    }
}

/// The boundaries of spans and, in those that keep their number of characters, between these.
fn places(source: &str, target: &str, boundaries: &Pairs) -> Pairs {
    let mut places = vec![[0, 0]];
    for pair in boundaries.windows(2) {
        let [[from, to], [from_end, to_end]] = [pair[0], pair[1]];
        let (before, after) = (&source[from..from_end], &target[to..to_end]);
        if before.chars().count() == after.chars().count() {
            let (mut from, mut to) = (from, to);
            for (a, b) in before.chars().zip(after.chars()) {
                (from, to) = (from + a.len_utf8(), to + b.len_utf8());
                places.push([from, to]);
            }
        } else {
            places.push([from_end, to_end]);
        }
    }
    places
}

/// A range of one side as one of the other, by all places: the outermost.
fn map(places: &Pairs, from: usize, range: Range<usize>) -> Range<usize> {
    let to = 1 - from;
    let before = places.iter().filter(|pair| pair[from] <= range.start);
    let nearest = before
        .clone()
        .map(|pair| pair[from])
        .max()
        .expect("the start");
    let at = before
        .filter(|pair| pair[from] == nearest)
        .map(|pair| pair[to]);
    // Inside a span it is its start, which is behind all that was removed before it.
    let start = if nearest == range.start {
        at.min()
    } else {
        at.max()
    };
    let after = places.iter().filter(|pair| pair[from] >= range.end);
    let nearest = after.clone().map(|pair| pair[from]).min().expect("the end");
    let at = after
        .filter(|pair| pair[from] == nearest)
        .map(|pair| pair[to]);
    let end = if nearest == range.end {
        at.max()
    } else {
        at.min()
    };
    start.expect("one")..end.expect("one")
}

/// Where ranges of a text may end.
fn ends(text: &str) -> Vec<usize> {
    text.char_indices()
        .map(|(at, _)| at)
        .chain([text.len()])
        .collect()
}

/// Checks an alignment on many ranges.
fn check_map(
    alignment: &Alignment,
    source: &str,
    target: &str,
    places: &Pairs,
) -> Result<(), TestCaseError> {
    prop_assert_eq!(
        [alignment.source_len(), alignment.target_len()],
        [source.len(), target.len()]
    );
    for (side, text) in [source, target].into_iter().enumerate() {
        let ends = ends(text);
        let there = |range| match side {
            0 => alignment.to_target(range),
            _ => alignment.to_source(range),
        };
        let back = |range| match side {
            0 => alignment.to_source(range),
            _ => alignment.to_target(range),
        };
        // All short ones, and some of any length.
        let long = ends
            .iter()
            .zip(ends.iter().rev())
            .map(|(&a, &b)| a.min(b)..a.max(b));
        let short = ends
            .iter()
            .enumerate()
            .flat_map(|(number, &start)| ends[number..].iter().take(4).map(move |&end| start..end));
        let mut before = 0..0;
        for range in short.chain(long) {
            let mapped = there(range.clone()).expect("a range of the text");
            prop_assert_eq!(
                &mapped,
                &map(places, side, range.clone()),
                "{:?} of side {}",
                range,
                side
            );
            let again = back(mapped.clone()).expect("a range of the other text");
            prop_assert!(
                again.start <= range.start && again.end >= range.end,
                "{range:?} {again:?}"
            );
            if range.start >= before.start && range.end >= before.end {
                let last = there(before).expect("one before");
                prop_assert!(
                    last.start <= mapped.start && last.end <= mapped.end,
                    "{range:?}"
                );
            }
            before = range;
        }
    }
    Ok(())
}

/// Checks that spans tile both texts, are of the kinds they say, and have the alignment's wholes.
fn check_spans(mapped: &Mapped<'_>) -> Result<(), TestCaseError> {
    let (mut at, mut before) = ([0, 0], None);
    let mut wholes = mapped.alignment().wholes().peekable();
    for span in mapped.spans() {
        prop_assert_eq!([span.source.start, span.target.start], at);
        at = [span.source.end, span.target.end];
        prop_assert_eq!(&mapped.source()[span.source.clone()], span.source_text());
        prop_assert_eq!(&mapped.text()[span.target.clone()], span.target_text());
        let mut pairs = span.source_text().chars().zip(span.target_text().chars());
        let counts = [span.source_text(), span.target_text()].map(|text| text.chars().count());
        match span.kind {
            SpanKind::Unchanged => prop_assert_eq!(span.source_text(), span.target_text()),
            SpanKind::OneToOne => {
                prop_assert_eq!(counts[0], counts[1]);
                prop_assert!(pairs.all(|(a, b)| a != b), "{span:?}");
            }
            SpanKind::Atomic => {
                prop_assert_ne!(counts[0], counts[1]);
                prop_assert_eq!(
                    wholes.peek(),
                    Some(&(span.source.clone(), span.target.clone()))
                );
            }
            _ => {}
        }
        // Runs are as long as they can be.
        if matches!(span.kind, SpanKind::Unchanged | SpanKind::OneToOne) {
            prop_assert_ne!(before, Some(span.kind));
        }
        before = Some(span.kind);
        while wholes
            .next_if(|(source, _)| source.end <= span.source.end)
            .is_some()
        {}
    }
    prop_assert_eq!(at, [mapped.source().len(), mapped.text().len()]);
    prop_assert!(wholes.next().is_none());
    Ok(())
}

/// Checks all that a converter gives with an alignment against the reference.
fn check(
    converter: &Converter,
    reference: &Reference,
    text: &str,
    sizes: &[usize],
) -> Result<(), TestCaseError> {
    let (expected, boundaries, words) = reference.align(text.as_bytes());
    let expected = String::from_utf8(expected).expect("text stays text");
    let mapped = converter.convert_mapped(text);
    prop_assert_eq!(mapped.text(), &expected);
    prop_assert_eq!(mapped.text(), converter.convert(text));
    let places = places(text, &expected, &boundaries);
    check_map(mapped.alignment(), text, &expected, &places)?;
    check_spans(&mapped)?;
    // Words are seen; one that came to nothing has no place that could be told from others.
    let touches = |range: &Range<usize>, word: &Range<usize>| {
        range.start < word.end && word.start < range.end
    };
    if words.iter().all(|word| !word.is_empty()) {
        for span in mapped.spans().filter(|span| !span.target.is_empty()) {
            let has_word = words.iter().any(|word| touches(&span.target, word));
            prop_assert_eq!(
                span.kind == SpanKind::Word,
                has_word,
                "{:?} {:?}",
                span,
                words
            );
        }
    }
    let mut stream = converter.mapped_stream();
    let mut out = Vec::new();
    for piece in pieces(text.as_bytes(), sizes) {
        stream.push(piece, &mut out);
        prop_assert!(stream.held() <= converter.max_held());
    }
    let alignment = stream.finish(&mut out);
    prop_assert_eq!(String::from_utf8_lossy(&out), expected.as_str());
    prop_assert_eq!(&alignment, mapped.alignment());
    Ok(())
}

proptest! {
    #![proptest_config(config(2, 1))]

    #[test]
    fn texts_of_all_configs_are_mapped_as_defined(
        ((config, rare), text) in builtin().prop_flat_map(|(config, rare)| {
            (Just((config, rare)), Vocabulary::of(config).text(12))
        }),
        sizes in sizes(),
    ) {
        let reference = generators::reference(config, rare);
        check(&converter(config, rare), reference, &text, &sizes)?;
    }

    #[test]
    fn so_are_those_of_pipelines_with_words(
        (chain, text) in alphabet().prop_flat_map(|alphabet| (alphabet.chain(), alphabet.text())),
        sizes in sizes(),
    ) {
        let text = String::from_utf8_lossy(&text);
        check(&chain.converter(), &chain.reference(), &text, &sizes)?;
    }

    #[test]
    fn so_are_words_over_a_config(
        ((config, rare), words, text) in builtin().prop_flat_map(|(config, rare)| {
            let vocabulary = Vocabulary::of(config);
            let word = (vocabulary.text(2), vocabulary.text(1));
            let words = proptest::collection::vec(word, 1..8);
            (Just((config, rare)), words, vocabulary.text(10))
        }),
        order in proptest::collection::vec(any::<Index>(), 0..6),
        keep in proptest::collection::vec((any::<Index>(), 1..4_usize), 0..4),
        sizes in sizes(),
    ) {
        let words: BTreeMap<String, String> = words.into_iter().filter(|(word, _)| !word.is_empty()).collect();
        let keys: Vec<&String> = words.keys().collect();
        let mut text = text;
        if !keys.is_empty() {
            text.extend(order.iter().map(|index| index.get(&keys).as_str()));
        }
        let mut reference = generators::reference(config, rare).clone();
        let words = generators::Shape::Leaf(words);
        reference.words.push(words.group());
        // Parts of the text, so that they stand across what would be found.
        let ends = ends(&text);
        let keep = keep.iter().map(|(place, len)| {
            let start = place.index(ends.len());
            text[ends[start]..ends[(start + len).min(ends.len() - 1)]].to_owned()
        });
        let keep: Vec<String> = keep.collect();
        reference.keep = generators::keep_groups(&keep);
        let builder = Converter::builder(config).rare_characters(rare).keep(keep);
        check(&builder.words(words.table()).build(), &reference, &text, &sizes)?;
    }

    #[test]
    fn maps_of_two_conversions_compose(
        ((first, rare), text) in builtin().prop_flat_map(|(config, rare)| {
            (Just((config, rare)), Vocabulary::of(config).text(12))
        }),
        (second, _) in builtin(),
    ) {
        let between = converter(first, rare).convert_mapped(&text);
        let last = Converter::new(second).convert_mapped(between.text());
        let both = between.alignment().then(last.alignment()).expect("the same text");
        let (_, boundaries, _) = generators::reference(first, rare).align(text.as_bytes());
        let one = places(&text, between.text(), &boundaries);
        let reference = generators::reference(second, Default::default());
        let (_, boundaries, _) = reference.align(between.text().as_bytes());
        let other = places(between.text(), last.text(), &boundaries);
        let places: Pairs = one
            .iter()
            .flat_map(|&[source, at]| {
                other.iter().filter(move |pair| pair[0] == at).map(move |pair| [source, pair[1]])
            })
            .collect();
        check_map(&both, &text, last.text(), &places)?;
        check_map(&both.inverse().inverse(), &text, last.text(), &places)?;
    }

    #[test]
    fn pairs_have_the_map_of_their_chain(
        from in proptest::sample::select(Variety::ALL),
        to in proptest::sample::select(Variety::ALL),
        (text, sizes) in builtin().prop_flat_map(|(config, _)| {
            (Vocabulary::of(config).text(10), sizes())
        }),
    ) {
        let converter = Converter::between(from, to);
        let mut at = text.clone();
        let mut chain: Pairs = ends(&text).into_iter().map(|end| [end, end]).collect();
        for config in Pair::new(from, to).configs() {
            let (next, boundaries, _) = generators::reference(*config, Default::default()).align(at.as_bytes());
            let next = String::from_utf8(next).expect("text stays text");
            let places = places(&at, &next, &boundaries);
            chain = chain
                .iter()
                .flat_map(|&[source, at]| {
                    places.iter().filter(move |pair| pair[0] == at).map(move |pair| [source, pair[1]])
                })
                .collect();
            at = next;
        }
        let mapped = converter.convert_mapped(&text);
        prop_assert_eq!(mapped.text(), &at);
        prop_assert_eq!(converter.convert(&text), at.as_str());
        check_map(mapped.alignment(), &text, &at, &chain)?;
        prop_assert_eq!(converter.convert_with_report(&text).text, at.as_str());
        let mut stream = converter.mapped_stream();
        let mut out = Vec::new();
        for piece in pieces(text.as_bytes(), &sizes) {
            stream.push(piece, &mut out);
        }
        let alignment = stream.finish(&mut out);
        prop_assert_eq!(String::from_utf8_lossy(&out), at.as_str());
        check_map(&alignment, &text, &at, &chain)?;
    }

    #[test]
    fn characters_and_utf_16_are_views_of_bytes(
        (config, text) in builtin().prop_flat_map(|(config, _)| {
            (Just(config), Vocabulary::of(config).text(200))
        }),
        (one, other_end) in (any::<Index>(), any::<Index>()),
    ) {
        let mapped = Converter::new(config).convert_mapped(&text);
        for (offsets, count) in [
            (Offsets::Chars, (|text| text.chars().count()) as fn(&str) -> usize),
            (Offsets::Utf16, |text| text.encode_utf16().count()),
        ] {
            let units = mapped.in_units(offsets);
            for (side, text, other) in [(0, mapped.source(), mapped.text()), (1, mapped.text(), mapped.source())] {
                let places = ends(text);
                let (a, b) = (*one.get(&places), *other_end.get(&places));
                let range = a.min(b)..a.max(b);
                let in_units = count(&text[..range.start])..count(&text[..range.end]);
                let (bytes, got) = match side {
                    0 => (mapped.to_target(range), units.to_target(in_units)),
                    _ => (mapped.to_source(range), units.to_source(in_units)),
                };
                let bytes = bytes.expect("whole characters");
                let expected = count(&other[..bytes.start])..count(&other[..bytes.end]);
                prop_assert_eq!(got, Ok(expected));
            }
        }
    }
}

/// What each character of a text becomes: that of a span which keeps their number another one, the first of
/// any other span all of it; and the pairs of ends of spans, and of characters where they are one to one.
fn by_character(reference: &Reference, text: &str) -> (Vec<String>, Vec<bool>) {
    let (target, boundaries, _) = reference.align(text.as_bytes());
    let target = String::from_utf8(target).expect("text stays text");
    let places = places(text, &target, &boundaries);
    let (mut becomes, mut is_end) = (Vec::new(), Vec::new());
    for pair in places.windows(2) {
        let [[from, to], [from_end, to_end]] = [pair[0], pair[1]];
        for (number, _) in text[from..from_end].chars().enumerate() {
            let all = &target[to..to_end];
            becomes.push(if number == 0 { all } else { "" }.to_owned());
            is_end.push(false);
        }
        *is_end.last_mut().expect("a span has characters") = true;
    }
    (becomes, is_end)
}

/// What comes out where parts are protected, with its places.
fn protected_by_character(
    reference: &Reference,
    text: &str,
    protected: &[Protected],
) -> (String, Pairs) {
    // The characters of each text between two barriers, with their places.
    let mut texts: Vec<Vec<(usize, char)>> = vec![Vec::new()];
    let mut kept: Vec<(usize, char)> = Vec::new();
    for (at, character) in text.char_indices() {
        for _ in protected
            .iter()
            .filter(|part| part.protection == Protection::Barrier && part.range.start == at)
        {
            texts.push(Vec::new());
        }
        let list = match protected.iter().find(|part| part.range.contains(&at)) {
            Some(_) => &mut kept,
            None => texts.last_mut().expect("one"),
        };
        list.push((at, character));
    }
    // Where each character is, what it becomes, and whether that is all of a span.
    let mut parts: Vec<(usize, String, bool)> = Vec::new();
    for characters in &texts {
        let without: String = characters.iter().map(|&(_, character)| character).collect();
        let (becomes, is_end) = by_character(reference, &without);
        let all = characters.iter().zip(becomes).zip(is_end);
        parts.extend(all.map(|((&(at, _), becomes), is_end)| (at, becomes, is_end)));
    }
    parts.extend(
        kept.iter()
            .map(|&(at, character)| (at, character.to_string(), true)),
    );
    parts.sort_by_key(|&(at, ..)| at);
    let mut target = String::new();
    let mut places = vec![[0, 0]];
    for (number, (at, becomes, is_end)) in parts.iter().enumerate() {
        target.push_str(becomes);
        let end = parts.get(number + 1).map_or(text.len(), |next| next.0);
        // A span that goes on behind something protected has an end before it, too.
        let is_parted = protected
            .iter()
            .any(|part| !part.range.is_empty() && part.range.start == end);
        if *is_end || is_parted || kept.iter().any(|(kept, _)| kept == at) {
            places.push([end, target.len()]);
        }
    }
    (target, places)
}

/// Ranges of a text, in order, that do not overlap.
fn protected_parts(text: &str, cuts: &[(Index, usize, bool)]) -> Vec<Protected> {
    let ends = ends(text);
    let mut starts: Vec<(usize, usize, bool)> = cuts
        .iter()
        .map(|(place, count, is_barrier)| (place.index(ends.len()), *count, *is_barrier))
        .collect();
    starts.sort_unstable();
    let mut before = 0;
    let mut parts = Vec::new();
    for (start, count, is_barrier) in starts {
        let end = (start + count).min(ends.len() - 1);
        if start >= before {
            let range = ends[start]..ends[end];
            parts.push(match is_barrier {
                true => Protected::barrier(range),
                false => Protected::see_through(range),
            });
            before = end;
        }
    }
    parts
}

proptest! {
    #![proptest_config(config(2, 1))]

    #[test]
    fn what_is_protected_stays_and_the_rest_is_laid_out_around_it(
        ((config, rare), text) in builtin().prop_flat_map(|(config, rare)| {
            (Just((config, rare)), Vocabulary::of(config).text(10))
        }),
        cuts in proptest::collection::vec((any::<Index>(), 0..4_usize, any::<bool>()), 0..8),
    ) {
        let reference = generators::reference(config, rare);
        let converter = converter(config, rare);
        let protected = protected_parts(&text, &cuts);
        let (expected, places) = protected_by_character(reference, &text, &protected);
        let mapped = converter.convert_protected(&text, &protected).expect("sorted ranges");
        prop_assert_eq!(mapped.text(), &expected);
        check_map(mapped.alignment(), &text, &expected, &places)?;
        let marked: Vec<_> = mapped
            .spans()
            .filter(|span| span.kind == SpanKind::Protected)
            .map(|span| span.source)
            .collect();
        let ranges = protected.iter().map(|part| part.range.clone());
        prop_assert_eq!(marked, ranges.filter(|range| !range.is_empty()).collect::<Vec<_>>());
        // As it does in pieces.
        let mut places = vec![0];
        places.extend(protected.iter().map(|part| part.range.start));
        places.push(text.len());
        let parts: Vec<&str> = places.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
        let (becomes, _) = by_character(reference, &text);
        let mut becomes = becomes.iter();
        let expected: Vec<String> = parts
            .iter()
            .map(|part| becomes.by_ref().take(part.chars().count()).cloned().collect())
            .collect();
        prop_assert_eq!(converter.convert_parts(&parts), expected);
    }
}

/// The three hard cases, in every config that has a phrase for them.
#[test]
fn words_are_seen_through_tags_and_line_breaks() {
    let cases = [
        ("s2twp", "鼠<i>标</i>", "<>", "滑<i>鼠</i>"),
        ("s2twp", "数<wbr>据", "<>", "資<wbr>料"),
        ("s2twp", "用鼠\n标", "\n\n", "用滑\n鼠"),
        // What changes its number of characters stands before the first tag in it.
        ("s2twp", "程<b>序</b>员", "<>", "程式設計師<b></b>"),
        ("s2t", "头<b>发</b>", "<>", "頭<b>髮</b>"),
        ("tw2sp", "滑<b>鼠</b>", "<>", "鼠<b>标</b>"),
    ];
    for (config, text, marks, expected) in cases {
        let [open, close] = [0, 1].map(|number| marks.chars().nth(number).expect("two marks"));
        let mut protected = Vec::new();
        let mut at = 0;
        while let Some(start) = text[at..].find(open).map(|found| at + found) {
            let end = start + text[start..].find(close).expect("it is closed") + close.len_utf8();
            protected.push(Protected::see_through(start..end));
            at = end;
        }
        let converter = Converter::new(config.parse().expect("a config"));
        let mapped = converter
            .convert_protected(text, &protected)
            .expect("ranges in order");
        assert_eq!(mapped.text(), expected, "{config}");
    }
}

#[test]
fn protected_ranges_in_disorder_are_an_error() {
    let converter = Converter::s2t();
    let ranges = [Protected::barrier(3..6), Protected::see_through(0..3)];
    let error = converter
        .convert_protected("头发头", &ranges)
        .expect_err("out of order");
    assert_eq!(
        (error.kind(), error.range()),
        (RangeErrorKind::Overlapping, 0..3)
    );
    let inside = [Protected::barrier(1..6)];
    let error = converter
        .convert_protected("头发头", &inside)
        .expect_err("inside a character");
    assert_eq!(error.kind(), RangeErrorKind::InsideCharacter);
}

#[test]
fn long_texts_have_the_map_of_their_parts() {
    // Longer than a stretch, with islands, phrases that grow and shrink, and calm parts.
    let parts = [
        "程序员和鼠标，",
        "no change here. ",
        "打印机的头发𠮷\n",
        "一二三四五六七八九十。",
        "缺省",
    ];
    for config in Config::ALL {
        let converter = Converter::new(*config);
        let text: String = (0..4_000)
            .map(|number| parts[number * number % 7 % 5])
            .collect();
        let mapped = converter.convert_mapped(&text);
        assert_eq!(mapped.text(), converter.convert(&text));
        let mut stream = converter.mapped_stream();
        let mut out = Vec::new();
        stream.push(text.as_bytes(), &mut out);
        assert_eq!(&stream.finish(&mut out), mapped.alignment(), "{config}");
        check_spans(&mapped).expect("spans tile");
    }
}

#[test]
fn a_text_that_stays_is_borrowed_and_its_map_is_empty() {
    let text = "nothing 一二三 to do\n".repeat(1_000);
    for text in [&text, &text[..20], ""] {
        let mapped = Converter::s2twp().convert_mapped(text);
        assert!(mapped.alignment().is_identity());
        assert!(matches!(mapped.into_text(), std::borrow::Cow::Borrowed(_)));
    }
}

#[test]
fn spans_that_cancel_each_other_are_not_one_to_one() {
    // 甲乙 becomes one character and 丙 two: as many as there were, in other places.
    let table = Table::from_pairs("mine", [("甲乙", "丁"), ("丙", "戊己")]).expect("two keys");
    let later =
        Table::from_pairs("later", [("丁戊己", "丁戊己"), ("丁戊", "子丑")]).expect("two keys");
    let pipelines = [
        Converter::pipeline().stage(table.clone()),
        Converter::pipeline()
            .segmentation(later.clone())
            .stage(table.clone()),
    ];
    for pipeline in pipelines {
        let converter = pipeline.build();
        let mapped = converter.convert_mapped("一甲乙丙二");
        assert_eq!(mapped.text(), "一丁戊己二");
        let wholes: Vec<_> = mapped.alignment().wholes().collect();
        assert_eq!(wholes, [(3..9, 3..6), (9..12, 6..12)]);
    }
    // A later phrase over both makes them one, which has as many.
    let pipeline = Converter::pipeline().stage(table).stage(later);
    let mapped = pipeline.build().convert_mapped("一甲乙丙二");
    assert!(mapped.alignment().is_identity());
}

#[test]
fn a_range_that_is_none_of_the_text_s_is_an_error_that_names_it() {
    let mapped = Converter::s2t().convert_mapped("头发");
    let kinds = [
        (
            0..7,
            RangeErrorKind::OutOfBounds,
            "range 0..7 goes beyond the end of the text",
        ),
        (
            1..3,
            RangeErrorKind::InsideCharacter,
            "range 1..3 starts or ends inside a character",
        ),
        (
            Range { start: 3, end: 0 },
            RangeErrorKind::Reversed,
            "range 3..0 ends before it starts",
        ),
    ];
    for (range, kind, message) in kinds {
        for error in [
            mapped.to_source(range.clone()),
            mapped.to_target(range.clone()),
        ] {
            let error = error.expect_err(message);
            assert_eq!((error.kind(), error.range()), (kind, range.clone()));
            assert_eq!(error.to_string(), message);
        }
    }
    let utf16 = Converter::s2t().convert_mapped("😀");
    let units = utf16.in_units(Offsets::Utf16);
    assert_eq!(
        units.to_source(0..1).expect_err("half a pair").kind(),
        RangeErrorKind::InsideCharacter
    );
    assert_eq!(
        units.to_source(0..3).expect_err("beyond").kind(),
        RangeErrorKind::OutOfBounds
    );
}

#[test]
fn a_variation_selector_stays_with_its_character() {
    let mapped = Converter::s2t().convert_mapped("头\u{FE00}发");
    assert_eq!(mapped.text(), "頭\u{FE00}發");
    assert_eq!(mapped.to_target(0..3), Ok(0..6));
    assert_eq!(mapped.to_source(3..9), Ok(0..9));
    assert_eq!(mapped.to_source(3..3), Ok(0..0));
}
