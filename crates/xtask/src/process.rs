//! Starting other programs, and stopping them with everything that they started.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

/// How long a program may take to end by itself before it is killed.
const PATIENCE: Duration = Duration::from_secs(10);

/// A program in a process group of its own. Dropping it ends the program and whatever that started.
#[derive(Debug)]
pub struct Group {
    child: Child,
    id: u32,
    ending: &'static str,
}

impl Group {
    /// Starts it without standard input. `ending` is the signal that asks this program to stop, `TERM` for most.
    pub fn spawn(command: &mut Command, ending: &'static str) -> Result<Self, String> {
        let name = command.as_std().get_program().to_string_lossy().into_owned();
        let child =
            command.stdin(Stdio::null()).process_group(0).spawn().map_err(|e| format!("cannot start {name}: {e}"))?;
        let id = child.id().ok_or_else(|| format!("{name} ended at once"))?;
        Ok(Self { child, id, ending })
    }

    /// The program's process id.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What the program writes, where its standard output is a pipe.
    pub fn stdout(&mut self) -> Option<tokio::process::ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end.
    pub async fn wait(&mut self) -> Result<ExitStatus, String> {
        self.child.wait().await.map_err(|e| e.to_string())
    }

    /// Its end, if it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to stop and waits for that.
    pub async fn stop(mut self) -> Result<ExitStatus, String> {
        send(self.ending, &self.id.to_string());
        match tokio::time::timeout(PATIENCE * 3, self.child.wait()).await {
            Ok(status) => status.map_err(|e| e.to_string()),
            Err(_) => Err("it does not stop when asked to".to_owned()),
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = format!("-{}", self.id);
        if self.ended().is_none() {
            send(self.ending, &self.id.to_string());
            let until = Instant::now() + PATIENCE;
            while self.ended().is_none() && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        // A test that failed may have left a server behind in the same group.
        send("KILL", &group);
        while self.ended().is_none() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// Sends a signal to a process, or to a group when `id` starts with `-`. That there is none is no error here.
fn send(name: &str, id: &str) {
    let _ = std::process::Command::new("sh")
        .args(["-c", "kill -s \"$0\" -- \"$1\"", name, id])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Runs a program to its end, its output where ours goes.
pub async fn run(command: &mut Command) -> Result<ExitStatus, String> {
    Group::spawn(command, "TERM")?.wait().await
}

/// Runs a program and returns what it wrote, if it could be started and was content.
pub async fn output(command: &mut Command) -> Option<String> {
    let done = command.stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).output().await.ok()?;
    done.status.success().then(|| String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// A command whose program is told by the kernel to end (signal INT) should we die without a word. Where `setpriv` is
/// missing it is the plain command.
pub fn tied(program: impl AsRef<OsStr>) -> Command {
    if let Some(setpriv) = find("setpriv") {
        let mut command = Command::new(setpriv);
        command.args(["--pdeathsig", "INT", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

/// Where a program is on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    // A bare machine's user often lacks the system folders, in which Debian keeps runuser and the like.
    let system = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(system).map(|folder| folder.join(program)).find(|file| is_program(file))
}

/// A regular file (followed through links) that somebody may execute.
pub fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// Is this process root?
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|m| m.uid() == 0)
}

/// Comes back when somebody asks us to stop: Ctrl-C, a terminal that goes, a supervisor.
pub async fn interrupted() {
    let (Ok(mut int), Ok(mut term), Ok(mut hup)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = int.recv() => {}
        _ = term.recv() => {}
        _ = hup.recv() => {}
    }
}

/// A loopback port that was free a moment ago. Another program may take it first, so whoever uses it tries again.
pub fn free_port() -> Result<u16, String> {
    std::net::TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|e| format!("no free port on loopback: {e}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
    }

    #[test]
    fn dropping_a_group_ends_what_its_program_started() {
        alone().block_on(async {
            let mut command = Command::new("sh");
            command.args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped());
            let mut group = Group::spawn(&mut command, "TERM").unwrap();
            let mut out = tokio::io::BufReader::new(group.stdout().unwrap());
            let mut grandchild = String::new();
            tokio::io::AsyncBufReadExt::read_line(&mut out, &mut grandchild).await.unwrap();
            let proc = format!("/proc/{}/stat", grandchild.trim());
            assert!(Path::new(&proc).exists());
            drop(group);
            // Killed is at once; being reaped by whoever inherits it may take a moment.
            for _ in 0..100 {
                let gone = std::fs::read_to_string(&proc).map_or(true, |stat| stat.contains(") Z"));
                if gone {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            panic!("the grandchild lives on");
        });
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error_with_its_name() {
        alone().block_on(async {
            let error = run(&mut Command::new("no-such-program-anywhere")).await.unwrap_err();
            assert!(error.contains("no-such-program-anywhere"), "{error}");
            assert_eq!(output(&mut Command::new("false")).await, None);
        });
    }
}
