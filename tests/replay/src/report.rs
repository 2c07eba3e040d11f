//! What the judge says.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

/// Counts of one area, or of all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Successes: exchanges, those with the same status, and those with any success.
    pub replayed: usize,
    /// Of these, with the recorded status.
    pub same_status: usize,
    /// Responses that are JSON objects, of exchanges with a success on both sides.
    pub objects: usize,
    /// Of these, with every recorded member.
    pub complete: usize,
    /// Members of all such recorded responses.
    pub members: usize,
    /// Of these, missing.
    pub missing: usize,
    /// Refusals.
    pub errors: usize,
    /// Of these, with the same status and the same code.
    pub same_error: usize,
}

/// What was found, by area.
#[derive(Debug, Default)]
pub struct Report {
    /// By the first segment of the path that says something.
    pub areas: BTreeMap<String, Counts>,
    /// How often each difference was seen.
    pub differences: BTreeMap<String, usize>,
    /// Each missing member with its recorded value.
    pub missing: Vec<Value>,
}

impl Report {
    /// The sum of all areas.
    pub fn all(&self) -> Counts {
        self.areas.values().fold(Counts::default(), |sum, area| Counts {
            replayed: sum.replayed + area.replayed,
            same_status: sum.same_status + area.same_status,
            objects: sum.objects + area.objects,
            complete: sum.complete + area.complete,
            members: sum.members + area.members,
            missing: sum.missing + area.missing,
            errors: sum.errors + area.errors,
            same_error: sum.same_error + area.same_error,
        })
    }

    /// The figures that are below what the emulator promises.
    pub fn below_target(&self) -> Vec<String> {
        const COMPLETE: [&str; 5] = ["users", "groups", "apps", "factors", "logs"];
        let mut below = Vec::new();
        let mut at_least = |what: String, part: usize, whole: usize, percent: usize| {
            if 100 * part < percent * whole {
                below.push(format!("{what} {part}/{whole}, at least {percent} %"));
            }
        };
        let all = self.all();
        at_least("same status".to_owned(), all.same_status, all.replayed, 97);
        at_least("complete replies".to_owned(), all.complete, all.objects, 85);
        at_least("same error".to_owned(), all.same_error, all.errors, 90);
        for area in COMPLETE {
            if let Some(counts) = self.areas.get(area) {
                at_least(
                    format!("complete replies of {area}"),
                    counts.complete,
                    counts.objects,
                    95,
                );
            }
        }
        below
    }

    /// The differences, the most frequent first.
    pub fn most_frequent(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = self
            .differences
            .iter()
            .map(|(what, count)| (what.as_str(), *count))
            .collect();
        all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        all
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:24} {:>16} {:>18} {:>16} {:>16}",
            "area", "same status", "complete replies", "members missing", "same error"
        )?;
        let all = self.all();
        for (area, counts) in self
            .areas
            .iter()
            .map(|(area, counts)| (area.as_str(), counts))
            .chain([("all", &all)])
        {
            let share = |part: usize, whole: usize| {
                let percent = if whole == 0 {
                    100.0
                } else {
                    100.0 * part as f64 / whole as f64
                };
                format!("{part}/{whole} {percent:.1}%")
            };
            writeln!(
                f,
                "{area:24} {:>16} {:>18} {:>16} {:>16}",
                share(counts.same_status, counts.replayed),
                share(counts.complete, counts.objects),
                share(counts.missing, counts.members),
                share(counts.same_error, counts.errors),
            )?;
        }
        Ok(())
    }
}
