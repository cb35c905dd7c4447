#!/usr/bin/env python3
"""Times how long a node takes to sync a chain from another, over the network.

    benchmarks/sync.py NODE FOLDER BLOCKS

FOLDER is what `dtao-bench-block --network FOLDER` has made: the database of a node with all
BLOCKS, and that of one with the first block alone. Both are run as the program NODE, and stopped.
"""

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

# Ports of the node that has the blocks; those of the other follow.
RPC, NETWORK = 29_944, 29_333

# Seconds that a node may take to answer, and to sync a block.
START, BLOCK = 300, 2

# A node keeps the states of so many blocks: all. It looks for the first block's.
ALL_STATES = "1000000"


class Node:
    """A node of the chain, which runs as long as this does."""

    def __init__(self, program, folder, name, number, more):
        self.rpc = RPC + number
        key = f"{number + 1:064x}"
        self.log = (folder / f"{name}.log").open("w")
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            [program, "--chain", folder / "spec.json", "--base-path", folder / name]
            + ["--node-key", key, "--listen-addr", f"/ip4/127.0.0.1/tcp/{NETWORK + number}"]
            + ["--rpc-port", str(self.rpc), "--rpc-methods", "unsafe"]
            + ["--no-mdns", "--no-telemetry", "--no-prometheus", "--no-grandpa", *more],
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )

    def ask(self, method):
        body = json.dumps({"id": 1, "jsonrpc": "2.0", "method": method, "params": []})
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.rpc}", body.encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["result"]

    def block(self):
        """The number of its best block, if it answers."""
        try:
            return int(self.ask("chain_getHeader")["number"], 16)
        except OSError:
            return None

    def wait_for(self, block, seconds):
        """Wait until its best block is that or a later one, and say when that was."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise SystemExit(f"a node ended: see {self.log.name}")
            number = self.block()
            if number is not None and number >= block:
                return time.monotonic()
            time.sleep(0.05)
        raise SystemExit(f"block {block} was not reached: see {self.log.name}")

    def most_memory(self):
        """The most memory that it has had, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) >> 10

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def size(folder):
    """The bytes of all files in it."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def main(program, folder, blocks):
    nodes = []
    try:
        author = Node(program, folder, "author", 0, ["--state-pruning", ALL_STATES])
        nodes.append(author)
        author.wait_for(blocks, START)
        peer = f"/ip4/127.0.0.1/tcp/{NETWORK}/p2p/{author.ask('system_localPeerId')}"
        syncing = Node(program, folder, "syncing", 1, ["--bootnodes", peer])
        nodes.append(syncing)
        answered = syncing.wait_for(0, START)
        first = syncing.wait_for(1, START)
        last = syncing.wait_for(blocks, START + BLOCK * blocks)
        print(f"Two nodes over the network of one machine: the second synced {blocks} blocks, each")
        print("verified, executed and stored, from the first. It answered after")
        print(f"{answered - syncing.begun:.1f} s, had the first block {first - answered:.1f} s later,")
        print(f"and all of them {last - answered:.1f} s after it answered:")
        print(f"{(last - first) / max(blocks - 1, 1) * 1000:.1f} ms for a block.")
        print(f"It had {syncing.most_memory()} MiB of memory at most, the first node {author.most_memory()} MiB;")
        print(f"its database has {size(folder / 'syncing') >> 20} MiB.")
    finally:
        for node in nodes:
            node.stop()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
