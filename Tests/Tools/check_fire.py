#!/usr/bin/env python3
"""Which published detections return rows on the datasets that Splunk's own unit tests replay.

check_fire.py --accrue BIN [--shared DIR] [--now T]: every pair of oracles/detections_fire.jsonl runs once over its dataset; exit
code 1 when a pair that docs/decisions/0010-detections-that-do-not-fire.md does not argue returns none, or one of its list
does. A pair whose detection is not part of the corpus is told, not counted.
"""
import argparse, collections, glob, gzip, json, os, re, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PAGE = ROOT + "/docs/decisions/0010-detections-that-do-not-fire.md"


def datasets(shared, wanted):
    """The events of the wanted datasets, as envelopes."""
    events = collections.defaultdict(list)
    with gzip.open(shared + "/data/attack_data/events.ndjson.gz", "rt", encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            if event["file"] in wanted:
                events[event["file"]].append(line)
    return events


def names_of_corpus(shared):
    import yaml

    names = set()
    for path in glob.glob(shared + "/corpus/*/detections/**/*.yml", recursive=True):
        with open(path, encoding="utf-8") as file:
            match = re.search(r"^name: (.*)$", file.read(), re.M)
        if match:
            names.add(yaml.safe_load(match.group(1)))
    return names


def rows(accrue, shared, names, lines, now):
    """Rows per detection, and why the others did not run."""
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/events.ndjson"
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines)
        command = [accrue, "run", path, "--once", "--dry-run", "--format", "ndjson", "--now", now, "--home", folder]
        for content in ["security_content", "schema_samples"]:
            command += ["--content", f"{shared}/corpus/{content}"]
        # The identity list that one of them asks for.
        command += ["--content", ROOT + "/Tests/Tools/fire"]
        for name in names:
            command += ["--rule", name]
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    found, skipped = {}, {}
    for line in run.stdout.splitlines():
        record = json.loads(line)
        if record["kind"] == "detection":
            found[record["rule"]] = int(record["row_count"])
        elif record["kind"] == "skipped":
            skipped[record["rule"]] = f"{record['code']} {record['message']}"
    return found, skipped, run.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accrue", required=True)
    parser.add_argument("--shared", default=os.environ.get("ACCRUE_SHARED", ""))
    parser.add_argument("--now", default="1763886000")
    options = parser.parse_args()
    oracle = options.shared + "/oracles/detections_fire.jsonl"
    if not options.shared or not os.path.exists(oracle):
        print("no reference material: the detections were not tried")
        return 0
    with open(oracle, encoding="utf-8") as file:
        pairs = [json.loads(line) for line in file]
    known = names_of_corpus(options.shared)
    by_dataset = collections.defaultdict(list)
    for pair in pairs:
        by_dataset[pair["dataset"]].append(pair["detection"])
    events = datasets(options.shared, set(by_dataset))
    argued = set(re.findall(r"^\| ([^|]+?) \|", open(PAGE, encoding="utf-8").read(), re.M)) if os.path.exists(PAGE) else set()
    fired, silent, absent, failed = 0, 0, 0, False
    for dataset in sorted(by_dataset):
        wanted = sorted(set(by_dataset[dataset]) & known)
        found, skipped, message = rows(
            os.path.abspath(options.accrue), options.shared, wanted, events[dataset], options.now) if wanted else ({}, {}, "")
        for name in sorted(by_dataset[dataset]):
            if name not in known:
                absent += 1
                print(f"   -  {name}: not in the corpus ({dataset})")
                continue
            count = found.get(name, 0)
            fired, silent = fired + (count > 0), silent + (count == 0)
            wrong = (count == 0) != (name in argued)
            failed = failed or wrong
            why = skipped.get(name) or ("" if name in found or count else message[:300])
            print(f"{count:4}  {name} ({len(events[dataset])} events of {dataset}) {why}{'  <-- unexpected' if wrong else ''}")
    print(f"{fired} of {fired + silent} pairs return rows; {absent} detections are not in the corpus")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
