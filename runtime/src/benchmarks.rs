//! Which benchmarks the runtime offers to the weight generator, and what they need of more than one
//! pallet.

use crate::{AccountId, Balances, Dtao, Runtime, Subnets};
use alloc::vec::Vec;
use dtao_primitives::{
	constants::UNIT,
	traits::{OnSubnet, RegistryHelper},
	ConsensusParams, HotkeyId, NetUid, Tao, Uid,
};
use frame_support::traits::fungible::Mutate;

frame_benchmarking::define_benchmarks!(
	[frame_benchmarking, BaselineBench::<Runtime>]
	[frame_system, SystemBench::<Runtime>]
	[frame_system_extensions, SystemExtensionsBench::<Runtime>]
	[pallet_timestamp, Timestamp]
	[pallet_balances, Balances]
	[pallet_transaction_payment, TransactionPayment]
	[pallet_sudo, Sudo]
	[pallet_utility, Utility]
	[pallet_proxy, Proxy]
	[pallet_parameters, Parameters]
	[pallet_migrations, Migrations]
	[pallet_validators, Validators]
	[pallet_safe_mode, SafeMode]
	[pallet_tx_pause, TxPause]
	[pallet_subnets, Subnets]
	[pallet_yuma, Yuma]
	[pallet_dtao, Dtao]
);

impl frame_system_benchmarking::Config for Runtime {}
impl frame_benchmarking::baseline::Config for Runtime {}

/// Subnets for the consensus's benchmarks: known to the registry and to the market.
pub struct SeatedSubnet;

impl pallet_yuma::benchmarking::BenchmarkHelper<AccountId> for SeatedSubnet {
	fn start_subnet(netuid: NetUid, hotkeys: u32, params: ConsensusParams) -> Vec<AccountId> {
		let account = |name, n| frame_benchmarking::account::<AccountId>(name, n, 0);
		let owner = account("subnet's owner", 0);
		let accounts: Vec<_> = (0..hotkeys.max(1)).map(|n| account("seat", n)).collect();
		let own = |hotkey| <Subnets as RegistryHelper<AccountId>>::own_hotkey(&owner, hotkey);
		let ids: Vec<HotkeyId> = accounts.iter().map(own).collect();

		Balances::set_balance(&owner, 10_000 * UNIT);
		<Subnets as RegistryHelper<AccountId>>::create_subnet(netuid, &owner, ids[0]);
		pallet_subnets::Subnets::<Runtime>::mutate(netuid, |subnet| {
			subnet.as_mut().expect("it was registered").hyperparams.consensus = params;
		});
		Dtao::on_created(netuid, &owner, Tao(1_000 * UNIT)).expect("the owner can pay");
		for (uid, id) in (0..).map(Uid).zip(ids).take(hotkeys as usize) {
			<Subnets as RegistryHelper<AccountId>>::take_seat(netuid, id);
			Dtao::on_seated(netuid, uid, id).expect("the seat is the next");
		}
		Dtao::on_started(netuid).expect("it has not started");
		accounts
	}
}
