//! LSP's base protocol on a byte stream: `Content-Length` headers, a blank line, a body.
//!
//! A stream that loses step is picked up again at the next `Content-Length:`, wherever it stands: the end of a
//! body that was longer than its header said has no line break before the next header.

use std::io::{self, IoSlice, Read, Write};
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2_iter};

const LENGTH_HEADER: &[u8] = b"content-length:";
/// More than the largest document that is worth sending; a length above it is taken for a mistake.
const MAX_BODY: usize = 256 << 20;
/// A header line longer than this is part of a body that was cut off.
const MAX_LINE: usize = 4096;
const READ_SIZE: usize = 64 << 10;

/// What the stream holds next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame<'a> {
    Body(&'a [u8]),
    /// Bytes that are no frame, told once per stretch of them.
    Broken(&'static str),
}

/// Reads frames from `input`; memory is bounded by the largest body.
pub(crate) struct Frames<R> {
    input: R,
    /// What one read may fill.
    room: Box<[u8]>,
    bytes: Vec<u8>,
    /// Bytes before this offset are done with.
    next: usize,
    /// The body that was handed out last.
    body: Range<usize>,
    /// Out of step and said so: what is skipped up to the next good body is not told again.
    out_of_step: bool,
}

enum Line {
    Blank,
    Length(usize),
    /// A header that says nothing of interest.
    Header,
    /// Not a header; where a length header begins inside it, if one does.
    Junk(Option<usize>),
    BadLength,
}

impl<R: Read> Frames<R> {
    pub(crate) fn new(input: R) -> Self {
        let room = vec![0; READ_SIZE].into_boxed_slice();
        Frames { input, room, bytes: Vec::new(), next: 0, body: 0..0, out_of_step: false }
    }

    /// The next frame; `None` at the end of the input, also in the middle of a frame.
    pub(crate) fn next(&mut self) -> io::Result<Option<Frame<'_>>> {
        self.bytes.drain(..self.next);
        self.next = 0;
        self.body = 0..0;
        loop {
            let length = match self.head()? {
                None => return Ok(None),
                Some(Ok(length)) => length,
                Some(Err(_)) if self.out_of_step => continue,
                Some(Err(what)) => {
                    self.out_of_step = true;
                    return Ok(Some(Frame::Broken(what)));
                }
            };
            while self.bytes.len() - self.next < length {
                if !self.read_more()? {
                    return Ok(None);
                }
            }
            self.body = self.next..self.next + length;
            self.next = self.body.end;
            self.out_of_step = false;
            return Ok(Some(Frame::Body(&self.bytes[self.body.clone()])));
        }
    }

    /// Says that what was handed out last was no message, and that its sender was told. If another frame begins inside it,
    /// its length was wrong and reading goes on there.
    pub(crate) fn body_was_bad(&mut self) {
        self.out_of_step = true;
        if let Some(at) = find_frame_head(&self.bytes[self.body.clone()]) {
            self.next = self.body.start + at;
        }
    }

    /// Reads up to the end of the headers: the body's length, or what is wrong. `None` at the end of the input.
    fn head(&mut self) -> io::Result<Option<Result<usize, &'static str>>> {
        let mut length = None;
        let mut any = false;
        loop {
            let Some(end) = self.line_end()? else { return Ok(None) };
            let start = self.next;
            self.next = end;
            match read_line(&self.bytes[start..end]) {
                Line::Length(found) => length = Some(found),
                Line::Header => any = true,
                Line::Junk(_) if length.is_some() => {}
                Line::Junk(head) => {
                    self.next = head.map_or(end, |at| start + at);
                    return Ok(Some(Err("these bytes are no header")));
                }
                Line::BadLength => return Ok(Some(Err("Content-Length is no usable number"))),
                Line::Blank => match length {
                    Some(length) => return Ok(Some(Ok(length))),
                    None if any => return Ok(Some(Err("Content-Length is missing"))),
                    None => {}
                },
            }
        }
    }

    /// The offset behind the next line, or behind a piece of one that is too long to be a header.
    fn line_end(&mut self) -> io::Result<Option<usize>> {
        let mut searched = self.next;
        loop {
            if let Some(at) = memchr(b'\n', &self.bytes[searched..]) {
                return Ok(Some(searched + at + 1));
            }
            searched = self.bytes.len();
            if searched - self.next > MAX_LINE {
                return Ok(Some(self.too_long_line_end()));
            }
            if !self.read_more()? {
                return Ok(None);
            }
        }
    }

    /// Keeps the tail of an endless line, where a length header may have begun.
    fn too_long_line_end(&self) -> usize {
        let line = &self.bytes[self.next..];
        match find_length_header(line) {
            Some(at) if at > 0 => self.next + at,
            _ => self.bytes.len() - LENGTH_HEADER.len(),
        }
    }

    fn read_more(&mut self) -> io::Result<bool> {
        let count = loop {
            match self.input.read(&mut self.room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.bytes.extend_from_slice(&self.room[..count]);
        Ok(count > 0)
    }
}

fn read_line(line: &[u8]) -> Line {
    let line = line.trim_ascii_end();
    if line.is_empty() {
        return Line::Blank;
    }
    match find_length_header(line) {
        Some(0) => {
            let digits = line[LENGTH_HEADER.len()..].trim_ascii();
            let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
            return length.filter(|length| *length <= MAX_BODY).map_or(Line::BadLength, Line::Length);
        }
        Some(at) => return Line::Junk(Some(at)),
        None => {}
    }
    let name = memchr(b':', line).map(|colon| &line[..colon]);
    match name {
        Some(name) if !name.is_empty() && name.iter().all(|byte| is_name_byte(*byte)) => Line::Header,
        _ => Line::Junk(None),
    }
}

/// RFC 9110's `token`, which LSP's header names are.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn find_length_header(bytes: &[u8]) -> Option<usize> {
    memchr_iter(b':', bytes)
        .filter_map(|colon| (colon + 1).checked_sub(LENGTH_HEADER.len()).map(|start| (start, colon + 1)))
        .find(|(start, end)| bytes[*start..*end].eq_ignore_ascii_case(LENGTH_HEADER))
        .map(|(start, _)| start)
}

