//! Takes a Rust or Slint source apart, so that a rule about code does not trip over a word in a
//! comment or a string, nor a rule about comments over code.

/// Code without comments and literals, and comments without code; both keep the lines.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parts {
    pub code: String,
    pub comments: String,
}

enum Piece {
    Code,
    Comment,
    Literal,
}

/// Splits a source text.
pub fn split(text: &str) -> Parts {
    let mut parts = Parts::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (piece, length) = next_piece(rest, first);
        let (taken, after) = rest.split_at(length);
        let newlines = "\n".repeat(taken.matches('\n').count());
        let (code, comment) = match piece {
            Piece::Code => (taken, newlines.as_str()),
            Piece::Comment => (newlines.as_str(), taken),
            Piece::Literal => (newlines.as_str(), newlines.as_str()),
        };
        parts.code.push_str(code);
        parts.comments.push_str(comment);
        rest = after;
    }
    parts
}

fn next_piece(rest: &str, first: char) -> (Piece, usize) {
    if rest.starts_with("//") {
        return (Piece::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Piece::Comment, block_comment(rest));
    }
    if let Some(length) = raw_string(rest) {
        return (Piece::Literal, length);
    }
    match first {
        '"' => (Piece::Literal, quoted(rest, '"')),
        '\'' if is_character(rest) => (Piece::Literal, quoted(rest, '\'')),
        _ if is_word(first) => (Piece::Code, rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
        _ => (Piece::Code, first.len_utf8()),
    }
}

/// Block comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(here) = rest.get(at..).filter(|here| !here.is_empty()) {
        if here.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if here.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += here.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn raw_string(rest: &str) -> Option<usize> {
    let opened = rest.trim_start_matches(['b', 'c']).strip_prefix('r')?;
    let hashes = opened.len() - opened.trim_start_matches('#').len();
    let body = opened.trim_start_matches('#').strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = body.find(&end).map_or(body.len(), |at| at + end.len());
    Some(rest.len() - body.len() + length)
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

/// `'a'` and `'\n'` are characters; `'a` alone is a lifetime.
fn is_character(rest: &str) -> bool {
    let mut after = rest.chars().skip(1);
    after.next() == Some('\\') || after.next() == Some('\'')
}

pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_comments_and_literals_come_apart() {
        for (text, code, comments) in [
            ("let a = 1; // one", "let a = 1; ", "// one"),
            ("f(\"// no\", 'x', '\\'')", "f(, , )", ""),
            ("f::<'a>(\"\\\"\") // b", "f::<'a>() ", "// b"),
            ("r#\"a \" b\"# c", " c", ""),
            ("br\"x\" for\"y\"", " for", ""),
            ("r#type", "r#type", ""),
            ("/* a /* b */ c */ d", " d", "/* a /* b */ c */"),
            ("\"a\nb\"\nc", "\n\nc", "\n\n"),
            ("/*/ a */ b", " b", "/*/ a */"),
        ] {
            let parts = split(text);
            assert_eq!((parts.code.as_str(), parts.comments.as_str()), (code, comments), "{text}");
        }
    }
}
