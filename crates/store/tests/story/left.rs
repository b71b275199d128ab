//! What may be left of a patient: stored bytes, looked for in every column of every table and in every file.

use crate::skipped;
use crate::world::Place;
use std::fmt::Write;
use std::path::Path;
use store::Database;

/// Bytes that were stored of a patient, as hexadecimal digits.
pub struct Traces {
    /// What opens or finds the record: the wrapped key, the hashes of BSN and names.
    openers: Vec<String>,
    /// What was sealed, and other hashes: noise without the key.
    sealed: Vec<String>,
}

impl Traces {
    /// Everything that is stored of this patient now.
    pub async fn of(place: &Place, id: &str) -> Self {
        let hex = |column: &str| {
            if place.is_sqlite() { format!("lower(hex({column}))") } else { format!("encode({column}, 'hex')") }
        };
        let mut found = Self { openers: Vec::new(), sealed: Vec::new() };
        for (table, column) in [
            ("patient", "identity"),
            ("patient_past", "identity"),
            ("patient_bsn", "hash"),
            ("patient_name", "hash"),
            ("plan", "sealed"),
            ("plan_version", "sealed"),
            ("attachment", "sealed"),
            ("draft_part", "sealed"),
            ("same_as", "hash"),
        ] {
            let sql = format!("SELECT {} FROM {table} WHERE patient_id = '{id}'", hex(column));
            let rows = place.texts(&sql).await;
            assert!(!rows.is_empty(), "{table} has nothing to look for");
            let of =
                if table.starts_with("patient_") && column == "hash" { &mut found.openers } else { &mut found.sealed };
            of.extend(rows);
        }
        let sql = format!("SELECT {} FROM data_key WHERE patient_id = '{id}'", hex("wrapped"));
        let keys = place.key_texts(&sql).await;
        assert!(!keys.is_empty());
        found.openers.extend(keys);
        found
    }

    pub fn add(&mut self, other: Self) {
        self.openers.extend(other.openers);
        self.sealed.extend(other.sealed);
    }

    /// A part of each is enough: a page may have been cut anywhere.
    fn parts(&self) -> Vec<&str> {
        parts(self.openers.iter().chain(&self.sealed))
    }

    /// Fails where anything is left.
    pub async fn are_gone(&self, place: &Place) {
        match &place.settings.database {
            Database::Sqlite { folder } => self.not_in_files(folder),
            Database::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                self.not_in_tables(&client).await;
                self.not_on_disk(&client).await;
            }
        }
    }

    fn not_in_files(&self, folder: &Path) {
        for file in ["tijdig.db", "tijdig.db-wal", "keys.db", "keys.db-wal"] {
            let bytes = std::fs::read(folder.join(file)).unwrap_or_default();
            assert!(file.ends_with("-wal") || !bytes.is_empty());
            let text = bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            });
            for part in self.parts() {
                assert!(!text.contains(part), "something is left in {file}");
            }
        }
    }

    /// Every column of every table; and what opens the record is not among the planner's samples.
    async fn not_in_tables(&self, client: &tokio_postgres::Client) {
        let sql = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'keys')";
        let places: Vec<String> = client.query(sql, &[]).await.unwrap().iter().map(|r| r.get(0)).collect();
        assert!(places.len() > 20, "{places:?}");
        let tables = places.into_iter().map(|place| (place, self.parts()));
        let samples = ("pg_stats".to_owned(), parts(self.openers.iter()));
        for (place, parts) in tables.chain([samples]) {
            let sql = format!("SELECT coalesce(string_agg(t::text, ' '), '') FROM {place} AS t");
            let text: String = client.query_one(&sql, &[]).await.unwrap().get(0);
            for part in parts {
                assert!(!text.contains(part), "something is left in {place}");
            }
        }
    }

    /// The database's own files, where the server lets us read them: what opens the record is not in any of them, not
    /// even in the room that a deleted row left.
    async fn not_on_disk(&self, client: &tokio_postgres::Client) {
        let allowed = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user";
        if !client.query_one(allowed, &[]).await.unwrap().get::<_, bool>(0) {
            skipped("PostgreSQL: only a superuser may look into the files of the server");
            return;
        }
        client.batch_execute("CHECKPOINT").await.unwrap();
        let bytes = "pg_read_binary_file(pg_relation_filepath(c.oid), 0, 1000000000, true)";
        let files = "FROM pg_class c WHERE c.relkind IN ('r', 'i', 't') AND pg_relation_filepath(c.oid) IS NOT NULL";
        let many: i64 = client.query_one(&format!("SELECT count({bytes}) {files}"), &[]).await.unwrap().get(0);
        assert!(many > 100, "{many} files");
        for hex in &self.openers {
            let sql = format!("SELECT c.relname::text {files} AND position(decode($1, 'hex') IN {bytes}) > 0");
            let left = client.query(&sql, &[&hex]).await.unwrap();
            assert!(left.is_empty(), "something is left on disk in {}", left[0].get::<_, String>(0));
        }
    }
}

fn parts<'h>(all: impl Iterator<Item = &'h String>) -> Vec<&'h str> {
    all.flat_map(|hex| (0..40).filter_map(|n| hex.get(48 * n..48 * n + 48))).collect()
}
