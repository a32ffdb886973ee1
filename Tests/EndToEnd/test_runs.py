"""What each run leaves behind, the rankings read from it, and the throttling of detections."""

import json
import random

from harness import NOW, SEED_SEARCH_NAME, Case, epoch, iso, ndjson, put_image, rule

SEARCH = ("sourcetype=aws:cloudtrail eventName=PutImage "
          "| stats count by userIdentity.userName, sourceIPAddress | rename userIdentity.userName as user, sourceIPAddress as src")


def uploads(*hours, user="alice", day="2026-11-18", **over):
    """One upload at five past each hour, counted from midnight."""
    return [put_image(iso(epoch(f"{day}T00:05:00Z") + hour * 3600), user=user, **over) for hour in hours]


class Runs(Case):
    def content(self, *rules):
        for text in rules:
            self.write(f"content/detections/{json.loads(text)['name'].lower().replace(' ', '_')}.yml", text)
        return self.folder / "content"

    def test_a_run_is_recorded_once(self):
        events = uploads(21, 22, 23) + uploads(5, drop=["userIdentity.userName"])
        path = self.write("e.json", ndjson(events))
        content = self.content(
            rule("Loses", "sourcetype=aws:cloudtrail | stats count by eventID, userIdentity.userName "
                          "| eval user=if(count>0, null(), user)"),
            rule("Cannot", "sourcetype=aws:cloudtrail | nosuchcommand"))
        for _ in range(2):
            self.run_events(path, "--content", content, code=1)
        self.assertEqual(self.rows("SELECT time, profile FROM run"), [(epoch(NOW) * 1_000_000, "splunk")])
        rows = {row[0]: row[1:] for row in self.rows(
            "SELECT search_name, matched_event_count, row_count, risk_event_count, lost, problem FROM run_rule")}
        self.assertEqual(rows["ESCU - Loses - Rule"], (4, 3, 0, '[["user","3"]]', None))
        self.assertEqual(rows[SEED_SEARCH_NAME][:3], (4, 3, 3))
        cannot = rows["ESCU - Cannot - Rule"]
        self.assertEqual(cannot[:4], (0, 0, 0, "[]"))
        self.assertRegex(cannot[4], r"^error\[E\d+\]: .*nosuchcommand")
        self.assertEqual(
            self.rows("SELECT sourcetype, event_count, first_time, last_time FROM run_source"),
            [("aws:cloudtrail", 4, epoch("2026-11-18T05:05:00Z") * 1_000_000, epoch("2026-11-18T23:05:00Z") * 1_000_000)])
        self.run_events(path, "--content", content, code=1, now="2026-12-02T00:00:00Z")
        self.assertEqual(self.rows("SELECT count(*) FROM run"), [(2,)])

    def test_times_of_sourcetypes_that_no_rule_reads(self):
        lines = [json.dumps({"time": 1795000000 + n, "sourcetype": f"odd:{n % 3}", "host": f"h{n}", "event": f"line {n}"})
                 for n in range(300)]
        self.run_events(self.write("hec.json", "\n".join(lines) + "\n"))
        self.assertEqual(
            self.rows("SELECT sourcetype, event_count, first_time, last_time FROM run_source"),
            [(f"odd:{k}", 100, (1795000000 + k) * 1_000_000, (1795000297 + k) * 1_000_000) for k in range(3)])

    def test_rules_are_ranked_from_what_is_stored(self):
        events = uploads(20, 21, 22, 23) + uploads(22, user="bob")
        path = self.write("e.json", ndjson(events))
        content = self.content(
            rule("Big", SEARCH, entities=(("user", "user", 60),)), rule("Cannot", "sourcetype=aws:cloudtrail | nosuchcommand"))
        self.run_events(path, "--content", content, code=1)
        finding = self.accrue("findings", "--format", "ndjson").lines()[0]["finding_id"]
        by_name = {row["search_name"]: row for row in self.accrue("rules", "--format", "ndjson").lines()}
        big = by_name["ESCU - Big - Rule"]
        self.assertEqual((big["risk_event_count"], big["entity_count"], big["risk_score"]), (5, 2, 300))
        self.assertEqual(big["finding_share"], 1)
        self.assertEqual(big["last_run"], epoch(NOW))
        self.assertEqual(big["last_firing"], self.rows(
            "SELECT max(time) / 1000000 FROM risk_event WHERE search_name = 'ESCU - Big - Rule'")[0][0])
        self.assertNotIn("benign_rate", big)
        self.assertIn("nosuchcommand", by_name["ESCU - Cannot - Rule"]["did_not_run"])
        self.assertNotIn("last_run", by_name["ESCU - Cannot - Rule"])
        for order, first in (("score", "ESCU - Big - Rule"), ("events", "ESCU - Big - Rule")):
            self.assertEqual(self.accrue("rules", "--sort", order, "--format", "ndjson").lines()[0]["search_name"], first)
        early = self.accrue("rules", "--since", "2026-11-30T00:00:00Z", "--format", "json")
        self.assertEqual({row["risk_event_count"] for row in json.loads(early.out)}, {0})
        self.assertIn("nosuchcommand", self.accrue("rules", "--format", "table").out)
        self.accrue("rules", "--sort", "loudness", code=2)
        self.accrue("rules", "--since", "a while", code=2)
        self.assertTrue(finding)

    def test_threats_are_ranked_by_entities(self):
        events = []
        for number in range(6):
            events += uploads(22, user=f"u{number}", sourceIPAddress="192.0.2.66")
        events += uploads(21, user="u0", sourceIPAddress="192.0.2.7") + uploads(21, 23, user="u1", sourceIPAddress="192.0.2.8")
        content = self.content(rule("Seen", SEARCH, threat_objects=[{"field": "src", "type": "ip_address"}]))
        self.run_events(self.write("e.json", ndjson(events)), "--content", content, "--rule", "Seen")
        rows = self.accrue("threats", "--format", "ndjson").lines()
        self.assertEqual(
            [(row["threat_object"], row["entity_count"], row["rule_count"], row["risk_event_count"]) for row in rows],
            [("192.0.2.66", 6, 1, 6), ("192.0.2.8", 1, 1, 2), ("192.0.2.7", 1, 1, 1)])
        self.assertEqual(rows[1]["last_seen"] - rows[1]["first_seen"], 7200)
        rare = self.accrue("threats", "--rare", "--limit", "1", "--format", "ndjson")
        self.assertEqual([row["threat_object"] for row in rare.lines()], ["192.0.2.7"])
        self.assertIn("2 more", rare.err)
        self.assertEqual(self.accrue("threats", "--since", "1d", "--format", "ndjson").out, "")


