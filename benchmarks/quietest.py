#!/usr/bin/env python3
"""Weights of several rounds of measurements, of which for each step of a benchmark the fastest counts.

    benchmarks/quietest.py merge ROUND.json ... >MERGED.json
    benchmarks/quietest.py splice WHOLE.rs TIMES.rs ROUNDS >WEIGHTS.rs

Whatever else a machine does makes a run slower and never faster, and some of it lasts longer than all
repeats of a step: so there are rounds, some minutes apart. ROUND.json is what the runner's `--json-file`
has written, and MERGED.json what its `--json-input` reads. What it then writes, TIMES.rs, lacks what
storage items weigh in a proof: WHOLE.rs, which one round has written, has that.
"""

import json
import re
import sys

# A function with all that it weighs, and the times in it: of the base, and of each component.
FUNCTION = re.compile(r"\tfn (\w+)\(.*?\n\t}\n", re.DOTALL)
FASTEST = re.compile(r"// The fastest run took .*")
BASE = re.compile(r"Weight::from_parts\((\w+), (\w+)\)\n")
PARAMETER = re.compile(r"\b_?(\w): u32")
SLOPES = re.compile(
    r"(?:\t+// Standard error: .*\n\t+\.saturating_add\(Weight::from_parts\(\w+, 0\)\.saturating_mul.*\n)+"
)


def fastest(runs):
    """The fastest run of each step, in the order in which steps came."""
    steps = {}
    for run in runs:
        step = json.dumps(run["components"])
        kept = steps.setdefault(step, run)
        if run["extrinsic_time"] < kept["extrinsic_time"]:
            steps[step] = run
    return list(steps.values())


def merge(rounds):
    """The first round, with the fastest of all rounds' runs in it."""
    merged = rounds[0]
    for place, batch in enumerate(merged):
        same = [batches[place] for batches in rounds]
        if any(other["benchmark"] != batch["benchmark"] for other in same):
            raise SystemExit("the rounds are not of the same benchmarks")
        batch["time_results"] = fastest(run for other in same for run in other["time_results"])
    return merged


def retimed(function, times):
    """A function's text with the times of another's."""
    base = BASE.search(times)
    slopes = SLOPES.search(times)
    function = SLOPES.sub("", function)
    function = FASTEST.sub(FASTEST.search(times).group(), function)
    proof = BASE.search(function).group(2)
    line = f"Weight::from_parts({base.group(1)}, {proof})\n"
    function = BASE.sub(line + (slopes.group() if slopes else ""), function, count=1)
    return PARAMETER.sub(lambda found: parameter(found.group(1), function), function)


def parameter(name, function):
    """A component as its function takes it: one that weighs nothing has an underscore."""
    return f"{name}: u32" if f"({name}.into())" in function else f"_{name}: u32"


def splice(whole, times, rounds):
    """The file `whole` with the times of the file `times`."""
    timed = {found.group(1): found.group() for found in FUNCTION.finditer(times)}
    header = f", rounds: {rounds}. The fastest run of each step counts.\n"
    whole = re.sub(r"(//! Date: .*)\.\n", lambda line: line.group(1) + header, whole, count=1)
    return FUNCTION.sub(lambda found: retimed(found.group(), timed[found.group(1)]), whole)


def read(name):
    """The text of a file."""
    with open(name, encoding="utf-8") as file:
        return file.read()


def main(command, *arguments):
    """One of the two commands."""
    if command == "merge" and arguments:
        json.dump(merge([json.loads(read(name)) for name in arguments]), sys.stdout)
    elif command == "splice" and len(arguments) == 3:
        whole, times, rounds = arguments
        sys.stdout.write(splice(read(whole), read(times), rounds))
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
