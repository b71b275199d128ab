use super::*;

#[test]
fn no_bsn_is_given_twice() {
    let mut all: Vec<_> = (0..20_000).map(bsn).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 20_000);
}

#[test]
fn the_same_seed_tells_the_same_life() {
    let region = Region::make(&mut fastrand::Rng::with_seed(1), 3);
    let day = "2026-11-23".parse().unwrap();
    let (a, b) = (tell(&region, 1, 5, day), tell(&region, 1, 5, day));
    assert_eq!((a.id, a.patient, a.versions), (b.id, b.patient, b.versions));
}
