//! Readers and writers that give little, take little, interrupt and fail: the adapters give what
//! converting at once gives, and lose nothing.

mod generators;
mod reference;

use std::cell::RefCell;
use std::io::{self, ErrorKind, Read, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;

use generators::{pieces, sizes, Vocabulary};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use zhnorm::io::{copy, Reader, Writer};
use zhnorm::{Config, Converter};

fn whole(converter: &Converter, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    converter.convert_bytes(text, &mut out);
    out
}

/// What a reader or writer does at one call.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Gives or takes at most so many bytes.
    Move(usize),
    /// Fails.
    Fail(ErrorKind),
}

/// What a reader or a writer may do and be tried again.
fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        6 => (1..20_usize).prop_map(Deed::Move),
        1 => (1..5_000_usize).prop_map(Deed::Move),
        2 => Just(Deed::Fail(ErrorKind::Interrupted)),
        2 => Just(Deed::Fail(ErrorKind::WouldBlock)),
    ];
    vec(deed, 0..40)
}

/// What a writer may do besides: be full for a while, take nothing, and take single bytes for long.
fn faults() -> impl Strategy<Value = Vec<Deed>> {
    let fault = prop_oneof![
        2 => Just(Deed::Move(0)),
        2 => Just(Deed::Fail(ErrorKind::StorageFull)),
        1 => Just(Deed::Fail(ErrorKind::Interrupted)),
        6 => Just(Deed::Move(1)),
        3 => (1..30_usize).prop_map(Deed::Move),
    ];
    prop_oneof![deeds(), vec(fault, 0..200)]
}

/// Gives a text deed by deed, and the rest of it at once when there are none left.
struct Source<'t> {
    text: &'t [u8],
    deeds: std::vec::IntoIter<Deed>,
}

impl Read for Source<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let most = match self.deeds.next() {
            Some(Deed::Fail(kind)) => return Err(kind.into()),
            Some(Deed::Move(most)) => most,
            None => usize::MAX,
        };
        let (given, rest) = self
            .text
            .split_at(most.min(self.text.len()).min(target.len()));
        target[..given.len()].copy_from_slice(given);
        self.text = rest;
        Ok(given.len())
    }
}

/// Takes what is written deed by deed, and all at once when there are none left.
#[derive(Clone, Default)]
struct Target(Rc<RefCell<Taken>>);

#[derive(Default)]
struct Taken {
    bytes: Vec<u8>,
    deeds: Vec<Deed>,
    /// How often it took nothing of what it was offered, but for interruptions.
    refusals: usize,
}

impl Target {
    fn new(mut deeds: Vec<Deed>) -> Target {
        deeds.reverse();
        Target(Rc::new(RefCell::new(Taken {
            deeds,
            ..Taken::default()
        })))
    }

    fn taken(&self) -> Vec<u8> {
        self.0.borrow().bytes.clone()
    }

    fn refusals(&self) -> usize {
        self.0.borrow().refusals
    }
}

impl Write for Target {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let taken = &mut *self.0.borrow_mut();
        let deed = taken.deeds.pop().unwrap_or(Deed::Move(usize::MAX));
        match deed {
            Deed::Fail(ErrorKind::Interrupted) => {}
            Deed::Fail(_) | Deed::Move(0) => taken.refusals += 1,
            Deed::Move(_) => {}
        }
        let most = match deed {
            Deed::Fail(kind) => return Err(kind.into()),
            Deed::Move(most) => most,
        };
        let piece = &piece[..most.min(piece.len())];
        taken.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.borrow_mut().deeds.pop() {
            Some(Deed::Fail(kind)) => Err(kind.into()),
            _ => Ok(()),
        }
    }
}

fn config_and_text() -> impl Strategy<Value = (Config, Vec<u8>)> {
    let config = select(Config::ALL);
    config.prop_flat_map(|config| (Just(config), Vocabulary::of(config).bytes(20)))
}

