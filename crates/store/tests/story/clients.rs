//! Systems that exchange: an assertion is taken once, whichever instance is asked, and after a restart too.

use crate::world::{Place, at};
use domain::ident::ClientId;

pub async fn replay(place: Place) {
    let one = place.open().await;
    let other = place.open().await;
    let (client, neighbour) = (ClientId::parse("his").unwrap(), ClientId::parse("hap").unwrap());
    let long = "x".repeat(5000);
    for jti in ["a", long.as_str()] {
        assert!(one.use_assertion(&client, jti, at(5), at(0)).await.unwrap());
        assert!(!one.use_assertion(&client, jti, at(5), at(0)).await.unwrap(), "again on the same instance");
        assert!(!other.use_assertion(&client, jti, at(5), at(1)).await.unwrap(), "again on another instance");
    }
    assert!(other.use_assertion(&neighbour, "a", at(5), at(1)).await.unwrap(), "another client's is another");

    // Sixteen at once on two instances: one is first.
    let tasks: Vec<_> = (0..16)
        .map(|n| {
            let (store, client) = (if n % 2 == 0 { one.clone() } else { other.clone() }, client.clone());
            tokio::spawn(async move { store.use_assertion(&client, "race", at(5), at(1)).await.unwrap() })
        })
        .collect();
    let mut first = 0;
    for task in tasks {
        first += usize::from(task.await.unwrap());
    }
    assert_eq!(first, 1);

    one.close().await.unwrap();
    other.close().await.unwrap();
    let again = place.open().await;
    assert!(!again.use_assertion(&client, "a", at(5), at(4)).await.unwrap(), "after a restart");
    // What is expired is refused by its own time; the memory of it is cleared away.
    assert!(again.use_assertion(&client, "b", at(20), at(10)).await.unwrap());
    assert_eq!(place.number("SELECT count(*) FROM used_assertion").await, 1);
    again.close().await.unwrap();
}
