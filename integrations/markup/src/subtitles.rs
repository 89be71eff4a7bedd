//! Subtitles: SubRip, WebVTT, Advanced SubStation Alpha.
//!
//! Their grammars are small and go by lines, so they are read here, as ranges: a line that is not text is copied
//! as it is. Sources: for WebVTT the standard (W3C, "WebVTT: The Web Video Text Tracks Format"), for the others
//! what players accept.

use std::ops::Range;

use crate::error::MarkupError;
use crate::options::Options;
use crate::pieces::{Convert, Form, Pieces};

/// Converts SubRip subtitles.
pub(crate) fn convert_srt<C: Convert + ?Sized>(
    converter: &C,
    source: &str,
) -> Result<String, MarkupError> {
    let mut pieces = Pieces::new(source);
    let lines = lines(source);
    let text = |number: usize| lines.get(number).map_or("", |line| &source[line.clone()]);
    let is_blank = |number: usize| text(number).trim().is_empty();
    let is_counter = |number: usize| {
        let counter = text(number).trim();
        !counter.is_empty() && counter.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut has_cue = false;
    for (number, line) in lines.iter().enumerate() {
        let starts = number == 0 || is_blank(number - 1);
        let follows_counter =
            number > 0 && is_counter(number - 1) && (number == 1 || is_blank(number - 2));
        if is_blank(number) {
            pieces.barrier();
        } else if is_timing(text(number), &[',', '.']) {
            pieces.barrier();
            has_cue = true;
        } else if starts && is_counter(number) && text(number + 1).contains("-->") {
            pieces.barrier();
        } else if has_cue && !(follows_counter && text(number).contains("-->")) {
            // Blank lines within a cue are common. A line after one is text, too.
            srt_line(&mut pieces, trimmed(source, line.clone()));
        } else {
            let expected = match follows_counter || text(number).contains("-->") {
                true => "a time such as 00:00:01,000 --> 00:00:02,500",
                false => "the number of a cue",
            };
            return Err(unexpected(source, line, expected));
        }
    }
    Ok(pieces.convert(converter))
}

/// Adds a line: `<i>` and `{\an8}` are seen through.
fn srt_line(pieces: &mut Pieces<'_>, line: Range<usize>) {
    let source = pieces.source();
    let last_brace = source[line.clone()].rfind('}').map(|at| line.start + at);
    let (mut start, mut at) = (line.start, line.start);
    while let Some(found) = source[at..line.end].find(['<', '{']) {
        let open = at + found;
        let rest = &source[open..line.end];
        let name = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
        let end = match rest.starts_with('{') {
            true if rest.starts_with("{\\") && last_brace > Some(open) => rest.find('}'),
            false if name.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                let end = rest[1..].find(['<', '>']).map(|end| end + 1);
                end.filter(|&end| rest[end..].starts_with('>'))
            }
            _ => None,
        };
        at = open + 1;
        if let Some(end) = end {
            pieces.add(start..open, Form::Plain);
            at = open + end + 1;
            start = at;
        }
    }
    pieces.add(start..line.end, Form::Plain);
}

