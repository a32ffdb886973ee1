#!/usr/bin/env python3
"""Time `accrue index import` against the sqlite3 shell loading the same rows into the same tables and indexes.

    python3 Tests/Performance/bench_index.py --events 1000000

Data by make_risk_events.py. The shell is given its best case: rows already taken apart, ids and hashes computed, one
transaction a table, its database made by accrue and empty, a rollback journal instead of the log, and as large a cache as the
import takes for itself; `--shell fast` also takes away the journal and every fsync. Rounds are interleaved and the best counts.
What both hold is compared row by row, and the import's export with the file it came from. Exit 1 when they differ or the
ratio is over --limit. Also printed: importing again, export, verify, stats.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_risk_events

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-12-20T00:00:00Z"
SHELL = {
    "plain": "PRAGMA journal_mode = DELETE;",
    "cache": "PRAGMA journal_mode = DELETE; PRAGMA cache_size = -262144;",
    "fast": "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1048576;",
}
ROWS = """SELECT risk_event.key, firing.key, time, risk_event.index_time, info_min_time, info_max_time, info_search_time, search_name, rule_id,
    rule_version, entity_field, risk_object, risk_object_type, normalized_risk_object, risk_score, risk_factors,
    calculated_risk_score, risk_message, analyticstories, annotations, fields,
    (SELECT group_concat(value || ' ' || type) FROM risk_event_threat_object WHERE risk_event_id = risk_event.id)
    FROM risk_event JOIN firing ON firing.id = firing_id"""


def measured(command, **options):
    """Run to the end: (wall seconds, processor seconds, peak RSS in MB)."""
    began = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT, **options)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command}\n{errors.decode(errors='replace')}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def load_by_shell(database, data, pragmas):
    script = pragmas + "\n.mode csv\n" + "".join(
        f".import '{data / table}.csv' {table}\n" for table in make_risk_events.TABLES)
    with tempfile.TemporaryFile("w+") as file:
        file.write(script)
        file.seek(0)
        return measured(["sqlite3", "-bail", database], stdin=file)


def differences(mine, theirs):
    script = f"""ATTACH '{theirs}' AS other;
        CREATE TEMP VIEW mine AS {ROWS};
        CREATE TEMP VIEW theirs AS {ROWS.replace('FROM risk_event ', 'FROM other.risk_event ').replace('FROM risk_event_threat', 'FROM other.risk_event_threat').replace('JOIN firing', 'JOIN other.firing')};
        SELECT (SELECT count(*) FROM main.risk_record) || ' ' || (SELECT count(*) FROM other.risk_record);
        SELECT count(*) FROM (SELECT * FROM mine EXCEPT SELECT * FROM theirs);
        SELECT count(*) FROM (SELECT * FROM theirs EXCEPT SELECT * FROM mine);"""
    done = subprocess.run(["sqlite3", mine], input=script, capture_output=True, text=True)
    lines = done.stdout.split("\n")
    counts = lines[0].split() if lines else []
    if done.returncode or len(counts) != 2 or counts[0] != counts[1] or lines[1:3] != ["0", "0"]:
        return f"the databases differ: {done.stdout} {done.stderr}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accrue", type=pathlib.Path, default=ROOT / ".build/release/accrue")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/tmp/accrue-bench"))
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--shell", choices=SHELL, default="cache")
    parser.add_argument("--limit", type=float, default=1.5, help="highest allowed ratio of the import to the shell")
    parser.add_argument("--only-import", action="store_true", help="leave out comparing and the other commands")
    arguments = parser.parse_args()
    accrue = arguments.accrue.resolve()
    data = arguments.folder / f"risk-events-{arguments.events}"
    if not (data / "done").exists():
        print(f"writing {data}", file=sys.stderr)
        make_risk_events.generate(data, arguments.events)
        (data / "done").touch()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="index-", dir=arguments.folder))
    try:
        nothing = scratch / "nothing"
        nothing.touch()
        empty = scratch / "empty"
        measured([accrue, "index", "import", nothing, "--home", empty, "--now", NOW])
        best = {}
        for _ in range(arguments.rounds):
            for name in ("shell", "import"):
                home = scratch / name
                shutil.rmtree(home, ignore_errors=True)
                shutil.copytree(empty, home)
                os.sync()
                if name == "shell":
                    cost = load_by_shell(home / "risk.sqlite", data, SHELL[arguments.shell])
                else:
                    cost = measured([accrue, "index", "import", data / "events.ndjson", "--home", home, "--now", NOW])
                best[name] = min(best.get(name, cost), cost)
        problem = None
        if not arguments.only_import:
            problem = differences(scratch / "import/risk.sqlite", scratch / "shell/risk.sqlite")
            home = ["--home", scratch / "import", "--now", NOW]
            best["import again"] = measured([accrue, "index", "import", data / "events.ndjson", *home])
            best["export"] = measured([accrue, "index", "export", "--output", scratch / "out.ndjson", *home])
            best["verify"] = measured([accrue, "index", "verify", *home])
            best["stats"] = measured([accrue, "index", "stats", *home])
            lines = f"tail -n +2 '{scratch}/out.ndjson' | cmp - '{data}/events.ndjson'"
            if subprocess.run(["bash", "-c", lines]).returncode:
                problem = problem or "the export is not the file that was imported"
        for name, (wall, processor, megabytes) in best.items():
            rate = arguments.events / wall
            print(f"{name:14} {wall:8.2f} s {processor:8.2f} s of processor {rate:12,.0f} events/s {megabytes:8.0f} MB peak")
        ratio = best["import"][0] / best["shell"][0]
        print(f"ratio import/shell ({arguments.shell}, {arguments.events:,} events): {ratio:.2f} (limit {arguments.limit})")
        if problem or ratio > arguments.limit:
            sys.exit(problem or "over the limit")
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
