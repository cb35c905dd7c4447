"""The twin: what must agree with the chain to the atom."""

from .chain import Chain
from .keys import Keys
from .registry import Registry
from .staking import Staking
from .weighing import Weighing


class Twin(Chain, Staking, Registry, Keys, Weighing):
    """A whole chain."""
