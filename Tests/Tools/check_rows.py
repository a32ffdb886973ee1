#!/usr/bin/env python3
"""Result rows of real searches in a real Splunk, made again from events that are made from them.

check_rows.py --accrue BIN [--shared DIR] [--show]: the events behind oracles/splunk_rows.jsonl are not to be had. So each row is turned
back into the Sysmon events that it tells of, the search runs over them, and must give the row: the same columns in the same
order, and the same values but for counts and times. What a row does not tell (a value that was `unknown` or `null`) is
left out of the event, so it must come out as `unknown` or `null` again, each where Splunk had it.
"""
import argparse, json, os, re, subprocess, sys, tempfile
from xml.sax.saxutils import escape

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOTHING = {None, "", "unknown", "null"}
# Counts are of repeated replays; times are those of the events made here.
IGNORED = {"count", "firstTime", "lastTime", "_time"}
ROWS_OF_ONE_SEARCH = 60


def event(code, number, computer, data):
    fields = "".join(f"<Data Name='{name}'>{value}</Data>" for name, value in data if value not in NOTHING)
    raw = (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' "
        f"Guid='{{5770385F-C22A-43E0-BF4C-06F5698FFBD9}}'/><EventID>{code}</EventID><Version>2</Version><Level>4</Level>"
        f"<TimeCreated SystemTime='2025-11-0{1 + number // 1200 % 8}T{10 + number // 60 % 12}:{number % 60:02}:00.000000000Z'/><EventRecordID>{number}</EventRecordID>"
        "<Channel>Microsoft-Windows-Sysmon/Operational</Channel>"
        f"<Computer>{escape(computer)}</Computer></System><EventData>{fields}</EventData></Event>")
    return {"sourcetype": "XmlWinEventLog", "source": "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational", "host": computer, "raw": raw}


def events(row, number):
    """A registry event for registry fields, a process event for process fields."""
    dest, user = row.get("dest", "h"), row.get("user")
    # Splunk leaves the domain out.
    account = None if user in NOTHING else {"SYSTEM": r"NT AUTHORITY\SYSTEM"}.get(user, "LAB\\" + user)
    made = []
    if "registry_path" in row:
        deleted = row.get("action") == "deleted" or row.get("registry_value_data") in NOTHING
        value = row.get("registry_value_data")
        kind = row.get("registry_value_type")
        if kind in ("REG_DWORD", "REG_QWORD"):
            value = f"{kind[4:]} ({value})"
        made.append(event(12 if deleted else 13, number, dest, [
            ("EventType", ("DeleteKey" if row.get("registry_value_name") in NOTHING else "DeleteValue") if deleted else "SetValue"),
            ("ProcessGuid", row.get("process_guid")), ("ProcessId", row.get("process_id")),
            ("Image", row.get("process_path")), ("TargetObject", row["registry_path"]), ("Details", value), ("User", account)]))
    elif "registry_value_name" in row:
        # Grouped: the names and the key are told, the rest is what the search asks for.
        for name in row["registry_value_name"]:
            made.append(event(13, number, dest, [
                ("EventType", "SetValue"), ("ProcessGuid", row["process_guid"]), ("Image", row["process_name"]), ("Details", "Binary Data"),
                ("TargetObject", f"HKU\\S-1-5-21-1\\SOFTWARE\\Microsoft\\{row['values(registry_key_name)']}\\{name}")]))
    if "parent_process_name" in row or "parent_process" in row:
        path = row.get("process_path") or row.get("process_name")
        if row.get("action") == "success":
            made.append(event(7, number, dest, [
                ("ProcessGuid", row.get("process_guid")), ("ProcessId", row.get("process_id")), ("Image", path),
                ("ImageLoaded", "C:\\Windows\\System32\\x.dll"), ("OriginalFileName", row.get("original_file_name")),
                ("Hashes", row.get("process_hash")), ("User", account)]))
        elif row.get("process") in NOTHING:
            made.append(event(10, number, dest, [
                ("SourceProcessGUID", row.get("parent_process_guid")), ("SourceProcessId", row.get("parent_process_id")),
                ("SourceImage", row.get("parent_process_path") or row.get("parent_process_name")),
                ("TargetProcessGUID", row.get("process_guid")), ("TargetProcessId", row.get("process_id")), ("TargetImage", path),
                ("GrantedAccess", "0x1000"), ("SourceUser", account)]))
        else:
            made.append(event(1, number, dest, [
                ("ProcessGuid", row.get("process_guid")), ("ProcessId", row.get("process_id")), ("Image", path),
                ("OriginalFileName", row.get("original_file_name")), ("CommandLine", row.get("process")), ("User", account),
                ("IntegrityLevel", str(row.get("process_integrity_level", "High")).capitalize()), ("Hashes", row.get("process_hash")),
                ("ParentProcessGuid", row.get("parent_process_guid")), ("ParentProcessId", row.get("parent_process_id")),
                ("ParentImage", row.get("parent_process_path") or row.get("parent_process_name")),
                ("ParentCommandLine", row.get("parent_process"))]))
        # What `suspicious_reg_exe_process` looks for beside each row.
        made.append(event(1, number, dest, [
            ("ProcessGuid", "{0}"), ("ProcessId", "77"), ("Image", "C:\\Windows\\System32\\reg.exe"), ("CommandLine", "reg.exe"),
            ("ParentProcessId", row.get("process_id")), ("ParentImage", "C:\\Windows\\System32\\cmd.exe"), ("ParentCommandLine", "cmd.exe")]))
    return made


