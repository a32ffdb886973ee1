#!/usr/bin/env python3
"""How many rows each published detection returns on public logs, against the recorded numbers.

check_benign.py --accrue BIN [--shared DIR] [--only PART] [--update]: the whole corpus runs once over each data set, most of which a
detection has no business to fire on. Exit code 1 when a number is not the recorded one (Tests/Tools/benign/rows.csv);
`--update` records what is. Which numbers are right, and why: docs/decisions/0014-detections-on-benign-logs.md.
"""
import argparse, csv, json, os, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RECORD = ROOT + "/Tests/Tools/benign/rows.csv"
DATA = [
    "attack_data/events", "evtx_attack_samples/events", "invictus_aws/events", "otrf/other", "otrf/windows", "otrf/zeek",
    "panther_tests/events", "stratus_red_team/cloudtrail",
]
# Part of the answer: some rules ask how long ago something was first seen.
NOW = "2026-11-27T00:00:00Z"


def rows(accrue, shared, name):
    """Rows by detection; those that return none are left out."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [accrue, "run", f"{shared}/data/{name}.ndjson.gz", "--content", shared + "/corpus/security_content", "--once",
             "--dry-run", "--now", NOW, "--home", folder, "--format", "ndjson"], capture_output=True, text=True, cwd=ROOT)
    records = [json.loads(line) for line in run.stdout.splitlines()]
    if not any(record["kind"] == "summary" for record in records):
        sys.exit(f"{name}: {run.stderr[-600:]}")
    return {
        (record["rule"], name): int(record["row_count"])
        for record in records if record["kind"] == "detection" and int(record["row_count"])}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accrue", required=True)
    parser.add_argument("--shared", default=os.environ.get("ACCRUE_SHARED", ""))
    parser.add_argument("--only", default="", help="data sets whose name holds this")
    parser.add_argument("--update", action="store_true", help="record what is found")
    options = parser.parse_args()
    names = [name for name in DATA if options.only in name and os.path.exists(f"{options.shared}/data/{name}.ndjson.gz")]
    if not options.shared or not names:
        print("no reference material: the detections were not counted")
        return 0
    recorded = {}
    if os.path.exists(RECORD):
        with open(RECORD, encoding="utf-8", newline="") as file:
            recorded = {(row["detection"], row["data"]): int(row["rows"]) for row in csv.DictReader(file)}
    expected = {key: count for key, count in recorded.items() if key[1] in names}
    found = {}
    for name in names:
        here = rows(os.path.abspath(options.accrue), options.shared, name)
        found |= here
        print(f"{sum(here.values()):5} rows of {len(here):3} detections  {name}", flush=True)
    changed = sorted(key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key))
    for key in changed:
        print(f"{key[0]} on {key[1]}: {expected.get(key, 0)} recorded, {found.get(key, 0)} found")
    if options.update:
        os.makedirs(os.path.dirname(RECORD), exist_ok=True)
        kept = {key: count for key, count in recorded.items() if key[1] not in names} | found
        with open(RECORD, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["detection", "data", "rows"])
            writer.writerows([*key, count] for key, count in sorted(kept.items()))
        return 0
    print(f"{len(found)} numbers, {len(changed)} of them not as recorded")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
