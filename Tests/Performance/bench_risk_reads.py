#!/usr/bin/env python3
"""Time what an analyst asks of a large risk index, each beside a tool that is given the same question by hand.

    python3 Tests/Performance/bench_risk_reads.py --events 1000000 10000000

- `accrue entity NAME`, process start to exit, against the sqlite3 shell with SQL for the same figures; the entity has about
  the same number of events in every index, so that the sizes can be compared.
- One evaluation of the two shipped incident rules (24 hours, 7 days), and the weekly summary, against DuckDB's aggregates
  from the same SQLite file (PyPI: duckdb and its sqlite scanner, in a virtual environment beside the data). DuckDB is warm
  and timed around its queries alone, with two threads; accrue from process start to exit.

Data by make_risk_events.py, loaded by `accrue index import`. Rounds are interleaved and the best counts. Answers are compared
before anything is printed. Exit 1 when they differ or a ratio is over its limit.
"""

import argparse
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_risk_events

ROOT = pathlib.Path(__file__).resolve().parents[2]
DAY = 86_400_000_000
END = make_risk_events.START + make_risk_events.DAYS * DAY
NOW = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(END // 1_000_000))
DUCKDB_VERSION = "1.5.5"
LIMITS = {"entity": 3.0, "rules": 1.5, "summary": 1.5, "entity growth": 1.0}
ENTITY_EVENTS = 100

TACTICS = """tactics AS (
    SELECT id, search_name, list_filter(json_transform(annotations, '[["VARCHAR"]]'), a -> a[1] = 'mitre_attack.mitre_tactic_id') AS a
    FROM risk.rule),
rule_tactic AS (SELECT id, search_name, flatten(list_transform(a, x -> x[2:])) AS ids FROM tactics)"""

FILES = {"24 hours": "risk_threshold_exceeded_24_hours.yml", "7 days": "attack_tactic_threshold_exceeded_7_days.yml"}
RULES = {
    "24 hours": (f"""WITH {TACTICS}
SELECT e.normalized_risk_object, e.risk_object_type, sum(r.calculated_risk_score) AS risk_score, count(*) AS risk_event_count,
       count(DISTINCT t.search_name) AS source_count, mode(o.risk_object), list(DISTINCT o.risk_object),
       len(list_distinct(flatten(list(t.ids)))) AS mitre_tactic_id_count
FROM risk.risk_record r JOIN risk.risk_object o ON o.id = r.risk_object_id JOIN risk.entity e ON e.id = o.entity_id
JOIN rule_tactic t ON t.id = r.rule
WHERE r.time >= ? AND r.time < ? GROUP BY 1, 2 HAVING risk_score > 100""", 1450, 10),
    "7 days": (f"""WITH {TACTICS}
SELECT e.normalized_risk_object, e.risk_object_type, sum(r.calculated_risk_score) AS risk_score, count(*) AS risk_event_count,
       count(DISTINCT t.search_name) AS source_count, mode(o.risk_object), list(DISTINCT o.risk_object),
       len(list_distinct(flatten(list(t.ids)))) AS mitre_tactic_id_count
FROM risk.risk_record r JOIN risk.risk_object o ON o.id = r.risk_object_id JOIN risk.entity e ON e.id = o.entity_id
JOIN rule_tactic t ON t.id = r.rule
WHERE r.time >= ? AND r.time < ? AND len(t.ids) > 0
GROUP BY 1, 2 HAVING mitre_tactic_id_count >= 3 AND source_count >= 4""", 10090, 10),
}

WEEK = [
    # Entities: this week, the week before, and whether they were there before.
    """SELECT e.normalized_risk_object, e.risk_object_type,
              sum(calculated_risk_score) FILTER (time >= $week) AS now, count(*) FILTER (time >= $week) AS events,
              sum(calculated_risk_score) FILTER (time >= $before AND time < $week) AS before, min(time) AS first
       FROM risk.risk_record r JOIN risk.risk_object o ON o.id = r.risk_object_id JOIN risk.entity e ON e.id = o.entity_id
       WHERE time < $end GROUP BY 1, 2 HAVING events > 0 OR before IS NOT NULL ORDER BY now DESC, 1, 2""",
    """SELECT search_name, sum(calculated_risk_score) FILTER (time >= $week), count(*) FILTER (time >= $week),
              count(*) FILTER (time >= $before AND time < $week), count(DISTINCT risk_object_id) FILTER (time >= $week), min(time), max(time)
       FROM risk.risk_record r JOIN risk.rule u ON u.id = r.rule WHERE time < $end GROUP BY 1""",
    """SELECT rule, time // 86400000000 AS day, count(*), sum(calculated_risk_score) FROM risk.risk_record
       WHERE time >= $week AND time < $end GROUP BY 1, 2""",
    """SELECT t.value, t.type, min(time) AS first FROM risk.risk_record_threat_object l
       JOIN risk.risk_record r ON r.id = l.risk_event_id JOIN risk.threat_object t ON t.id = l.threat_object_id
       WHERE time < $end GROUP BY 1, 2 HAVING first >= $week""",
]

DUCKDB = r"""
import json, pathlib, sys, time
import duckdb
home = pathlib.Path(duckdb.__file__).parents[1] / "duckdb_extension_sqlite_scanner" / "extensions"
connection = duckdb.connect(config={"threads": 2})
connection.execute("SET enable_progress_bar = false")
connection.execute(f"LOAD '{next(home.glob('*/sqlite_scanner.duckdb_extension'))}'")
question = json.load(sys.stdin)
connection.execute(f"ATTACH '{question['file']}' AS risk (TYPE sqlite, READ_ONLY)")
best, answers = float("inf"), None
for _ in range(question["rounds"]):
    began = time.perf_counter()
    answers = [connection.execute(sql, values).fetchall() for sql, values in question["queries"]]
    best = min(best, time.perf_counter() - began)
json.dump({"seconds": best, "answers": answers}, sys.stdout)
"""

SHELL = """.parameter set @name '{name}'
.parameter set @start {start}
.parameter set @end {end}
CREATE TEMP TABLE mine AS SELECT r.id, r.time, r.rule, r.risk_object_id, r.calculated_risk_score AS score, r.risk_message, o.risk_object,
    r.entity_field, u.search_name, u.annotations
  FROM entity e JOIN risk_object o ON o.entity_id = e.id JOIN risk_record r ON r.risk_object_id = o.id JOIN rule u ON u.id = r.rule
  WHERE e.normalized_risk_object_folded = @name AND r.time < @end;
SELECT sum(score), count(*), min(time), max(time) FROM mine WHERE time >= @start;
SELECT sum(score), count(*), min(time), max(time) FROM mine;
SELECT time / 86400000000, sum(score), count(*) FROM mine WHERE time >= @start GROUP BY 1 ORDER BY 1;
SELECT search_name, sum(score), count(*), min(time), max(time) FROM mine GROUP BY 1 ORDER BY 2 DESC;
SELECT risk_object, entity_field, sum(score), count(*), max(time) FROM mine GROUP BY 1, 2 ORDER BY 3 DESC;
SELECT value, type, sum(score), count(*), min(time), max(time) FROM mine JOIN risk_event_threat_object t ON t.risk_event_id = mine.id GROUP BY 1, 2 ORDER BY 3 DESC;
SELECT j.value, sum(score), count(*) FROM mine, json_each(annotations) a, json_each(a.value) j WHERE a.value ->> 0 = 'mitre_attack.mitre_tactic' AND j.key > 0 GROUP BY 1;
SELECT time, search_name, score, sum(score) OVER (ORDER BY time, id) FROM mine WHERE time >= @start ORDER BY time;
"""


def measured(command, **options):
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=errors, cwd=ROOT, **options)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        output.seek(0)
        errors.seek(0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{command}\n{errors.read().decode(errors='replace')}")
        return seconds, usage.ru_maxrss / 1024, output.read().decode()


def python_with_duckdb(folder):
    python = folder / "venv-sqlite" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv-sqlite", with_pip=True)
    packages = [f"duckdb=={DUCKDB_VERSION}", f"duckdb-extension-sqlite-scanner=={DUCKDB_VERSION}"]
    if subprocess.run([python, "-c", "import duckdb, duckdb_extension_sqlite_scanner"], stderr=subprocess.DEVNULL).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages], check=True)
    return python