/// Converts WebVTT subtitles.
pub(crate) fn convert_vtt<C: Convert + ?Sized>(
    converter: &C,
    options: &Options,
    source: &str,
) -> Result<String, MarkupError> {
    let mut pieces = Pieces::new(source);
    let lines = lines(source);
    let text = |number: usize| lines.get(number).map_or("", |line| &source[line.clone()]);
    // Whether a line is this word, alone or before a space.
    let is = |number: usize, word: &str| {
        let rest = text(number).strip_prefix(word);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    };
    if !is(0, "WEBVTT") {
        return Err(unexpected(source, &lines[0], "WEBVTT"));
    }
    let skip_block = |mut number: usize| {
        while number < lines.len() && !text(number).is_empty() {
            number += 1;
        }
        number
    };
    let mut number = skip_block(0);
    while number < lines.len() {
        if text(number).is_empty() {
            number += 1;
        } else if ["NOTE", "STYLE", "REGION"]
            .iter()
            .any(|word| is(number, word))
        {
            number = skip_block(number);
        } else {
            // A cue: perhaps its name, its time, its text up to an empty line or the time of the next one.
            number += usize::from(!text(number).contains("-->"));
            if !is_timing(text(number), &['.']) {
                let line = lines
                    .get(number)
                    .cloned()
                    .unwrap_or(source.len()..source.len());
                return Err(unexpected(
                    source,
                    &line,
                    "a time such as 00:01.000 --> 00:02.500",
                ));
            }
            let first = number + 1;
            number = first;
            while !text(number).is_empty() && !text(number).contains("-->") {
                number += 1;
            }
            if number > first {
                let range = lines[first].start..lines[number - 1].end;
                vtt_text(&mut pieces, options, range);
                pieces.barrier();
            }
        }
    }
    Ok(pieces.convert(converter))
}

/// Adds the text of a cue. Tags are seen through; a reading and another language are not.
fn vtt_text(pieces: &mut Pieces<'_>, options: &Options, range: Range<usize>) {
    let source = pieces.source();
    // The open tags that matter, and whether what is in them is converted.
    let mut open: Vec<(&str, bool)> = Vec::new();
    let converts = |open: &[(&str, bool)]| open.last().is_none_or(|&(_, converts)| converts);
    let mut at = range.start;
    while at < range.end {
        let rest = &source[at..range.end];
        let Some(inside) = rest.strip_prefix('<') else {
            let end = at + rest.find('<').unwrap_or(rest.len());
            if converts(&open) {
                pieces.add(at..end, Form::Text);
            }
            at = end;
            continue;
        };
        let length = inside.find('>').unwrap_or(inside.len());
        at = (at + length + 2).min(range.end);
        let tag = &inside[..length];
        let name_end = tag.find([' ', '\t', '\n', '\r', '.']).unwrap_or(tag.len());
        match &tag[..name_end] {
            "rt" => {
                pieces.enter_aside();
                open.push(("rt", converts(&open)));
            }
            "lang" => {
                let language = tag[name_end..].trim_start_matches(|c: char| !c.is_whitespace());
                open.push(("lang", options.converts(language)));
                pieces.barrier();
            }
            closed @ ("/rt" | "/ruby" | "/lang") => {
                let name = if closed == "/lang" { "lang" } else { "rt" };
                if open.last().is_some_and(|&(open, _)| open == name) {
                    open.pop();
                    match name {
                        "rt" => pieces.leave_aside(),
                        _ => pieces.barrier(),
                    }
                }
            }
            _ => {}
        }
    }
    for (name, _) in open.into_iter().rev() {
        if name == "rt" {
            pieces.leave_aside();
        }
    }
}

/// Converts Advanced SubStation Alpha subtitles.
pub(crate) fn convert_ass<C: Convert + ?Sized>(
    converter: &C,
    source: &str,
) -> Result<String, MarkupError> {
    let mut pieces = Pieces::new(source);
    let mut section = None;
    // The text is the last field.
    let mut fields = 10;
    for line in lines(source) {
        let text = source[line.clone()].trim();
        if text.is_empty() || text.starts_with(';') {
            continue;
        }
        if text.starts_with('[') && text.ends_with(']') {
            section = Some(text);
            continue;
        }
        let Some(section) = section else {
            return Err(unexpected(source, &line, "a section such as [Script Info]"));
        };
        if !section.eq_ignore_ascii_case("[events]") {
            continue;
        }
        if let Some(format) = text.strip_prefix("Format:") {
            fields = format.split(',').count();
        } else if text.starts_with("Dialogue:") {
            let commas = source[line.clone()]
                .match_indices(',')
                .map(|(at, _)| at + 1);
            let before = fields.saturating_sub(1);
            let start = match before.checked_sub(1) {
                Some(last) => commas.clone().nth(last),
                None => source[line.clone()].find(':').map(|at| at + 1),
            };
            let Some(start) = start else {
                let message = format!("{fields} fields, {} of them", commas.count() + 1);
                return Err(unexpected(source, &line, &message));
            };
            ass_text(&mut pieces, line.start + start..line.end);
            pieces.barrier();
        }
    }
    Ok(pieces.convert(converter))
}

