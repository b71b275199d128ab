//! What follows from equations over people who are counted.

/// Arithmetic over a large prime stands for that over fractions: a number that follows there follows here.
const PRIME: i64 = (1 << 31) - 1;

fn inverse(of: i64) -> i64 {
    let (mut power, mut base, mut result) = (PRIME - 2, of.rem_euclid(PRIME), 1_i64);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        power >>= 1;
    }
    result
}

/// Equations: each that follows from none before it, as it was given, and in echelon form.
#[derive(Default)]
pub struct Known {
    given: Vec<Vec<i64>>,
    echelon: Vec<(usize, Vec<i64>)>,
}

impl Known {
    fn rest(&self, mut row: Vec<i64>) -> Vec<i64> {
        for (lead, basis) in &self.echelon {
            let times = row[*lead];
            if times != 0 {
                row.iter_mut().zip(basis).for_each(|(r, b)| *r = (*r + (PRIME - times) * b) % PRIME);
            }
        }
        row
    }

    /// One more equation.
    pub fn add(&mut self, row: Vec<i64>) {
        let mut rest = self.rest(row.clone());
        if let Some(lead) = rest.iter().position(|v| *v != 0) {
            let scale = inverse(rest[lead]);
            for v in &mut rest {
                *v = *v * scale % PRIME;
            }
            self.echelon.push((lead, rest));
            self.given.push(row);
        }
    }

    /// Does this sum follow?
    pub fn follows(&self, row: Vec<i64>) -> bool {
        self.rest(row).iter().all(|v| *v == 0)
    }

    /// The least and the most that a sum may come to, where nobody is fewer than none: `people` are those there are.
    pub fn range(&self, people: &[i64], sum: &[i64]) -> (f64, f64) {
        let most = |times: f64| {
            Simplex::of(&self.given, people).most(&sum.iter().map(|v| times * real(*v)).collect::<Vec<_>>())
        };
        (-most(-1.0), most(1.0))
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of people")]
fn real(n: i64) -> f64 {
    n as f64
}

/// So little is nothing.
const NOTHING: f64 = 1e-7;

/// A linear program in the form of its tableau: each row an equation led by a basic variable, the last cell its value.
struct Simplex {
    rows: Vec<Vec<f64>>,
    basis: Vec<usize>,
    /// Variables that stand for cells; those behind them only helped to begin.
    cells: usize,
}

impl Simplex {
    /// Begins where the equations hold.
    fn of(equations: &[Vec<i64>], people: &[i64]) -> Self {
        let (cells, all) = (people.len(), people.len() + equations.len());
        let rows = equations.iter().enumerate().map(|(n, equation)| {
            let mut row: Vec<f64> = equation.iter().map(|v| real(*v)).collect();
            row.resize(all + 1, 0.0);
            row[cells + n] = 1.0;
            row[all] = real(equation.iter().zip(people).map(|(v, n)| v * n).sum());
            row
        });
        let mut begun = Self { rows: rows.collect(), basis: (cells..all).collect(), cells };
        let helpers: Vec<f64> = (0..all).map(|i| if i < cells { 0.0 } else { -1.0 }).collect();
        assert!(begun.climb(&helpers, all) > -NOTHING, "there are people who fit");
        begun
    }

    /// The most that a sum comes to; a sum without an end counts as very many.
    fn most(mut self, sum: &[f64]) -> f64 {
        // Helpers that are left stand at none; they give way to cells where they can.
        for n in 0..self.rows.len() {
            let cell = (0..self.cells).find(|i| self.basis[n] >= self.cells && self.rows[n][*i].abs() > NOTHING);
            if let Some(cell) = cell {
                self.pivot(n, cell);
            }
        }
        let cells = self.cells;
        let mut all = sum.to_vec();
        all.resize(cells + self.rows.len(), 0.0);
        self.climb(&all, cells)
    }

    /// Climbs as far as it goes with the first so many variables (Bland's rule).
    fn climb(&mut self, sum: &[f64], variables: usize) -> f64 {
        let end = self.rows.first().map_or(0, |row| row.len() - 1);
        loop {
            let gain =
                |i: usize| sum[i] - self.basis.iter().zip(&self.rows).map(|(b, row)| sum[*b] * row[i]).sum::<f64>();
            let Some(enters) = (0..variables).find(|i| !self.basis.contains(i) && gain(*i) > NOTHING) else {
                return self.basis.iter().zip(&self.rows).map(|(b, row)| sum[*b] * row[end]).sum();
            };
            let may_leave = (0..self.rows.len()).filter(|n| self.rows[*n][enters] > NOTHING);
            let ratio = |n: &usize| self.rows[*n][end] / self.rows[*n][enters];
            let leaves =
                may_leave.min_by(|a, b| ratio(a).total_cmp(&ratio(b)).then(self.basis[*a].cmp(&self.basis[*b])));
            let Some(leaves) = leaves else { return 1e9 };
            self.pivot(leaves, enters);
        }
    }

    fn pivot(&mut self, leaves: usize, enters: usize) {
        let scale = self.rows[leaves][enters];
        for v in &mut self.rows[leaves] {
            *v /= scale;
        }
        let lead = self.rows[leaves].clone();
        for (n, row) in self.rows.iter_mut().enumerate() {
            let times = row[enters];
            if n != leaves && times != 0.0 {
                row.iter_mut().zip(&lead).for_each(|(v, l)| *v -= times * l);
            }
        }
        self.basis[leaves] = enters;
    }
}
