//! The only place that writes to the terminal.

use std::io::Write;

/// A line for whoever started the program.
pub fn say(line: &str) {
    // A closed pipe is no reason to fail: the work is done all the same.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// A line about what went wrong.
pub fn complain(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Progress on one line of the terminal.
pub fn progress(line: &str) {
    let mut err = std::io::stderr().lock();
    // What a longer line left behind is wiped out.
    let _ = write!(err, "\r{line:<40}").and_then(|()| err.flush());
}