/// Adds the text of an event: `{\b1}`, `\N` and `\n` are seen through, drawings are left alone.
fn ass_text(pieces: &mut Pieces<'_>, range: Range<usize>) {
    let source = pieces.source();
    let last_brace = source[range.clone()].rfind('}').map(|at| range.start + at);
    let mut draws = false;
    let (mut start, mut at) = (range.start, range.start);
    while let Some(found) = source[at..range.end].find(['{', '\\']) {
        let special = at + found;
        let rest = &source[special..range.end];
        let is_block = rest.starts_with('{') && last_brace > Some(special);
        let block = is_block.then(|| rest.find('}')).flatten();
        let length = match (block, rest.as_bytes().get(1)) {
            (Some(end), _) => end + 1,
            (None, Some(b'N' | b'n' | b'h')) if rest.starts_with('\\') => 2,
            _ => {
                at = special + 1;
                continue;
            }
        };
        if !draws {
            pieces.add(start..special, Form::Plain);
        }
        at = special + length;
        start = at;
        match block {
            Some(end) => draws = drawing(&rest[..end]).unwrap_or(draws),
            // A space that does not break.
            None if rest[1..].starts_with('h') => pieces.add_opaque(special..at),
            None => {}
        }
    }
    if !draws {
        pieces.add(start..range.end, Form::Plain);
    }
}

/// Whether a block of tags starts a drawing (`\p1`) or ends one (`\p0`), if either.
fn drawing(block: &str) -> Option<bool> {
    let modes = block
        .match_indices("\\p")
        .filter_map(|(at, tag)| block[at + tag.len()..].chars().next());
    modes
        .filter(char::is_ascii_digit)
        .last()
        .map(|mode| mode != '0')
}

/// The lines of a text without their ends: LF, CR LF, or CR. There is always one.
fn lines(source: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for (at, end) in source.match_indices(['\n', '\r']) {
        // The LF of a CR LF.
        if end == "\n" && at == start && source[..at].ends_with('\r') {
            start = at + 1;
            continue;
        }
        lines.push(start..at);
        start = at + 1;
    }
    lines.push(start..source.len());
    lines
}

/// A line without blanks at its ends, so that they do not part what a line break does not.
fn trimmed(source: &str, line: Range<usize>) -> Range<usize> {
    let text = &source[line.clone()];
    let start = line.start + (text.len() - text.trim_start_matches([' ', '\t']).len());
    let text = &source[start..line.end];
    start..start + text.trim_end_matches([' ', '\t']).len()
}

/// Whether a line is two times with an arrow between; what follows them is not read.
fn is_timing(line: &str, points: &[char]) -> bool {
    let Some((from, to)) = line.split_once("-->") else {
        return false;
    };
    let to = to.split_whitespace().next().unwrap_or_default();
    [from.trim(), to].iter().all(|time| {
        let (clock, fraction) = time.split_once(points).unwrap_or((time, "0"));
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let parts = clock.split(':');
        (2..=3).contains(&parts.clone().count())
            && parts.clone().all(is_number)
            && is_number(fraction)
    })
}

fn unexpected(source: &str, line: &Range<usize>, expected: &str) -> MarkupError {
    let text: String = source[line.clone()].chars().take(60).collect();
    MarkupError::syntax(
        source,
        line.start,
        format!("expected {expected}, found {text:?}"),
    )
}
