//! What a system call trace says about requests, answers and the disk.

use std::collections::BTreeMap;

/// One request with its answer, as they stand in the trace.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// Was it a plan that was sent in?
    pub is_transaction: bool,
    /// Line on which its last byte had come in.
    pub received: usize,
    /// Line on which the answer began to leave.
    pub answered: usize,
}

/// A file of the data folder that was forced to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sync {
    /// Line on which it began.
    pub began: usize,
    /// Line on which the disk had confirmed it.
    pub ended: usize,
}

#[derive(Debug)]
struct Call<'a> {
    name: &'a str,
    /// The arguments; of a call that another thread interrupted, both halves.
    arguments: String,
    result: i64,
    began: usize,
    ended: usize,
}

/// What `strace -f -yy -o FILE` wrote: exchanges in the order of their answers, and the syncs of files under `data`.
pub fn read(text: &str, data: &str) -> (Vec<Exchange>, Vec<Sync>) {
    let calls = calls(text);
    let syncs = calls
        .iter()
        .filter(|c| matches!(c.name, "fsync" | "fdatasync") && c.result == 0 && c.arguments.contains(data))
        .map(|c| Sync { began: c.began, ended: c.ended })
        .collect();

    // A request is there when a read ends, an answer leaves when a write begins.
    let mut moments: Vec<(usize, &Call)> =
        calls.iter().filter(|c| socket(c).is_some()).map(|c| (if is_read(c) { c.ended } else { c.began }, c)).collect();
    moments.sort_by_key(|(line, _)| *line);
    let mut open: BTreeMap<&str, Exchange> = BTreeMap::new();
    let mut exchanges = Vec::new();
    for (line, call) in moments {
        let Some(socket) = socket(call) else { continue };
        let exchange = open.entry(socket).or_default();
        if is_read(call) && call.result > 0 {
            exchange.is_transaction |= call.arguments.contains("\"POST /fhir/r4 HTTP");
            exchange.received = line;
        } else if !is_read(call) && call.arguments.contains("\"HTTP/1.1 ") {
            exchanges.push(Exchange { answered: line, ..std::mem::take(exchange) });
        }
    }
    (exchanges, syncs)
}

fn is_read(call: &Call) -> bool {
    matches!(call.name, "read" | "readv" | "recvfrom" | "recvmsg")
}

/// The connection that a call is about: number and both addresses.
fn socket<'a>(call: &'a Call) -> Option<&'a str> {
    let end = call.arguments.find("]>")?;
    let socket = &call.arguments[..end];
    socket.contains("<TCP").then_some(socket).filter(|s| !s.contains(','))
}

fn calls(text: &str) -> Vec<Call<'_>> {
    let mut pending: BTreeMap<&str, (&str, &str, usize)> = BTreeMap::new();
    let mut calls = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let (name, before, after, began) = if let Some(resumed) = rest.strip_prefix("<... ") {
            let Some((name, before, began)) = pending.remove(thread) else { continue };
            (name, before, resumed.split_once("resumed>").map_or("", |(_, after)| after), began)
        } else if let Some((name, arguments)) = rest.split_once('(') {
            if let Some(before) = arguments.strip_suffix("<unfinished ...>") {
                pending.insert(thread, (name, before, number));
                continue;
            }
            (name, "", arguments, number)
        } else {
            continue;
        };
        let result = after.rsplit_once(" = ").and_then(|(_, result)| result.split_whitespace().next()?.parse().ok());
        calls.push(Call {
            name,
            arguments: format!("{before}{after}"),
            result: result.unwrap_or(-1),
            began,
            ended: number,
        });
    }
    calls
}

#[test]
fn a_trace_is_read_across_threads_that_interrupt_each_other() {
    let trace = r#"100 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:5]>, "POST /fhir/r4 HTTP/1.1\r\nho"..., 8192, 0, NULL, NULL) = 900
100 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:5]>,  <unfinished ...>
101 fdatasync(4</data/x/plan.db-wal> <unfinished ...>
100 <... recvfrom resumed>"rest"..., 8192, 0, NULL, NULL) = 10
100 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:5]>, 0x1, 8192, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)
101 <... fdatasync resumed>)            = 0
101 fsync(7</elsewhere/file>)           = 0
100 writev(9<TCP:[127.0.0.1:80->127.0.0.1:5]>, [{iov_base="HTTP/1.1 200 OK\r\ncon"..., iov_len=120}], 1) = 120
100 recvfrom(9<TCP:[127.0.0.1:80->127.0.0.1:5]>, "GET /healthz HTTP/1.1\r\n"..., 8192, 0, NULL, NULL) = 60
100 sendto(9<TCP:[127.0.0.1:80->127.0.0.1:5]>, "HTTP/1.1 200 OK\r\n"..., 90, MSG_NOSIGNAL, NULL, 0 <unfinished ...>
100 <... sendto resumed>)               = 90
"#;
    let (exchanges, syncs) = read(trace, "/data/x");
    assert_eq!(
        exchanges,
        [
            Exchange { is_transaction: true, received: 3, answered: 7 },
            Exchange { is_transaction: false, received: 8, answered: 9 }
        ]
    );
    assert_eq!(syncs, [Sync { began: 2, ended: 5 }]);
}
