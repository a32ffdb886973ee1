#!/usr/bin/env python3
"""Recall of field names over the example logs of published data sources, by sourcetype.

check_fields.py [--accrue BIN] [--shared DIR] [--only GLOB] [--missing] [--row]

Each data source of corpus/security_content/data_sources that has both an example log and a list of fields is read as one
event of its sourcetype and source; a listed field counts as found when the event's row has it. The second figure leaves out
the fields that docs/decisions/0009 argues not to be in the log. Exit code 1 when that is below 97 % overall or below 90 % for
a sourcetype, or when an argued field is there.
"""
import argparse, collections, fnmatch, glob, json, os, re, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What no search reads from an event: where and how Splunk stored it, and how its own interface shows it.
LEFT_OUT = {
    "splunk_server", "splunk_server_group", "index", "punct", "linecount", "timestartpos", "timeendpos", "eventtype", "tag",
    "_bkt", "_cd", "_eventtype_color", "_indextime", "_kv", "_serial", "_si", "_sourcetype", "_subsecond", "date",
}


PAGE = ROOT + "/docs/decisions/0009-fields-that-logs-do-not-hold.md"


def argued():
    """Per data source the fields that its log does not hold; `*` for all that are missing."""
    fields = collections.defaultdict(set)
    with open(PAGE, encoding="utf-8") as file:
        for source, names in re.findall(r"^\| (\w+) \| ([^|]+) \|", file.read(), re.M):
            fields[source] |= set(names.split())
    return fields


def counts(name):
    return name not in LEFT_OUT and not name.startswith("tag::")


def sources(folder, only):
    import yaml

    for path in sorted(glob.glob(folder + "/*.yml")):
        stem = os.path.basename(path)[:-4]
        if only and not fnmatch.fnmatch(stem, only):
            continue
        with open(path, encoding="utf-8") as file:
            source = yaml.safe_load(file)
        if source.get("fields") and source.get("example_log"):
            yield stem, source


def row(accrue, source):
    """The fields of the example log, read as one event."""
    event = {"sourcetype": source["sourcetype"], "source": source["source"], "host": "h", "raw": source["example_log"].strip()}
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")
        file.flush()
        run = subprocess.run(
            [accrue, "search", "search *", "--input", file.name, "--format", "ndjson", "--now", "2026-11-26T00:00:00Z"],
            capture_output=True, text=True, cwd=ROOT)
    if run.returncode != 0:
        return None, run.stderr.strip()
    rows = [json.loads(line) for line in run.stdout.splitlines()]
    return (rows[0] if rows else None), run.stderr.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accrue", default=ROOT + "/.build/release/accrue")
    parser.add_argument("--shared", default=os.environ.get("ACCRUE_SHARED", ROOT + "/../shared"))
    parser.add_argument("--only", help="glob on the data source's file name without .yml")
    parser.add_argument("--missing", action="store_true", help="name the missing fields of each data source")
    parser.add_argument("--row", action="store_true", help="print each row")
    options = parser.parse_args()
    accrue = os.path.abspath(options.accrue)
    folder = options.shared + "/corpus/security_content/data_sources"
    if not os.path.isdir(folder):
        print("no data sources at", folder)
        return 0
    found, listed, logs, held = collections.Counter(), collections.Counter(), collections.Counter(), collections.Counter()
    excused = argued()
    failed = False
    for stem, source in sources(folder, options.only):
        wanted = sorted({str(name) for name in source["fields"] if counts(str(name))})
        fields, message = row(accrue, source)
        have = set(fields or {})
        missing = [name for name in wanted if name not in have]
        left = [name for name in missing if name not in excused[stem] and "*" not in excused[stem]]
        for name in sorted(excused[stem] - set(missing) - {"*"}) + (["*"] if "*" in excused[stem] and not missing else []):
            failed = True
            print(f"{stem}: {name} is there, but docs/decisions/0009 says it is not")
        key = str(source["sourcetype"]).lower()
        logs[key] += 1
        listed[key] += len(wanted)
        found[key] += len(wanted) - len(missing)
        held[key] += len(wanted) - len(missing) + len(left)
        if fields is None or options.missing and missing:
            print(f"{stem}: {len(wanted) - len(missing)} of {len(wanted)}; missing: {' '.join(missing)}")
        if fields is None:
            print(f"  no row: {message}")
        if options.row:
            print(json.dumps(fields, indent=1, sort_keys=True))

    def line(found, listed, held, logs, name):
        print(f"{found / listed:7.1%}  {found / held:7.1%}  {found:5} of {listed:5}  {logs:3} logs  {name}")

    for key in sorted(listed):
        failed = failed or found[key] < 0.90 * held[key]
        line(found[key], listed[key], held[key], logs[key], key)
    if listed:
        total = sum(found.values())
        failed = failed or total < 0.97 * sum(held.values())
        line(total, sum(listed.values()), sum(held.values()), sum(logs.values()), "all")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
