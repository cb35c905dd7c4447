"""What the reference model says of one epoch of Yuma: reads it as JSON, and writes what is decided.

The fields are those of `tests/model/README.md`, "Epochs of Yuma".
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from model import yuma  # noqa: E402
from model.epoch_vectors import answer, given_of  # noqa: E402

json.dump(answer(yuma.epoch(given_of(json.load(sys.stdin), {}))), sys.stdout)
