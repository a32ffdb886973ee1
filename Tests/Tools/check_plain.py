#!/usr/bin/env python3
"""All detections over all data of ../shared, with what makes them quick and without: the same bytes.

    Tests/Tools/check_plain.py --accrue BIN [--shared DIR] [--data NAME ...]

Each folder of the shared data runs twice, once with --plain (every event parsed, nothing shared, one thread); what is printed
and what the index holds must be equal. Exit 1 where they are not. Takes minutes: a person's check, not CI's.
"""
import argparse, os, pathlib, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-11-27T00:00:00Z"


def run(accrue, shared, data, home, *more):
    command = [accrue, "run", shared / "data" / data, "--content", shared / "corpus/security_content", "--once", "--format", "ndjson"]
    began = time.perf_counter()
    done = subprocess.run([*map(str, command), "--home", home, "--now", NOW, *more], capture_output=True, cwd=ROOT)
    seconds = time.perf_counter() - began
    export = subprocess.run([accrue, "index", "export", "--home", home, "--now", NOW], capture_output=True, cwd=ROOT)
    return seconds, (done.returncode, done.stdout, done.stderr, export.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accrue", type=pathlib.Path, default=ROOT / ".build/release/accrue")
    parser.add_argument("--shared", type=pathlib.Path, default=pathlib.Path(os.environ.get("ACCRUE_SHARED", ROOT.parent / "shared")))
    parser.add_argument("--data", nargs="*")
    parser.add_argument("--more", nargs="*", default=[], help="options for both, such as --profile=recommended")
    arguments = parser.parse_args()
    names = arguments.data or sorted(path.name for path in (arguments.shared / "data").iterdir() if path.is_dir())
    differing = []
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            quick = run(arguments.accrue.resolve(), arguments.shared, name, folder + "/quick", *arguments.more)
            plain = run(arguments.accrue.resolve(), arguments.shared, name, folder + "/plain", "--plain", *arguments.more)
        equal = quick[1] == plain[1]
        print(f"{name:24} {quick[0]:7.1f} s, plain {plain[0]:7.1f} s, {len(quick[1][1]):>12,} bytes: {'equal' if equal else 'DIFFERENT'}", flush=True)
        if not equal:
            differing.append(name)
    if differing:
        sys.exit("different: " + ", ".join(differing))


if __name__ == "__main__":
    main()
