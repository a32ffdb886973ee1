"""What an analyst does: explain a score, review a finding, silence what is known, see which findings are one."""

import json

from harness import REPOSITORY, Case, epoch, iso, ndjson, put_image, rule

SEARCH = ("sourcetype=aws:cloudtrail eventName={} | stats min(_time) as _time count by userIdentity.userName, sourceIPAddress, eventID"
          " | rename userIdentity.userName as user, sourceIPAddress as src")
THREATS = [{"field": "src", "type": "ip_address"}]
NOW = "2026-11-20T00:00:00Z"
START = epoch("2026-11-18T10:05:00Z")

# The counted sum of decision 0013 in plain SQL; there are no entries by hand here.
COUNTED = """
WITH ranked AS (
    SELECT search_name, risk_message, calculated_risk_score AS score, row_number() OVER (
        PARTITION BY search_name, firing_id ORDER BY calculated_risk_score DESC, time, key) AS place
    FROM risk_event WHERE normalized_risk_object = ? AND risk_object_type = ? AND time >= ? AND time < ? {0}),
by_message AS (SELECT search_name, max(score) AS score FROM ranked WHERE place = 1 GROUP BY search_name, risk_message)
SELECT coalesce(sum(counted), 0) FROM (
    SELECT min(sum(max(score, 0)), 2 * max(max(score, 0))) + sum(min(score, 0)) AS counted FROM by_message GROUP BY search_name)
"""
RAW = """SELECT coalesce(sum(calculated_risk_score), 0) FROM risk_event
WHERE normalized_risk_object = ? AND risk_object_type = ? AND time >= ? AND time < ? {0}"""


