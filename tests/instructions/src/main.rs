//! The program that `.ci/instructions` counts.
//!
//! Arguments: `PART REPETITIONS`; without arguments it prints the names of the parts, each after the number of its units.

use okta_instructions::{Outcome, PARTS, Part};

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => {
            for Part { name, units, .. } in PARTS {
                println!("{units}\t{name}");
            }
            Ok(())
        }
        [name, repetitions] => {
            let part = PARTS.iter().find(|part| part.name == name).ok_or("no such part")?;
            (part.run)(repetitions.parse()?)
        }
        _ => Err("usage: instructions [PART REPETITIONS]".into()),
    }
}
