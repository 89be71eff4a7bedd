//! Writes the fold for search as rules for other programs: `fold_rules FORMAT > FILE`.
//!
//! | format | for |
//! |---|---|
//! | `lucene` | the `mapping` char filter of Lucene and Solr |
//! | `elasticsearch` | `mappings_path` of the `mapping` char filter of Elasticsearch and OpenSearch, without quotes |
//! | `postgres` | `unaccent` of PostgreSQL; its rules have no comments, so what they are is in the next |
//! | `postgres-sql` | the statements that make a dictionary of these rules and say what they are |
//! | `tsv` | whoever reads tables: character, what it becomes |

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use zhnorm::fold::Fold;

const USAGE: &str = "usage: fold_rules lucene|elasticsearch|postgres|postgres-sql|tsv > FILE";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(format), None) = (arguments.next(), arguments.next()) else {
        return refuse(USAGE);
    };
    let Some(text) = rules(&format) else {
        return refuse(USAGE);
    };
    match io::stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => refuse(&error.to_string()),
        _ => ExitCode::SUCCESS,
    }
}

fn rules(format: &str) -> Option<String> {
    let about = format!(
        "zhnorm {}, fold: all forms of a Chinese character as one; from OpenCC {} (Apache-2.0), Unicode 15 \
         (Unicode-3.0) and lists of its own (MIT or Apache-2.0)",
        version(),
        zhnorm::data::VERSION,
    );
    let comment = format!("# {about}\n");
    let rule: fn(char, char) -> String = match format {
        "lucene" => |from, to| format!("\"{from}\" => \"{to}\"\n"),
        "elasticsearch" => |from, to| format!("{from}=>{to}\n"),
        "postgres" | "tsv" => |from, to| format!("{from}\t{to}\n"),
        "postgres-sql" => return Some(statements(&about)),
        _ => return None,
    };
    let fold = Fold::new();
    let rules = ('\0'..=char::MAX).filter_map(|from| {
        let to = fold.fold_char(from);
        (to != from).then(|| rule(from, to))
    });
    let head = match format {
        "postgres" => String::new(),
        _ => comment,
    };
    Some(head + &rules.collect::<String>())
}

/// The library's version; this package has its own.
fn version() -> &'static str {
    let mut lines = include_str!("../Cargo.toml").lines();
    let version = lines.find_map(|line| line.strip_prefix("version = "));
    version.expect("a package has a version").trim_matches('"')
}

/// Of a rules file `zhnorm.rules`. An index takes no function but an immutable one, and `unaccent` is only stable,
/// since its rules could be exchanged.
fn statements(about: &str) -> String {
    format!(
        "-- {about}\n\
         CREATE EXTENSION IF NOT EXISTS unaccent;\n\
         CREATE TEXT SEARCH DICTIONARY zhnorm_fold (TEMPLATE = unaccent, RULES = 'zhnorm');\n\
         COMMENT ON TEXT SEARCH DICTIONARY zhnorm_fold IS '{about}';\n\
         CREATE FUNCTION zh_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE\n    \
         AS $$ SELECT public.unaccent('public.zhnorm_fold'::regdictionary, $1) $$;\n"
    )
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("fold_rules: {message}");
    ExitCode::from(2)
}
