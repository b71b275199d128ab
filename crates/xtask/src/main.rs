//! Development tasks: `cargo xtask test`, `cargo xtask tidy`, `cargo xtask bench`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool speaks on its standard streams")]

mod arguments;
mod bench;
mod postgres;
mod process;
mod tempdir;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

use arguments::Task;

/// 0 for done, 1 for failed, 2 for wrong use, 130 when interrupted.
fn main() -> ExitCode {
    let task = match arguments::parse(std::env::args().skip(1)) {
        Ok(task) => task,
        Err(wrong) => {
            eprintln!("{wrong}\n\n{}", arguments::USAGE);
            return ExitCode::from(2);
        }
    };
    // One thread: a child that must die with us (see `process`) is bound to the thread that started it.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        // Dropping the work on a signal stops every process and removes every folder that it owns.
        tokio::select! {
            done = perform(task) => match done {
                Ok(true) => ExitCode::SUCCESS,
                Ok(false) => ExitCode::FAILURE,
                Err(error) => {
                    eprintln!("{error}");
                    ExitCode::FAILURE
                }
            },
            () = process::interrupted() => {
                eprintln!("\ninterrupted: stopping what was started");
                ExitCode::from(130)
            }
        }
    })
}

/// `false` where something was done and found wanting.
async fn perform(task: Task) -> Result<bool, String> {
    let root = root();
    match task {
        Task::Help => {
            println!("{}", arguments::USAGE);
            Ok(true)
        }
        Task::Tidy => {
            let problems = tidy::problems(&root)?;
            for problem in &problems {
                println!("{problem}");
            }
            Ok(problems.is_empty())
        }
        Task::Test(parts) => test::run(&root, &parts).await,
        Task::Bench(settings) => bench::run(&root, &settings).await,
    }
}

/// The workspace: two folders above this crate.
fn root() -> PathBuf {
    // Cargo says where it runs; what was built for one clone may be run in another that shares its target folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.ancestors().nth(2).map_or_else(|| here.clone(), PathBuf::from)
}
