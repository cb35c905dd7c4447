//! The series that `docs/promises.md` shows, as comma-separated values in `docs/plots`.

use super::{
	price::{newcomer, price_path},
	yields::measure,
	*,
};
use std::{fmt::Write, fs, path::PathBuf};

fn write(name: &str, text: &str) {
	let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/plots"));
	fs::create_dir_all(&folder).expect("the folder can be made");
	fs::write(folder.join(name), text).expect("the file can be written");
}

/// The price of a new subnet beside two others over a day's worth of blocks, by what happens to
/// its rewards.
fn price_series() -> String {
	const BLOCKS: u32 = 7_200;
	let (chain, netuid) = newcomer();
	chain.staked(alice(), validator(), netuid, tao(10)).build().execute_with(|| {
		let kept = undone(|| price_path(netuid, BLOCKS, false));
		let sold = undone(|| price_path(netuid, BLOCKS, true));
		let half = undone(|| {
			let mut path = price_path(netuid, BLOCKS / 2, true);
			path.extend(price_path(netuid, BLOCKS / 2, false));
			path
		});
		let mut text =
			String::from("block,nobody sells,all rewards are sold,sold until block 3600\n");
		for block in (0..BLOCKS as usize).step_by(20) {
			writeln!(
				text,
				"{},{:.6},{:.6},{:.6}",
				block + 1,
				kept[block].to_float(),
				sold[block].to_float(),
				half[block].to_float()
			)
			.expect("a string takes it");
		}
		text
	})
}

/// A subnet's part of the next block's TAO, in percent, by what is staked in it: one of four alike.
fn share_series() -> String {
	let mut text = String::from("TAO staked,this subnet,each of the other three\n");
	subnets(&[1_000; 4]).build().execute_with(|| {
		for step in 0..=60u64 {
			if step > 0 {
				add(&carol(), NetUid(1), &validator(), tao(50), 0).expect("she has it");
			}
			let share = |n: u16| {
				let breakdown = Dtao::emission_breakdown(NetUid(n)).expect("it trades");
				breakdown.share.to_float() * 100.0
			};
			writeln!(text, "{},{:.6},{:.6}", 50 * step, share(1), share(2))
				.expect("a string takes it");
		}
	});
	text
}

/// What a TAO earns in a day, in percent, on root and on the subnets.
fn yield_series() -> String {
	let mut text = String::from("subnets,root,direct\n");
	for n in [1, 2, 4, 8, 12, 24, 48, 96, 128] {
		let yields = measure(n, 3);
		writeln!(text, "{n},{:.6},{:.6}", yields.root, yields.direct).expect("a string takes it");
	}
	text
}

/// Writes the series. `make plots` runs it, and draws them.
#[test]
#[ignore = "writes files: `make plots` runs it"]
fn write_the_series() {
	write("price.csv", &price_series());
	write("share.csv", &share_series());
	write("yield.csv", &yield_series());
}
