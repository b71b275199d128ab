//! The links are asked at a server of the test's own.

use super::*;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers each request by its path: `/200` with 200, `/to/404` by pointing to `/404`, `/hang` never.
async fn listening() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut bytes = vec![0; 4096];
                let n = stream.read(&mut bytes).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&bytes[..n]).into_owned();
                let mut words = text.split(' ');
                let (method, path) = (words.next().unwrap_or("").to_owned(), words.next().unwrap_or("").to_owned());
                let answer = match path.as_str() {
                    "/head-405" if method == "HEAD" => "405 No\r\n".to_owned(),
                    "/head-405" => "200 OK\r\n".to_owned(),
                    "/loop" => "302 Found\r\nLocation: /loop\r\n".to_owned(),
                    path if path.starts_with("/to") => format!("302 Found\r\nLocation: {}\r\n", &path[3..]),
                    path => format!("{} X\r\n", &path[1..]),
                };
                let _ = stream
                    .write_all(format!("HTTP/1.1 {answer}Content-Length: 0\r\nConnection: close\r\n\r\n").as_bytes())
                    .await;
            });
        }
    });
    at
}

async fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Store::open(&store::Settings::folder(folder.path())).await.unwrap(), folder)
}

#[tokio::test]
async fn what_answers_no_more_is_marked_since_when_and_forgiven() {
    let at = listening().await;
    let (store, _folder) = store().await;
    let all = |paths: &[&str]| paths.iter().map(|p| format!("http://{at}{p}")).collect::<BTreeSet<_>>();
    let asker = || Asker::of(true).unwrap();
    let paths = ["/200", "/404", "/403", "/500", "/head-405", "/to/200", "/to/404", "/loop"];
    let first: jiff::Timestamp = "2026-11-30T08:00:00Z".parse().unwrap();
    let later: jiff::Timestamp = "2026-12-01T08:00:00Z".parse().unwrap();
    let round = ask_all(&store, asker(), all(&paths), first).await.unwrap();
    let failed: Vec<_> = round.failed.iter().map(|(a, _)| a.rsplit(&format!("{at}")).next().unwrap()).collect();
    assert_eq!((round.asked, failed), (8, vec!["/404", "/500", "/loop", "/to/404"]));
    assert!(round.failed.iter().any(|(_, why)| why == "de pagina is er niet meer"));
    // It still fails: since the first time. What is not in the toolkit any more is forgotten.
    ask_all(&store, asker(), all(&["/404", "/200"]), later).await.unwrap();
    let links = store.links().await.unwrap();
    assert_eq!(links.len(), 2);
    let broken = &links[&format!("http://{at}/404")];
    assert_eq!((broken.failing_since, broken.checked_at, broken.answered_at), (Some(first), later, None));
    let good = &links[&format!("http://{at}/200")];
    assert_eq!((good.failing_since, good.answered_at), (None, Some(later)));
}

#[tokio::test]
async fn without_a_network_nothing_is_marked() {
    let (store, _folder) = store().await;
    // Nobody listens here.
    let nowhere = { TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap() };
    let all = BTreeSet::from([format!("http://{nowhere}/a"), format!("http://{nowhere}/b")]);
    let round = ask_all(&store, Asker::of(true).unwrap(), all, jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    assert!(round.no_network && round.failed.is_empty());
    assert!(store.links().await.unwrap().is_empty());
}

#[tokio::test]
async fn this_machine_and_its_network_are_not_asked() {
    let at = listening().await;
    let (store, _folder) = store().await;
    let all =
        BTreeSet::from([format!("http://{at}/200"), "http://localhost/".to_owned(), "http://10.0.0.1/".to_owned()]);
    let round = ask_all(&store, Asker::new().unwrap(), all, jiff::Timestamp::UNIX_EPOCH).await.unwrap();
    assert_eq!((round.asked, round.passed_over.len(), round.no_network), (0, 3, false));
}
