//! YAML text as a tree that remembers the line of every value.
//!
//! The `config` crate reads YAML too, but forgets the lines, turns `0123` into 123 and may quote the text in its errors,
//! where a secret could stand. So the tree is built here, on the events of the same parser.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use yaml_rust2::Event;
use yaml_rust2::parser::{Parser, Tag};
use yaml_rust2::scanner::TScalarStyle;

/// A value and the line of its key, or its own where it has none. Shared, because an alias stands for the whole value of its anchor.
#[derive(Clone)]
pub(super) struct Located {
    pub(super) line: usize,
    pub(super) node: Rc<Node>,
}

pub(super) enum Node {
    Null,
    /// Always the text as written: what type it has depends on the setting, not on its looks.
    Scalar(String),
    Sequence(Vec<Located>),
    Mapping(Vec<(String, Located)>),
}

/// Why a text is not YAML we can use. Holds no value of the text.
pub(super) struct YamlFault {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) message: String,
}

/// Deeper than any configuration, and a bound for the recursion of those who walk the tree.
const DEEPEST: usize = 32;

/// Reads the one document of a text; `None` if there is nothing but comments.
pub(super) fn parse(text: &str) -> Result<Option<Located>, YamlFault> {
    let mut parser = Parser::new_from_str(text);
    let mut tree = Tree::default();
    loop {
        let (event, mark) = parser.next_token().map_err(|error| YamlFault {
            line: error.marker().line(),
            column: error.marker().col() + 1,
            message: error.info().to_owned(),
        })?;
        let fault = |message: String| YamlFault {
            line: mark.line(),
            column: mark.col() + 1,
            message,
        };
        match event {
            Event::StreamEnd => return Ok(tree.root),
            Event::DocumentStart if tree.root.is_some() => {
                return Err(fault("there is more than one document in the file".to_owned()));
            }
            event => tree.take(event, mark.line()).map_err(fault)?,
        }
    }
}

const CORE_TAGS: &str = "tag:yaml.org,2002:";

#[derive(Default)]
struct Tree {
    root: Option<Located>,
    /// The collections that are not closed yet, outermost first.
    open: Vec<Open>,
    anchors: BTreeMap<usize, Located>,
}

struct Open {
    line: usize,
    anchor: usize,
    collection: Collection,
}

enum Collection {
    Sequence(Vec<Located>),
    Mapping(OpenMapping),
}

#[derive(Default)]
struct OpenMapping {
    /// The entries so far.
    entries: Vec<(String, Located)>,
    /// The key that waits for its value.
    waiting: Option<Key>,
    /// The value of the merge key, if there is one.
    merged: Option<Located>,
}

/// A key, with its line.
enum Key {
    Named(String, usize),
    /// `<<`, which takes over the entries of another mapping.
    Merge,
}

