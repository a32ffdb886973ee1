"""`accrue fields`: what is extracted, by which line, which models it serves, what detections miss."""

import csv
import io
import json

from harness import REPOSITORY, Case, ndjson, put_image, rule

FIXTURE = REPOSITORY / "fixtures/fields"
ONLY_FIXTURE = ("--content", FIXTURE, "--no-default-content")


class Fields(Case):
    def fields(self, *inputs, **more):
        return self.accrue("fields", *inputs, "--format", "ndjson", **more)

    def by_name(self, answer, sourcetype):
        return {row["field"]: row for row in answer.lines("field") if row["sourcetype"] == sourcetype}

    def test_the_stored_report(self):
        stored = (FIXTURE / "expected.txt").read_text()
        table = self.accrue("fields", FIXTURE / "events.ndjson", *ONLY_FIXTURE, "--format", "table").out
        every = self.accrue("fields", FIXTURE / "events.ndjson", *ONLY_FIXTURE, "--format", "table", "--detections").out
        self.assertEqual(table + "\n--detections\n\n" + every, stored)

    def test_forms(self):
        objects = self.fields(FIXTURE / "events.ndjson", *ONLY_FIXTURE).lines()
        whole = json.loads(self.accrue("fields", FIXTURE / "events.ndjson", *ONLY_FIXTURE, "--format", "json").out)
        self.assertEqual(objects, whole)
        out = self.accrue("fields", FIXTURE / "events.ndjson", *ONLY_FIXTURE, "--format", "csv").out
        rows = list(csv.DictReader(io.StringIO(out, newline="")))
        self.assertEqual(len(rows), len(objects))
        self.assertEqual([row["kind"] for row in rows], [row["kind"] for row in objects])
        self.assertFalse(self.home.exists(), "nothing is stored")

    def test_cloudtrail_and_its_detections(self):
        events = [put_image("2026-11-17T21:00:00Z", user="alice", eventID=f"e{n}") for n in range(5)]
        del events[0]["userIdentity"]["userName"]
        del events[3]["userAgent"]
        answer = self.fields(self.write("e.json", ndjson(events)))
        fields = self.by_name(answer, "aws:cloudtrail")
        self.assertEqual(fields["userIdentity.userName"]["event_count"], 4)
        self.assertEqual(fields["userAgent"]["event_count"], 4)
        self.assertEqual(fields["eventName"]["event_count"], 5)
        self.assertEqual(fields["eventName"]["example"], "PutImage")
        self.assertEqual(fields["eventName"]["made_by"], "KV_MODE json")
        self.assertRegex(fields["src"]["made_by"], r"^aws/default/props\.conf:\d+ FIELDALIAS-origin$")
        self.assertRegex(fields["user"]["made_by"], r"^aws/default/props\.conf:\d+ EVAL-user$")
        line = int(fields["user"]["made_by"].split(":")[1].split()[0])
        props = (REPOSITORY / "rules/addons/aws/default/props.conf").read_text().splitlines()
        self.assertTrue(props[line - 1].startswith("EVAL-user ="), props[line - 1])
        self.assertEqual([row["field"] for row in answer.lines("field")], sorted(fields))
        seed = [row for row in answer.lines("detection") if "ECR" in row["rule"]]
        self.assertEqual(len(seed), 1)
        self.assertNotIn("unfilled", seed[0])

    def test_a_detection_that_misses_a_field(self):
        self.write("app/detections/a.yml", rule("Reader", "`cloudtrail` neverThere=* | stats count by user, alsoNot"))
        self.write("app/detections/b.yml", rule("Other", "sourcetype=other:log x=1 | stats count by user"))
        answer = self.fields(
            self.write("e.json", ndjson([put_image("2026-11-17T21:00:00Z")])), "--content", self.folder / "app")
        rows = {row["rule"]: row for row in answer.lines("detection")}
        self.assertEqual(sorted(rows["Reader"]["unfilled"]), ["alsoNot", "neverThere"])
        self.assertNotIn("Other", rows)
        self.assertTrue(rows["Reader"]["file"].endswith("a.yml"))

    def test_forced_sourcetype_source_and_host(self):
        path = self.write("x.log", "user=amy did=something\n" * 3)
        answer = self.fields(path, "--sourcetype", "my:app", "--source", "s1", "--host", "h1")
        fields = self.by_name(answer, "my:app")
        self.assertEqual((fields["source"]["example"], fields["host"]["example"]), ("s1", "h1"))
        self.assertEqual(fields["user"]["event_count"], 3)

    def test_order_of_events_gives_the_example(self):
        first = self.write("1.log", "".join(f"n={n} v=a{n} pad={chr(120) * 400}\n" for n in range(8_000)))
        second = self.write("2.log", "w=z v=later\n")
        fields = self.by_name(self.fields(first, second, "--sourcetype", "t"), "t")
        self.assertEqual(fields["v"]["example"], "a0")
        self.assertEqual(fields["w"]["example"], "z")
        self.assertEqual(fields["v"]["event_count"], 8_001)
        fields = self.by_name(self.fields(second, first, "--sourcetype", "t"), "t")
        self.assertEqual(fields["v"]["example"], "later")

    def test_no_events_and_no_input(self):
        answer = self.accrue("fields", self.write("e.log", ""), "--format", "table")
        self.assertIn("no events", answer.out)
        answer = self.accrue("fields", self.folder / "nowhere.log", code=3)
        self.assertIn("nowhere.log", answer.err)
        self.accrue("fields", code=2)

    def test_hostile_names_do_not_reach_the_terminal(self):
        event = {"\u001b[31mred": "\u001b]0;title\u0007", "x" * 5_000: "y" * 5_000, "ok": "1"}
        path = self.write("e.ndjson", ndjson([event]))
        answer = self.accrue("fields", path, "--sourcetype", "t", "--format", "table")
        self.assertNotIn("\x1b", answer.out)
        self.assertLess(max(map(len, answer.out.splitlines())), 400)

    def test_many_sourcetypes_and_names_are_bounded(self):
        lines = [{"sourcetype": f"st{n:05}", "source": "s", "time": 1795000000, "event": {"a": 1}} for n in range(1_200)]
        answer = self.fields(self.write("e.ndjson", ndjson(lines)))
        self.assertEqual(answer.lines("summary")[0]["sourcetype_count"], 1_000)
        self.assertEqual(answer.lines("summary")[0]["unlisted_event_count"], 200)
        self.assertEqual(answer.lines("field")[0]["sourcetype"], "st00000")
