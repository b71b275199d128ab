use super::*;
use crate::seal::Key;
use zeroize::Zeroizing;

fn keys(numbers: &[u8]) -> BackupKey {
    BackupKey(numbers.iter().map(|n| Key { id: *n, bytes: Zeroizing::new([*n; 32]) }).collect())
}

/// Frames of every awkward length, with a block's border in the middle of a head and of a body.
fn frames() -> Vec<(u8, Vec<u8>)> {
    [0, 1, BLOCK - 13, 3, BLOCK, 2 * BLOCK + 7, 5]
        .iter()
        .map(|n| (b'D', vec![u8::try_from(n % 251).unwrap(); *n]))
        .collect()
}

fn sealed() -> Vec<u8> {
    let header = Header::new(What::Data, "sqlite", Timestamp::UNIX_EPOCH);
    let mut sealer = Sealer::begin(Vec::new(), header, &keys(&[2])).unwrap();
    for (tag, bytes) in frames() {
        sealer.frame(tag, &bytes).unwrap();
    }
    sealer.finish().unwrap()
}

fn read(file: &[u8], key: &BackupKey) -> Result<Vec<(u8, Vec<u8>)>> {
    let mut opener = Opener::begin(file, key)?;
    let mut out = Vec::new();
    while let Some(frame) = opener.frame()? {
        out.push(frame);
    }
    Ok(out)
}

fn unfit(file: &[u8], key: &BackupKey) -> Unfit {
    match read(file, key) {
        Err(Error::Unfit(unfit)) => unfit,
        other => panic!("{:?}", other.map(|f| f.len())),
    }
}

#[test]
fn what_was_written_comes_back_under_any_of_the_keys() {
    let file = sealed();
    assert_eq!(read(&file, &keys(&[2])).unwrap(), frames());
    assert_eq!(read(&file, &keys(&[3, 2])).unwrap(), frames());
    assert_eq!(unfit(&file, &keys(&[3])), Unfit::WrongKey);
}

#[test]
fn every_cut_is_found() {
    let file = sealed();
    let start = file.windows(2).position(|w| w == b"}\n").unwrap() + 2;
    for end in (0..file.len()).step_by(7919).chain([start, start + 3, start + 4, file.len() - 1]) {
        let said = unfit(&file[..end], &keys(&[2]));
        assert!(matches!(said, Unfit::CutOff(_) | Unfit::NoBackup), "{end}: {said}");
    }
}

#[test]
fn every_change_is_found() {
    let file = sealed();
    for at in (0..file.len()).step_by(4099).chain([0, 14, 20, file.len() - 1]) {
        let mut changed = file.clone();
        changed[at] ^= 1;
        unfit(&changed, &keys(&[2]));
    }
    let mut longer = file.clone();
    longer.push(0);
    assert!(matches!(unfit(&longer, &keys(&[2])), Unfit::Changed(_)));
    assert_eq!(unfit(b"SQLite format 3\0 and more", &keys(&[2])), Unfit::NoBackup);
    let newer = String::from_utf8_lossy(&file[..14]).into_owned() + "2\n{}\n";
    assert_eq!(unfit(newer.as_bytes(), &keys(&[2])), Unfit::Newer);
}

#[test]
fn the_readable_lines_cannot_be_changed_either() {
    let file = sealed();
    let at = file.windows(6).position(|w| w == b"sqlite").unwrap();
    let mut other = file.clone();
    other[at..at + 6].copy_from_slice(b"sqlitf");
    assert_eq!(unfit(&other, &keys(&[2])), Unfit::Changed(1));
}

#[test]
fn blocks_do_not_change_places() {
    let file = sealed();
    let start = file.windows(2).position(|w| w == b"}\n").unwrap() + 2;
    let block = 4 + BLOCK + TAG;
    let mut swapped = file[..start].to_vec();
    swapped.extend_from_slice(&file[start + block..start + 2 * block]);
    swapped.extend_from_slice(&file[start..start + block]);
    swapped.extend_from_slice(&file[start + 2 * block..]);
    assert_eq!(unfit(&swapped, &keys(&[2])), Unfit::Changed(1));
    let mut without = file[..start + block].to_vec();
    without.extend_from_slice(&file[start + 2 * block..]);
    assert_eq!(unfit(&without, &keys(&[2])), Unfit::Changed(2));
}
