#!/usr/bin/env python3
"""Time the seed rule over 500,000 CloudTrail events against DuckDB's read_json over the same file.

    make bench        # builds release, then runs this

Runs are interleaved, the best of --rounds counts, and both sides' groups are compared before anything is reported. DuckDB
(PyPI, `duckdb==2.*`, in a virtual environment beside the data) is given its best case: NDJSON declared, only the columns the
query needs, typed time, two threads, a warm process, and the clock around the query alone; accrue is timed from process
start to exit, with its risk index written. Exit 1 when the answers differ or the ratio is over --limit.
"""

import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import venv

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_cloudtrail

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-11-23T06:00:00Z"
BY = ["signature", "user", "user_agent", "src", "vendor_account", "vendor_region", "vendor_product", "repository"]

SPL = """`cloudtrail` eventSource=ecr.amazonaws.com eventName=PutImage date_hour>=20 OR date_hour<8 OR date_wday=saturday OR date_wday=sunday
| rename requestParameters.* as * | rename repositoryName AS repository | rename user_name as user
| stats count min(_time) as firstTime max(_time) as lastTime BY """ + " ".join(BY)

# Every time of make_cloudtrail.py ends in Z, so a TIMESTAMP has the hours of the text.
DUCKDB = r"""
import json, sys, time
import duckdb
connection = duckdb.connect()
connection.execute("SET threads=2")
query = '''
SELECT eventName AS signature, userIdentity.userName AS "user", userAgent AS user_agent, sourceIPAddress AS src,
       recipientAccountId AS vendor_account, awsRegion AS vendor_region, 'AWS CloudTrail' AS vendor_product,
       requestParameters.repositoryName AS repository,
       count(*) AS count, epoch(min(eventTime))::BIGINT AS firstTime, epoch(max(eventTime))::BIGINT AS lastTime
FROM read_json(?, format='newline_delimited', columns={
       eventSource: 'VARCHAR', eventName: 'VARCHAR', eventTime: 'TIMESTAMP', userAgent: 'VARCHAR',
       sourceIPAddress: 'VARCHAR', recipientAccountId: 'VARCHAR', awsRegion: 'VARCHAR',
       userIdentity: 'STRUCT(userName VARCHAR)', requestParameters: 'STRUCT(repositoryName VARCHAR)'})
WHERE eventSource = 'ecr.amazonaws.com' AND lower(eventName) = 'putimage'
  AND (hour(eventTime) >= 20 OR hour(eventTime) < 8 OR isodow(eventTime) >= 6)
  AND userIdentity.userName IS NOT NULL AND requestParameters.repositoryName IS NOT NULL
GROUP BY ALL'''
seconds = float("inf")
for _ in range(3):
    began = time.perf_counter()
    cursor = connection.execute(query, [sys.argv[1]])
    rows = cursor.fetchall()
    seconds = min(seconds, time.perf_counter() - began)
names = [column[0] for column in cursor.description]
json.dump({"version": duckdb.__version__, "seconds": seconds, "rows": [dict(zip(names, row)) for row in rows]}, sys.stdout)
"""


