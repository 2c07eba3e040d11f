//! The output on disk: formatting it, writing it, and finding out whether it is up to date.

use std::{
    collections::BTreeSet,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use similar::TextDiff;

use crate::{
    emit::{Block, FOLDERS, File},
    error::{Error, Result},
};

/// Formats the Rust files with the workspace's rustfmt.
pub(crate) fn format(files: Vec<File>, root: &Path) -> Result<Vec<File>> {
    files
        .into_iter()
        .map(|file| {
            if file.path.ends_with(".rs") {
                Ok(File {
                    text: rustfmt(&file, root)?,
                    ..file
                })
            } else {
                Ok(file)
            }
        })
        .collect()
}

fn rustfmt(file: &File, root: &Path) -> Result<String> {
    let fail = |problem: String| Error::Format {
        file: file.path.clone(),
        problem,
    };
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root.join("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| fail(format!("it cannot be started: {error}")))?;
    // rustfmt reads all of its input before it writes, so this cannot block.
    let written = child
        .stdin
        .take()
        .map_or(Ok(()), |mut stdin| stdin.write_all(file.text.as_bytes()));
    let output = child.wait_with_output().map_err(|error| fail(error.to_string()))?;
    if !output.status.success() || written.is_err() {
        return Err(fail(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    String::from_utf8(output.stdout).map_err(|error| fail(error.to_string()))
}

/// The files of these blocks as they are in the tree, with the blocks filled.
pub(crate) fn fill(blocks: Vec<Block>, root: &Path) -> Result<Vec<File>> {
    blocks
        .into_iter()
        .map(|block| {
            let path = root.join(block.path);
            let text = fs::read_to_string(&path).map_err(|source| Error::File {
                path: path.clone(),
                action: "read",
                source,
            })?;
            let text = filled(&text, &block).ok_or_else(|| Error::Block {
                file: block.path.to_owned(),
                block: block.name,
            })?;
            Ok(File {
                path: block.path.to_owned(),
                text,
            })
        })
        .collect()
}

/// The text with the block between its two lines; `None` if it does not have them.
fn filled(text: &str, block: &Block) -> Option<String> {
    let line_of = |word: &str| {
        let marker = format!("{word} {}", block.name);
        let mut lines = text.split_inclusive('\n').scan(0, |end, line| {
            let start = *end;
            *end += line.len();
            Some((start, *end, line))
        });
        lines
            .find(|(_, _, line)| line.contains(&marker))
            .map(|(start, end, _)| (start, end))
    };
    let ((_, begin), (end, _)) = (line_of("begin")?, line_of("end")?);
    Some(format!("{}{}{}", text.get(..begin)?, block.text, text.get(end..)?))
}

/// Writes the output to the tree, and returns the changed files.
pub(crate) fn write(files: &[File], root: &Path) -> Result<Vec<String>> {
    let mut changed = Vec::new();
    for file in files {
        let path = root.join(&file.path);
        if read(&path)?.as_deref() == Some(file.text.as_str()) {
            continue;
        }
        let fail = |source| Error::File {
            path: path.clone(),
            action: "write",
            source,
        };
        path.parent().map_or(Ok(()), fs::create_dir_all).map_err(fail)?;
        fs::write(&path, &file.text).map_err(fail)?;
        changed.push(file.path.clone());
    }
    for path in stale(files, root)? {
        fs::remove_file(root.join(&path)).map_err(|source| Error::File {
            path: root.join(&path),
            action: "remove",
            source,
        })?;
        changed.push(path);
    }
    Ok(changed)
}

/// The differences between the tree and the output, as unified diffs; empty if there are none.
pub(crate) fn diff(files: &[File], root: &Path) -> Result<String> {
    let mut out = String::new();
    for file in files {
        let found = read(&root.join(&file.path))?.unwrap_or_default();
        if found != file.text {
            let diff = TextDiff::from_lines(&found, &file.text);
            let (tree, generated) = (
                format!("{} (in the tree)", file.path),
                format!("{} (generated)", file.path),
            );
            out.push_str(
                &diff
                    .unified_diff()
                    .context_radius(3)
                    .header(&tree, &generated)
                    .to_string(),
            );
        }
    }
    for path in stale(files, root)? {
        out.push_str(&format!(
            "--- {path} (in the tree)\nnothing generates this file any more\n"
        ));
    }
    Ok(out)
}

fn read(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::File {
            path: path.to_owned(),
            action: "read",
            source,
        }),
    }
}

/// Files in the output folders that do not belong to the output.
fn stale(files: &[File], root: &Path) -> Result<Vec<String>> {
    let expected: BTreeSet<PathBuf> = files.iter().map(|file| PathBuf::from(&file.path)).collect();
    let mut found = BTreeSet::new();
    for folder in FOLDERS {
        collect(root, Path::new(folder), &mut found)?;
    }
    Ok(found
        .difference(&expected)
        .map(|path| path.display().to_string())
        .collect())
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeSet<PathBuf>) -> Result<()> {
    let path = root.join(folder);
    let entries = match fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(Error::File {
                path,
                action: "list",
                source,
            });
        }
    };
    for entry in entries {
        let entry = entry.map_err(|source| Error::File {
            path: path.clone(),
            action: "list",
            source,
        })?;
        let inside = folder.join(entry.file_name());
        if entry.path().is_dir() {
            collect(root, &inside, found)?;
        } else {
            found.insert(inside);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<File> {
        vec![File {
            path: format!("{}/users.rs", FOLDERS[0]),
            text: "one\ntwo\n".into(),
        }]
    }

    #[test]
    fn what_was_written_is_up_to_date() {
        let tree = tempfile::tempdir().unwrap();
        assert_eq!(write(&files(), tree.path()).unwrap(), [files()[0].path.clone()]);
        assert_eq!(diff(&files(), tree.path()).unwrap(), "");
        assert!(write(&files(), tree.path()).unwrap().is_empty());
    }

    #[test]
    fn a_changed_a_missing_and_a_stale_file_are_differences() {
        let tree = tempfile::tempdir().unwrap();
        let missing = diff(&files(), tree.path()).unwrap();
        assert!(
            missing.contains("+one") && missing.contains("users.rs (generated)"),
            "{missing}"
        );
        write(&files(), tree.path()).unwrap();
        fs::write(tree.path().join(&files()[0].path), "one\n2\n").unwrap();
        let stale = format!("{}/old/gone.rs", FOLDERS[0]);
        fs::create_dir_all(tree.path().join(&stale).parent().unwrap()).unwrap();
        fs::write(tree.path().join(&stale), "").unwrap();
        let found = diff(&files(), tree.path()).unwrap();
        assert!(found.contains("-2\n+two\n"), "{found}");
        assert!(
            found.contains(&format!("{stale} (in the tree)\nnothing generates")),
            "{found}"
        );
        write(&files(), tree.path()).unwrap();
        assert_eq!(diff(&files(), tree.path()).unwrap(), "");
    }

    #[test]
    fn a_block_replaces_what_is_between_its_lines_and_nothing_else() {
        let tree = tempfile::tempdir().unwrap();
        let block = || Block {
            path: "a.toml",
            name: "areas",
            text: "new\n".into(),
        };
        fs::write(
            tree.path().join("a.toml"),
            "a\n# begin areas\nold\nold\n# end areas\nb\n",
        )
        .unwrap();
        let files = fill(vec![block()], tree.path()).unwrap();
        assert_eq!(files[0].text, "a\n# begin areas\nnew\n# end areas\nb\n");
        fs::write(tree.path().join("a.toml"), "a\n").unwrap();
        let error = fill(vec![block()], tree.path()).unwrap_err().to_string();
        assert_eq!(
            error,
            "a.toml: the lines `begin areas` and `end areas` are missing; the generator writes between them"
        );
    }

    #[test]
    fn what_rustfmt_refuses_is_an_error_that_names_the_file() {
        let files = vec![File {
            path: "a.rs".into(),
            text: "fn (".into(),
        }];
        let error = format(files, &crate::workspace_root()).unwrap_err();
        assert!(error.to_string().starts_with("rustfmt refuses a.rs: "), "{error}");
    }
}
