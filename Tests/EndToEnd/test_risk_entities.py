"""Whose risk it is: names become entities when a risk event is made, and past events follow when the lists change."""

from harness import Case, ndjson, put_image, rule, timed_rule

IDENTITIES = "identity,email,category\nrob,ROB@x.com,admin\n"
FACTOR = """\
name: {name}
id: 0a4c3c1e-5b0f-4f57-9d57-0f3f0f6a1b{number:02}
version: 1
description: A factor of a test.
enabled: true
operation: {operation}
value: {value}
conditions:
    - field: {field}
      operator: {operator}
      value: {text}
"""


class Listed(Case):
    def setUp(self):
        super().setUp()
        self.write("content/detections/timed.yml", timed_rule(entities=[("user", "user", 60)]))
        self.write("lists/entities/identities.csv", IDENTITIES)
        self.now = "2026-11-18T00:00:00Z"

    def go(self, events, *folders, profile="splunk", home=None, now=None):
        content = [part for folder in ("content", *folders) for part in ("--content", self.folder / folder)]
        return self.run_events(
            self.write("e.json", ndjson(events)), "--rule", "Timed", "--profile", profile, *content, home=home,
            now=now or self.now)

    def two(self):
        return [put_image("2026-11-17T10:00:00Z", user="rob"), put_image("2026-11-17T12:00:00Z", user="ROB@x.com")]


class RiskEntities(Listed):
    def test_two_names_of_one_record_are_one_finding(self):
        for profile in ("splunk", "recommended"):
            with self.subTest(profile):
                answer = self.go(self.two(), "lists", profile=profile, home=self.folder / profile)
                found = answer.lines("finding")
                self.assertEqual([(f["normalized_risk_object"], f["risk_score"]) for f in found], [("rob", 120)])
                self.assertEqual({e["normalized_risk_object"] for e in answer.lines("risk_event")}, {"rob"})
                self.assertEqual({e["risk_object"] for e in answer.lines("risk_event")}, {"rob", "ROB@x.com"})
                reasons = self.rows("SELECT risk_object, reason FROM risk_object ORDER BY 1", home=self.folder / profile)
                self.assertEqual([reason.split(":")[0] for _, reason in reasons], ["exact-name", "exact-name"])
                self.assertIn("identities.csv:2", reasons[0][1])
                for name in ("rob", "ROB", "rob@X.com"):
                    report = self.accrue("entity", name, "--format", "json", now=self.now, home=self.folder / profile).lines()[0]
                    self.assertEqual((report["normalized_risk_object"], report["risk_score"]), ("rob", 120))
                    self.assertEqual({alias["reason"].split(":")[0] for alias in report["aliases"]}, {"exact-name"})

    def test_names_without_a_record_stay_apart(self):
        for profile in ("splunk", "recommended"):
            self.assertEqual(self.go(self.two(), profile=profile, home=self.folder / profile).lines("finding"), [])

    def test_past_events_follow_lists_that_come_late(self):
        for profile in ("splunk", "recommended"):
            with self.subTest(profile):
                home = self.folder / profile
                self.assertEqual(self.go(self.two(), profile=profile, home=home).lines("finding"), [])
                self.go([], "lists", profile=profile, home=home)
                names = self.rows("SELECT DISTINCT normalized_risk_object FROM risk_event", home=home)
                self.assertEqual(names, [("rob",)])
                lines = self.accrue("findings", "--format", "ndjson", home=home).lines()
                self.assertEqual([(f["normalized_risk_object"], f["risk_score"]) for f in lines], [("rob", 120)])
                before = self.dump(home=home)
                self.go([], "lists", profile=profile, home=home)
                self.assertEqual(self.rows("SELECT count(*) FROM finding", home=home), [(1,)])
                self.assertEqual(self.rows("SELECT count(*) FROM setting WHERE name LIKE 'times of%'", home=home), [(0,)])
                self.assertIn("rob", before)
                # Without the lists the names part again, and what was found stays.
                self.go([], profile=profile, home=home)
                names = self.rows("SELECT DISTINCT normalized_risk_object FROM risk_event ORDER BY 1", home=home)
                self.assertEqual(names, [("ROB@x.com",), ("rob",)])
                self.assertEqual(self.rows("SELECT count(*) FROM finding", home=home), [(1,)])

    def test_a_placeholder_is_lost_risk_and_nobody(self):
        events = [put_image("2026-11-17T10:00:00Z", user="-"), put_image("2026-11-17T11:00:00Z", user="N/A")]
        answer = self.go(events)
        self.assertEqual(answer.lines("risk_event"), [])
        self.assertIn("2 rows name no entity in field 'user': risk is lost", answer.err)
        self.assertEqual(self.rows("SELECT count(*) FROM entity"), [(0,)])

    def test_a_name_of_every_host_is_told_apart_by_the_host(self):
        search = "sourcetype=aws:cloudtrail | rename requestParameters.repositoryName as dest | table _time user dest"
        self.write("content/detections/timed.yml", rule("Timed", search, entities=[("user", "user", 60)]))
        events = [
            put_image(f"2026-11-17T1{n}:00:00Z", user="root", repository=host) for n, host in enumerate(["web1", "WEB1", "web2"])]
        answer = self.go(events)
        names = [e["normalized_risk_object"] for e in answer.lines("risk_event")]
        self.assertEqual(sorted(names), ["root [on web1]", "root [on web1]", "root [on web2]"])
        self.assertEqual([f["normalized_risk_object"] for f in answer.lines("finding")], ["root [on web1]"])


