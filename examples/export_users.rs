//! Exports all users, with their custom attributes, as NDJSON or CSV; if interrupted, it resumes where it stopped.
//!
//! ```text
//! cargo run --example export_users -- users.ndjson
//! cargo run --example export_users -- users.csv login firstName badgeId
//! cargo run --example export_users
//! ```
//!
//! A file that ends in `.csv` has the columns `id`, `status` and the attributes that are named; any other has each user as a
//! line of JSON, with everything that Okta returns. The file `….cursor` next to it stores the progress until the export is complete: start
//! the same command again after a crash, and nothing is missing or duplicated. Once complete, the same command starts from
//! the beginning.
//! Without arguments it runs on an org in memory.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use indicatif::ProgressBar;
use okta_client::{Cursor, OktaClient, Page, UndecodableItem, models::User};
use okta_examples::{Outcome, connect};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[path = "support/export_demonstration.rs"]
mod demonstration;

#[tokio::main]
async fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        return demonstration::run().await;
    };
    let (okta, _org) = connect().await?;
    let export = Export::new(okta, path.into(), arguments.collect());
    println!("exported {} users", export.run(None).await?.users);
    Ok(())
}

/// What is exported, and where to.
struct Export {
    okta: OktaClient,
    path: PathBuf,
    /// The columns of a CSV file.
    attributes: Vec<String>,
    /// Okta gives at most 200 users at a time.
    page_size: i64,
}

/// The progress of an export: how much is written, and the cursor of the next page.
#[derive(Default, Serialize, Deserialize)]
struct Progress {
    users: u64,
    bytes: u64,
    /// `None` at the beginning and at the end.
    cursor: Option<Cursor>,
}

impl Export {
    fn new(okta: OktaClient, path: PathBuf, attributes: Vec<String>) -> Self {
        Self {
            okta,
            path,
            attributes,
            page_size: 200,
        }
    }

    /// Exports the rest, or at most `most_pages` pages of it.
    async fn run(&self, most_pages: Option<usize>) -> Outcome<Progress> {
        let mut progress = self.load()?;
        let mut output = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&self.path)?;
        if output.metadata()?.len() < progress.bytes {
            return Err(
                "the output is shorter than its `.cursor` says: delete that file to start from the beginning".into(),
            );
        }
        // What follows the last complete page is written again.
        output.set_len(progress.bytes)?;
        output.seek(SeekFrom::End(0))?;

        let bar = self.progress_bar().await?;
        let list = self.okta.users().list().limit(self.page_size);
        let list = match progress.cursor.take() {
            Some(cursor) => list.resume(cursor),
            None => list,
        };
        let mut pages = list.pages();
        let mut count = 0;
        while most_pages.is_none_or(|most| count < most)
            && let Some(page) = pages.try_next().await?
        {
            let text = self.text(&page, progress.bytes == 0, &bar)?;
            output.write_all(text.as_bytes())?;
            // First the users are written, then the cursor of the next page.
            output.sync_data()?;
            progress.users += page.items.len() as u64;
            progress.bytes += text.len() as u64;
            progress.cursor = pages.cursor();
            self.save(&progress)?;
            bar.set_position(progress.users);
            count += 1;
        }
        bar.finish_and_clear();
        Ok(progress)
    }

    fn text(&self, page: &Page<User>, is_first: bool, bar: &ProgressBar) -> Outcome<String> {
        let mut text = String::new();
        if self.is_csv() && is_first {
            let names = ["id", "status"]
                .into_iter()
                .chain(self.attributes.iter().map(String::as_str));
            text += &csv(names.map(str::to_owned));
        }
        for user in page {
            text += &self.line(user)?;
        }
        // One malformed record does not end the export: it is reported, and written if the format allows it.
        for item in page.undecodable_items() {
            bar.suspend(|| println!("malformed record: {}", item.json()));
            if !self.is_csv() {
                text += &line_of(item);
            }
        }
        Ok(text)
    }

    fn line(&self, user: &User) -> Outcome<String> {
        if !self.is_csv() {
            return Ok(serde_json::to_string(user)? + "\n");
        }
        let user = serde_json::to_value(user)?;
        let attributes = self.attributes.iter().map(|name| &user["profile"][name]);
        let values = [&user["id"], &user["status"]].into_iter().chain(attributes);
        Ok(csv(values.map(|value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })))
    }

    fn is_csv(&self) -> bool {
        self.path.extension() == Some(OsStr::new("csv"))
    }

    /// The length comes from the size of the group of all users; it is open if that is unknown.
    async fn progress_bar(&self) -> Outcome<ProgressBar> {
        let everyone = self.okta.groups().list().q("Everyone").expand("stats").await?;
        let counts = everyone
            .items
            .into_iter()
            .filter_map(|group| group.embedded?.stats?.users_count);
        let most = counts.max().and_then(|count| u64::try_from(count).ok());
        Ok(most.map_or_else(ProgressBar::no_length, ProgressBar::new))
    }

    fn progress_path(&self) -> PathBuf {
        self.path.with_added_extension("cursor")
    }

    fn load(&self) -> Outcome<Progress> {
        match fs::read(self.progress_path()) {
            Ok(text) => Ok(serde_json::from_slice(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Progress::default()),
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces the file as a whole: there is never half of one.
    fn save(&self, progress: &Progress) -> Outcome {
        let path = self.progress_path();
        if progress.cursor.is_none() {
            return remove(&path);
        }
        let new = path.with_added_extension("new");
        let mut file = File::create(&new)?;
        file.write_all(&serde_json::to_vec(progress)?)?;
        file.sync_all()?;
        Ok(fs::rename(new, path)?)
    }
}

fn remove(path: &Path) -> Outcome {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// JSON has line breaks only between tokens, where a space has the same meaning.
fn line_of(item: &UndecodableItem) -> String {
    item.json().replace(['\r', '\n'], " ") + "\n"
}

/// A line of a CSV file (RFC 4180).
fn csv(values: impl Iterator<Item = String>) -> String {
    let quoted = values.map(|value| {
        if value.contains([',', '"', '\r', '\n']) {
            format!("\"{}\"", value.replace('"', "\"\""))
        } else {
            value
        }
    });
    quoted.collect::<Vec<_>>().join(",") + "\r\n"
}