fn retried(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

/// One of the errors of [`faults`]; a flush can be interrupted, too.
fn refused(error: &io::Error) -> bool {
    retried(error) || matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::WriteZero)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reader_gives_everything_whatever_its_source_does(
        (config, text) in config_and_text(), deeds in deeds(), sizes in sizes(),
    ) {
        let converter = Converter::new(config);
        let source = Source { text: &text, deeds: deeds.into_iter() };
        let mut reader = Reader::new(&converter, source);
        let mut got = Vec::new();
        let mut buffer = std::vec![0; 4_000];
        for size in sizes.into_iter().cycle() {
            match reader.read(&mut buffer[..size]) {
                Ok(0) if size > 0 => break,
                Ok(length) => got.extend_from_slice(&buffer[..length]),
                Err(error) => prop_assert!(retried(&error), "{error}"),
            }
        }
        prop_assert_eq!(reader.read(&mut buffer)?, 0, "the end stays the end");
        prop_assert_eq!(got, whole(&converter, &text));
    }

    #[test]
    fn a_writer_passes_everything_on_once_and_in_order_whatever_its_target_does(
        (config, text) in config_and_text(), deeds in faults(), sizes in sizes(),
    ) {
        let converter = Converter::new(config);
        let target = Target::new(deeds);
        let expected = whole(&converter, &text);
        let mut writer = Writer::new(&converter, target.clone());
        for piece in pieces(&text, &sizes) {
            let mut rest = piece;
            while !rest.is_empty() {
                let refusals = target.refusals();
                match writer.write(rest) {
                    Ok(length) => {
                        let hidden = target.refusals() > refusals;
                        prop_assert!(!hidden, "a refusal that no error tells");
                        rest = &rest[length..];
                    }
                    // Nothing of it was taken.
                    Err(error) => prop_assert!(refused(&error), "{error}"),
                }
            }
            if piece.len() % 3 == 0 {
                if let Err(error) = writer.flush() {
                    prop_assert!(refused(&error), "{error}");
                }
            }
            prop_assert!(expected.starts_with(&target.taken()));
        }
        let mut finished = writer.finish();
        while let Err(error) = finished {
            prop_assert!(refused(error.error()), "{error}");
            finished = error.retry();
        }
        prop_assert_eq!(target.taken(), expected);
    }

    #[test]
    fn a_finish_that_fails_gives_back_the_writer_and_what_it_has_not_taken(
        (config, text) in config_and_text(), most in 0..200_usize,
    ) {
        // It can be tried again, or the caller goes on alone.
        let converter = Converter::new(config);
        let full = || Deed::Fail(ErrorKind::StorageFull);
        let target = Target::new(vec![Deed::Move(most), full(), full(), full()]);
        let mut writer = Writer::new(&converter, target.clone());
        if writer.write_all(&text).is_ok() {
            let (target, unsent) = match writer.finish() {
                Ok(target) => (target, Vec::new()),
                Err(error) => {
                    let (error, target, unsent) = error.into_parts();
                    prop_assert!(refused(&error));
                    (target, unsent)
                }
            };
            prop_assert_eq!([target.taken(), unsent].concat(), whole(&converter, &text));
        }
    }

    #[test]
    fn writing_all_is_no_success_where_the_target_refused(
        (config, text) in config_and_text(), deeds in faults(), sizes in sizes(),
    ) {
        let converter = Converter::new(config);
        let target = Target::new(deeds);
        let mut writer = Writer::new(&converter, target.clone());
        for piece in pieces(&text, &sizes) {
            let refusals = target.refusals();
            let result = writer.write_all(piece);
            prop_assert_eq!(result.is_err(), target.refusals() > refusals);
        }
        let refusals = target.refusals();
        let result = writer.finish();
        prop_assert_eq!(result.is_err(), target.refusals() > refusals);
    }

    #[test]
    fn a_disk_that_fills_up_is_told_of_by_the_call_that_fills_it(
        (config, text) in config_and_text(), room in any::<prop::sample::Index>(),
    ) {
        // Where the end of the text decides nothing more, no byte of it can be left for later.
        let text = [b"\n", &text[..], b"\n"].concat();
        let converter = Converter::new(config);
        let mut stream = converter.stream();
        let mut decided = Vec::new();
        stream.push(&text[..text.len() - 1], &mut decided);
        let mut disk = vec![0; room.index(decided.len())];
        let mut writer = Writer::new(&converter, &mut disk[..]);
        let error = writer.write_all(&text).expect_err("there is no room");
        prop_assert_eq!(error.kind(), ErrorKind::WriteZero);
        drop(writer);
        prop_assert!(whole(&converter, &text).starts_with(&disk));
    }

    #[test]
    fn copying_counts_what_it_writes(
        (config, text) in config_and_text(), deeds in deeds(),
    ) {
        // `copy` goes on after an interruption only, as the standard library's does.
        let calm = |deed: &Deed| !matches!(deed, Deed::Fail(ErrorKind::WouldBlock));
        let deeds: Vec<Deed> = deeds.into_iter().filter(calm).collect();
        let converter = Converter::new(config);
        let source = Source { text: &text, deeds: deeds.clone().into_iter() };
        let target = Target::new(deeds);
        let count = copy(&converter, source, target.clone())?;
        let expected = whole(&converter, &text);
        prop_assert_eq!(count, expected.len() as u64);
        prop_assert_eq!(target.taken(), expected);
    }
}

