//! Migrations: numbered texts, forward only, each applied once and never edited after (DESIGN section 3).

use crate::seal::digest;
use crate::{Error, Result};

/// The dialects of the two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// One step of a schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    pub number: i64,
    text: &'static str,
}

/// Schema of the data.
pub(crate) const MAIN: &[Migration] = &[
    Migration { number: 1, text: include_str!("schema/main/0001_start.sql") },
    Migration { number: 2, text: include_str!("schema/main/0002_administration.sql") },
    Migration { number: 3, text: include_str!("schema/main/0003_access.sql") },
    Migration { number: 4, text: include_str!("schema/main/0004_clients.sql") },
    Migration { number: 5, text: include_str!("schema/main/0005_glass.sql") },
    Migration { number: 6, text: include_str!("schema/main/0006_own_page.sql") },
    Migration { number: 7, text: include_str!("schema/main/0007_keeping.sql") },
    Migration { number: 8, text: include_str!("schema/main/0008_sign_in.sql") },
    Migration { number: 9, text: include_str!("schema/main/0009_path.sql") },
    Migration { number: 10, text: include_str!("schema/main/0010_samples.sql") },
    Migration { number: 11, text: include_str!("schema/main/0011_without_lead.sql") },
    Migration { number: 12, text: include_str!("schema/main/0012_unread.sql") },
    Migration { number: 13, text: include_str!("schema/main/0013_outbox.sql") },
    Migration { number: 14, text: include_str!("schema/main/0014_talk.sql") },
    Migration { number: 15, text: include_str!("schema/main/0015_meeting.sql") },
    Migration { number: 16, text: include_str!("schema/main/0016_toolkit.sql") },
    Migration { number: 17, text: include_str!("schema/main/0017_review.sql") },
    Migration { number: 18, text: include_str!("schema/main/0018_hooks.sql") },
    Migration { number: 19, text: include_str!("schema/main/0019_card.sql") },
    Migration { number: 20, text: include_str!("schema/main/0020_prepare.sql") },
    Migration { number: 21, text: include_str!("schema/main/0021_led.sql") },
    Migration { number: 22, text: include_str!("schema/main/0022_extract.sql") },
    Migration { number: 23, text: include_str!("schema/main/0023_claims.sql") },
    Migration { number: 24, text: include_str!("schema/main/0024_figures.sql") },
    Migration { number: 25, text: include_str!("schema/main/0025_practice.sql") },
    Migration { number: 26, text: include_str!("schema/main/0026_mended.sql") },
    Migration { number: 27, text: include_str!("schema/main/0027_network.sql") },
    Migration { number: 28, text: include_str!("schema/main/0028_statements.sql") },
    Migration { number: 29, text: include_str!("schema/main/0029_claims_merged.sql") },
    Migration { number: 30, text: include_str!("schema/main/0030_rounds_over.sql") },
];

/// Schema of the key store.
pub(crate) const KEYS: &[Migration] = &[
    Migration { number: 1, text: include_str!("schema/keys/0001_start.sql") },
    Migration { number: 2, text: include_str!("schema/keys/0002_keeping.sql") },
    Migration { number: 3, text: include_str!("schema/keys/0003_samples.sql") },
];

/// The table that says what was applied; made before anything else.
pub(crate) const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    number INTEGER NOT NULL PRIMARY KEY,
    checksum BLOB NOT NULL
) STRICT;";

/// What was applied, in order.
pub(crate) const APPLIED: &str = "SELECT number, checksum FROM migration ORDER BY number";

/// Notes that one was applied.
pub(crate) const NOTE: &str = "INSERT INTO migration (number, checksum) VALUES (?1, ?2)";

impl Migration {
    /// By which an edited text is known.
    pub fn checksum(self) -> [u8; 32] {
        digest(&[self.text.as_bytes()])
    }

    /// The statements for a database.
    pub fn sql(self, dialect: Dialect) -> String {
        write(self.text, dialect)
    }
}

/// What is still to be applied.
pub(crate) fn pending(known: &[Migration], applied: &[(i64, [u8; 32])]) -> Result<Vec<Migration>> {
    let newest = known.last().map_or(0, |m| m.number);
    if let Some((found, _)) = applied.last().filter(|(n, _)| *n > newest) {
        return Err(Error::Newer { found: *found, known: newest });
    }
    for (number, checksum) in applied {
        let same = known.iter().any(|m| m.number == *number && m.checksum() == *checksum);
        if !same {
            return Err(Error::OtherMigration(*number));
        }
    }
    Ok(known.iter().copied().filter(|m| !applied.iter().any(|(n, _)| *n == m.number)).collect())
}

/// Turns the shared text into a dialect.
pub(crate) fn write(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = match (dialect, line.strip_prefix("--sqlite "), line.strip_prefix("--postgres ")) {
            (Dialect::Sqlite, Some(own), _) | (Dialect::Postgres, _, Some(own)) => own,
            (_, None, None) if !line.trim_start().starts_with("--") => line,
            _ => continue,
        };
        out.push_str(line);
        out.push('\n');
    }
    if dialect == Dialect::Postgres {
        out = out.replace(") STRICT, WITHOUT ROWID;", ");").replace(") STRICT;", ");");
        out = out.replace(" INTEGER", " BIGINT").replace(" BLOB", " BYTEA");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_makes_both_dialects() {
        let text = "-- why\nCREATE TABLE t (\n--sqlite    id INTEGER PRIMARY KEY,\n--postgres    id BIGINT,\n    a BLOB\n) STRICT, WITHOUT ROWID;";
        assert_eq!(
            write(text, Dialect::Sqlite),
            "CREATE TABLE t (\n   id INTEGER PRIMARY KEY,\n    a BLOB\n) STRICT, WITHOUT ROWID;\n"
        );
        assert_eq!(write(text, Dialect::Postgres), "CREATE TABLE t (\n   id BIGINT,\n    a BYTEA\n);\n");
    }

    #[test]
    fn numbers_count_up_without_a_gap() {
        for schema in [MAIN, KEYS] {
            assert!(schema.iter().map(|m| m.number).eq(1..=i64::try_from(schema.len()).unwrap()));
        }
    }

    #[test]
    fn a_newer_or_edited_database_is_refused() {
        let own: Vec<_> = MAIN.iter().map(|m| (m.number, m.checksum())).collect();
        assert!(pending(MAIN, &own).unwrap().is_empty());
        assert_eq!(pending(MAIN, &[]).unwrap().len(), MAIN.len());
        let mut newer = own.clone();
        newer.push((99, [0; 32]));
        assert!(matches!(pending(MAIN, &newer), Err(Error::Newer { found: 99, .. })));
        assert!(matches!(pending(MAIN, &[(1, [0; 32])]), Err(Error::OtherMigration(1))));
    }
}