class Bench:
    def __init__(self, accrue, folder, count, rounds):
        self.accrue, self.rounds, self.folder, self.count = accrue, rounds, folder, count
        self.home = folder / f"risk-home-{count}"
        self.file = self.home / "risk.sqlite"
        if not (self.home / "done").exists():
            data = folder / f"risk-events-{count}"
            if not (data / "done").exists():
                print(f"writing {data}", file=sys.stderr)
                make_risk_events.generate(data, count)
                (data / "done").touch()
            measured([accrue, "index", "import", data / "events.ndjson", "--home", self.home, "--now", NOW])
            (self.home / "done").touch()
        with self.file.open("rb") as file:
            while file.read(1 << 24):
                pass

    def command(self, *arguments):
        return [self.accrue, *arguments, "--home", self.home, "--now", NOW]

    def duckdb(self, queries):
        python = python_with_duckdb(self.folder)
        question = json.dumps({"file": str(self.file), "rounds": self.rounds, "queries": queries})
        done = subprocess.run([python, "-c", DUCKDB], input=question, capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        answer = json.loads(done.stdout)
        return answer["seconds"], answer["answers"]

    def best(self, *commands):
        results = None
        for _ in range(self.rounds):
            found = [measured(command) for command in commands]
            total = (sum(f[0] for f in found), max(f[1] for f in found), [f[2] for f in found])
            results = total if results is None or total[0] < results[0] else results
        return results

    def entity(self):
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as database:
            name, kind = database.execute(
                """SELECT normalized_risk_object, entity.risk_object_type FROM entity JOIN risk_object o ON o.entity_id = entity.id
                   JOIN risk_record r ON r.risk_object_id = o.id GROUP BY entity.id
                   ORDER BY abs(count(*) - ?), entity.id LIMIT 1""", (ENTITY_EVENTS,)).fetchone()
        script = SHELL.format(name=name.lower(), start=END - 7 * DAY, end=END)
        ours = theirs = None
        for _ in range(max(self.rounds, 5)):
            found = measured(self.command("entity", name, "--type", kind, "--format", "json"))
            ours = found if ours is None or found[0] < ours[0] else ours
            with tempfile.TemporaryFile("w+") as file:
                file.write(script)
                file.seek(0)
                found = measured(["sqlite3", "-readonly", "-bail", self.file], stdin=file)
                theirs = found if theirs is None or found[0] < theirs[0] else theirs
        score, count = theirs[2].splitlines()[0].split("|")[:2]
        report = json.loads(ours[2])
        if (report["risk_score"], report["risk_event_count"]) != (float(score or 0), int(count)):
            sys.exit(f"entity {name}: accrue {report['risk_score']} in {report['risk_event_count']} events, SQL {score} in {count}")
        return ours[0], theirs[0], ours[1]

    def rules(self):
        commands, queries = [], []
        for name, (sql, earliest, latest) in RULES.items():
            search = shipped_search(name)
            start, end = END - earliest * 60_000_000, END - latest * 60_000_000
            commands.append(self.command("search", search, "--earliest", start // 1_000_000, "--latest", end // 1_000_000, "--format", "ndjson"))
            queries.append((sql, [start, end]))
        theirs, answers = self.duckdb(queries)
        seconds, megabytes, outputs = self.best(*commands)
        names = ["normalized_risk_object", "risk_object_type", "risk_score", "risk_event_count", "source_count"]
        for output, answer, rule in zip(outputs, answers, RULES):
            ours = sorted(tuple(json.loads(line)[name] for name in names) for line in output.splitlines())
            theirs_rows = sorted(tuple(row[:5]) for row in answer)
            if ours != theirs_rows:
                first = next((pair for pair in zip(ours, theirs_rows) if pair[0] != pair[1]), None)
                sys.exit(f"rule of {rule}: {len(ours)} rows here, {len(answer)} in DuckDB; first difference {first}")
        return seconds, theirs, megabytes

    def summary(self):
        # The whole week before the last one.
        start = make_risk_events.START + 21 * DAY
        values = {"week": start, "before": start - 7 * DAY, "end": start + 7 * DAY}
        week = time.strftime("%G-W%V", time.gmtime(start // 1_000_000))
        queries = [(sql, {name: value for name, value in values.items() if f"${name}" in sql}) for sql in WEEK]
        theirs, answers = self.duckdb(queries)
        seconds, megabytes, outputs = self.best(self.command("summary", "--week", week, "--format", "json"))
        report = json.loads(outputs[0])
        ours = [(entity["normalized_risk_object"], entity["risk_score"]) for entity in report["entities"]]
        sums = {row[0]: row[2] for row in answers[0]}
        if not ours or any(sums[name] != score for name, score in ours) or ours[0][1] != max(filter(None, sums.values())):
            sys.exit(f"summary: {ours[:3]} here, {answers[0][:3]} in DuckDB")
        return seconds, theirs, megabytes


def shipped_search(name):
    text = (ROOT / "risk/incident_rules" / FILES[name]).read_text()
    return re.search(r"^search: \|-\n((?:    .*\n)+)", text, re.M).group(1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accrue", type=pathlib.Path, default=ROOT / ".build/release/accrue")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("/tmp/accrue-bench"))
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    over = []
    entity_seconds = []
    for count in arguments.events:
        bench = Bench(arguments.accrue.resolve(), arguments.folder, count, arguments.rounds)
        for name, peer in (("entity", "sqlite3"), ("rules", "DuckDB"), ("summary", "DuckDB")):
            ours, theirs, megabytes = getattr(bench, name)()
            ratio = ours / theirs
            print(f"{count:>10,} events  {name:8} accrue {ours:7.3f} s {megabytes:6.0f} MB  {peer} {theirs:7.3f} s  ratio {ratio:.2f} (limit {LIMITS[name]})", flush=True)
            if ratio > LIMITS[name]:
                over.append(f"{name} at {count:,}")
            if name == "entity":
                entity_seconds.append(ours)
    if len(entity_seconds) > 1:
        print(f"entity, largest index over smallest: {entity_seconds[-1] / entity_seconds[0]:.2f}")
    if over:
        sys.exit("over the limit: " + ", ".join(over))


if __name__ == "__main__":
    main()
