//! Tokens to an expression; `and` binds tighter than `or`.

use std::{iter::Peekable, vec::IntoIter};

use crate::protocol::{
    error::ApiError,
    filter::{
        dialect::{Dialect, Operator},
        expression::{Expression, Literal},
        lexer::{Kind, Token, tokens},
    },
};

/// Deeper nesting is refused rather than followed to the end of the stack.
const DEEPEST: usize = 50;

impl Expression {
    /// Parses an expression of the given dialect.
    pub(crate) fn parse(text: &str, dialect: &Dialect) -> Result<Self, ApiError> {
        parse(text, dialect)
            .map_err(|problem| ApiError::invalid_search(vec!["Invalid search syntax.".to_owned(), problem]))
    }
}

fn parse(text: &str, dialect: &Dialect) -> Result<Expression, String> {
    let mut parser = Parser {
        tokens: tokens(text)?.into_iter().peekable(),
        dialect,
        depth: 0,
    };
    let expression = parser.any()?;
    match parser.tokens.next() {
        None => Ok(expression),
        Some(token) => Err(format!("expected `and`, `or` or the end at character {}", token.at)),
    }
}

struct Parser<'a> {
    tokens: Peekable<IntoIter<Token>>,
    dialect: &'a Dialect,
    depth: usize,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.all()?];
        while self.keyword("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.single()?];
        while self.keyword("and") {
            parts.push(self.single()?);
        }
        Ok(one_or(parts, Expression::All))
    }

    fn single(&mut self) -> Result<Expression, String> {
        let token = self
            .tokens
            .next()
            .ok_or("the expression ends where a condition was expected")?;
        match token.kind {
            Kind::Word(word) if word.eq_ignore_ascii_case("not") => {
                if !self.dialect.negation {
                    return Err(format!("`not` at character {} is not supported here", token.at));
                }
                self.nested(token.at, Self::single)
                    .map(|inner| Expression::Not(Box::new(inner)))
            }
            Kind::Open => {
                let inner = self.nested(token.at, Self::any)?;
                match self.tokens.next() {
                    Some(Token { kind: Kind::Close, .. }) => Ok(inner),
                    _ => Err(format!("the parenthesis at character {} is not closed", token.at)),
                }
            }
            Kind::Word(attribute) => self.comparison(token.at, &attribute),
            _ => Err(format!("expected the name of an attribute at character {}", token.at)),
        }
    }

    fn comparison(&mut self, at: usize, attribute: &str) -> Result<Expression, String> {
        if self.dialect.attributes.is_some_and(|known| !known.contains(&attribute)) {
            return Err(format!(
                "the attribute `{attribute}` at character {at} cannot be used here"
            ));
        }
        let (at, word) = match self.tokens.next() {
            Some(Token {
                at,
                kind: Kind::Word(word),
            }) => (at, word),
            Some(token) => return Err(format!("expected an operator at character {}", token.at)),
            None => return Err(format!("`{attribute}` at character {at} is followed by no operator")),
        };
        let operator = Operator::named(&word)
            .filter(|operator| self.dialect.operators.contains(operator))
            .ok_or_else(|| format!("the operator `{word}` at character {at} cannot be used here"))?;
        let literal = if operator == Operator::Present {
            Literal::Null
        } else {
            self.literal(at, &word)?
        };
        Ok(Expression::Compare {
            attribute: attribute.split('.').map(str::to_owned).collect(),
            operator,
            literal,
        })
    }

    fn literal(&mut self, at: usize, operator: &str) -> Result<Literal, String> {
        match self.tokens.next() {
            Some(Token {
                kind: Kind::Text(text), ..
            }) => Ok(Literal::Text(text)),
            Some(Token {
                kind: Kind::Word(word),
                at,
            }) => match word.as_str() {
                "true" => Ok(Literal::Flag(true)),
                "false" => Ok(Literal::Flag(false)),
                "null" => Ok(Literal::Null),
                number => number
                    .parse()
                    .map(Literal::Number)
                    .map_err(|_| format!("`{word}` at character {at} is not a number; put text into quotation marks")),
            },
            _ => Err(format!("`{operator}` at character {at} is followed by no value")),
        }
    }

    fn nested<T>(&mut self, at: usize, parse: fn(&mut Self) -> Result<T, String>) -> Result<T, String> {
        if self.depth == DEEPEST {
            return Err(format!("the nesting at character {at} is too deep"));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let found = |token: &Token| matches!(&token.kind, Kind::Word(word) if word.eq_ignore_ascii_case(keyword));
        self.tokens.next_if(found).is_some()
    }
}

