//! A PostgreSQL of our own: on a free loopback port, in a folder that goes, never as root.

use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::process::{self, Group};
use crate::tempdir::TempDir;

/// Runs until dropped. The order of the fields is the order in which they go: the server before its folder.
#[derive(Debug)]
pub struct Postgres {
    _server: Group,
    _folder: TempDir,
    /// `postgres://…` of its superuser, with a password made for this run.
    pub url: String,
}

/// What survives a crash of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in use: every commit waits for the disk.
    Full,
    /// Nothing waits: for tests, whose data nobody will miss.
    None,
}

/// Where `initdb`, `postgres` and `pg_isready` are: on the search path, or the newest version of Debian's folders.
pub fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?;
        Some((version, entry.path().join("bin")))
    });
    let newest = debian.filter(|(_, bin)| process::is_program(&bin.join("postgres"))).max();
    newest.map(|(_, bin)| bin).or_else(|| {
        // A link on the path leads to a folder that also holds the programs that are not linked.
        let postgres = process::find("postgres")?.canonicalize().ok()?;
        postgres.parent().map(Path::to_path_buf)
    })
}

impl Postgres {
    /// Makes a cluster and starts it; comes back when it answers.
    pub async fn start(durability: Durability) -> Result<Self, String> {
        let bin = programs().ok_or("PostgreSQL is not installed (Debian: apt-get install postgresql)")?;
        let folder = TempDir::new(&std::env::temp_dir(), "tijdig-postgres")?;
        let user = if process::is_root() { Some(unprivileged()?) } else { None };
        let password = secret()?;
        let password_file = folder.path().join("password");
        std::fs::write(&password_file, &password).map_err(|e| e.to_string())?;
        if let Some((uid, gid)) = user {
            for path in [folder.path(), &password_file] {
                chown(path, Some(uid), Some(gid)).map_err(|e| format!("cannot hand over {}: {e}", path.display()))?;
            }
        }
        let as_user = |mut command: Command| {
            command.current_dir(folder.path()).env("HOME", folder.path()).env_remove("PGDATA");
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };

        let data = folder.path().join("data");
        let mut initdb = as_user(Command::new(bin.join("initdb")));
        initdb.arg("--pgdata").arg(&data).arg("--pwfile").arg(&password_file).args([
            "--username=tijdig",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        let made = initdb.stdin(Stdio::null()).output().await.map_err(|e| format!("cannot start initdb: {e}"))?;
        if !made.status.success() {
            return Err(format!("initdb failed: {}", String::from_utf8_lossy(&made.stderr).trim()));
        }

        // Between finding a free port and taking it, another program may have been faster.
        for _ in 0..5 {
            let port = process::free_port()?;
            let log = std::fs::File::create(folder.path().join("log")).map_err(|e| e.to_string())?;
            let mut command = as_user(process::tied(bin.join("postgres")));
            command.arg("-D").arg(&data).arg("-p").arg(port.to_string());
            let mut settings = vec!["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300"];
            if durability == Durability::None {
                settings.extend(["fsync=off", "synchronous_commit=off", "full_page_writes=off"]);
            }
            for setting in settings {
                command.args(["-c", setting]);
            }
            command.stdout(Stdio::null()).stderr(log);
            // INT asks for a fast shutdown: open connections are ended, nothing is lost.
            let mut server = Group::spawn(&mut command, "INT")?;
            if answers(&bin, port, &mut server).await? {
                let url = format!("postgres://tijdig:{password}@127.0.0.1:{port}/postgres");
                return Ok(Self { _server: server, _folder: folder, url });
            }
        }
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        Err(format!("PostgreSQL does not start: {}", log.lines().last().unwrap_or("it says nothing")))
    }
}

/// Waits until the server answers; `false` when it ended first.
async fn answers(bin: &Path, port: u16, server: &mut Group) -> Result<bool, String> {
    for _ in 0..600 {
        if server.ended().is_some() {
            return Ok(false);
        }
        let mut ready = Command::new(bin.join("pg_isready"));
        ready.args(["--quiet", "--host=127.0.0.1", "--port", &port.to_string()]).stdin(Stdio::null());
        if ready.status().await.map_err(|e| format!("cannot start pg_isready: {e}"))?.success() {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("PostgreSQL does not answer within a minute".to_owned())
}

/// User and group to run as when we are root, which PostgreSQL refuses to be.
fn unprivileged() -> Result<(u32, u32), String> {
    let users = std::fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd: {e}"))?;
    let ids = |name: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let found = fields.next() == Some(name);
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            found.then_some((uid, gid))
        })
    };
    ids("postgres")
        .or_else(|| ids("nobody"))
        .ok_or_else(|| "no user to run PostgreSQL as: it refuses to be root".to_owned())
}

/// A password for this run alone, so that no other user of the machine gets in through the open port.
fn secret() -> Result<String, String> {
    use std::fmt::Write;
    use std::io::Read;
    let mut bytes = [0_u8; 16];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .map_err(|e| format!("/dev/urandom: {e}"))?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::used_underscore_binding, reason = "outside this test the two are held for nothing but their end")]
    fn a_server_runs_without_root_asks_for_its_password_and_leaves_nothing() {
        if programs().is_none() {
            eprintln!("SKIPPED: a PostgreSQL of our own needs postgresql");
            return;
        }
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let postgres = Postgres::start(Durability::None).await.unwrap();
            let (folder, server) = (postgres._folder.path().to_owned(), postgres._server.id());
            let owner =
                std::fs::metadata(format!("/proc/{server}")).map(|m| std::os::unix::fs::MetadataExt::uid(&m)).unwrap();
            assert_ne!(owner, 0);
            let ask = |url: String| {
                std::process::Command::new(programs().unwrap().join("psql"))
                    .args([&url, "-Atc", "select 40 + 2"])
                    .output()
                    .unwrap()
            };
            assert_eq!(ask(postgres.url.clone()).stdout, b"42\n");
            assert!(!ask(postgres.url.replacen("tijdig:", "tijdig:x", 1)).status.success(), "a wrong password gets in");
            drop(postgres);
            assert!(!folder.exists() && !Path::new(&format!("/proc/{server}")).exists());
        });
    }
}
