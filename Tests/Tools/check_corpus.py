#!/usr/bin/env python3
"""Compiles all of security_content with the built program, and compares what is refused with docs/decisions/0008.

check_corpus.py --accrue PATH [--shared DIR]: exit code 1 where another search is refused, or one of the list no longer is.
"""
import argparse, json, os, re, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accrue", required=True)
    parser.add_argument("--shared", default=os.environ.get("ACCRUE_SHARED", ""))
    options = parser.parse_args()
    corpus = os.path.join(options.shared, "corpus", "security_content")
    if not os.path.isdir(corpus):
        print("no reference material: the published content was not checked")
        return 0
    run = subprocess.run(
        [options.accrue, "content", "check", corpus, "--format", "json", "--now", "1700000000"],
        capture_output=True, text=True, cwd=ROOT)
    if run.returncode not in (0, 1):
        print(run.stderr)
        return 1
    report = json.loads(run.stdout)
    refused = {
        (os.path.relpath(finding["file"], corpus), finding["code"])
        for finding in report["findings"] if finding["severity"] == "error"
    }
    page = open(os.path.join(ROOT, "docs/decisions/0008-refused-content.md"), encoding="utf-8").read()
    listed = set(re.findall(r"^\| (\S+\.yml) \| (E\d{3}) \|", page, re.M))
    print(f"checked {report['checked']}, refused {report['refused']}")
    for file, code in sorted(refused - listed):
        print(f"refused, but not listed: {file} {code}")
    for file, code in sorted(listed - refused):
        print(f"listed, but not refused: {file} {code}")
    samples = subprocess.run(
        [options.accrue, "content", "check", os.path.join(options.shared, "corpus", "schema_samples"), "--content",
         corpus, "--format", "json", "--now", "1700000000"], capture_output=True, text=True, cwd=ROOT)
    errors = [f for f in json.loads(samples.stdout)["findings"] if f["severity"] == "error"]
    for finding in errors:
        print(f"refused: {finding['file']}: {finding['code']} {finding['message']}")
    return 1 if refused != listed or errors else 0


if __name__ == "__main__":
    sys.exit(main())
