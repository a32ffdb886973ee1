"""What a run or a search took: counts are exact, and names are in order; of the times only that they are there."""

import json
import re
import unittest

from harness import Case, rule


class TimesTests(Case):
    def setUp(self):
        super().setUp()
        lines = [json.dumps({"eventTime": f"2026-11-20T10:00:{n:02}Z", "eventName": "PutImage" if n % 10 == 0 else "GetImage", "user": f"u{n % 3}"}) for n in range(50)]
        self.events = self.write("events.ndjson", "\n".join(lines) + "\n")
        self.parsed = sum(len(line) for line in lines[::10])
        self.read = sum(len(line) + 1 for line in lines)

    def test_rules(self):
        self.write("content/detections/a.yml", rule("Puts", "sourcetype=x eventName=PutImage | stats count by user"))
        self.write("content/detections/b.yml", rule("None", "sourcetype=x eventName=NoSuchName | stats count by user"))
        done = self.accrue("run", self.events, "--sourcetype", "x", "--once", "--no-default-content", "--content", self.folder / "content", "--time-rules")
        self.assertIn("Time of rules, the slowest first", done.err)
        self.assertRegex(done.err, rf"reading 50 events, {self.read} bytes for all rules at once took \d+\.\d ms")
        found = re.findall(r"(\d+) +(\d+) +(\d+) +(\d+) +(Puts|None)$", done.err, re.MULTILINE)
        more = int(re.search(r"(\d+) more rules took \d+\.\d ms", done.err).group(1))
        self.assertEqual(len(found) + more, 2, done.err)
        for row in found:
            self.assertEqual(row, ("5", str(self.parsed), "5", "3", "Puts") if row[4] == "Puts" else ("0", "0", "0", "0", "None"))

    def test_a_search(self):
        done = self.accrue("search", "sourcetype=x eventName=PutImage | stats count by user", "--input", self.events, "--sourcetype", "x", "--time", "--format", "ndjson")
        self.assertEqual(len(done.out.splitlines()), 3)
        self.assertRegex(
            done.err,
            rf"read 50 events, {self.read} bytes in \d+\.\d ms; parsed 5 events, {self.parsed} bytes; 5 matched, filter \d+\.\d ms on all threads\n"
            r"3 rows, commands \d+\.\d ms\n")

    def test_a_search_that_reads_nothing(self):
        self.assertRegex(self.accrue("search", "| makeresults count=4", "--time").err, r"\A4 rows, commands \d+\.\d ms\n\Z")


if __name__ == "__main__":
    unittest.main()
