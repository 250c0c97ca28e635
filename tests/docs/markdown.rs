//! Reads what a Markdown page claims: paths between backticks, targets of links, commands.

/// A page taken apart; every piece with its line, counted from one.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Inline code.
    pub spans: Vec<(usize, String)>,
    /// Targets of links.
    pub links: Vec<(usize, String)>,
    /// Lines of fenced shell blocks that are commands.
    pub commands: Vec<(usize, String)>,
}

/// Takes a page apart.
pub fn read(text: &str) -> Page {
    let mut page = Page::default();
    let mut fence: Option<&str> = None;
    let mut continued = false;
    for (number, line) in (1..).zip(text.lines()) {
        let bare = line.trim();
        if let Some(language) = bare.strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(language.trim()) };
            continued = false;
        } else if let Some(language) = fence {
            let command = command(language, bare).filter(|_| !continued);
            page.commands.extend(command.map(|command| (number, command.to_owned())));
            continued = bare.ends_with('\\');
        } else {
            page.spans.extend(spans(line).map(|span| (number, span.to_owned())));
            page.links.extend(links(line).map(|link| (number, link.to_owned())));
        }
    }
    page
}

/// In a block of the shell every line is a command, in a recorded session those after a prompt.
fn command<'a>(language: &str, line: &'a str) -> Option<&'a str> {
    let after_prompt = line.strip_prefix("$ ");
    let command = match language {
        "sh" | "bash" => Some(after_prompt.unwrap_or(line)),
        "console" => after_prompt,
        _ => None,
    };
    command.filter(|command| !command.is_empty() && !command.starts_with('#'))
}

fn spans(line: &str) -> impl Iterator<Item = &str> {
    let pieces: Vec<&str> = line.split('`').collect();
    let closed = (pieces.len() - 1) / 2; // a last backtick without its twin opens nothing
    pieces.into_iter().skip(1).step_by(2).take(closed)
}

fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|after| after.split([')', '#']).next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_found_where_they_stand() {
        let text = "See `src/a.rs` and `b`, [c](c.md#top) `open\n\
                    ```sh\n# first\nFOO=1 scripts/run \\\n  --all\n$ git log\n```\n\
                    ```console\n$ cargo test\nrunning 1 test\n```\n\
                    ```rust\nlet a = `x`;\n```\n[d](https://example.org/)";
        let at = |line: usize, text: &str| (line, text.to_owned());
        assert_eq!(
            read(text),
            Page {
                spans: vec![at(1, "src/a.rs"), at(1, "b")],
                links: vec![at(1, "c.md"), at(15, "https://example.org/")],
                commands: vec![
                    at(4, "FOO=1 scripts/run \\"),
                    at(6, "git log"),
                    at(9, "cargo test")
                ],
            }
        );
    }
}
