//! The page beside each check: prose for people, and cases for the tests, in one Markdown file.

/// A page, taken apart.
pub struct Page<'a> {
    /// The heading.
    pub title: &'a str,
    /// What the check does, in a paragraph or two: the text between the heading and the first section.
    pub summary: &'a str,
    /// The sections (`## …`) with their texts, the cases left out.
    pub sections: Vec<(&'a str, &'a str)>,
    /// The cases.
    pub cases: Vec<Case<'a>>,
}

/// One fenced block below `## Cases`: a piece of snapshot and the verdict it must get.
pub struct Case<'a> {
    /// The line of the fence, counted from 1.
    pub line: usize,
    /// `pass`, `fail`, `unknown`, `exempt`, or `none` for no finding at all.
    pub expects: &'a str,
    /// A piece that the message must contain, after the verdict in the fence.
    pub says: Option<&'a str>,
    /// The JSON.
    pub json: &'a str,
}

impl<'a> Page<'a> {
    /// Takes a page apart; anything odd simply ends up in the prose, and the tests of the catalogue complain.
    pub fn parse(text: &'a str) -> Page<'a> {
        let (head, rest) = text.split_at(text.find("\n## ").map_or(text.len(), |at| at + 1));
        let (title, summary) = head.split_once('\n').unwrap_or((head, ""));
        let mut page = Page {
            title: title.trim_start_matches('#').trim(),
            summary: summary.trim(),
            sections: Vec::new(),
            cases: Vec::new(),
        };
        let mut start = 0;
        while start < rest.len() {
            let end = rest[start..].find("\n## ").map_or(rest.len(), |at| start + at + 1);
            let (heading, body) = rest[start..end].split_once('\n').unwrap_or((&rest[start..end], ""));
            let heading = heading.trim_start_matches('#').trim();
            if heading == "Cases" {
                let first_line = text[..head.len() + start].lines().count() + 2;
                page.cases = cases(body, first_line);
            } else {
                page.sections.push((heading, body.trim()));
            }
            start = end;
        }
        page
    }
}

fn cases(body: &str, first_line: usize) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    let mut open: Option<(usize, &str, usize)> = None;
    let mut offset = 0;
    for (number, line) in body.split_inclusive('\n').enumerate() {
        match open {
            None => {
                if let Some(info) = line.trim_end().strip_prefix("```json ") {
                    open = Some((first_line + number, info, offset + line.len()));
                }
            }
            Some((at, info, from)) if line.trim_end() == "```" => {
                let (expects, says) = info.split_once(' ').unwrap_or((info, ""));
                let says = Some(says.trim().trim_matches('"')).filter(|s| !s.is_empty());
                cases.push(Case { line: at, expects, says, json: &body[from..offset] });
                open = None;
            }
            Some(_) => {}
        }
        offset += line.len();
    }
    cases
}