fn one_or(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            many(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYTHING: Dialect = Dialect {
        operators: &[
            Operator::Equal,
            Operator::NotEqual,
            Operator::Greater,
            Operator::StartsWith,
            Operator::Present,
        ],
        negation: true,
        attributes: None,
    };

    fn equal(attribute: &str, value: &str) -> Expression {
        Expression::Compare {
            attribute: attribute.split('.').map(str::to_owned).collect(),
            operator: Operator::Equal,
            literal: Literal::Text(value.to_owned()),
        }
    }

    #[test]
    fn and_binds_tighter_than_or() {
        let parsed = parse(r#"a eq "1" or b.c eq "2" AND d eq "3""#, &EVERYTHING).unwrap();
        assert_eq!(
            parsed,
            Expression::Any(vec![
                equal("a", "1"),
                Expression::All(vec![equal("b.c", "2"), equal("d", "3")])
            ])
        );
        let parsed = parse(r#"(a eq "1" or b eq "2") and not (d eq "3")"#, &EVERYTHING).unwrap();
        assert_eq!(
            parsed,
            Expression::All(vec![
                Expression::Any(vec![equal("a", "1"), equal("b", "2")]),
                Expression::Not(Box::new(equal("d", "3")))
            ])
        );
    }

    #[test]
    fn values_may_be_numbers_truths_or_nothing() {
        for (text, literal) in [
            ("a eq 5.5", Literal::Number(5.5)),
            ("a eq true", Literal::Flag(true)),
            ("a eq null", Literal::Null),
        ] {
            let Expression::Compare { literal: parsed, .. } = parse(text, &EVERYTHING).unwrap() else {
                panic!("{text}")
            };
            assert_eq!(parsed, literal);
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, said) in [
            ("", "ends where a condition"),
            ("status", "no operator"),
            ("status eq", "no value"),
            ("status eq ACTIVE", "quotation marks"),
            (r#"status is "ACTIVE""#, "`is` at character 8"),
            (r#"status eq "ACTIVE" status"#, "character 20"),
            (r#"(status eq "ACTIVE""#, "not closed"),
            (r#""status" eq "ACTIVE""#, "name of an attribute"),
            ("status \"eq\" 1", "operator at character 8"),
            ("a le 5", "`le` at character 3"),
        ] {
            let problem = parse(text, &EVERYTHING).unwrap_err();
            assert!(problem.contains(said), "{text}: {problem}");
        }
    }

    #[test]
    fn a_dialect_can_refuse_negation_and_attributes() {
        let narrow = Dialect {
            operators: &[Operator::Equal],
            negation: false,
            attributes: Some(&["id"]),
        };
        assert!(parse("id eq \"1\"", &narrow).is_ok());
        assert!(parse("not (id eq \"1\")", &narrow).unwrap_err().contains("`not`"));
        assert!(parse("name eq \"1\"", &narrow).unwrap_err().contains("`name`"));
        assert!(parse("id pr", &narrow).unwrap_err().contains("`pr`"));
    }

    #[test]
    fn absurd_nesting_is_refused() {
        let text = format!("{}a pr{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(parse(&text, &EVERYTHING).unwrap_err().contains("too deep"));
        let text = format!("{}a pr", "not ".repeat(100_000));
        assert!(parse(&text, &EVERYTHING).unwrap_err().contains("too deep"));
    }
}
