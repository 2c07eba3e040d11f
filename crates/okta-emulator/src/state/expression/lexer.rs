//! Text to tokens.

use crate::state::expression::syntax::Comparison;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Open,
    Close,
    Comma,
    Not,
    And,
    Or,
    Compare(Comparison),
    Text(String),
    Number(f64),
    /// A dotted name.
    Name(String),
}

/// `None` for what no expression has in it.
pub(crate) fn tokens(text: &str) -> Option<Vec<Token>> {
    const SYMBOLS: [(&str, Token); 12] = [
        ("==", Token::Compare(Comparison::Equal)),
        ("!=", Token::Compare(Comparison::NotEqual)),
        ("<=", Token::Compare(Comparison::LessOrEqual)),
        (">=", Token::Compare(Comparison::GreaterOrEqual)),
        ("<", Token::Compare(Comparison::Less)),
        (">", Token::Compare(Comparison::Greater)),
        ("&&", Token::And),
        ("||", Token::Or),
        ("!", Token::Not),
        ("(", Token::Open),
        (")", Token::Close),
        (",", Token::Comma),
    ];
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '"' | '\'' => quoted(rest, first)?,
            digit if digit.is_ascii_digit() => {
                let number = leading(rest, |character| character.is_ascii_digit() || character == '.');
                (Token::Number(number.parse().ok()?), number.len())
            }
            letter if letter.is_alphabetic() || letter == '_' => {
                let name = leading(rest, |character| {
                    character.is_alphanumeric() || "._".contains(character)
                });
                (word(name), name.len())
            }
            _ => {
                let (symbol, token) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol))?;
                (token.clone(), symbol.len())
            }
        };
        tokens.push(token);
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

fn leading(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    text.find(|character| !belongs(character))
        .map_or(text, |end| &text[..end])
}

fn quoted(text: &str, mark: char) -> Option<(Token, usize)> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => value.push(characters.next()?.1),
            end if end == mark => return Some((Token::Text(value), index + 1)),
            other => value.push(other),
        }
    }
    None
}

fn word(name: &str) -> Token {
    match name.to_ascii_lowercase().as_str() {
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        "eq" => Token::Compare(Comparison::Equal),
        "ne" => Token::Compare(Comparison::NotEqual),
        _ => Token::Name(name.to_owned()),
    }
}
