"""The weekly summary's figures: lives of findings, raw and counted sums, how much is told of how many."""

import json

from harness import Case, epoch, iso, ndjson, put_image, rule, timed_rule


class Summary(Case):
    def setUp(self):
        super().setUp()
        for name, score in (("Timed A", 60), ("Timed B", 55)):
            self.write(f"content/detections/{name[-1]}.yml", timed_rule(name, entities=[("user", "user", score)]))
        self.content = ["--rule", "Timed *", "--content", self.folder / "content"]

    def summary(self, *more, week="2026-W47", form="json"):
        answer = self.accrue("summary", "--week", week, "--format", form, *more, now="2026-11-24T00:00:00Z")
        return json.loads(answer.out) if form == "json" else answer.out

    def run_two_uploads(self, profile):
        """The second says nothing that the first has not said."""
        uploads = [put_image(f"2026-11-17T{hour}:30:00Z", user="alice") for hour in (10, 13)]
        self.run_events(
            self.write("e.json", ndjson(uploads)), *self.content, "--profile", profile, now="2026-11-24T00:00:00Z")

    def test_a_finding_is_opened_held_and_closed(self):
        self.run_two_uploads("recommended")
        week = self.summary("--profile", "recommended")
        self.assertEqual([f["normalized_risk_object"] for f in week["findings"]], ["alice"])
        self.assertEqual(sorted({f["finding_id"] for f in week["held_findings"]}), [week["findings"][0]["finding_id"]])
        self.assertEqual([f["finding_id"] for f in week["closed_findings"]], [week["findings"][0]["finding_id"]])
        opened, held, closed = (epoch(t) for t in (
            iso(week["findings"][0]["_time"]), week["held_findings"][0]["time"], week["closed_findings"][0]["time"]))
        self.assertLess(opened, held)
        self.assertLess(held, closed)
        self.assertTrue(epoch("2026-11-18T13:00:00Z") <= closed <= epoch("2026-11-18T15:00:00Z"), iso(closed))
        totals, held_count = week["totals"], len(week["held_findings"])
        self.assertEqual([totals[f"{s}_count"] for s in ("finding", "updated_finding", "held_finding", "closed_finding")], [1, 0, held_count, 1])
        for form in ("text", "md", "html"):
            text = self.summary("--profile", "recommended", form=form)
            for line in ("Opened: 1", "Updated: 0", f"Held: {held_count}", "Closed: 1"):
                self.assertIn(line, text, form)
        after = self.summary("--profile", "recommended", week="2026-W48")
        self.assertEqual((after["findings"], after["held_findings"], after["closed_findings"]), ([], [], []))

    def test_under_splunks_profile_nothing_is_held(self):
        self.run_two_uploads("splunk")
        week = self.summary()
        # The window slides for a day after the first finding, and Splunk's throttling looks at the clock only.
        self.assertEqual((len(week["findings"]), week["held_findings"], week["closed_findings"]), (2, [], []))

    def test_raw_and_counted_sums_and_who_is_first(self):
        # Alice: one rule, one message, five times. Bob: both rules once each.
        uploads = [put_image(f"2026-11-17T1{hour}:30:00Z", user="alice", repository="a") for hour in range(5)]
        uploads.append(put_image("2026-11-18T10:30:00Z", user="bob", repository="b"))
        self.write("content/detections/A.yml", timed_rule("Timed A", entities=[("user", "user", 20)]))
        self.write("content/detections/B.yml", timed_rule("Timed B", entities=[("user", "user", 15)]).replace(
            "eventName=PutImage", "eventName=PutImage userIdentity.userName=bob"))
        self.run_events(self.write("e.json", ndjson(uploads)), *self.content, now="2026-11-24T00:00:00Z")
        for profile, order in (("splunk", ["alice", "bob"]), ("recommended", ["bob", "alice"])):
            week = self.summary("--profile", profile)
            self.assertEqual([e["normalized_risk_object"] for e in week["entities"]], order)
            sums = {e["normalized_risk_object"]: (e["risk_score"], e["counted_risk_score"]) for e in week["entities"]}
            self.assertEqual(sums, {"alice": (100, 20), "bob": (35, 35)})
            self.assertEqual((week["totals"]["risk_score"], week["totals"]["counted_risk_score"]), (135, 55))

    def test_details_are_for_as_many_as_asked(self):
        uploads = [put_image("2026-11-17T10:30:00Z", user=f"u{n}") for n in range(5)]
        self.run_events(self.write("e.json", ndjson(uploads)), *self.content, now="2026-11-24T00:00:00Z")
        for top, told in ((0, 0), (2, 2), (25, 5)):
            week = self.summary("--top", top)
            self.assertEqual(len(week["entities"]), 5)
            self.assertEqual([bool(e.get("why")) for e in week["entities"]], [True] * told + [False] * (5 - told))
        for top in ("-1", "1001", "x"):
            self.assertEqual(self.accrue("summary", f"--top={top}", code=None).code, 2)

    def test_blind_spots_are_those_of_the_recorded_runs(self):
        """What did not run, which sources fell silent and what was lost, from what `accrue run` left."""
        for name, search in (("Timed Cannot", "sourcetype=aws:cloudtrail | nosuchcommand"), (
            "Timed Loses", "sourcetype=aws:cloudtrail | stats count by eventID | eval user=null()")):
            self.write(f"content/detections/{name[-5:]}.yml", rule(name, search))
        uploads = [put_image(f"2026-11-{day}T10:30:00Z", user="alice") for day in (17, 20)]

        def hec(sourcetype, *times):
            return "".join(json.dumps({"time": epoch(t), "sourcetype": sourcetype, "event": f"at {t}"}) + "\n" for t in times)

        others = self.write(
            "hec.json", hec("odd:gone", "2026-11-11T00:00:00Z", "2026-11-16T05:59:00Z")
            + hec("odd:here", "2026-11-11T00:00:00Z", "2026-11-22T23:00:00Z"))
        self.run_events(self.write("e.json", ndjson(uploads)), *self.content, code=1, now="2026-11-21T00:00:00Z")
        self.run_events(others, *self.content, code=1, now="2026-11-23T12:00:00Z")
        week = self.summary()
        self.assertEqual(week["silent_sources"], [
            {"sourcetype": "aws:cloudtrail", "last_time": "2026-11-20T10:30:00Z"},
            {"sourcetype": "odd:gone", "last_time": "2026-11-16T05:59:00Z"}])
        [cannot] = week["detections_not_run"]
        self.assertEqual((cannot["search_name"], cannot["run_count"]), ("ESCU - Timed Cannot - Rule", 2))
        self.assertIn("nosuchcommand", cannot["problem"])
        self.assertEqual(
            week["lost_risk"], [{"search_name": "ESCU - Timed Loses - Rule", "field": "user", "row_count": 2}])
        for form in ("text", "md", "html"):
            text = self.summary(form=form)
            for part in ("odd:gone", "nosuchcommand", "Timed Loses"):
                self.assertIn(part, text, form)
            self.assertNotIn("Not recorded in this index", text, form)
        # A later run that sees later events ends a silence, and a rule that ran the last time is not named.
        self.write("content/detections/annot.yml", timed_rule("Timed Cannot"))
        more = self.write("more.json", hec("odd:gone", "2026-11-22T12:00:00Z"))
        self.run_events(more, *self.content, now="2026-11-23T13:00:00Z")
        week = self.summary()
        self.assertEqual([source["sourcetype"] for source in week["silent_sources"]], ["aws:cloudtrail"])
        self.assertEqual(week["detections_not_run"], [])
