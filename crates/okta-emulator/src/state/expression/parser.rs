//! Tokens to an expression; `and` binds tighter than `or`.

use crate::state::expression::{
    lexer::{Token, tokens},
    syntax::{Comparison, Expression},
};

/// Deeper nesting is refused rather than followed to the end of the stack.
const DEEPEST: usize = 50;

impl Expression {
    /// Parses an expression; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        parse(&tokens(text)?)
    }
}

fn parse(tokens: &[Token]) -> Option<Expression> {
    let mut parser = Parser { tokens, depth: 0 };
    let expression = parser.any()?;
    parser.tokens.is_empty().then_some(expression)
}

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Option<Expression> {
        let mut parts = vec![self.all()?];
        while self.takes(&Token::Or) {
            parts.push(self.all()?);
        }
        if parts.len() == 1 {
            parts.pop()
        } else {
            Some(Expression::Any(parts))
        }
    }

    fn all(&mut self) -> Option<Expression> {
        let mut parts = vec![self.condition()?];
        while self.takes(&Token::And) {
            parts.push(self.condition()?);
        }
        if parts.len() == 1 {
            parts.pop()
        } else {
            Some(Expression::All(parts))
        }
    }

    fn condition(&mut self) -> Option<Expression> {
        if self.takes(&Token::Not) {
            return self
                .nested(Self::condition)
                .map(|inner| Expression::Not(Box::new(inner)));
        }
        let left = self.operand()?;
        match self.comparison() {
            None => Some(left),
            Some(comparison) => {
                let right = self.operand()?;
                Some(Expression::Compare(Box::new(left), comparison, Box::new(right)))
            }
        }
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let (Token::Compare(comparison), rest) = self.tokens.split_first()? else {
            return None;
        };
        self.tokens = rest;
        Some(*comparison)
    }

    fn operand(&mut self) -> Option<Expression> {
        let (token, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        match token {
            Token::Open => {
                let inner = self.nested(Self::any)?;
                self.takes(&Token::Close).then_some(inner)
            }
            Token::Text(text) => Some(Expression::Text(text.clone())),
            Token::Number(number) => Some(Expression::Number(*number)),
            Token::Name(name) if self.takes(&Token::Open) => self.call(name),
            Token::Name(name) => match name.as_str() {
                "true" => Some(Expression::Flag(true)),
                "false" => Some(Expression::Flag(false)),
                "null" => Some(Expression::Null),
                _ => attribute(name),
            },
            _ => None,
        }
    }

    /// The rest of a call, after its opening parenthesis.
    fn call(&mut self, name: &str) -> Option<Expression> {
        let mut arguments = Vec::new();
        if !self.takes(&Token::Close) {
            loop {
                arguments.push(self.nested(Self::any)?);
                if self.takes(&Token::Close) {
                    break;
                }
                if !self.takes(&Token::Comma) {
                    return None;
                }
            }
        }
        // `user.login.contains("x")`: the attribute is what the method is about.
        if let Some((subject, method)) = name.rsplit_once('.').filter(|_| name.starts_with("user.")) {
            arguments.insert(0, attribute(subject)?);
            return Some(Expression::Call(method.to_owned(), arguments));
        }
        Some(Expression::Call(name.to_owned(), arguments))
    }

    fn nested(&mut self, parse: fn(&mut Self) -> Option<Expression>) -> Option<Expression> {
        if self.depth == DEEPEST {
            return None;
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn takes(&mut self, wanted: &Token) -> bool {
        match self.tokens.split_first() {
            Some((token, rest)) if token == wanted => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }
}

/// `user.title` and `user.profile.title` are the same attribute; nothing but a user has any.
fn attribute(name: &str) -> Option<Expression> {
    let rest = name.strip_prefix("user.")?;
    let path: Vec<String> = rest
        .strip_prefix("profile.")
        .unwrap_or(rest)
        .split('.')
        .map(str::to_owned)
        .collect();
    path.iter()
        .all(|part| !part.is_empty())
        .then_some(Expression::Attribute(path))
}
