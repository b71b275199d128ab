//! Limits of a funnel plot: between which shares an organisation of a size would fall by chance alone, were it like the
//! region as a whole. A spread is looked at so, and never as a league table.

/// The limits for one size, as shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// 95 of 100 fall between these by chance.
    pub inner: (f64, f64),
    /// 998 of 1000 do.
    pub outer: (f64, f64),
}

/// Up to this size the limits are exact; beyond it the normal curve is closer to them than a pixel.
const EXACT: u32 = 2000;

/// The limits around a share for a size; `None` where there is nobody or the share is none.
///
/// Exact binomial limits, interpolated between whole numbers (Spiegelhalter, Funnel plots for comparing institutional
/// performance, Statistics in Medicine 2005, appendix A.1.1).
pub fn limits(share: f64, size: u32) -> Option<Limits> {
    if size == 0 || !(0.0..=1.0).contains(&share) {
        return None;
    }
    let at = |p| if size <= EXACT { quantile(share, size, p) } else { normal(share, size, p) };
    Some(Limits { inner: (at(0.025), at(0.975)), outer: (at(0.001), at(0.999)) })
}

/// The share at which a binomial distribution reaches `p`.
fn quantile(share: f64, size: u32, p: f64) -> f64 {
    if share <= 0.0 || share >= 1.0 {
        return share;
    }
    let n = f64::from(size);
    let odds = (share / (1.0 - share)).ln();
    let mut log_mass = n * (1.0 - share).ln();
    let (mut below, mut total) = (0.0, log_mass.exp());
    let mut r = 0_u32;
    while total < p && r < size {
        below = total;
        log_mass += (f64::from(size - r) / f64::from(r + 1)).ln() + odds;
        r += 1;
        total += log_mass.exp();
    }
    let over = if total > below { (total - p) / (total - below) } else { 0.0 };
    ((f64::from(r) - over) / n).clamp(0.0, 1.0)
}

fn normal(share: f64, size: u32, p: f64) -> f64 {
    let z = match p {
        p if p < 0.01 => -3.090_232,
        p if p < 0.5 => -1.959_964,
        p if p < 0.99 => 1.959_964,
        _ => 3.090_232,
    };
    (share + z * (share * (1.0 - share) / f64::from(size)).sqrt()).clamp(0.0, 1.0)
}
