//! Lines over logarithmic axes, as SVG.

use std::fmt::Write;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 170.0;
const TOP: f64 = 60.0;
const BOTTOM: f64 = 60.0;
const COLOURS: [&str; 4] = ["#1b6ca8", "#c8553d", "#4a8c5f", "#8d6a9f"];

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
	/// What it shows.
	pub name: String,
	/// Its points; both coordinates above 0.
	pub points: Vec<(f64, f64)>,
}

/// Lines over two logarithmic axes.
#[derive(Clone, Debug)]
pub struct Chart {
	/// What it shows.
	pub title: String,
	/// When, where and of what.
	pub subtitle: String,
	/// The horizontal axis.
	pub across: String,
	/// The vertical axis.
	pub up: String,
	/// The lines, four at most.
	pub lines: Vec<Line>,
}

impl Chart {
	/// The drawing.
	pub fn svg(&self) -> String {
		let points = || self.lines.iter().flat_map(|line| &line.points);
		let across = Axis::over(points().map(|(x, _)| *x), 2.0, LEFT, WIDTH - RIGHT);
		let up = Axis::over(points().map(|(_, y)| *y), 10.0, HEIGHT - BOTTOM, TOP);
		let mut svg = format!(
			"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
			 font-family=\"sans-serif\" font-size=\"12\">\n\
			 <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n"
		);
		text(&mut svg, LEFT, 24.0, "start", &self.title);
		text(&mut svg, LEFT, 42.0, "start", &self.subtitle);
		text(&mut svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16.0, "middle", &self.across);
		text(&mut svg, 8.0, TOP - 8.0, "start", &self.up);
		for (value, place) in across.ticks() {
			rule(&mut svg, (place, TOP), (place, HEIGHT - BOTTOM), "#ddd");
			text(&mut svg, place, HEIGHT - BOTTOM + 18.0, "middle", &value.to_string());
		}
		for (value, place) in up.ticks() {
			rule(&mut svg, (LEFT, place), (WIDTH - RIGHT, place), "#ddd");
			text(&mut svg, LEFT - 8.0, place + 4.0, "end", &value.to_string());
		}
		for (line, colour) in self.lines.iter().zip(COLOURS) {
			draw(&mut svg, line, colour, &across, &up);
		}
		svg.push_str("</svg>\n");
		svg
	}
}

/// Where numbers lie on the drawing.
struct Axis {
	low: f64,
	high: f64,
	base: f64,
	start: f64,
	end: f64,
}

impl Axis {
	/// An axis from the last power of `base` below all `values` to the first above them.
	fn over(values: impl Iterator<Item = f64>, base: f64, start: f64, end: f64) -> Self {
		let (low, high) = values
			.filter(|value| *value > 0.0)
			.map(|value| value.log(base))
			.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
				(low.min(value), high.max(value))
			});
		let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
		let low = (low + 1e-9).floor();
		Self { low, high: (high - 1e-9).ceil().max(low + 1.0), base, start, end }
	}

	fn place(&self, value: f64) -> f64 {
		let part = (value.log(self.base) - self.low) / (self.high - self.low);
		self.start + part * (self.end - self.start)
	}

	/// The powers of the base, each with its place; every second one if there are many.
	fn ticks(&self) -> Vec<(f64, f64)> {
		let (low, high) = (self.low as i32, self.high as i32);
		let step = if high - low > 8 { 2 } else { 1 };
		let powers = (low..=high).step_by(step).map(|power| self.base.powi(power));
		powers.map(|value| (value, self.place(value))).collect()
	}
}

fn draw(svg: &mut String, line: &Line, colour: &str, across: &Axis, up: &Axis) {
	let shown = line.points.iter().filter(|(x, y)| *x > 0.0 && *y > 0.0);
	let places: Vec<_> = shown.map(|(x, y)| (across.place(*x), up.place(*y))).collect();
	let path: Vec<_> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
	put(
		svg,
		format_args!(
			"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>\n",
			path.join(" ")
		),
	);
	for (x, y) in &places {
		put(svg, format_args!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>\n"));
	}
	if let Some((x, y)) = places.last() {
		text(svg, x + 8.0, y + 4.0, "start", &line.name);
	}
}

fn rule(svg: &mut String, from: (f64, f64), to: (f64, f64), colour: &str) {
	let ((x1, y1), (x2, y2)) = (from, to);
	put(
		svg,
		format_args!(
			"<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>\n"
		),
	);
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
	let words = words.replace('&', "&amp;").replace('<', "&lt;");
	put(
		svg,
		format_args!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>\n"),
	);
}

fn put(svg: &mut String, what: std::fmt::Arguments<'_>) {
	svg.write_fmt(what).expect("a string can be written to");
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn powers_lie_evenly_on_an_axis() {
		let axis = Axis::over([3.0, 900.0].into_iter(), 10.0, 0.0, 300.0);
		assert_eq!((axis.low, axis.high), (0.0, 3.0));
		let places: Vec<_> = axis.ticks().into_iter().map(|(_, place)| place.round()).collect();
		assert_eq!(places, [0.0, 100.0, 200.0, 300.0]);
	}

	#[test]
	fn a_chart_shows_each_point_and_escapes_its_words() {
		let line = Line { name: "a < b".into(), points: vec![(1.0, 2.0), (4.0, 8.0)] };
		let chart = Chart {
			title: "T".into(),
			subtitle: String::new(),
			across: "n".into(),
			up: "ms".into(),
			lines: vec![line],
		};
		let svg = chart.svg();
		assert_eq!(svg.matches("<circle").count(), 2);
		assert!(svg.contains("a &lt; b") && svg.ends_with("</svg>\n"));
	}
}
