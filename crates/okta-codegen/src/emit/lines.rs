//! Lines of Rust: documentation that is wrapped, and lists that are broken if they are too long.

/// As in the workspace's rustfmt.toml; rustfmt leaves documentation and macro bodies as they are.
const WIDTH: usize = 120;

/// What an item of a list starts with: items that follow each other are one list.
pub(super) const BULLET: &str = "- ";

/// Documentation, one paragraph an item; each is wrapped.
pub(super) fn doc(indent: usize, paragraphs: &[String]) -> String {
    comment(&format!("{}///", " ".repeat(indent)), paragraphs)
}

/// Documentation of the file that contains it.
pub(super) fn inner_doc(paragraphs: &[String]) -> String {
    comment("//!", paragraphs)
}

fn comment(margin: &str, paragraphs: &[String]) -> String {
    let mut out = String::new();
    let mut before: Option<&str> = None;
    for paragraph in paragraphs.iter().filter(|paragraph| !paragraph.is_empty()) {
        let is_item = paragraph.starts_with(BULLET);
        if before.is_some_and(|before| !(is_item && before.starts_with(BULLET))) {
            out.push_str(&format!("{margin}\n"));
        }
        let mut line = margin.to_owned();
        for word in words(paragraph) {
            if line.chars().count() + 1 + word.chars().count() > WIDTH && line != margin {
                out.push_str(&line);
                out.push('\n');
                margin.clone_into(&mut line);
                // A further line of an item is indented, or it would end the list.
                line.push_str(if is_item { "  " } else { "" });
            }
            line.push(' ');
            line.push_str(&word);
        }
        out.push_str(&line);
        out.push('\n');
        before = Some(paragraph);
    }
    out
}

/// The words of a text; code in backticks and links stay in one piece.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_code = false;
    let mut brackets = 0_usize;
    let mut word = String::new();
    for c in text.chars() {
        match c {
            '`' => in_code = !in_code,
            '[' if !in_code => brackets += 1,
            ']' if !in_code => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        if c == ' ' && !in_code && brackets == 0 {
            words.push(std::mem::take(&mut word));
        } else {
            word.push(c);
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// `open` and `close` around items: in one line, or one item a line if that is too long.
pub(super) fn list(indent: usize, open: &str, items: &[String], close: &str, end: &str) -> String {
    let margin = " ".repeat(indent);
    let one_line = format!("{margin}{open}{}{close}{end}\n", items.join(", "));
    if one_line.trim_end().chars().count() <= WIDTH {
        return one_line;
    }
    let items: String = items.iter().map(|item| format!("{margin}    {item},\n")).collect();
    format!(
        "{margin}{}\n{items}{margin}{}{end}\n",
        open.trim_end(),
        close.trim_start()
    )
}

/// `name = value,`, in two lines if one is too long.
pub(super) fn assignment(indent: usize, name: &str, value: &str) -> String {
    let margin = " ".repeat(indent);
    let one_line = format!("{margin}{name} = {value},");
    if one_line.chars().count() <= WIDTH {
        format!("{one_line}\n")
    } else {
        format!("{margin}{name} =\n{margin}    {value},\n")
    }
}

/// The first few of `items` and how many more there are: `a, b and 3 more`.
pub(super) fn some_of(items: &[String], most: usize) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        _ if items.len() <= most => match items.split_last() {
            Some((last, first)) => format!("{} and {last}", first.join(", ")),
            None => String::new(),
        },
        _ => format!("{} and {} more", items[..most].join(", "), items.len() - most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_is_wrapped_between_words() {
        let text = "word ".repeat(30);
        let out = doc(4, &[text.trim().to_owned(), "a `piece of code` stays".to_owned()]);
        assert!(out.lines().all(|line| line.len() <= WIDTH), "{out}");
        assert!(out.starts_with("    /// word word"));
        assert!(out.ends_with("    ///\n    /// a `piece of code` stays\n"), "{out}");
    }

    #[test]
    fn items_are_one_list_and_their_further_lines_are_indented() {
        let item = format!("- {}", "word ".repeat(30).trim());
        let out = doc(0, &["before".to_owned(), item.clone(), item, "behind".to_owned()]);
        assert!(out.starts_with("/// before\n///\n/// - word"), "{out}");
        assert!(out.contains("word\n///   word"), "{out}");
        assert!(out.contains("word\n/// - word"), "{out}");
        assert!(out.ends_with("word\n///\n/// behind\n"), "{out}");
    }

    #[test]
    fn long_lists_are_broken() {
        let short = ["a: A".to_owned()];
        assert_eq!(list(0, "request(", &short, ")", ""), "request(a: A)\n");
        let long = vec!["something: Something".to_owned(); 6];
        let out = list(4, "shared { ", &long, " }", "");
        assert!(
            out.starts_with("    shared {\n        something: Something,\n") && out.ends_with(",\n    }\n"),
            "{out}"
        );
    }

    #[test]
    fn long_assignments_are_broken() {
        assert_eq!(assignment(4, "a: A", "\"a\""), "    a: A = \"a\",\n");
        let long = "a".repeat(100);
        assert_eq!(assignment(0, &long, &long), format!("{long} =\n    {long},\n"));
    }

    #[test]
    fn some_items_are_named() {
        let items: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        assert_eq!(some_of(&items, 3), "a, b and c");
        assert_eq!(some_of(&items, 2), "a, b and 1 more");
    }
}
