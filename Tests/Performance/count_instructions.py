#!/usr/bin/env python3
"""Count the instructions of `accrue run` over a small seeded file, under callgrind.

    python3 Tests/Performance/count_instructions.py [--events 20000] [--keep callgrind.out]

Seconds on a shared machine move by tens of percent; this count repeats to a fraction of one (hashing is made deterministic).
The start-up (an empty input) is counted apart, so that the figure per event means something. No gate yet: it prints.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def count(accrue, data, home, profile):
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", accrue, "run", data,
               "--home", home, "--now", "2026-11-23T06:00:00Z", "--format", "ndjson", "--once"]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
                            env=os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1"})
    collected = re.search(r"Collected : (\d+)", result.stderr)
    if result.returncode != 0 or collected is None:
        sys.exit(f"exit {result.returncode}\n{result.stderr}")
    return int(collected.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accrue", type=pathlib.Path, default=ROOT / ".build/release/accrue")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--keep", type=pathlib.Path, help="keep the profile, for callgrind_annotate")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("valgrind is not there: apt-get install valgrind")
    if not arguments.accrue.exists():
        sys.exit(f"{arguments.accrue} is not there: run `swift build -c release --product accrue`")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        accrue = arguments.accrue.resolve()
        subprocess.run([accrue, "bench", "--events", str(arguments.events), "--write", folder / "events.ndjson"], check=True)
        (folder / "nothing.ndjson").write_bytes(b"")
        start = count(accrue, folder / "nothing.ndjson", folder / "home-nothing", "/dev/null")
        total = count(accrue, folder / "events.ndjson", folder / "home-events", (arguments.keep or pathlib.Path("/dev/null")).absolute())
    print(f"start-up {start:,} instructions; {arguments.events:,} events {total:,}; {(total - start) / arguments.events:,.0f} per event")


if __name__ == "__main__":
    main()
