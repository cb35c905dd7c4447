//! A chain on which everything may happen within some blocks, and what is checked of it.

use super::Step;
use dtao_primitives::{
	constants::{MIN_TEMPO, UNIT},
	ConsensusParams, NetUid, SubnetsParams, Tao, Uid,
};
use dtao_runtime::{
	parameters::Checked, AccountId, AllPalletsWithSystem, BalancesConfig, Dtao, DtaoConfig,
	InitialParametersConfig, Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig,
	RuntimeOrigin, Subnets, SubnetsConfig, System, TxExtension, Validators, Yuma, YumaConfig,
};
use frame_support::{
	dispatch::{DispatchResultWithPostInfo, GetDispatchInfo},
	storage::{with_transaction_unchecked, TransactionOutcome},
	traits::{OnIdle, OnInitialize},
};
use pallet_dtao::{Event, GenesisStake};
use pallet_subnets::{GenesisHotkey, GenesisSubnet};
use pallet_yuma::GenesisWeights;
use sp_io::TestExternalities;
use sp_runtime::{
	generic::{CheckedExtrinsic, Era, ExtrinsicFormat},
	traits::{Applyable, Dispatchable},
	BuildStorage, DispatchResult, PerU16,
};
use std::cell::RefCell;

/// How many coldkeys there are: the last of them has nothing.
const COLDKEYS: u8 = 6;

/// How many hotkeys there are.
const HOTKEYS: u8 = 8;

/// Subnets at genesis; the last does not trade yet.
const SUBNETS: u8 = 3;

/// What a coldkey begins with.
const PURSE: u64 = 20_000 * UNIT;

/// What a hotkey begins with: fees for its weights.
const HOTKEY_PURSE: u64 = 10 * UNIT;

/// The coldkey with number `n`, from one on.
pub fn coldkey(n: u8) -> AccountId {
	[n; 32].into()
}

/// The hotkey with number `n`.
pub fn hotkey(n: u8) -> AccountId {
	[0x40 + n; 32].into()
}

/// Who sends where a task says `who`: a coldkey or a hotkey.
fn sender(who: u8) -> AccountId {
	match who % (COLDKEYS + HOTKEYS) {
		n if n < COLDKEYS => coldkey(n + 1),
		n => hotkey(n - COLDKEYS),
	}
}

fn owner(hotkey: u8) -> AccountId {
	coldkey(hotkey % (COLDKEYS - 1) + 1)
}

fn subnet(n: u8) -> GenesisSubnet<AccountId> {
	GenesisSubnet {
		owner: coldkey(n % COLDKEYS + 1),
		hotkey: hotkey(n),
		lock: Tao(100 * UNIT),
		tempo: Some(MIN_TEMPO),
		started: n + 1 < SUBNETS,
		neurons: [hotkey(n), hotkey(n + 1), hotkey(n + 2)].into(),
	}
}

/// Each neuron of a subnet weighs the next.
fn weights() -> Vec<GenesisWeights<AccountId>> {
	(0..SUBNETS)
		.flat_map(|n| {
			(0..3).map(move |uid| GenesisWeights {
				netuid: NetUid(u16::from(n) + 1),
				hotkey: hotkey(n + uid),
				weights: vec![(Uid(u16::from(uid + 1) % 3), u16::MAX)],
			})
		})
		.collect()
}

/// Everybody but the last has staked in each subnet that trades, and on root.
fn stakes() -> Vec<GenesisStake<AccountId>> {
	(0..SUBNETS - 1)
		.flat_map(|n| [(NetUid(u16::from(n) + 1), n), (NetUid::ROOT, n)])
		.flat_map(|(netuid, n)| {
			(1..COLDKEYS).map(move |who| GenesisStake {
				coldkey: coldkey(who),
				hotkey: hotkey(n + who % 3),
				netuid,
				tao: Tao(10 * UNIT),
			})
		})
		.collect()
}

fn genesis() -> RuntimeGenesisConfig {
	let registry = SubnetsParams {
		min_lock: Tao(5 * UNIT),
		lock_interval: 20,
		registration_interval: 1,
		tempo: MIN_TEMPO,
		neuron_half_life: 5,
		take_delay: 5,
		subnet_immunity: 20,
		dissolve_delay: 5,
		neuron_immunity: 5,
		hyperparams_interval: 5,
		hyperparams_freeze: 2,
		hotkey_swap_interval: 2,
		coldkey_swap_delay: 5,
		..Default::default()
	};
	RuntimeGenesisConfig {
		balances: BalancesConfig {
			balances: (1..COLDKEYS)
				.map(|n| (coldkey(n), PURSE))
				.chain((0..HOTKEYS).map(|n| (hotkey(n), HOTKEY_PURSE)))
				.collect(),
			..Default::default()
		},
		initial_parameters: InitialParametersConfig {
			subnets: Some(Checked::new(registry).expect("they are in bounds")),
			..Default::default()
		},
		subnets: SubnetsConfig {
			hotkeys: (0..HOTKEYS)
				.map(|n| GenesisHotkey {
					hotkey: hotkey(n),
					coldkey: owner(n),
					take: Some(PerU16::from_percent(9)),
				})
				.collect(),
			subnets: (0..SUBNETS).map(subnet).collect(),
		},
		yuma: YumaConfig { weights: weights() },
		dtao: DtaoConfig { stakes: stakes() },
		..Default::default()
	}
}