/// Where a frame begins, also one of which the body holds only the first bytes. JSON has no raw line break inside a
/// string, so a whole header is never the text of a document.
fn find_frame_head(body: &[u8]) -> Option<usize> {
    memchr2_iter(b'C', b'c', body).find(|at| may_be_frame_head(&body[*at..]))
}

fn may_be_frame_head(bytes: &[u8]) -> bool {
    let name = bytes.len().min(LENGTH_HEADER.len());
    if !bytes[..name].eq_ignore_ascii_case(&LENGTH_HEADER[..name]) {
        return false;
    }
    let value = bytes[name..].trim_ascii_start();
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match &value[digits..] {
        [] => true,
        [b'\r'] | [b'\r', b'\n', ..] => digits > 0,
        _ => false,
    }
}

/// Writes one body with its header, and flushes. Both in one call where the system takes them: a client that is woken for
/// the header alone has nothing to do yet.
pub(crate) fn write_frame(output: &mut impl Write, body: &[u8]) -> io::Result<()> {
    let header = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    let written = loop {
        match output.write_vectored(&[IoSlice::new(&header), IoSlice::new(body)]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => break result?,
        }
    };
    output.write_all(header.get(written..).unwrap_or_default())?;
    output.write_all(body.get(written.saturating_sub(header.len())..).unwrap_or_default())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads all frames as the front does; bodies that do not begin with `{` and end with `}` are refused.
    fn read_all(input: &[u8]) -> Vec<String> {
        let mut frames = Frames::new(input);
        let mut seen = Vec::new();
        while let Some(frame) = frames.next().unwrap() {
            let (text, bad) = match frame {
                Frame::Body(body) => {
                    let text = String::from_utf8_lossy(body).into_owned();
                    let bad = !(text.starts_with('{') && text.ends_with('}') && !text.contains("Content"));
                    (if bad { "refused".to_owned() } else { text }, bad)
                }
                Frame::Broken(what) => (what.to_owned(), true),
            };
            seen.push(text);
            if bad {
                frames.body_was_bad();
            }
        }
        seen
    }

    #[test]
    fn header_names_have_no_case_and_other_headers_are_passed_over() {
        let input = b"content-LENGTH:2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\nX-A: b\r\n\r\n{}";
        assert_eq!(read_all(input), ["{}"]);
    }

    #[test]
    fn line_feeds_alone_end_headers() {
        assert_eq!(read_all(b"Content-Length: 2\n\n{}"), ["{}"]);
    }

    #[test]
    fn junk_is_told_once_and_the_next_frame_is_read() {
        let input = b"Content-Length: 10\r\n\r\n{\"long\":1}what is this\nand this\n\n{}\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(read_all(input), ["{\"long\":1}", "these bytes are no header", "{}"]);
    }

    #[test]
    fn a_length_that_is_too_short_costs_one_message() {
        let input = b"Content-Length: 5\r\n\r\n{\"a\": 1}Content-Length: 2\r\n\r\n{}";
        assert_eq!(read_all(input), ["refused", "{}"]);
    }

    #[test]
    fn a_length_that_is_too_long_costs_one_message() {
        let input =
            b"Content-Length: 20\r\n\r\n{\"a\": 1}Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n{ }";
        assert_eq!(read_all(input), ["refused", "{}", "{ }"]);
    }

    #[test]
    fn a_missing_length_and_one_that_is_no_number_are_told() {
        let missing = b"Content-Type: x\r\n\r\n{}Content-Length: 2\r\n\r\n{}";
        assert_eq!(read_all(missing), ["Content-Length is missing", "{}"]);
        let wrong = b"Content-Length: many\r\n\r\n{}Content-Length: 2\r\n\r\n{}";
        assert_eq!(read_all(wrong), ["Content-Length is no usable number", "{}"]);
        let huge = b"Content-Length: 99999999999999\r\n\r\n{}Content-Length: 2\r\n\r\n{}";
        assert_eq!(read_all(huge), ["Content-Length is no usable number", "{}"]);
    }

    #[test]
    fn an_endless_line_is_skipped_in_bounded_memory() {
        let mut input = vec![b'x'; 1 << 20];
        input.extend(b"Content-Length: 2\r\n\r\n{}");
        assert_eq!(read_all(&input), ["these bytes are no header", "{}"]);
    }

    #[test]
    fn frames_may_come_a_byte_at_a_time() {
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
                out[0] = *first;
                self.0 = rest;
                Ok(1)
            }
        }
        let mut frames = Frames::new(Slow(b"Content-Length: 2\r\n\r\n{}Content-Length: 3\r\n\r\n{ }"));
        assert_eq!(frames.next().unwrap(), Some(Frame::Body(b"{}")));
        assert_eq!(frames.next().unwrap(), Some(Frame::Body(b"{ }")));
        assert_eq!(frames.next().unwrap(), None);
    }

    #[test]
    fn the_input_may_end_inside_a_frame() {
        assert!(read_all(b"Content-Length: 20\r\n\r\n{}").is_empty());
        assert!(read_all(b"Content-Le").is_empty());
    }

    #[test]
    fn a_written_frame_is_read_back() {
        let mut out = Vec::new();
        write_frame(&mut out, "{\"é\": 1}".as_bytes()).unwrap();
        assert_eq!(read_all(&out), ["{\"é\": 1}"]);
    }

    /// Pieces of frames, so that most inputs nearly are some.
    fn pieces() -> impl Strategy<Value = Vec<u8>> {
        let piece = prop::sample::select(vec![
            &b"Content-Length: "[..],
            b"content-length:",
            b"Content-Type: x",
            b"\r\n",
            b"\r\n\r\n",
            b"\n",
            b"2\r\n\r\n",
            b"17\r\n",
            b"{}",
            b"{\"a\": 1}",
            b"\xff",
            b" junk ",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn whatever_comes_a_good_frame_behind_it_is_read(garbage in pieces()) {
            let mut input = garbage;
            // Longer than any length in the garbage, so that it cannot be swallowed.
            input.extend([b'x'; 300]);
            input.extend(b"\nContent-Length: 12\r\n\r\n{\"good\":  1}");
            let read = read_all(&input);
            prop_assert_eq!(read.last().map(String::as_str), Some("{\"good\":  1}"));
        }
    }
}