def measured(command, **options):
    """Run `command` to its end: (wall seconds, peak RSS in MB, standard output as bytes)."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, cwd=ROOT, **options)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            sys.exit(f"exit {process.returncode}: {' '.join(map(str, command))}\n{errors.read().decode(errors='replace')}")
        return seconds, usage.ru_maxrss / 1024, output.read()


def lines(output):
    return [json.loads(line) for line in output.splitlines() if line.strip()]


def values(field):
    return field if isinstance(field, list) else [] if field is None else [field]


def compare(accrue, data, folder, groups):
    """Report, as text, each way in which accrue's answer is not DuckDB's."""
    problems = []
    _, _, output = measured([accrue, "search", SPL, "--input", data, "--format", "ndjson", "--home", folder / "search", "--now", NOW])
    key = lambda row: tuple(str(row.get(name)) for name in BY) + tuple(int(float(row.get(name, -1))) for name in ("count", "firstTime", "lastTime"))
    theirs, ours = sorted(map(key, groups)), sorted(map(key, lines(output)))
    if theirs != ours:
        only = lambda left, right: next(iter(collections.Counter(left) - collections.Counter(right)), None)
        problems.append(f"search: {len(ours)} rows, DuckDB {len(theirs)}; only here: {only(ours, theirs)}; only in DuckDB: {only(theirs, ours)}")
    _, _, output = measured([accrue, "run", data, "--once", "--format", "ndjson", "--home", folder / "once", "--now", NOW])
    events = [line for line in lines(output) if line.get("kind") == "risk_event" and "Outside Business Hours" in line.get("search_name", "")]
    ours = collections.Counter((event["risk_object"], *values(event.get("threat_object"))) for event in events)
    theirs = collections.Counter((row["user"], row["src"]) for row in groups)
    if ours != theirs:
        problems.append(f"run --once: {sum(ours.values())} risk events, DuckDB {sum(theirs.values())} groups; "
                        f"first difference {next(iter((ours - theirs) + (theirs - ours)), None)}")
    return problems


def python_with_duckdb(folder):
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
    if subprocess.run([python, "-c", "import duckdb, sys; sys.exit(not duckdb.__version__.startswith('2.'))"], stderr=subprocess.DEVNULL).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "duckdb==2.*"], check=True)
    return python


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accrue", type=pathlib.Path, default=ROOT / ".build/release/accrue")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/tmp/accrue-bench"), help="data, DuckDB and scratch")
    parser.add_argument("--events", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=4.0, help="highest allowed ratio of `run --once` to DuckDB")
    arguments = parser.parse_args()
    if not arguments.accrue.exists():
        sys.exit(f"{arguments.accrue} is not there: run `swift build -c release --product accrue`")
    accrue = arguments.accrue.resolve()
    data = arguments.folder / f"cloudtrail-{arguments.events}.ndjson"
    if not data.exists():
        print(f"writing {data}", file=sys.stderr)
        make_cloudtrail.write(data, arguments.events)
    python = python_with_duckdb(arguments.folder)
    with data.open("rb") as file:
        while file.read(1 << 24):  # into the page cache, for both sides
            pass
    size = data.stat().st_size

    scratch = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=arguments.folder))
    seconds = collections.defaultdict(list)
    peak = collections.defaultdict(float)
    try:
        for index in range(arguments.rounds):
            wall, megabytes, output = measured([python, "-c", DUCKDB, data])
            duckdb = json.loads(output)
            seconds["duckdb"].append(duckdb["seconds"])
            peak["duckdb"] = max(peak["duckdb"], megabytes)
            for name, more in (("run --once", ["--once"]), ("run", [])):
                home = scratch / f"home-{index}-{name.replace(' ', '')}"
                wall, megabytes, _ = measured([accrue, "run", data, "--home", home, "--now", NOW, "--format", "ndjson", *more])
                seconds[name].append(wall)
                peak[name] = max(peak[name], megabytes)
        problems = compare(accrue, data, scratch, duckdb["rows"])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)

    base = min(seconds["duckdb"])
    print(f"{arguments.events} events, {size / 1e6:.0f} MB, {len(duckdb['rows'])} groups, best of {arguments.rounds}, DuckDB {duckdb['version']} with 2 threads, {os.cpu_count()} cores")
    print(f"{'':<22}{'seconds':>9}{'events/s':>12}{'MB/s':>8}{'peak MB':>9}{'ratio':>7}   all rounds")
    for name in ("duckdb", "run --once", "run"):
        best = min(seconds[name])
        label = "DuckDB read_json" if name == "duckdb" else f"accrue {name}"
        print(f"{label:<22}{best:>9.3f}{arguments.events / best:>12,.0f}{size / 1e6 / best:>8.0f}{peak[name]:>9.0f}{best / base:>7.2f}   "
              + " ".join(f"{value:.3f}" for value in seconds[name]))
    for problem in problems:
        print(f"DIFFERS: {problem}")
    ratio = min(seconds["run --once"]) / base
    if ratio > arguments.limit:
        print(f"OVER: {ratio:.2f} times DuckDB, allowed {arguments.limit}")
    print("same groups: " + ("no" if problems else "yes"))
    return 1 if problems or ratio > arguments.limit else 0


if __name__ == "__main__":
    sys.exit(main())