/// The chain at its first block. It lies in the overlay, above an empty trie: a walk over a map then
/// asks the trie for nothing.
fn first_block() -> TestExternalities {
	let values = genesis().build_storage().expect("genesis builds").top;
	let mut state = TestExternalities::default();
	state.execute_with(|| {
		for (key, value) in values {
			sp_io::storage::set(&key, &value);
		}
		for n in 1..=u16::from(SUBNETS) {
			pallet_subnets::Subnets::<Runtime>::mutate(NetUid(n), |subnet| {
				let subnet = subnet.as_mut().expect("it exists");
				subnet.hyperparams.consensus = ConsensusParams {
					weights_rate_limit: 0,
					commit_reveal: n % 2 == 0,
					..subnet.hyperparams.consensus
				};
			});
		}
		World.next_block();
	});
	state
}

thread_local! {
	static CHAIN: RefCell<TestExternalities> = RefCell::new(first_block());
}

/// The chain that a task finds: always the same.
pub(super) struct World;

impl World {
	/// Do something on the chain, and undo it.
	pub(super) fn with<R>(task: impl FnOnce(&Self) -> R) -> R {
		CHAIN.with_borrow_mut(|chain| {
			chain.execute_with(|| {
				with_transaction_unchecked(|| TransactionOutcome::Rollback(task(&Self)))
			})
		})
	}

	/// Take one step. Answers with what the call said, if there was one that a block would have.
	pub(super) fn take(&self, step: Step) -> Option<DispatchResult> {
		match step {
			Step::Blocks(count) => {
				for _ in 0..count {
					self.close_block();
					self.next_block();
				}
				self.look();
				None
			},
			Step::Governance(call) if is_ours(&call) => {
				Some(plain(call.dispatch(RuntimeOrigin::root())))
			},
			Step::Governance(_) => None,
			Step::Account(who, call) => self.send(sender(who), call),
		}
	}

	/// A signed transaction, from its checks to its fee.
	fn send(&self, who: AccountId, call: RuntimeCall) -> Option<DispatchResult> {
		let extension: TxExtension = (
			frame_system::CheckNonZeroSender::new(),
			frame_system::CheckSpecVersion::new(),
			frame_system::CheckTxVersion::new(),
			frame_system::CheckGenesis::new(),
			frame_system::CheckEra::from(Era::Immortal),
			frame_system::CheckNonce::from(System::account_nonce(&who)),
			frame_system::CheckWeight::new(),
			pallet_transaction_payment::ChargeTransactionPayment::from(0),
			frame_metadata_hash_extension::CheckMetadataHash::new(false),
			frame_system::WeightReclaim::new(),
		);
		let info = call.get_dispatch_info();
		let transaction = CheckedExtrinsic::<_, _, TxExtension> {
			format: ExtrinsicFormat::Signed(who, extension),
			function: call,
		};
		// As a block does: what cannot be paid for, or does not fit, is not in it.
		with_transaction_unchecked(|| match transaction.apply::<Runtime>(&info, 200) {
			Ok(said) => TransactionOutcome::Commit(Some(plain(said))),
			Err(_) => TransactionOutcome::Rollback(None),
		})
	}

	fn next_block(&self) {
		let block = System::block_number() + 1;
		System::initialize(&block, &Default::default(), &Default::default());
		AllPalletsWithSystem::on_initialize(block);
	}

	/// What can wait is done on what the block leaves over; then no step of it may have failed.
	fn close_block(&self) {
		let limits = <Runtime as frame_system::Config>::BlockWeights::get();
		let room = limits.max_block.saturating_sub(System::block_weight().total());
		AllPalletsWithSystem::on_idle(System::block_number(), room);
		for record in System::events() {
			let RuntimeEvent::Dtao(event) = record.event else { continue };
			let failed = matches!(
				event,
				Event::EmissionStepFailed { .. }
					| Event::BlockStepFailed { .. }
					| Event::EpochFailed { .. }
					| Event::RedemptionStepFailed { .. }
			);
			assert!(!failed, "in block {}: {event:?}", System::block_number());
		}
	}

	/// Every invariant holds, and every line of the audit.
	pub(super) fn look(&self) {
		Dtao::do_try_state().expect("every invariant of the market holds");
		Subnets::do_try_state().expect("every invariant of the registry holds");
		Yuma::do_try_state().expect("every invariant of the consensus holds");
		Validators::do_try_state().expect("every invariant of the validators holds");
		assert!(Dtao::audit().iter().all(|line| line.holds), "every line of the audit holds");
	}
}

fn plain(said: DispatchResultWithPostInfo) -> DispatchResult {
	said.map(|_| ()).map_err(|refused| refused.error)
}

/// Whether governance may send it here. It could write any storage, and take TAO from any account;
/// then no rule of ours holds.
fn is_ours(call: &RuntimeCall) -> bool {
	matches!(
		call,
		RuntimeCall::Dtao(_)
			| RuntimeCall::Subnets(_)
			| RuntimeCall::Yuma(_)
			| RuntimeCall::Validators(_)
			| RuntimeCall::Parameters(_)
			| RuntimeCall::InitialParameters(_)
			| RuntimeCall::SafeMode(_)
			| RuntimeCall::TxPause(_)
	)
}