/// Fails with this error at every call.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(ErrorKind::ConnectionReset, "pulled out"))
    }
}

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::new(ErrorKind::BrokenPipe, "nobody reads"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn errors_come_through_as_they_are() {
    let converter = Converter::new(Config::S2t);
    let text = "头发".as_bytes();

    let mut out = Vec::new();
    let error = copy(&converter, text.chain(Broken), &mut out).expect_err("the source breaks");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(error.to_string(), "pulled out");

    let error = copy(&converter, text, Broken).expect_err("the target breaks");
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);

    let mut reader = Reader::new(&converter, text.chain(Broken));
    let error = reader.read_to_end(&mut out).expect_err("the source breaks");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);

    let mut writer = Writer::new(&converter, Broken);
    let error = writer.write_all(text).and_then(|()| writer.flush());
    // All of it may still be held back, and then only the end shows the error.
    let error = error.and_then(|()| Ok(writer.finish().map(drop)?));
    let error = error.expect_err("the target breaks");
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
}

#[test]
fn a_target_that_takes_nothing_is_an_error_and_no_endless_loop() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Ok(0)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let converter = Converter::new(Config::S2t);
    let error = copy(&converter, "汉，".as_bytes(), Full).expect_err("nothing is taken");
    assert_eq!(error.kind(), ErrorKind::WriteZero);
    let mut writer = Writer::new(&converter, Full);
    let error = writer.write_all("汉，字，".repeat(200).as_bytes());
    let error = error
        .and_then(|()| writer.flush())
        .expect_err("nothing is taken");
    assert_eq!(error.kind(), ErrorKind::WriteZero);
}

#[test]
fn flushing_passes_on_what_is_decided_and_keeps_the_rest() {
    let converter = Converter::new(Config::S2t);
    let target = Target::default();
    let mut writer = Writer::new(&converter, target.clone());
    writer
        .write_all("汉字，头".as_bytes())
        .expect("memory does not fail");
    writer.flush().expect("memory does not fail");
    assert_eq!(
        target.taken(),
        "漢字，".as_bytes(),
        "头 may become part of 头发"
    );
    writer
        .write_all("发".as_bytes())
        .expect("memory does not fail");
    writer.finish().expect("memory does not fail");
    assert_eq!(target.taken(), "漢字，頭髮".as_bytes());
}

#[test]
fn a_writer_that_is_dropped_passes_on_what_it_held_back() {
    let converter = Converter::new(Config::S2t);
    let target = Target::default();
    let mut writer = Writer::new(&converter, target.clone());
    writer
        .write_all("头发".as_bytes())
        .expect("memory does not fail");
    drop(writer);
    assert_eq!(target.taken(), "頭髮".as_bytes());
}

/// Takes one byte a call, and counts the bytes that it is offered anew: all but those that lie
/// where the rest of the last offer lay.
#[derive(Default)]
struct OneByte {
    taken: usize,
    next: usize,
    moved: usize,
}

impl Write for OneByte {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let place = piece.as_ptr().addr();
        if place != self.next {
            self.moved += piece.len();
        }
        self.next = place + 1;
        self.taken += 1;
        Ok(1)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_target_that_takes_one_byte_a_call_moves_no_byte_more_than_twice() {
    let converter = Converter::new(Config::S2t);
    let text = "皇后后面的头发。\n".repeat(10_000);
    let mut writer = Writer::new(&converter, OneByte::default());
    writer.write_all(text.as_bytes()).expect("it takes all");
    let target = writer.finish().expect("it takes all");
    assert_eq!(target.taken, text.len());
    assert!(target.moved <= 2 * text.len(), "{} moved", target.moved);
}

/// Takes a byte and panics.
struct Panicking(Target);

impl Write for Panicking {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0.write_all(&piece[..1])?;
        panic!("after it took a byte");
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_target_that_panicked_is_not_written_to_again_when_the_writer_is_dropped() {
    let converter = Converter::new(Config::S2t);
    let target = Target::default();
    let mut writer = Writer::new(&converter, Panicking(target.clone()));
    let write = catch_unwind(AssertUnwindSafe(|| writer.write_all("汉字，".as_bytes())));
    assert!(write.is_err());
    drop(writer);
    assert_eq!(target.taken(), "漢".as_bytes()[..1]);
}

#[test]
fn a_writer_that_a_panic_elsewhere_drops_passes_on_what_it_held_back() {
    let converter = Converter::new(Config::S2t);
    let target = Target::default();
    let elsewhere = catch_unwind(AssertUnwindSafe(|| {
        let mut writer = Writer::new(&converter, target.clone());
        writer
            .write_all("头发".as_bytes())
            .expect("memory does not fail");
        panic!("elsewhere");
    }));
    assert!(elsewhere.is_err());
    assert_eq!(target.taken(), "頭髮".as_bytes());
}

#[test]
fn a_reader_gives_its_source_back() {
    let converter = Converter::new(Config::S2t);
    let mut reader = Reader::new(&converter, "汉".as_bytes());
    let mut out = String::new();
    reader
        .read_to_string(&mut out)
        .expect("memory does not fail");
    assert_eq!(out, "漢");
    assert!(reader.into_inner().is_empty());
}
