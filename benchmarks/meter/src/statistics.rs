//! What many measurements come to.

/// The middle one of `values`, or the mean of the two in the middle; 0 of none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
	let mut sorted: Vec<f64> = values.into_iter().collect();
	sorted.sort_by(f64::total_cmp);
	let (low, high) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
	match (sorted.get(low), sorted.get(high)) {
		(Some(low), Some(high)) => (low + high) / 2.0,
		_ => 0.0,
	}
}

/// A straight line through points, by least squares.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
	/// Where it begins.
	pub intercept: f64,
	/// How much it rises.
	pub slope: f64,
	/// How much of the points' spread it explains: 1 for all.
	pub r_squared: f64,
}

impl Fit {
	/// The line through `points`, of which at least two differ horizontally.
	pub fn through(points: &[(f64, f64)]) -> Self {
		let count = points.len() as f64;
		let mean_x = points.iter().map(|(x, _)| x).sum::<f64>() / count;
		let mean_y = points.iter().map(|(_, y)| y).sum::<f64>() / count;
		let spread = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>();
		let xx = spread(&|(x, _)| (x - mean_x).powi(2));
		let xy = spread(&|(x, y)| (x - mean_x) * (y - mean_y));
		let yy = spread(&|(_, y)| (y - mean_y).powi(2));
		let slope = xy / xx;
		Self {
			intercept: mean_y - slope * mean_x,
			slope,
			r_squared: if yy == 0.0 { 1.0 } else { xy.powi(2) / (xx * yy) },
		}
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn the_median_is_in_the_middle() {
		assert_eq!(median([]), 0.0);
		assert_eq!(median([3.0, 1.0, 100.0]), 3.0);
		assert_eq!(median([4.0, 1.0, 2.0, 100.0]), 3.0);
	}

	#[test]
	fn a_line_is_found_again() {
		let fit = Fit::through(&[(0.0, 3.0), (1.0, 5.0), (2.0, 7.0)]);
		assert_eq!(fit, Fit { intercept: 3.0, slope: 2.0, r_squared: 1.0 });
	}

	#[test]
	fn a_bend_is_no_line() {
		let fit = Fit::through(&[(0.0, 0.0), (1.0, 1.0), (2.0, 0.0)]);
		assert!(fit.r_squared < 0.1, "{fit:?}");
	}
}
