"""`python3 -m model generate` writes the vectors; `python3 -m model check` verifies them."""

import argparse
import pathlib
import sys
import time

from . import scenarios

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"


def generate(only: str) -> int:
    """Write every vector, and remove those that no scenario writes."""
    VECTORS.mkdir(exist_ok=True)
    names = set()
    for build in scenarios.ALL:
        for scenario in scenarios.built(build, only):
            names.add(scenario.name)
            (VECTORS / f"{scenario.name}.json").write_text(scenario.json(), encoding="utf-8")
    if not only:
        for path in VECTORS.glob("*.json"):
            if path.stem not in names:
                path.unlink()
    print(f"{len(names)} vectors in {VECTORS}")
    return 0


def check(only: str) -> int:
    """Write every vector anew and compare, replay it, and compare the twin with the brute model."""
    failures, names = [], set()
    print(f"{'vector':44} {'blocks':>6} {'compared':>8} {'farthest':>10} {'bound':>8} {'seconds':>7}")
    began = time.monotonic()
    for build in scenarios.ALL:
        for scenario in scenarios.built(build, only):
            names.add(scenario.name)
            failures += verify(scenario)
            took, began = time.monotonic() - began, time.monotonic()
            print(f"{scenario.name:44} {scenario.report()} {took:7.1f}")
    if not only:
        failures += [f"{path.name}: no scenario" for path in sorted(VECTORS.glob("*.json")) if path.stem not in names]
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{len(names)} vectors, {len(failures)} failures")
    return 1 if failures else 0


def verify(scenario) -> list[str]:
    """What is wrong with a vector."""
    path = VECTORS / f"{scenario.name}.json"
    if not path.exists():
        return [f"{scenario.name}: no file; run generate"]
    text = path.read_text(encoding="utf-8")
    failures = [] if text == scenario.json() else [f"{scenario.name}: the file differs; run generate"]
    failures += scenario.replay(text)
    return failures + [f"{scenario.name}, {what}" for what in scenario.wrong()]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python3 -m model", description=__doc__)
    parser.add_argument("command", choices=["generate", "check"])
    parser.add_argument("only", nargs="?", default="", help="only vectors whose name contains this")
    arguments = parser.parse_args()
    return {"generate": generate, "check": check}[arguments.command](arguments.only)


if __name__ == "__main__":
    sys.exit(main())
