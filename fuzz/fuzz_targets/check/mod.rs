//! What holds for every table and every converter.

use zhnorm::{Converter, Table};

/// Checks a table against itself, and converters made of it on `text`.
#[allow(dead_code, reason = "the configs' target has no table of its own")]
pub fn table(table: &Table, text: &[u8]) {
    assert_eq!(table.iter().count(), table.len());
    let mut longest = 0;
    for (key, entry) in table.iter() {
        assert_eq!(table.get(&key), Some(entry));
        let (length, found) = table
            .longest_match(key.as_bytes())
            .expect("the key itself matches");
        assert_eq!((length, found), (key.len(), entry));
        assert!(entry.candidates().count() > 0);
        longest = longest.max(key.len());
    }
    assert_eq!(table.longest_key(), longest);
    let again = Table::from_bytes(&table.to_bytes()).expect("just saved");
    assert!(again.iter().eq(table.iter()));

    let one = Converter::pipeline().stage(table.clone());
    converter(&one.build(), text);
    let all = Converter::pipeline()
        .normalization(table.clone())
        .segmentation(table.clone())
        .stage(table.clone())
        .words(table.clone());
    converter(&all.build(), text);
}

/// Checks that however `text` comes, the converter gives the same.
pub fn converter(converter: &Converter, text: &[u8]) {
    let mut whole = Vec::new();
    converter.convert_bytes(text, &mut whole);
    for size in [1, 2, 7] {
        let mut out = Vec::new();
        let mut stream = converter.stream();
        for piece in text.chunks(size) {
            stream.push(piece, &mut out);
            assert!(stream.held() <= converter.max_held());
        }
        stream.finish(&mut out);
        assert!(whole == out, "expected {whole:02X?}, got {out:02X?}");
    }
}
