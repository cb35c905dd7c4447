//! What a subnet says of itself.

use super::{assert_last_event, root, signed};
use crate::{
	mock::{tao, Subnets, Test, TestExt, ALICE, BOB, HOTKEY, NETUID},
	Error, Event, Identities,
};
use dtao_primitives::{traits::SubnetRegistry, NetUid, SubnetIdentity, Text};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::{DispatchError, DispatchResult};

fn text<const N: u32>(text: &[u8]) -> Text<N> {
	text.to_vec().try_into().expect("the text fits")
}

fn identity() -> SubnetIdentity {
	SubnetIdentity {
		name: text("Zürich".as_bytes()),
		symbol: text("ζ".as_bytes()),
		description: text(&[b'x'; 512]),
		url: text(b"https://example.org"),
		contact: text(b""),
	}
}

fn one_subnet() -> TestExt {
	TestExt::new().endow(ALICE, tao(10)).subnet(ALICE, HOTKEY)
}

/// The owner says `identity`.
fn say(identity: SubnetIdentity) -> DispatchResult {
	Subnets::set_subnet_identity(signed(ALICE), NETUID, identity)
}

#[test]
fn an_owner_says_what_its_subnet_is() {
	one_subnet().execute_with(|| {
		assert_ok!(say(identity()));
		assert_eq!(Subnets::identity(NETUID), Some(identity()));
		assert_eq!(<Subnets as SubnetRegistry<u64>>::name(NETUID), identity().name);
		assert_last_event(Event::SubnetIdentitySet { netuid: NETUID });
		assert_eq!(Subnets::identity(NetUid(9)), None);
		assert!(<Subnets as SubnetRegistry<u64>>::name(NetUid(9)).is_empty());
	});
}

#[test]
fn a_subnet_that_says_nothing_has_no_row() {
	one_subnet().execute_with(|| {
		assert_ok!(say(identity()));
		assert_ok!(say(SubnetIdentity::default()));
		assert_eq!(Identities::<Test>::iter().count(), 0);
		assert_last_event(Event::SubnetIdentitySet { netuid: NETUID });
	});
}

#[test]
fn what_is_not_text_is_refused_in_every_field() {
	one_subnet().execute_with(|| {
		let wrong: [fn(&mut SubnetIdentity); 5] = [
			|identity| identity.name = text(&[0xff]),
			|identity| identity.symbol = text(&[0xc3]),
			|identity| identity.description = text(&[b'a', 0x80]),
			|identity| identity.url = text(&[0xed, 0xa0, 0x80]),
			|identity| identity.contact = text(&[0xf8]),
		];
		for change in wrong {
			let mut identity = identity();
			change(&mut identity);
			assert_noop!(say(identity), Error::<Test>::IdentityNotText);
		}
	});
}

#[test]
fn nobody_else_says_anything() {
	one_subnet().execute_with(|| {
		let say = |origin, netuid| Subnets::set_subnet_identity(origin, netuid, identity());
		for stranger in [BOB, HOTKEY] {
			assert_noop!(say(signed(stranger), NETUID), Error::<Test>::NotSubnetOwner);
		}
		assert_noop!(say(root(), NETUID), DispatchError::BadOrigin);
		for netuid in [NetUid::ROOT, NetUid(2)] {
			assert_noop!(say(signed(ALICE), netuid), Error::<Test>::UnknownSubnet);
		}
	});
}

#[test]
fn a_dissolved_subnet_says_nothing() {
	one_subnet().execute_with(|| {
		assert_ok!(say(identity()));
		assert_ok!(Subnets::dissolve_subnet(root(), NETUID));
		assert_eq!(Identities::<Test>::iter().count(), 0);
		assert_noop!(say(identity()), Error::<Test>::UnknownSubnet);
	});
}
