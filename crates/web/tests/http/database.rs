//! Which database the servers of these tests stand on: SQLite, or with `TIJDIG_TEST_HTTP_ON=postgres` a database of their
//! own on the PostgreSQL of `TIJDIG_TEST_POSTGRES`. `cargo xtask test` runs every test on both.

use tempfile::TempDir;
use tokio_postgres::NoTls;
use web::StoreSettings;

/// Where a server keeps its things; gone when it is dropped.
pub struct Place {
    pub settings: StoreSettings,
    _folder: TempDir,
    database: Option<Made>,
}

/// A database on a PostgreSQL.
struct Made {
    server: String,
    name: String,
}

/// A new place.
pub async fn place() -> Place {
    let folder = tempfile::tempdir().unwrap();
    if !on_postgres() {
        return Place { settings: StoreSettings::folder(folder.path()), _folder: folder, database: None };
    }
    let server = variable("TIJDIG_TEST_POSTGRES").expect("TIJDIG_TEST_POSTGRES holds the address of a server");
    let name = format!("tijdig_http_{}", domain::ident::id_text(store::random::bits()));
    run(&server, &format!("CREATE DATABASE {name}")).await;
    let (before, _) = server.rsplit_once('/').expect("an address ends in a database");
    let settings = StoreSettings::postgres(&format!("{before}/{name}"), folder.path());
    Place { settings, _folder: folder, database: Some(Made { server, name }) }
}

/// Whether the tests are run on PostgreSQL.
fn on_postgres() -> bool {
    match variable("TIJDIG_TEST_HTTP_ON").as_deref() {
        None | Some("sqlite") => false,
        Some("postgres") => true,
        Some(other) => panic!("TIJDIG_TEST_HTTP_ON is sqlite or postgres, not {other}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "tests have no configuration to read it from")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn run(server: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.expect("the server answers");
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(Made { server, name }) = self.database.take() else { return };
        // Dropping happens inside a runtime, which cannot wait for another one.
        let drop = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")));
        });
        assert!(drop.join().is_ok() || std::thread::panicking(), "the database is dropped");
    }
}