class Throttling(Case):
    def throttled(self, fields=("user",), period="3h", search=SEARCH, **more):
        text = rule("Quiet", search, throttling={"fields": list(fields), "period": period}, **more)
        self.write("content/detections/quiet.yml", text)
        return ["--content", self.folder / "content", "--rule", "Quiet"]

    def times(self, home=None):
        return [(user, (time - epoch("2026-11-18T00:00:00Z")) // 3600) for user, time in self.rows(
            "SELECT risk_object, time / 1000000 FROM risk_event ORDER BY 1, 2", home=home)]

    def test_a_tuple_is_silent_for_a_period(self):
        path = self.write("e.json", ndjson(uploads(*range(1, 9)) + uploads(2, 4, user="bob")))
        answer = self.run_events(path, *self.throttled())
        # An event at five past is seen by the run of the next hour.
        self.assertEqual(self.times(), [("alice", 2), ("alice", 5), ("alice", 8), ("bob", 3)])
        [line] = answer.lines("detection")
        self.assertEqual((line["row_count"], line["risk_event_count"], line["throttled_count"], line["lost_risk_count"]),
                         (10, 4, 6, 0))
        self.assertIn("6 rows held back", answer.err)
        self.assertNotIn("W362", answer.err)
        self.assertEqual(self.rows("SELECT throttled_count, lost FROM run_rule"), [(6, "[]")])
        self.assertEqual(self.accrue("rules", "--format", "ndjson").lines()[0]["throttled_count"], 6)

    def test_running_again_changes_nothing(self):
        path = self.write("e.json", ndjson(uploads(*range(1, 20)) + uploads(3, 4, 5, 9, user="bob")))
        options = self.throttled()
        for more in ([], ["--once"]):
            home = self.folder / f"home{len(more)}"
            first = self.run_events(path, *options, *more, home=home)
            before = self.dump(home)
            self.assertEqual(first.bytes, self.run_events(path, *options, *more, home=home).bytes)
            self.assertEqual(before, self.dump(home))
            self.assertTrue(first.lines("risk_event"))

    def test_a_later_run_knows_the_firings_of_an_earlier_one(self):
        options = self.throttled()
        self.run_events(self.write("a.json", ndjson(uploads(5))), *options)
        self.run_events(self.write("b.json", ndjson(uploads(6, 7, 8))), *options)
        self.assertEqual(self.times(), [("alice", 6), ("alice", 9)])

    def test_a_late_event_does_not_fire_beside_a_known_one(self):
        options = self.throttled()
        self.run_events(self.write("a.json", ndjson(uploads(10))), *options)
        self.run_events(self.write("b.json", ndjson(uploads(2, 8, 9, 10, 11))), *options)
        self.assertEqual(self.times(), [("alice", 3), ("alice", 11)])

    def test_order_and_threads_do_not_matter(self):
        chance = random.Random(4)
        events = [event for n in range(30) for event in uploads(*sorted(chance.sample(range(48), 12)), user=f"u{n}")]
        options = self.throttled(period="5h")
        self.run_events(self.write("a.json", ndjson(events)), *options, home=self.folder / "a")
        chance.shuffle(events)
        self.run_events(self.write("b.json", ndjson(events)), *options, home=self.folder / "b")
        self.assertEqual(self.times(self.folder / "a"), self.times(self.folder / "b"))
        starts = "SELECT rule_id, field_values, time, firing_key FROM throttled_firing ORDER BY 1, 2, 3"
        self.assertEqual(self.rows(starts, home=self.folder / "a"), self.rows(starts, home=self.folder / "b"))

    def test_a_missing_field_holds_nothing_back(self):
        answer = self.run_events(
            self.write("e.json", ndjson(uploads(1, 2, 3))), *self.throttled(fields=("nowhere",)))
        self.assertEqual(len(answer.lines("risk_event")), 3)
        self.assertIn("W363", answer.err)

    def test_hostile_values_stay_data(self):
        name = "x'; DROP TABLE throttled_firing; --\"\n\u202e" + "a" * 10_000
        answer = self.run_events(self.write("e.json", ndjson(uploads(1, 2, 5, user=name))), *self.throttled())
        self.assertEqual(len(answer.lines("risk_event")), 2)
        self.assertEqual(json.loads(self.rows("SELECT field_values FROM throttled_firing LIMIT 1")[0][0]), [[name]])
