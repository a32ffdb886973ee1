"""`accrue bench`: data of its own, answers before times, and what is told when something is missing or wrong."""

import hashlib
import json
import os
import stat
import sys
import unittest

from harness import Case, expected_rows, fires, rule, run_program

EVENTS = 5_000
# What a peer is asked: whether it is there (code that looks for a module), or its answer.
PEER = """#!{python}
import json, sys
if "find_spec" in sys.argv[2]:
    if sys.argv[3] != "duckdb": sys.exit(7)
    print("9.9")
else:
    print(json.dumps({{"version": "9.9", "seconds": {seconds}, "rows": {rows}}}))
"""


class Bench(Case):
    def bench(self, *arguments, code=0, peers="none", environment=None):
        answer = run_program(
            ["bench", "--folder", self.folder / "bench", "--events", EVENTS, "--rounds", 1, "--peers", peers, *arguments],
            environment=environment)
        self.assertEqual(answer.code, code, answer)
        return answer

    def seed_rows(self):
        """The seed rule's rows over the whole file, by the few lines of Python that other tests use too."""
        path = self.folder / "events.ndjson"
        run_program(["bench", "--events", EVENTS, "--write", path])
        rows = {}
        for event in filter(fires, map(json.loads, path.read_text().splitlines())):
            for (_, *group), (count, first, last) in expected_rows([event]).items():
                known = rows.get(tuple(group), (0, first, last))
                rows[tuple(group)] = (known[0] + count, min(known[1], first), max(known[2], last))
        return rows

    def peer(self, rows, seconds=0.001):
        path = self.write("peer", PEER.format(python=sys.executable, rows=repr(rows), seconds=seconds))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def peer_rows(self):
        names = ["signature", "user", "user_agent", "src", "vendor_account", "vendor_region", "repository"]
        return [
            dict(zip(names, group)) | {"vendor_product": "AWS CloudTrail", "count": count, "firstTime": first, "lastTime": last}
            for group, (count, first, last) in self.seed_rows().items()]

    def test_the_seed_rule(self):
        report = json.loads(self.bench("--case", "seed", "--format", "json").out)
        rows = self.seed_rows()
        self.assertGreater(len(rows), 2)
        self.assertEqual(report["data"]["groups"], len(rows))
        self.assertEqual(report["data"]["events"], EVENTS)
        path = self.folder / "bench" / f"cloudtrail-{EVENTS}-1.ndjson"
        self.assertEqual(report["data"]["bytes"], path.stat().st_size)
        self.assertEqual(path.read_bytes(), (self.folder / "events.ndjson").read_bytes())
        uploads = [event for event in map(json.loads, path.read_text().splitlines()) if fires(event)]
        self.assertEqual(report["data"]["matched_events"], len(uploads))
        [case] = report["cases"]
        self.assertEqual((case["case"], case["ratios"], case["notes"]), ("seed", [], []))
        [side] = case["sides"]
        self.assertEqual(side["side"], "accrue run --once")
        self.assertEqual(side["rounds"], [side["seconds"]])
        self.assertGreater(side["seconds"], 0)
        self.assertGreater(side["peak_bytes"], 10_000_000)
        self.assertEqual(sorted(os.listdir(self.folder / "bench")), ["cache", path.name, "lock"])

    def test_the_table(self):
        out = self.bench("--case", "seed", "--case", "words", "--format", "table", "--seed", 5).out
        self.assertIn(f"{EVENTS} events, ", out)
        self.assertIn(", seed 5, ", out)
        self.assertRegex(out, r"(?m)^seed +accrue run --once +\d+\.\d{3} ")
        self.assertRegex(out, r"(?m)^words +accrue run --once +(grep|ripgrep) +\d+\.\d\d +- +-$")

    def test_damaged_data_is_written_anew(self):
        path = self.folder / "bench" / f"cloudtrail-{EVENTS}-1.ndjson"
        self.assertIn("written\n", self.bench("--case", "seed").err)
        digest = hashlib.sha256(path.read_bytes()).digest()
        self.assertIn("as they were\n", self.bench("--case", "seed").err)
        with path.open("r+b") as file:
            file.seek(3_000_000)
            file.write(b"X")
        self.assertIn("written anew", self.bench("--case", "seed").err)
        self.assertEqual(hashlib.sha256(path.read_bytes()).digest(), digest)

    def test_what_cannot_be_asked(self):
        answer = self.bench("--case", "speed", code=2)
        self.assertIn("'speed'", answer.err)
        self.assertIn("cases: content, events, rules, seed, words", answer.err)
        self.assertIn("cases: content", self.bench("--limit", "speed=1", code=2).err)
        for limit in ("seed", "seed=", "seed=-1", "seed=inf", "seed=1=2"):
            self.assertIn(f"'{limit}' is no limit", self.bench("--limit", limit, code=2).err)
        self.assertIn("5000 at least", self.bench("--events", 4_999, code=2).err)
        self.bench("--rounds", 0, code=2)
        self.bench("--format", "csv", code=2)

    def test_a_right_peer_gives_a_ratio_and_limits_hold_it(self):
        peer = self.peer(self.peer_rows(), seconds=0.001)
        answer = self.bench("--case", "seed", "--format", "json", peers=peer)
        [case] = json.loads(answer.out)["cases"]
        self.assertEqual([side["side"] for side in case["sides"]], ["accrue run --once", "DuckDB 9.9"])
        self.assertAlmostEqual(case["ratios"][0]["ratio"], case["sides"][0]["seconds"] / 0.001)
        self.assertEqual([note.split()[0] for note in case["notes"]], ["chDB", "Polars"])
        self.assertIn("setup_peers.sh", case["notes"][0])
        self.assertIn("limit seed=0.50: ", self.bench("--case", "seed", "--limit", "seed=0.5", peers=peer, code=1).err)
        self.bench("--case", "seed", "--limit", "seed=1000000", peers=peer)
        self.assertIn("no ratio was measured", self.bench("--case", "seed", "--limit", "seed=9", code=1).err)

    def test_a_wrong_peer_stops_everything(self):
        rows = sorted(self.peer_rows(), key=lambda row: row["user"])
        rows[1]["count"] += 1
        answer = self.bench("--case", "seed", peers=self.peer(rows), code=1)
        self.assertEqual(answer.out, "")
        self.assertIn("error[E903]", answer.err)
        self.assertIn(f"DuckDB 9.9: {len(rows)} groups, {len(rows)} expected", answer.err)
        self.assertRegex(answer.err, f'(?m)^  expected: .*user="{rows[1]["user"]}".* count={rows[1]["count"] - 1} ')
        self.assertRegex(answer.err, f'(?m)^  found:    .*user="{rows[1]["user"]}".* count={rows[1]["count"]} ')
        self.assertNotIn("round", answer.err)

    def test_a_peer_that_breaks_is_told_with_its_words(self):
        path = self.write("peer", f"#!{sys.executable}\nimport sys\nsys.exit('out of luck')\n")
        path.chmod(0o755)
        answer = self.bench("--case", "seed", peers=path, code=3)
        self.assertIn("error[E902]", answer.err)
        self.assertIn("out of luck", answer.err)
        self.assertIn("cannot be started", self.bench("--case", "seed", peers="/no/such/python", code=3).err)

    def test_content(self):
        """Ten rules of one's own: which of them read CloudTrail is found out, and all give the same among few and many."""
        for number in range(12):
            where = "sourcetype=aws:cloudtrail" if number % 3 else "sourcetype=linux:audit"
            self.write(f"content/detections/rule{number:02}.yml", rule(
                f"Rule {number:02}", f"{where} eventName=Get* | stats count by userIdentity.userName | rename userIdentity.userName as user"))
        answer = self.bench("--case", "content", "--case", "rules", "--content", self.folder / "content", "--format", "json")
        content, rules = json.loads(answer.out)["cases"]
        # The seed rule too.
        self.assertEqual([side["side"] for side in content["sides"]], ["9 detections"])
        self.assertEqual([side["side"] for side in rules["sides"]], ["2 files of rules", "12 files of rules"])
        self.assertEqual([ratio["aim"] for ratio in rules["ratios"]], [3])
        answer = self.bench("--case", "content", "--case", "rules", "--format", "json")
        for case in json.loads(answer.out)["cases"]:
            self.assertEqual((case["sides"], case["notes"]), ([], ["needs --content DIR"]))

    def test_a_tenth_of_the_events(self):
        answer = self.bench("--case", "events", "--format", "json")
        [case] = json.loads(answer.out)["cases"]
        self.assertEqual([side["events"] for side in case["sides"]], [EVENTS // 10, EVENTS])
        self.assertEqual(case["ratios"][0]["aim"], 10.5)

    def test_settings_of_the_user_change_nothing(self):
        home, content = self.folder / "home", self.folder / "none"
        self.bench("--case", "seed", environment={"ACCRUE_HOME": str(home), "ACCRUE_CONTENT": str(content)})
        self.assertFalse(home.exists())


if __name__ == "__main__":
    unittest.main()
