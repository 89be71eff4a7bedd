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
use zhnorm::align::{Offsets, RangeErrorKind, SpanKind};
use zhnorm::{Alignment, Config, Converter, Mapped, Table};

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
        let builder = Converter::builder(config).rare_characters(rare);
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