def run(options, search, path):
    return subprocess.run(
        [os.path.abspath(options.accrue), "search", search, "--input", path, "--format", "ndjson", "--no-limits", "--content",
         options.shared + "/corpus/security_content", "--now", "2025-12-01T00:00:00Z"], capture_output=True, text=True, cwd=ROOT)


def published_event(options):
    """Whether the one event whose row is known gives that row, but for its times: it was indexed again much later."""
    case = json.loads(open(options.shared + "/oracles/splunk_event_to_row.jsonl", encoding="utf-8").readline())
    wanted = case["splunk_row"]
    # The search asks for a reg.exe below the process.
    child = event(1, 1, wanted["dest"], [
        ("ProcessGuid", "{0}"), ("ProcessId", "77"), ("Image", "C:\\Windows\\System32\\reg.exe"),
        ("ParentProcessId", wanted["process_id"]), ("ParentImage", "C:\\Windows\\System32\\cmd.exe")])
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        given = {"sourcetype": case["sourcetype"], "source": case["source"], "host": "h", "raw": case["raw"]}
        file.write(json.dumps(given) + "\n" + json.dumps(child) + "\n")
        file.flush()
        rows = [json.loads(line) for line in run(options, case["spl"], file.name).stdout.splitlines()]
    same = len(rows) == 1 and list(rows[0]) == list(wanted) and all(
        str(rows[0][name]) == str(value) for name, value in wanted.items() if name not in {"firstTime", "lastTime"})
    print(f"the published event {'gives' if same else 'does NOT give'} its row: {len(wanted)} columns")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accrue", required=True)
    parser.add_argument("--shared", default=os.environ.get("ACCRUE_SHARED", ""))
    parser.add_argument("--show", action="store_true", help="print the rows that do not come out, and the nearest that did")
    options = parser.parse_args()
    oracle = options.shared + "/oracles/splunk_rows.jsonl"
    if not options.shared or not os.path.exists(oracle):
        print("no reference material: the rows were not made again")
        return 0
    total = held = 0
    wrong_order = []
    for line in open(oracle, encoding="utf-8"):
        case = json.loads(line)
        expected = case["results"][:: max(1, len(case["results"]) // ROWS_OF_ONE_SEARCH)]
        if not expected:
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
            for number, row in enumerate(expected):
                for made in events(row, number):
                    file.write(json.dumps(made) + "\n")
            file.flush()
            answer = run(options, case["spl_query"], file.name)
        rows = [json.loads(line) for line in answer.stdout.splitlines()]
        order = [name for name in expected[0]]
        if not rows:
            print(f"{case['file_name']}: no rows {answer.stderr[:300]}")
        elif [name for name in rows[0] if name in order] != order or set(rows[0]) != set(order):
            wrong_order.append((case["file_name"], order, list(rows[0])))

        def key(row):
            return json.dumps({k: str(v) if not isinstance(v, list) else [str(x) for x in v] for k, v in row.items() if k not in IGNORED}, sort_keys=True)
        have = {key(row) for row in rows}
        found = sum(key(row) in have for row in expected)
        total, held = total + len(expected), held + found
        print(f"{found:4} of {len(expected):4}  {case['file_name']}")
        if options.show and found < len(expected):
            for row in [row for row in expected if key(row) not in have][:3]:
                near = max(rows, key=lambda r: sum(str(r.get(k)) == str(v) for k, v in row.items()), default={})
                print("      ", {k: (v, near.get(k)) for k, v in row.items() if k not in IGNORED and str(near.get(k)) != str(v)})
    for name, order, have in wrong_order:
        print(f"columns of {name}: Splunk {order}, here {have}")
    print(f"{held} of {total} rows come out again; {len(wrong_order)} searches with other columns")
    return 0 if published_event(options) and held == total and not wrong_order else 1


if __name__ == "__main__":
    sys.exit(main())
