//! How long something takes.

use cpu_time::ThreadTime;
use std::time::{Duration, Instant};

/// Two clocks' answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time {
	/// By the clock on the wall.
	pub wall: Duration,
	/// What this thread has computed: what others do on the machine does not count.
	pub cpu: Duration,
}

impl Time {
	/// CPU time, in microseconds.
	pub fn cpu_micros(&self) -> f64 {
		self.cpu.as_secs_f64() * 1e6
	}

	/// Time on the wall, in microseconds.
	pub fn wall_micros(&self) -> f64 {
		self.wall.as_secs_f64() * 1e6
	}
}

/// Run `what`, and say how long it took.
pub fn timed<R>(what: impl FnOnce() -> R) -> (R, Time) {
	let (wall, cpu) = (Instant::now(), ThreadTime::now());
	let result = what();
	let time = Time { cpu: cpu.elapsed(), wall: wall.elapsed() };
	(result, time)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_thread_that_sleeps_computes_nothing() {
		let pause = Duration::from_millis(30);
		let ((), time) = timed(|| std::thread::sleep(pause));
		assert!(time.wall >= pause);
		assert!(time.cpu < pause / 2, "{time:?}");
	}
}
