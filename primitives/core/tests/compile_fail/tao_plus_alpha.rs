use dtao_primitives::{Alpha, Tao};

fn main() {
	let _ = Tao(1).checked_add(Alpha(1));
}
