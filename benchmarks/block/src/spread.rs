//! How much measurements differ.

/// What many measurements of one thing come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
	/// The least.
	pub(crate) least: f64,
	/// The mean.
	pub(crate) mean: f64,
	/// The middle one.
	pub(crate) median: f64,
	/// What 95 of 100 are not above.
	pub(crate) p95: f64,
	/// What 99 of 100 are not above.
	pub(crate) p99: f64,
	/// The most.
	pub(crate) most: f64,
}

impl Spread {
	/// The spread of `values`; of none it is nothing.
	pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
		let mut sorted: Vec<f64> = values.into_iter().collect();
		sorted.sort_by(f64::total_cmp);
		let last = sorted.len().saturating_sub(1);
		let part = |hundredths: usize| {
			sorted.get((last * hundredths).div_ceil(100)).copied().unwrap_or(f64::NAN)
		};
		Self {
			least: part(0),
			mean: sorted.iter().sum::<f64>() / sorted.len() as f64,
			median: part(50),
			p95: part(95),
			p99: part(99),
			most: part(100),
		}
	}
}
