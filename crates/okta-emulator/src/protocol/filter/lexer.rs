//! Text to tokens.

/// A token and the character (counted from 1) at which it begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    pub(crate) at: usize,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Open,
    Close,
    /// A name, an operator, a number, `true`, `false` or `null`.
    Word(String),
    /// A quoted text, its escapes resolved.
    Text(String),
}

pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut characters = text
        .chars()
        .enumerate()
        .map(|(index, character)| (index + 1, character))
        .peekable();
    while let Some((at, character)) = characters.next() {
        let kind = match character {
            space if space.is_whitespace() => continue,
            '(' => Kind::Open,
            ')' => Kind::Close,
            '"' => Kind::Text(quoted(at, &mut characters)?),
            other if in_word(other) => {
                let mut word = String::from(other);
                while let Some((_, next)) = characters.next_if(|(_, next)| in_word(*next)) {
                    word.push(next);
                }
                Kind::Word(word)
            }
            other => return Err(format!("unexpected `{other}` at character {at}")),
        };
        tokens.push(Token { at, kind });
    }
    Ok(tokens)
}

fn quoted(start: usize, characters: &mut impl Iterator<Item = (usize, char)>) -> Result<String, String> {
    let mut text = String::new();
    while let Some((_, character)) = characters.next() {
        match character {
            '"' => return Ok(text),
            '\\' => match characters.next() {
                Some((_, escaped)) => text.push(escaped),
                None => break,
            },
            other => text.push(other),
        }
    }
    Err(format!(
        "the text that begins at character {start} has no closing quotation mark"
    ))
}

fn in_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | ':' | '+' | '$' | '@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_backslashes_can_be_quoted() {
        let tokens = tokens(r#"a.b eq "x \"y\" \\" )"#).unwrap();
        let kinds: Vec<Kind> = tokens.into_iter().map(|token| token.kind).collect();
        assert_eq!(
            kinds,
            [
                Kind::Word("a.b".to_owned()),
                Kind::Word("eq".to_owned()),
                Kind::Text(r#"x "y" \"#.to_owned()),
                Kind::Close
            ]
        );
    }

    #[test]
    fn problems_name_the_place() {
        assert!(tokens("status = 1").unwrap_err().contains("character 8"));
        assert!(tokens("id eq \"open").unwrap_err().contains("character 7"));
        assert!(tokens("id eq \"open\\").unwrap_err().contains("closing"));
    }
}
