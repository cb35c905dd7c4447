"""All scenarios, in the order of the files that hold them."""

from . import base_blocks, base_boundaries, base_calls, base_promises, base_rewards
from . import dissolving, keys, long_runs, owners, rules, stakes, yuma_chain, yuma_epochs
from .common import built

MODULES = (
    base_promises, base_blocks, base_boundaries, base_calls, base_rewards, rules, stakes, dissolving, keys, owners,
    long_runs, yuma_chain, yuma_epochs,
)
ALL = [build for module in MODULES for build in module.VECTORS]

__all__ = ["ALL", "built"]