class Analyst(Case):
    def setUp(self):
        super().setUp()
        self.write("content/detections/upload.yml", rule(
            "Upload", SEARCH.format("PutImage"), entities=[("user", "user", 45), ("src", "system", 30)],
            message="$user$ uploads from $src$", threat_objects=THREATS))
        self.write("content/detections/noisy.yml", rule(
            "Noisy", SEARCH.format("DescribeImages"), entities=[("user", "user", 10)], message="$user$ looks",
            threat_objects=THREATS))
        self.write("content/detections/delete.yml", rule(
            "Delete", SEARCH.format("DeleteRepository"), entities=[("user", "user", 40)], message="$user$ deletes $eventID$"))
        self.content = ["--content", self.folder / "content"]
        events = [put_image(iso(START + 600 * n), eventName="DescribeImages") for n in range(8)]
        events += [put_image(iso(START + 7200 + 1800 * n), sourceIPAddress=f"203.0.113.{n % 2 + 1}") for n in range(3)]
        events += [put_image(iso(START + 14400 + 60 * n), eventName="DeleteRepository") for n in range(2)]
        self.events = self.write("e.json", ndjson(events))

    def run_all(self, profile="splunk", now=NOW):
        found = [part for name in ("Upload", "Noisy", "Delete") for part in ("--rule", name)]
        return self.accrue("run", self.events, *found, "--once", *self.content, "--profile", profile, "--format", "ndjson", now=now)

    def explain(self, *more, name="alice", kind="user", now=NOW, **options):
        answer = self.accrue("entity", name, "--type", kind, "--explain", *self.content, "--format", "json", *more, now=now, **options)
        return json.loads(answer.out)

    def sql(self, text, start, end, name="alice", kind="user", where=""):
        return self.rows(text.format(where), name, kind, start * 1_000_000, end * 1_000_000)[0][0]

    def findings(self, *more, now=NOW):
        return self.accrue("findings", "--format", "ndjson", *more, now=now).lines()

    def test_ledger_totals_are_those_of_plain_sql(self):
        for profile in ("splunk", "recommended"):
            self.run_all(profile)
            for window, seconds in {"7d": 7 * 86400, "36h": 129600, "35h": 126000, "1h": 3600}.items():
                explained = self.explain("--profile", profile, "--window", window)
                end = epoch(NOW)
                self.assertEqual(explained["raw_risk_score"], self.sql(RAW, end - seconds, end), window)
                sql = COUNTED if profile == "recommended" else RAW
                self.assertEqual(explained["counted_risk_score"], self.sql(sql, end - seconds, end), (profile, window))
                ledger = explained["ledger"]
                self.assertEqual(sum(line["calculated_risk_score"] for line in ledger), explained["raw_risk_score"])
                self.assertEqual(sum(line["counted_risk_score"] for line in ledger), explained["counted_risk_score"])
                self.assertEqual(explained["risk_event_count"], len(ledger))
                for line in ledger:
                    self.assertEqual(bool(line["reasons"]), line["counted_risk_score"] != line["calculated_risk_score"], line)
        self.assertEqual((explained["raw_risk_score"], explained["counted_risk_score"]), (0, 0))
        self.assertEqual(self.explain()["raw_risk_score"], 8 * 10 + 3 * 45 + 2 * 40)

    def test_counterfactuals_are_those_of_plain_sql(self):
        self.run_all("recommended")
        explained = self.explain("--profile", "recommended")
        end = epoch(NOW)
        self.assertEqual(len(explained["rules"]), 3)
        for entry in explained["rules"]:
            where = f"AND search_name <> '{entry['search_name']}'"
            self.assertEqual(entry["without_raw_risk_score"], self.sql(RAW, 0, end, where=where))
            self.assertEqual(entry["without_counted_risk_score"], self.sql(COUNTED, 0, end, where=where))
        self.assertEqual({t["threat_object"] for t in explained["threat_objects"]}, {"198.51.100.7", "203.0.113.1", "203.0.113.2"})
        for entry in explained["threat_objects"]:
            where = f"AND id NOT IN (SELECT risk_event_id FROM risk_event_threat_object WHERE value = '{entry['threat_object']}')"
            self.assertEqual(entry["without_raw_risk_score"], self.sql(RAW, 0, end, where=where))
            self.assertEqual(entry["without_counted_risk_score"], self.sql(COUNTED, 0, end, where=where))

    def test_the_shipped_threshold_opens_where_the_run_opened(self):
        for profile in ("splunk", "recommended"):
            home = self.home = self.folder / profile
            found = self.run_all(profile).lines("finding")
            first = min(f["_time"] for f in found if f["risk_object"] == "alice" and "24 Hour" in f["search_name"])
            outcomes = self.explain("--profile", profile, "--threshold", "1,9000")["thresholds"]
            self.assertEqual([(o["threshold"], o["is_shipped"]) for o in outcomes], [(1, False), (100, True), (9000, False)])
            self.assertEqual(epoch(outcomes[1]["finding"]["_time"]), first, (profile, home))
            self.assertEqual(epoch(outcomes[0]["crossing"]["_time"]), START)
            self.assertLess(outcomes[0]["finding"]["_time"], outcomes[1]["finding"]["_time"])
            self.assertEqual((outcomes[2]["finding"], outcomes[2]["crossing"]), (None, None))

    def test_a_threshold_of_ones_own_is_what_the_run_would_have_done(self):
        self.write("content/macros/risk_threshold.yml", "name: risk_threshold\nid: 1e1b1ee7-ec1c-5155-a168-e7292751da8f\nversion: 1\ndefinition: '65'\ndescription: lower\n")
        found = self.run_all("recommended").lines("finding")
        first = min(f["_time"] for f in found if f["risk_object"] == "alice" and "24 Hour" in f["search_name"])
        outcome = self.explain("--profile", "recommended")["thresholds"][0]
        self.assertEqual((outcome["threshold"], outcome["is_shipped"], epoch(outcome["finding"]["_time"])), (65, True, first))

    def test_bounded_scores(self):
        self.run_all()
        explained = self.explain("--elastic")
        score = explained["entity_score"]
        self.assertAlmostEqual(score["score"], sum(part["points"] for part in score["inputs"]))
        self.assertTrue(0 < score["score"] < 100 and 0 < explained["elastic_score"]["score"] < 100)
        self.assertNotIn("elastic_score", self.explain())

    def test_an_entity_of_long_ago_is_known(self):
        self.run_all()
        explained = self.explain(now=iso(START + 90 * 86400))
        self.assertEqual((explained["raw_risk_score"], explained["ledger"]), (0, []))
        self.accrue("entity", "alice", "--explain", "--format", "json", now=iso(START), code=1)

    def test_at_looks_back(self):
        self.run_all()
        early = self.explain("--at", iso(START + 1200))
        self.assertEqual(early["raw_risk_score"], 20)
        self.assertEqual(early, self.explain(now=iso(START + 1200)))

    def test_review(self):
        self.run_all("recommended")
        finding = next(f for f in self.findings("--entity", "alice"))
        self.assertEqual((finding["status"], finding["status_label"], finding["owner"], finding["disposition_label"]),
                         ("1", "New", "unassigned", "Undetermined"))
        ident = finding["finding_id"]
        review = ["finding", ident, "--status", "In Progress", "--owner", "amy", "--author", "eve", "--note", "a\x1b[31mb", "--format", "json"]
        document = json.loads(self.accrue(*review, now="2026-11-20T01:00:00Z").out)
        self.assertEqual(document, json.loads(self.accrue(*review, now="2026-11-20T01:00:00Z").out), "the same review again is the same review")
        self.assertEqual(document["reviews"], [
            {"_time": epoch("2026-11-20T01:00:00Z"), "author": "eve", "status": "in_progress", "owner": "amy", "note": "a\x1b[31mb"}])
        text = self.accrue("finding", ident, "--format", "table").out
        self.assertNotIn("\x1b", text)
        self.assertIn("opened", text)
        self.accrue("finding", ident, "--disposition", "false_positive", "--author", "eve", now="2026-11-20T02:00:00Z")
        row = self.accrue("search", f"index=notable finding_id={ident} | table status status_label owner disposition disposition_label", "--format", "ndjson", now=NOW).lines()
        self.assertEqual(row, [{"status": "2", "status_label": "In Progress", "owner": "amy", "disposition": "disposition:3",
                                "disposition_label": "False Positive - Incorrect Analytic Logic"}])
        mine = self.findings("--owner", "AMY")
        self.assertEqual([(f["finding_id"], f["last_change"], f["last_change_time"]) for f in mine], [(ident, "review", epoch("2026-11-20T02:00:00Z"))])
        self.assertEqual([f["finding_id"] for f in self.findings("--status", "in_progress")], [ident])
        everything = len(self.findings())
        self.accrue("finding", ident, "--status", "closed", "--author", "eve", now="2026-11-20T03:00:00Z")
        self.assertEqual(len(self.findings("--open")), everything - 1)
        self.assertEqual(self.findings("--entity", "nobody"), [])
        self.assertEqual(self.findings("--rule", finding["search_name"], "--entity", "ALICE")[0]["finding_id"], ident)
        self.assertEqual({f["state"] for f in self.findings("--state", finding["state"])}, {finding["state"]})
        for bad in (["--status", "done"], ["--disposition", "maybe"], ["--author", "eve"]):
            answer = self.accrue("finding", ident, *bad, code=2)
            self.assertIn("E801", answer.err)
        self.assertIn("benign_positive", self.accrue("finding", ident, "--disposition", "maybe", code=2).err)
        self.assertIn("E801", self.accrue("findings", "--state", "new", code=2).err)

    def test_changes_are_told(self):
        self.run_all("recommended", now=iso(START + 5 * 86400))
        ident = self.findings("--entity", "alice", "--rule", "Risk - 24 Hour Capped Risk Threshold Exceeded - Rule", now=None)[0]["finding_id"]
        changes = self.accrue("finding", ident, "--format", "ndjson").lines("change")
        self.assertEqual((changes[0]["state"], changes[-1]["state"]), ("opened", "closed"))
        stored = self.rows("SELECT finding_change.state, run_count, finding_change.risk_score, finding_change.raw_risk_score FROM finding_change JOIN finding ON finding.id = finding_id"
                           " WHERE finding.key LIKE ? ORDER BY position", ident + "%")
        self.assertEqual([(c["state"], c["run_count"], c["risk_score"], c["raw_risk_score"]) for c in changes], stored)
        opened = json.loads(self.accrue("finding", ident, "--explain", *self.content, "--format", "json").out)
        self.assertEqual(opened["explanation"]["counted_risk_score"], opened["counted_risk_score"])
        self.assertEqual(opened["explanation"]["raw_risk_score"], opened["raw_risk_score"])

    def test_twins_share_firings(self):
        self.write("content/detections/upload.yml", rule(
            "Upload", SEARCH.format("PutImage"), entities=[("user", "user", 60), ("src", "system", 60)],
            message="$user$ uploads from $src$ $eventID$", threat_objects=THREATS))
        self.run_all()
        found = {f["risk_object"]: f["finding_id"] for f in self.findings() if "24 Hour" in f["search_name"]}
        self.assertEqual(set(found), {"alice", "203.0.113.1"})
        events = ("SELECT firing_id FROM finding JOIN finding_risk_event ON finding_id = finding.id"
                  " JOIN risk_record ON risk_record.id = risk_event_id WHERE finding.key LIKE ?")
        shared = self.rows(f"SELECT count(*), count(DISTINCT firing_id) FROM ({events}) WHERE firing_id IN ({events})",
                           found["203.0.113.1"] + "%", found["alice"] + "%")[0]
        self.assertGreater(shared[0], 0)
        twins = self.accrue("finding", found["alice"], "--format", "ndjson").lines("twin")
        self.assertEqual([(t["finding_id"], t["risk_event_count"], t["shared_event_count"], t["shared_firing_count"]) for t in twins],
                         [(found["203.0.113.1"], 2, *shared)])
        back = self.accrue("finding", found["203.0.113.1"], "--format", "ndjson").lines("twin")
        self.assertIn((found["alice"], shared[1]), [(t["finding_id"], t["shared_firing_count"]) for t in back])

    def test_suppression(self):
        self.write("content/detections/upload.yml", rule(
            "Upload", SEARCH.format("PutImage"), entities=[("user", "user", 45)], message="m", threat_objects=THREATS))
        self.run_all(now=iso(START - 86400))
        before = iso(START - 3600)
        add = ["suppress", "add", "--threat-object", "203.0.113.1", "--for", "30d", "--reason", "scanner\x1b[31m", "--author", "eve", "--format", "ndjson"]
        first = self.accrue(*add, now=before).lines()
        self.assertEqual(first, self.accrue(*add, now=before).lines())
        self.assertEqual(first[0]["until"], START - 3600 + 30 * 86400)
        listed = self.accrue("suppress", "list", "--format", "ndjson", now=NOW).lines()
        self.assertEqual([(s["kind"], s["value"], s["active"]) for s in listed], [("threat_object", "203.0.113.1", "yes")])
        self.assertNotIn("\x1b", self.accrue("suppress", "list", "--format", "table", now=NOW).out)
        explained = self.explain()
        named = f"AND id IN (SELECT risk_event_id FROM risk_event_threat_object WHERE value = '203.0.113.1')"
        end = epoch(NOW)
        silenced = self.sql(RAW, 0, end, where=named)
        self.assertEqual(silenced, 90)
        self.assertEqual(explained["raw_risk_score"], self.sql(RAW, 0, end))
        self.assertEqual(explained["counted_risk_score"], self.sql(RAW, 0, end) - silenced)
        self.assertEqual(explained["suppressed_risk_score"], silenced)
        marked = [line for line in explained["ledger"] if "suppression_id" in line]
        self.assertEqual({(line["counted_risk_score"], line["suppression_id"]) for line in marked}, {(0, first[0]["suppression_id"])})
        self.assertIn("silenced by suppression", marked[0]["reasons"][0])
        ended = self.accrue("suppress", "end", first[0]["suppression_id"][:6], "--format", "ndjson", now=iso(START)).lines()
        self.assertEqual((ended[0]["until"], ended[0]["active"]), (START, "no"))
        self.assertEqual(self.accrue("suppress", "list", "--format", "ndjson", now=NOW).lines(), [])
        self.assertEqual(len(self.accrue("suppress", "list", "--all", "--format", "ndjson", now=NOW).lines()), 1)
        self.assertEqual(self.explain()["suppressed_risk_score"], 0)
        for bad in (["--entity", "a", "--rule", "b"], [], ["--entity", "a", "--for", "soon"], ["--entity", "a", "--until", "2020-01-01"],
                    ["--entity", "a", "--for", "1d", "--until", "+1d"]):
            self.assertEqual(self.accrue("suppress", "add", *bad, "--reason", "r", "--author", "eve", code=None).code, 2, bad)
        self.assertIn("E356", self.accrue("suppress", "end", "nosuch", code=2).err)
        self.assertIn("no risk event names", self.accrue("suppress", "add", "--rule", "nope", "--reason", "r", "--author", "e").err)

    def test_a_silenced_entity_gets_no_finding(self):
        self.accrue("run", self.write("none.json", ""), *self.content, "--format", "ndjson", now=iso(START - 86400), code=None)
        self.accrue("suppress", "add", "--entity", "ALICE", "--reason", "test", "--author", "eve", now=iso(START - 86400))
        self.assertEqual([f for f in self.run_all().lines("finding") if f["risk_object"] == "alice"], [])
        self.assertEqual(self.explain()["counted_risk_score"], 0)

    def test_forms_and_hostile_names(self):
        name = "<script>x</script>\x1b[31m\u202egpj'; DROP TABLE risk_event"
        self.write("e.json", ndjson([put_image(iso(START + n), user=name) for n in range(3)]))
        self.run_all()
        for form in ("table", "text", "html"):
            out = self.accrue("entity", name, "--explain", "--threshold", "50", *self.content, "--format", form, now=NOW).out
            for hostile in ("\x1b", "\u202e"):
                self.assertNotIn(hostile, out, form)
        self.assertNotIn("<script>", out)
        self.assertIn("<svg", out)
        ident = self.findings()[0]["finding_id"]
        for form in ("table", "text"):
            out = self.accrue("finding", ident, "--explain", *self.content, "--format", form).out
            self.assertNotIn("\x1b", out)
            self.assertNotIn("\u202e", out)
        page = self.accrue("finding", ident, *self.content, "--format", "html").out
        self.assertIn("<svg", page)
        self.assertIn(ident, page)
        for hostile in ("\x1b", "\u202e", "<script>", "http://", "https://"):
            self.assertNotIn(hostile, page)
        answer = self.accrue("entity", "no\x1b[31mbody", "--explain", *self.content, code=1)
        self.assertNotIn("\x1b", answer.err)
        for bad in (["--threshold", "x", "--explain"], ["--threshold", "5"], ["--threshold", "nan", "--explain"]):
            self.assertEqual(self.accrue("entity", name, *bad, code=None).code, 2)

    def test_long_and_quoting_names(self):
        names = ["\"double\" 'single'\nnewline\t\u2066x", "') OR 1=1; DELETE FROM risk_record; --", "x" * 10_000, "\u0430lice"]
        self.write("e.json", ndjson([put_image(iso(START + 60 * n), user=name) for n, name in enumerate(names * 3)]))
        self.run_all()
        for name in names:
            explained = self.explain(name=name)
            self.assertEqual(explained["normalized_risk_object"], name)
            total = self.rows("SELECT sum(calculated_risk_score) FROM risk_event WHERE normalized_risk_object = ?", name)[0][0]
            self.assertEqual((explained["raw_risk_score"], total), (135, 135))
            for form in ("table", "html"):
                out = self.accrue("entity", name, "--explain", *self.content, "--format", form, now=NOW).out
                self.assertNotIn("\u2066", out)
                self.assertNotIn("x" * 200, out)
                self.assertNotIn("single'\n", out)
            self.accrue("suppress", "add", "--entity", name, "--for", "1d", "--reason", name, "--author", name, now=iso(START))
        listed = self.accrue("suppress", "list", "--format", "ndjson", now=iso(START)).lines()
        self.assertEqual(sorted(s["value"] for s in listed), sorted(names))
        self.assertEqual(self.rows("SELECT count(*) FROM risk_record")[0][0], 24)

    def test_rules_with_other_conditions_are_named_not_guessed(self):
        shipped = (REPOSITORY / "risk/incident_rules/risk_threshold_exceeded_24_hours.yml").read_text()
        other = shipped.replace("sum(calculated_risk_score) as risk_score", "max(calculated_risk_score) as risk_score")
        self.assertNotEqual(shipped, other)
        self.write("content/incident_rules/risk_threshold_exceeded_24_hours.yml", other)
        self.run_all()
        explained = self.explain()
        self.assertEqual(explained["thresholds"], [])
        self.assertIn("Risk - 24 Hour Risk Threshold Exceeded - Rule", explained["other_incident_rules"])
        recommended = self.explain("--profile", "recommended")
        self.assertEqual([o["search_name"] for o in recommended["thresholds"]], ["Risk - 24 Hour Capped Risk Threshold Exceeded - Rule"])
        self.assertEqual(recommended["other_incident_rules"], ["Risk - 7 Day ATT&CK Tactic Threshold Exceeded With Capped Risk - Rule"])

    def test_raw_sums_of_thresholds_and_curve_have_what_is_silenced(self):
        self.run_all("recommended")
        rule = self.rows("SELECT DISTINCT search_name FROM risk_event WHERE search_name LIKE '%Noisy%'")[0][0]
        self.accrue("suppress", "add", "--rule", rule, "--reason", "r", "--author", "eve", now=iso(START - 86400))
        explained = self.explain("--profile", "recommended", "--threshold", "50", "--window", "7d")
        for outcome in explained["thresholds"]:
            for step in ("crossing", "finding"):
                if outcome[step] is None:
                    continue
                start, end = epoch(outcome[step]["window_start"]), epoch(outcome[step]["window_end"])
                self.assertEqual(outcome[step]["raw_risk_score"], self.sql(RAW, start, end + (step == "crossing")))
                where = f"AND search_name <> '{rule}'"
                self.assertEqual(outcome[step]["counted_risk_score"], self.sql(COUNTED, start, end + (step == "crossing"), where=where))
        self.assertIsNotNone(explained["thresholds"][0]["finding"])
        for point in explained["curve"]:
            end = epoch(point["_time"])
            self.assertEqual(point["raw_risk_score"], self.sql(RAW, end - explained["curve_window_seconds"], end))

    def test_composed_and_decomposed_names_are_two(self):
        names = ["caf\u00e9", "cafe\u0301"]
        self.write("e.json", ndjson([put_image(iso(START + n), user=name) for n, name in enumerate(names)]))
        self.run_all()
        self.accrue("suppress", "add", "--entity", names[0], "--reason", "r", "--author", "eve", now=iso(START))
        self.assertEqual([self.explain(name=name)["counted_risk_score"] for name in names], [0, 45])
