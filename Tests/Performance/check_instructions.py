#!/usr/bin/env python3
"""Count the instructions that hot kernels take an event, under callgrind, and hold them to recorded ones, both ways.

    check_instructions.py [--accrue BIN] [--kernel NAME ...] [--update] [--profile FOLDER]

Seconds on a shared machine move by tens of percent; these counts repeat to a fraction of one: one thread, hashing made
deterministic, valgrind's own processor. A kernel is a whole `accrue` process over a small file less the same process over
a file with one event, by the events between. More than --tolerance above instructions.txt fails, and so does less: what
became faster is recorded (--update), or the gain can be lost unseen.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BASELINE = HERE / "instructions.txt"
NOW = "2026-11-23T06:00:00Z"

CLOUDTRAIL = 4_000
PROCESSES = 4_000

# Name, data, command. A search's text is what stands in a detection.
KERNELS = [
    ("read, check, pre-filter", "cloudtrail", ["search", "`cloudtrail` eventName=NoSuchCall | stats count"]),
    ("seed rule into the index", "cloudtrail", ["run", "--once", "--no-limits"]),
    ("JSON to 3 fields, stats", "cloudtrail", ["search", "`cloudtrail` | stats count min(_time) as first by eventName, userIdentity.userName"]),
    ("JSON to all fields", "cloudtrail", ["search", "`cloudtrail` | fields * | stats dc(*) as *"]),
    ("where and eval", "processes", ["search", 'sourcetype=processes | eval length=len(process) | where length>40 AND like(process, "%id 77%") | stats count']),
    ("search with wildcards", "processes", ["search", r'sourcetype=processes process="*--id 77*" OR path="*\\app77*.exe" | stats count']),
    ("rex", "processes", ["search", r'sourcetype=processes | rex field=process "--id (?<id>\d+) --out (?<out>\S+)" | stats count(out) as count']),
    ("stats with values and dc", "processes", ["search", "sourcetype=processes | stats values(path) as paths dc(process) as lines by user"]),
    ("Windows events in XML", "xml", ["search", "EventCode=1 | stats count by Image, User"]),
]


def write_data(accrue, folder):
    """One file a kind of data, and beside each one with its first event only."""
    subprocess.run([accrue, "bench", "--write", folder / "cloudtrail", "--events", str(CLOUDTRAIL), "--seed", "1"],
                   check=True, stdout=subprocess.DEVNULL)
    with (folder / "processes").open("w") as file:
        for number in range(PROCESSES):
            event = {"_time": 1794787200 + number, "user": f"user{number % 1000}", "path": rf"C:\Programs\app{number * 7919 % 5000}.exe",
                     "process": rf"app{number % 97}.exe --id {number * 104729 % 100003} --out C:\Temp\{number}.log"}
            print(json.dumps(event), file=file)
    with (folder / "xml").open("w") as file:
        for number in range(PROCESSES):
            print(f"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/>"
                  f"<EventID>{1 + number % 2 * 2}</EventID><TimeCreated SystemTime='2026-11-16T00:00:{number % 60:02}.000Z'/><EventRecordID>{number}</EventRecordID>"
                  f"<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>host{number % 50}.example</Computer></System><EventData>"
                  rf"<Data Name='Image'>C:\Windows\app{number % 300}.exe</Data><Data Name='CommandLine'>app.exe --id {number}</Data>"
                  rf"<Data Name='User'>CORP\user{number % 100}</Data></EventData></Event>", file=file)
    for name in ("cloudtrail", "processes", "xml"):
        with (folder / name).open() as file:
            (folder / f"{name}-1").write_text(file.readline())


def count(accrue, command, data, home, profile="/dev/null"):
    """Instructions of one process."""
    shutil.rmtree(home, ignore_errors=True)
    verb, *rest = command
    files = [str(data)] if verb == "run" else ["--input", str(data)]
    kind = "xmlwineventlog" if data.name.startswith("xml") else "processes" if data.name.startswith("processes") else "aws:cloudtrail"
    result = subprocess.run(
        ["taskset", "-c", "0", "valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", accrue, verb, *rest, *files,
         "--sourcetype", kind, "--source", "bench", "--home", home, "--now", NOW, "--format", "ndjson"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace",
        env=os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1", "ACCRUE_CACHE": str(home.parent / "cache")})
    collected = re.search(r"Collected : (\d+)", result.stderr)
    if result.returncode not in (0, 1) or collected is None:
        sys.exit(f"exit {result.returncode}: {verb} {rest}\n{result.stderr}")
    return int(collected.group(1))


def read_baseline():
    lines = BASELINE.read_text().splitlines() if BASELINE.exists() else []
    return {name: int(figure.replace(",", "")) for figure, name in (line.split(None, 1) for line in lines if line and not line.startswith("#"))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accrue", type=pathlib.Path, default=ROOT / ".build/release/accrue")
    parser.add_argument("--kernel", action="append", help="only this one")
    parser.add_argument("--tolerance", type=float, default=0.04, help="allowed share of difference (default: %(default)s)")
    parser.add_argument("--update", action="store_true", help="record what is counted now")
    parser.add_argument("--profile", type=pathlib.Path, help="keep the profiles here, for callgrind_annotate")
    options = parser.parse_args()
    for tool in ("valgrind", "taskset", "strip"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not there: Tests/Tools/setup.sh --valgrind")
    if not options.accrue.exists():
        sys.exit(f"{options.accrue} is not there: make release")
    unknown = set(options.kernel or []) - {name for name, _, _ in KERNELS}
    if unknown:
        sys.exit(f"no kernel '{min(unknown)}'; there are: {', '.join(name for name, _, _ in KERNELS)}")
    baseline = read_baseline()
    counted, wrong = {}, []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # Valgrind 3.19 (Debian 12) does not read the debug information that Swift 6 writes. The stripped program needs to
        # be told where the shipped content is: it runs in the repository.
        accrue = folder / "accrue"
        subprocess.run(["strip", "--strip-debug", "-o", accrue, options.accrue.resolve()], check=True)
        write_data(accrue, folder)
        if options.profile:
            options.profile.mkdir(parents=True, exist_ok=True)
        # The first start fills the caches of content and of what is wrong with add-ons; to a program that valgrind runs,
        # /proc/self/exe is valgrind, so that it must be one of those.
        count(accrue, KERNELS[0][2], folder / f"{KERNELS[0][1]}-1", folder / "home")
        for kernel, data, command in KERNELS:
            if options.kernel and kernel not in options.kernel:
                continue
            profile = options.profile.resolve() / kernel.replace(" ", "-").replace(",", "") if options.profile else "/dev/null"
            events = sum(1 for _ in (folder / data).open()) - 1
            start = count(accrue, command, folder / f"{data}-1", folder / "home")
            figure = round((count(accrue, command, folder / data, folder / "home", profile) - start) / events)
            counted[kernel] = figure
            known = baseline.get(kernel)
            change = f"{100 * (figure / known - 1):+6.1f} %" if known else "   new"
            print(f"{figure:>10,} instructions an event  {change}  {kernel}", flush=True)
            if known is None or abs(figure / known - 1) > options.tolerance:
                wrong.append(kernel)
    if options.update:
        lines = ["# Instructions an event, as check_instructions.py --update counted them; it fails on a difference either way."]
        merged = baseline | counted
        lines += [f"{merged[kernel]:>10,}  {kernel}" for kernel, _, _ in KERNELS if kernel in merged]
        BASELINE.write_text("\n".join(lines) + "\n")
        return 0
    gone = sorted(set(baseline) - {name for name, _, _ in KERNELS})
    for kernel in gone:
        print(f"{BASELINE.name} tells of '{kernel}', which is no kernel")
    for kernel in wrong:
        print(f"differs: '{kernel}' takes {counted[kernel]:,}, recorded are {baseline.get(kernel, 'none')}; where it is right: check_instructions.py --update")
    return 1 if wrong or gone else 0


if __name__ == "__main__":
    sys.exit(main())
