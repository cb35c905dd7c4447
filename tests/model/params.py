"""Parameters: the field names and defaults of `primitives/core`."""

from .maths import UNIT

MARKET = {
    "swap_fee": 500_000,
    "max_trade_ratio": 333_333_333,
    "min_reserve": 1_000_000,
    "min_stake": 2_000_000,
    "owner_cut": 180_000_000,
    "tao_weight": 180_000_000,
    "root_sale_rate": 100_000,
    "min_root_sale": 1_000_000,
    "price_half_life": 231_049,
    "price_ramp": 201_600,
    "rule": "TaoReserve",
    "flow_half_life": 216_000,
    "flow_cutoff": -(2**63),
    "flow_power": 1,
}

SUBNETS = {
    "min_lock": 1_000 * UNIT,
    "lock_interval": 100_800,
    "registration_interval": 7_200,
    "start_delay": 0,
    "tempo": 360,
    "neuron_cost": UNIT // 10,
    "min_neuron_cost": UNIT // 2_000,
    "max_neuron_cost": 100 * UNIT,
    "neuron_half_life": 360,
    "neuron_cost_rise": 260_000_000,
    "max_take": 11_796,
    "default_take": 11_796,
    "take_delay": 216_000,
    "max_subnets": 128,
    "subnet_immunity": 1_296_000,
    "dissolve_delay": 50_400,
    "neuron_immunity": 5_000,
    "hyperparams_interval": 7_200,
    "hyperparams_freeze": 10,
    "hotkey_swap_interval": 7_200,
    "coldkey_swap_delay": 36_000,
}

CONSENSUS = {
    "kappa": 32_767,
    "max_validators": 64,
    "stake_threshold": UNIT,
    "bonds_version": "Yuma3",
    "bonds_moving_average": 58_981,
    "bonds_penalty": 65_535,
    "liquid_alpha": None,
    "activity_cutoff": 5_000,
    "min_allowed_weights": 1,
    "max_weight_limit": 65_535,
    "weights_rate_limit": 100,
    "version_key": 0,
    "commit_reveal": True,
    "reveal_period": 1,
}

EXISTENTIAL_DEPOSIT = 500
MAX_SUBNETS = 128
MAX_SEATS = 256
MAX_VALIDATORS = 64
GOVERNED = ("kappa", "max_validators", "stake_threshold")  # not the owner's to set
MIN_TEMPO = 60
MAX_TEMPO = 50_400
MAX_NEURON_IMMUNITY = 50_400
MAX_EPOCHS_PER_BLOCK = 4
ROOT = 0


class Params:
    """A parameter set, by attribute; unknown names are refused."""

    def __init__(self, defaults: dict, overrides: dict):
        unknown = set(overrides) - set(defaults)
        if unknown:
            raise ValueError(f"unknown parameters: {sorted(unknown)}")
        self.__dict__.update(defaults, **overrides)

    def changed(self, overrides: dict) -> "Params":
        """The same with some values replaced."""
        return Params(self.__dict__, overrides)


def new_consensus(tempo: int) -> Params:
    """The consensus parameters of a new subnet: nobody who speaks when it may is inactive."""
    params = Params(CONSENSUS, {})
    return params.changed({"activity_cutoff": max(least_activity_cutoff(params, tempo), params.activity_cutoff)})


def consensus_holds(params: Params, tempo: int) -> bool:
    """Whether consensus parameters are within their bounds, for epochs of `tempo` blocks."""
    liquid = params.liquid_alpha
    return (
        params.kappa > 0
        and 1 <= params.max_validators <= MAX_VALIDATORS
        and params.stake_threshold <= 21 * 10**15
        and params.bonds_moving_average <= 63_897
        and (liquid is None or (0 < liquid["low"] <= liquid["high"] and 1 <= liquid["steepness"] <= 100))
        and params.weights_rate_limit <= 7_200
        and 1 <= params.reveal_period <= 10
        and least_activity_cutoff(params, tempo) <= params.activity_cutoff <= 1_000_000
        and params.min_allowed_weights <= MAX_SEATS
        and params.max_weight_limit >= 6_553
    )


def least_activity_cutoff(params: Params, tempo: int) -> int:
    """The epochs until a commitment counts, and one more setting."""
    return tempo * (params.reveal_period + 2) + params.weights_rate_limit