impl Tree {
    fn take(&mut self, event: Event, line: usize) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, _, tag) if self.expects_key() && is_merge_key(&text, style, tag.as_ref()) => {
                self.merge_key(line)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let node = scalar(text, style, tag)?;
                self.close(
                    Located {
                        line,
                        node: Rc::new(node),
                    },
                    anchor,
                )
            }
            Event::SequenceStart(anchor, _) => self.open(line, anchor, Collection::Sequence(Vec::new())),
            Event::MappingStart(anchor, _) => self.open(line, anchor, Collection::Mapping(OpenMapping::default())),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open {
                    line,
                    anchor,
                    collection,
                }) => {
                    let node = match collection {
                        Collection::Sequence(items) => Node::Sequence(items),
                        Collection::Mapping(mapping) => {
                            Node::Mapping(merged(mapping.entries, mapping.merged.as_ref())?)
                        }
                    };
                    self.close(
                        Located {
                            line,
                            node: Rc::new(node),
                        },
                        anchor,
                    )
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(value) => self.close(Located { line, ..value }, 0),
                None => Err("an alias refers to the anchor that contains it".to_owned()),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart | Event::DocumentEnd => {
                Ok(())
            }
        }
    }

    fn open(&mut self, line: usize, anchor: usize, collection: Collection) -> Result<(), String> {
        if self.open.len() == DEEPEST {
            return Err(format!("the values are nested more than {DEEPEST} deep"));
        }
        self.open.push(Open {
            line,
            anchor,
            collection,
        });
        Ok(())
    }

    /// Gives a complete value to the collection that contains it.
    fn close(&mut self, value: Located, anchor: usize) -> Result<(), String> {
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.collection) {
            None => self.root = Some(value),
            Some(Collection::Sequence(items)) => items.push(value),
            Some(Collection::Mapping(mapping)) => match mapping.waiting.take() {
                Some(Key::Named(key, line)) => mapping.entries.push((key, Located { line, ..value })),
                Some(Key::Merge) => mapping.merged = Some(value),
                None => {
                    let key = new_key(&mapping.entries, &value)?;
                    mapping.waiting = Some(Key::Named(key, value.line));
                }
            },
        }
        Ok(())
    }

    /// Whether the next value is a key.
    fn expects_key(&self) -> bool {
        match self.open.last().map(|open| &open.collection) {
            Some(Collection::Mapping(mapping)) => mapping.waiting.is_none(),
            Some(Collection::Sequence(_)) | None => false,
        }
    }

    fn merge_key(&mut self, line: usize) -> Result<(), String> {
        if let Some(Collection::Mapping(mapping)) = self.open.last_mut().map(|open| &mut open.collection) {
            if let Some(first) = &mapping.merged {
                return Err(format!(
                    "the key << is in line {line} and, for line {}, before; write one << with a list",
                    first.line
                ));
            }
            mapping.waiting = Some(Key::Merge);
        }
        Ok(())
    }
}

/// The merge key of YAML 1.1 (<https://yaml.org/type/merge.html>), which other Okta SDKs read too. In quotation marks it is
/// a key as any other.
fn is_merge_key(text: &str, style: TScalarStyle, tag: Option<&Tag>) -> bool {
    match tag {
        Some(tag) => tag.handle == CORE_TAGS && tag.suffix == "merge",
        None => style == TScalarStyle::Plain && text == "<<",
    }
}

/// The entries of a mapping and of those that are merged into it: its own go before merged ones, and of merged mappings an
/// earlier one before a later one. Each keeps the line where it stands.
fn merged(mut entries: Vec<(String, Located)>, source: Option<&Located>) -> Result<Vec<(String, Located)>, String> {
    let Some(source) = source else { return Ok(entries) };
    let sources = match &*source.node {
        Node::Mapping(_) => std::slice::from_ref(source),
        Node::Sequence(sources) => sources,
        Node::Null | Node::Scalar(_) => return Err(NOT_MERGED.to_owned()),
    };
    let mut known: BTreeSet<String> = entries.iter().map(|(key, _)| key.clone()).collect();
    for source in sources {
        let Node::Mapping(others) = &*source.node else {
            return Err(NOT_MERGED.to_owned());
        };
        for (key, value) in others {
            if known.insert(key.clone()) {
                entries.push((key.clone(), value.clone()));
            }
        }
    }
    Ok(entries)
}

const NOT_MERGED: &str =
    "the value of << is neither a mapping nor a list of mappings, such as *name or [*name, *other]";

fn new_key(entries: &[(String, Located)], value: &Located) -> Result<String, String> {
    let key = match &*value.node {
        Node::Scalar(key) => key.clone(),
        Node::Null => String::new(),
        Node::Sequence(_) | Node::Mapping(_) => {
            return Err("a key is not plain text; put a value with braces in quotes".to_owned());
        }
    };
    match entries.iter().find(|(known, _)| *known == key) {
        Some((_, first)) => Err(format!("the key {key} is here and in line {}", first.line)),
        None => Ok(key),
    }
}

fn scalar(text: String, style: TScalarStyle, tag: Option<Tag>) -> Result<Node, String> {
    match tag {
        Some(tag) if tag.handle == CORE_TAGS && tag.suffix == "null" => Ok(Node::Null),
        Some(tag) if tag.handle == CORE_TAGS || tag.handle.is_empty() => Ok(Node::Scalar(text)),
        Some(tag) => Err(format!("the tag {}{} is not known here", tag.handle, tag.suffix)),
        None if style == TScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") => Ok(Node::Null),
        None => Ok(Node::Scalar(text)),
    }
}