class RiskFactors(Listed):
    def factor(self, name, operation, value, field="risk_object_type", operator="equals", text="user", number=11):
        self.write(f"factors/risk/factors/{name}.yml", FACTOR.format(
            name=name, operation=operation, value=value, field=field, operator=operator, text=text, number=number))

    def test_additions_come_before_multiplications(self):
        self.write("content/detections/timed.yml", timed_rule(entities=[("user", "user", 5)]))
        for number, (name, operation, value) in enumerate(
                [("b_mult", "multiplication", 2), ("a_mult", "multiplication", 2), ("plus5", "addition", 5), ("plus6", "addition", 6)]):
            self.factor(name, operation, value, number=number)
        self.factor("never", "addition", 50, field="user_category", text="admin", number=9)
        answer = self.go(self.two()[:1], "factors")
        event = answer.lines("risk_event")[0]
        self.assertEqual(
            (event["risk_score"], event["risk_factor_add"], event["risk_factor_mult"], event["calculated_risk_score"]),
            (5, 11, 4, 64))
        self.assertEqual(event["risk_factor_add_matched"], ["plus5", "plus6"])
        self.assertEqual(event["risk_factor_mult_matched"], ["a_mult", "b_mult"])
        stored = self.rows("SELECT risk_score, calculated_risk_score FROM risk_event")
        self.assertEqual(stored, [(5, 64)])

    def test_a_factor_asks_the_lists(self):
        self.factor("admins", "multiplication", 1.5, field="user_category", text="admin")
        answer = self.go(self.two(), "factors", "lists")
        self.assertEqual([e["calculated_risk_score"] for e in answer.lines("risk_event")], [90, 90])
        self.assertEqual([f["risk_score"] for f in answer.lines("finding")], [180])

    def test_a_pattern_that_takes_forever_is_told(self):
        self.factor("slow", "addition", 50, field="risk_message", operator="regex", text="'^(a+)+$'")
        self.write("content/detections/timed.yml", timed_rule(message="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"))
        answer = self.go(self.two()[:1], "factors")
        self.assertEqual([e["calculated_risk_score"] for e in answer.lines("risk_event")], [20])
        self.assertIn("warning[W370]: risk factor 'slow' could not be decided for 1 risk events", answer.err)
