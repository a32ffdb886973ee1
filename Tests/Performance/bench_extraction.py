#!/usr/bin/env python3
"""Events a second for twenty extracted fields, by kind of log, beside simdjson's own speed on the same file.

bench_extraction.py [--accrue BIN] [--events N] [--data DIR]: files of N events, real ones of DIR repeated with their times moved; each
search counts twenty fields, so that all are extracted and little else is done. The program's start and content are taken off
by a run over an empty file. simdjson parses every line of the JSON file with its DOM parser and looks at no field.
Best of three runs each.
"""
import argparse, gzip, json, os, re, subprocess, sys, tempfile, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

KINDS = {
    "JSON, aws:cloudtrail": (
        "invictus_aws", lambda e: e["sourcetype"] == "aws:cloudtrail", "aws:cloudtrail", "cloudtrail",
        "eventName eventSource awsRegion sourceIPAddress userAgent eventTime eventType eventID requestID readOnly user user_name src "
        "dest action status signature vendor_account userIdentity.type userIdentity.arn"),
    "XML, XmlWinEventLog (Sysmon 1)": (
        "attack_data", lambda e: "Sysmon" in e["source"] and "<EventID>1<" in e["raw"], "XmlWinEventLog",
        "XmlWinEventLog:Microsoft-Windows-Sysmon/Operational",
        "EventCode Computer Image CommandLine ParentImage ParentCommandLine User ProcessGuid ProcessId Hashes OriginalFileName "
        "IntegrityLevel process process_name parent_process parent_process_name user dest process_hash action"),
    "KV, linux:audit": (
        "attack_data", lambda e: e["sourcetype"] == "linux:audit", "linux:audit", "/var/log/audit/audit.log",
        "type arch syscall success exit a0 a1 a2 a3 items ppid pid auid uid gid euid comm exe key user"),
}

SIMDJSON = r"""
#include <simdjson.h>
#include <chrono>
#include <cstdio>
int main(int, char **argv) {
    auto text = simdjson::padded_string::load(argv[1]).value();
    double best = 1e9; size_t count = 0;
    for (int run = 0; run < 3; run++) {
        simdjson::dom::parser parser; count = 0;
        auto began = std::chrono::steady_clock::now();
        for (auto document : parser.parse_many(text, 1 << 20)) if (!document.error()) count++;
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    }
    std::printf("%zu %f %zu\n", count, best, text.size());
}
"""


def events(data, folder, keep):
    with gzip.open(f"{data}/{folder}/events.ndjson.gz", "rt", encoding="utf-8") as file:
        return [event["raw"] for event in map(json.loads, file) if keep(event) and "\n" not in event["raw"]]


def best(command):
    times = []
    for _ in range(3):
        began = time.monotonic()
        run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        times.append(time.monotonic() - began)
        if run.returncode != 0:
            sys.exit(run.stderr[:2000])
    return min(times), run.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accrue", default=ROOT + "/.build/release/accrue")
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--data", default=os.environ.get("ACCRUE_SHARED", ROOT + "/../shared") + "/data")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty = folder + "/empty.log"
        open(empty, "w").close()
        for kind, (source, keep, sourcetype, name, fields) in KINDS.items():
            raws = events(options.data, source, keep)
            path = folder + "/events.log"
            with open(path, "w", encoding="utf-8") as file:
                for number in range(options.events):
                    file.write(raws[number % len(raws)] + "\n")
            counts = " ".join(f'count("{field}")' for field in fields.split())
            command = [
                os.path.abspath(options.accrue), "search", f"search * | stats count {counts}", "--sourcetype", sourcetype, "--source",
                name, "--now", "2026-11-26T00:00:00Z", "--format", "ndjson", "--input"]
            base, _ = best(command + [empty])
            total, out = best(command + [path])
            row = json.loads(out)
            filled = sum(float(row.get(f"count({field})", 0)) > 0 for field in fields.split())
            seconds, size = total - base, os.path.getsize(path)
            print(
                f"{int(float(row['count'])) / seconds:10,.0f} events/s {size / seconds / 1e6:7.0f} MB/s  {kind}: {int(float(row['count']))} events, "
                f"{filled} of {len(fields.split())} fields occur")
            if kind.startswith("JSON"):
                program = folder + "/simd"
                subprocess.run(["g++", "-O3", "-DNDEBUG", "-std=c++17", "-x", "c++", "-", "-o", program, "-lsimdjson"], input=SIMDJSON, text=True, check=True)
                count, took, size = subprocess.run([program, path], capture_output=True, text=True, check=True).stdout.split()
                print(f"{int(count) / float(took):10,.0f} events/s {int(size) / float(took) / 1e6:7.0f} MB/s  simdjson alone, every line parsed, one thread")


if __name__ == "__main__":
    main()
