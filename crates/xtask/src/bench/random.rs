//! Numbers that look random and are the same for the same seed (`SplitMix64`).

/// A stream of them.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// One of these; `None` only where there are none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let length = u64::try_from(from.len()).ok().filter(|n| *n > 0)?;
        usize::try_from(self.next() % length).ok().and_then(|at| from.get(at))
    }

    /// A UUID of version 4.
    pub fn uuid(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        let (version, variant) = ((a & !0xF000) | 0x4000, (b & !(3 << 62)) | (2 << 62));
        let (high, low) = (format!("{version:016x}"), format!("{variant:016x}"));
        format!("{}-{}-{}-{}-{}", &high[..8], &high[8..12], &high[12..], &low[..4], &low[4..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_order_and_every_item_its_turn() {
        let items: Vec<u32> = (0..10).collect();
        let order = |seed| {
            let mut random = Random::new(seed);
            (0..200).map(|_| *random.pick(&items).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(order(7), order(7));
        assert_ne!(order(7), order(8));
        assert!(items.iter().all(|item| order(7).contains(item)));
        assert_eq!(Random::new(1).pick::<u8>(&[]), None);
    }

    #[test]
    fn a_uuid_is_of_version_4() {
        let uuid = Random::new(3).uuid();
        let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
        assert_eq!(&uuid[14..15], "4", "{uuid}");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }
}
