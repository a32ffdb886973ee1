"""The explanation of a finding tells its whole life: each event once, in the step in which it joined, and sums that are SQL's."""

import json
import random

from harness import Case, epoch, iso, ndjson, put_image, rule
from test_analyst import COUNTED, RAW, SEARCH

DAY = "Risk - 24 Hour Capped Risk Threshold Exceeded - Rule"
START = epoch("2026-11-18T10:05:00Z")
HOUR = 3600
RULES = {"Upload": ("PutImage", 60), "Delete": ("DeleteRepository", 30), "Look": ("DescribeImages", 10)}


def event(name, hours, user="alice", src="192.0.2.1"):
    return put_image(iso(START + int(hours * HOUR)), user=user, eventName=RULES[name][0], sourceIPAddress=src)


class Lives(Case):
    def setUp(self):
        super().setUp()
        for name, (call, score) in RULES.items():
            self.write(f"content/detections/{name}.yml", rule(
                name, SEARCH.format(call), entities=[("user", "user", score)], message=f"$user$ {name} $eventID$",
                threat_objects=[{"field": "src", "type": "ip_address"}]))
        self.options = [part for name in RULES for part in ("--rule", name)] + ["--content", self.folder / "content"]

    def go(self, events, hours, profile="recommended"):
        """A run whose clock shows so many hours after the first event."""
        return self.run_events(self.write("e.json", ndjson(events)), *self.options, "--profile", profile, now=iso(START + int(hours * HOUR)))

    def found(self, rule=DAY):
        return self.rows(
            "SELECT id, key, normalized_risk_object, raw_risk_score, counted_risk_score FROM finding WHERE search_name = ? ORDER BY time, key", rule)

    def explain(self, key):
        answer = self.accrue("finding", key[:12], "--explain", "--content", self.folder / "content", "--format", "json")
        return json.loads(answer.out)["explanation"]

    def changes(self, ident):
        return self.rows(
            "SELECT state, time, run_count, raw_risk_score, counted_risk_score, risk_event_count, info_min_time, info_max_time, reason_code"
            " FROM finding_change WHERE finding_id = ? ORDER BY position", ident)

    def sql(self, text, name, start, end, where=""):
        return self.rows(text.format(where), name, "user", start, end)[0][0]

    def agree(self, finding):
        """What holds for every finding of which nothing is silenced."""
        ident, key, name, raw, counted = finding
        explained, changes = self.explain(key), self.changes(ident)
        # A closing that late events have made the finding say again is as it was said before them.
        changes = [change for place, change in enumerate(changes) if change[0] != "closed" or change not in changes[:place]]
        ledger = explained["ledger"]
        self.assertEqual(len({line["risk_event_id"] for line in ledger}), len(ledger))
        opening, last = explained["sums"][0], explained["sums"][-1]
        self.assertEqual((opening["raw_risk_score"], opening["counted_risk_score"]), (raw, counted))
        self.assertEqual((explained["raw_risk_score"], explained["counted_risk_score"]), (raw, counted))
        self.assertEqual((last["raw_risk_score"], last["counted_risk_score"], last["risk_event_count"]), changes[-1][3:6])
        in_opening = [line for line in ledger if line["in_opening"]]
        self.assertEqual((len(in_opening), sum(line["calculated_risk_score"] for line in in_opening)), (opening["risk_event_count"], raw))
        in_last = [line for line in ledger if "counted_at_last_step" in line]
        self.assertEqual(len(in_last), last["risk_event_count"])
        self.assertEqual(sum(line["calculated_risk_score"] for line in in_last), last["raw_risk_score"])
        self.assertEqual(sum(line["counted_at_last_step"] for line in in_last), last["counted_risk_score"])
        # Where the lines of a step end, there are the sums that were told then.
        ends = {(line["step"], line.get("step_time")): line for line in ledger}
        places = [(change[0], iso(change[1] // 1_000_000)) for change in changes]
        for place, change in zip(places, changes):
            line = ends.get(place)
            if line and places.count(place) == 1 and epoch(line["_time"]) * 1_000_000 >= change[6]:
                self.assertEqual((line["running_raw"], line["running_counted"]), change[3:5], (name, place))
        joined = self.rows(
            "SELECT substr(key, 1, 16) FROM finding_risk_event JOIN risk_record ON id = risk_event_id WHERE finding_id = ? ORDER BY position", ident)
        self.assertLessEqual({row[0] for row in joined}, {line["risk_event_id"] for line in ledger if line["step"] != "late"})
        return explained

    def test_a_finding_that_is_updated_again_and_again(self):
        self.go([
            event("Upload", 0), event("Upload", 0.25), event("Delete", 4), event("Upload", 19, src="192.0.2.2"),
            event("Delete", 22), event("Look", 28.4), event("Look", 60),
        ], 60)
        [finding] = self.found()
        explained, changes = self.agree(finding), self.changes(finding[0])
        self.assertEqual([(change[0], change[8]) for change in changes], [
            ("opened", "threshold"), ("updated", "new_rule"), ("updated", "new_threat_object"), ("updated", "score_up"),
            ("held", "slide_out"), ("closed", "below")])
        place = {(state, code): iso(time // 1_000_000) for state, time, *_, code in changes}
        self.assertEqual(
            [(line["step"], line["step_time"], line["search_name"].split()[2], line["in_opening"], line.get("counted_at_last_step"))
             for line in explained["ledger"]],
            [("opened", place["opened", "threshold"], "Upload", True, None),
             ("opened", place["opened", "threshold"], "Upload", True, None),
             ("updated", place["updated", "new_rule"], "Delete", False, None),
             ("updated", place["updated", "new_threat_object"], "Upload", False, 60),
             ("updated", place["updated", "score_up"], "Delete", False, 30),
             ("closed", place["closed", "below"], "Look", False, 10)])
        for sums, change in ((explained["sums"][0], changes[0]), (explained["sums"][-1], changes[-1])):
            start, end = change[6:8]
            self.assertEqual((sums["step"], epoch(sums["window_start"]) * 1_000_000, epoch(sums["window_end"]) * 1_000_000), (change[0], start, end))
            self.assertEqual(sums["raw_risk_score"], self.sql(RAW, "alice", start, end))
            self.assertEqual(sums["counted_risk_score"], self.sql(COUNTED, "alice", start, end))
        self.assertEqual([(sums["raw_risk_score"], sums["counted_risk_score"]) for sums in explained["sums"]], [(120, 120), (100, 100)])
        for form in ("table", "html"):
            text = self.accrue("finding", finding[1][:12], "--explain", "--content", self.folder / "content", "--format", form).out
            for part in ("Sums of the finding", "updated 2026-11-18 15:00:00", "closed 2026-11-19", "opened"):
                self.assertIn(part, text)

    def test_what_comes_late_joins_where_it_was_told(self):
        first = [event("Upload", 0), event("Upload", 0.25)]
        self.go(first, 3)
        self.go([event("Delete", 0.5)], 3.5)
        [finding] = self.found()
        explained = self.agree(finding)
        self.assertEqual([(line["step"], line["in_opening"]) for line in explained["ledger"]], [("opened", True), ("opened", True), ("updated", False)])
        self.assertEqual([sums["raw_risk_score"] for sums in explained["sums"]], [120, 150])

    def test_splunk_findings_never_learn_of_what_comes_late(self):
        self.go([event("Upload", 0), event("Upload", 0.25)], 3, profile="splunk")
        self.go([event("Delete", 0.5)], 3.5, profile="splunk")
        [finding] = self.found("Risk - 24 Hour Risk Threshold Exceeded - Rule")
        explained = self.agree(finding)
        self.assertEqual([(line["step"], line["counted_risk_score"]) for line in explained["ledger"]], [("opened", 60), ("opened", 60), ("late", 0)])
        self.assertEqual((explained["late_risk_event_count"], len(explained["sums"])), (1, 1))

    def test_silenced_events_stand_where_their_window_was_looked_at(self):
        self.go([], 0)
        self.accrue("suppress", "add", "--rule", "ESCU - Look - Rule", "--reason", "r", "--author", "eve", now=iso(START - HOUR))
        self.go([event("Upload", 0), event("Upload", 0.25), event("Look", 0.5), event("Delete", 4), event("Look", 4.1)], 6)
        [finding] = self.found()
        explained, changes = self.explain(finding[1]), self.changes(finding[0])
        self.assertEqual([(line["step"], line["counted_risk_score"]) for line in explained["ledger"]],
                         [("opened", 60), ("opened", 60), ("opened", 0), ("updated", 30), ("updated", 0)])
        for sums, change in zip(explained["sums"], (changes[0], changes[-1])):
            self.assertEqual(sums["raw_risk_score"], self.sql(RAW, "alice", *change[6:8]))
            self.assertEqual(sums["counted_risk_score"], self.sql(COUNTED, "alice", *change[6:8], where="AND search_name <> 'ESCU - Look - Rule'"))
            self.assertEqual(sums["raw_risk_score"] - sums["suppressed_risk_score"], change[3])

    def test_random_lives(self):
        chance = random.Random(7)
        names = list(RULES)
        events = [event(chance.choice(names), chance.randrange(0, 72 * 60) / 60, user=f"u{chance.randrange(6)}", src=f"192.0.2.{chance.randrange(9)}")
                  for _ in range(150)]
        late = [chance.random() < 0.15 for _ in events]
        for hours in (9, 24, 31, 50, 72, 90):
            ready = [e for e, is_late in zip(events, late) if epoch(e["eventTime"]) < START + (hours - (12 if is_late else 0)) * HOUR]
            self.go(ready, hours)
        found = self.found() + self.found("Risk - 7 Day ATT&CK Tactic Threshold Exceeded With Capped Risk - Rule")
        self.assertGreater(len(found), 6)
        marks = {line["step"] for finding in found for line in self.agree(finding)["ledger"]}
        self.assertLessEqual({"opened", "updated", "held"}, marks)
