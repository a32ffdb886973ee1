"""Scores add up, findings open where the sum passes the threshold, windows are half-open to the second."""

from harness import Case, epoch, hours_of_one_user, iso, ndjson, put_image, rule, timed_rule

SUM = "| from datamodel Risk.All_Risk | stats sum(calculated_risk_score) count by normalized_risk_object"
DAY = 86400


class Risk(Case):
    def test_sums_equal_plain_sql(self):
        events = [event for number, count in enumerate([1, 5, 6, 13, 30]) for event in hours_of_one_user(count, user=f"u{number}")]
        self.run_events(self.write("e.json", ndjson(events)))
        found = {(r["normalized_risk_object"], r["sum(calculated_risk_score)"], r["count"])
                 for r in self.accrue("search", SUM, "--format", "ndjson").lines()}
        plain = set(self.rows("SELECT normalized_risk_object, sum(calculated_risk_score), count(*) FROM risk_event GROUP BY 1"))
        self.assertEqual(found, plain)
        self.assertEqual({score for _, score, _ in plain}, {20, 100, 120, 260, 600})
        prefixed = self.accrue("search", "| from datamodel:Risk.All_Risk | stats sum(calculated_risk_score) as s by normalized_risk_object | sort - s | head 1", "--format", "ndjson").lines()
        self.assertEqual(prefixed, [{"normalized_risk_object": "u4", "s": 600}])
        raw = self.accrue("search", "index=risk | stats sum(risk_score) as s", "--format", "ndjson").lines()
        self.assertEqual(raw, [{"s": 20 * 55}])
        for source in ("| from datamodel Risk.All_Risk", "| datamodel Risk All_Risk search"):
            search = f"{source} | stats sum(All_Risk.calculated_risk_score) as s by All_Risk.normalized_risk_object | sort - s | head 1"
            found = self.accrue("search", search, "--format", "ndjson").lines()
            self.assertEqual(found, [{"All_Risk.normalized_risk_object": "u4", "s": 600}])

    def findings(self, events, *more):
        answer = self.run_events(self.write("e.json", ndjson(events)), *more)
        return answer.lines("finding")

    def test_five_firings_make_no_finding(self):
        self.assertEqual(self.findings(hours_of_one_user(5)), [])
        self.assertEqual(self.accrue("findings", "--format", "ndjson").lines(), [])

    def test_six_firings_make_one_medium_finding(self):
        events = hours_of_one_user(6)
        found = self.findings(events)
        self.assertEqual(len(found), 1)
        last = (epoch(events[-1]["eventTime"]) // 3600 + 1) * 3600
        expected = {
            "risk_object": "alice", "normalized_risk_object": "alice", "risk_object_type": "user", "risk_score": 120,
            "risk_event_count": 6, "source_count": 1, "mitre_tactic_id_count": 1, "severity": "medium",
            # The event at `last` is in no window before the next hour's: -1450m to -10m.
            "_time": last + 3600, "info_min_time": last + 3600 - 1450 * 60, "info_max_time": last + 3600 - 600,
        }
        self.assertEqual({name: found[0][name] for name in expected}, expected)
        self.assertIn("finding_id", found[0])
        self.assertIn("reason", found[0])

    def test_severity_by_the_sum_of_one_window(self):
        """All firings of one hour: 13 repositories make 260, 25 make 500."""
        for count, severity in {6: "medium", 12: "medium", 13: "high", 24: "high", 25: "critical", 40: "critical"}.items():
            with self.subTest(count):
                events = [put_image("2026-11-17T21:00:00Z", repository=f"r{n}") for n in range(count)]
                answer = self.run_events(self.write("e.json", ndjson(events)), home=self.folder / str(count))
                self.assertEqual([(f["risk_score"], f["severity"]) for f in answer.lines("finding")], [(20 * count, severity)])

    def test_events_of_24_hours_and_no_more(self):
        """The window of the shipped rule is half-open and 24 hours long."""
        self.write("content/detections/timed.yml", timed_rule(entities=[("user", "user", 60)]))
        for gap, count in {DAY - 1: 1, DAY: 0, DAY + 1: 0}.items():
            # A window starts at minute 50: put the first event on its first second.
            first = epoch("2026-11-16T08:50:00Z")
            events = [put_image(iso(first), user="x"), put_image(iso(first + gap), user="x")]
            answer = self.run_events(self.write("e.json", ndjson(events)), "--rule", "Timed", "--content", self.folder / "content",
                                     home=self.folder / str(gap))
            self.assertEqual([e["_time"] for e in answer.lines("risk_event")], [first, first + gap])
            self.assertEqual(len(answer.lines("finding")), count, gap)

    def test_exactly_one_hundred_is_not_over(self):
        for score, count in {50: 0, 51: 1, 50.5: 1}.items():
            self.write("content/detections/timed.yml", timed_rule(entities=[("user", "user", score)]))
            events = [put_image("2026-11-17T10:00:00Z", user="x"), put_image("2026-11-17T11:00:00Z", user="x")]
            answer = self.run_events(self.write("e.json", ndjson(events)), "--rule", "Timed", "--content", self.folder / "content",
                                     home=self.folder / f"h{score}", code=None)
            if isinstance(score, int):
                self.assertEqual(answer.code, 0, answer)
                self.assertEqual(len(answer.lines("finding")), count, score)

    def test_one_name_of_two_types_is_two_groups(self):
        self.write("content/detections/timed.yml", timed_rule(entities=[("user", "user", 60), ("user", "system", 60)]))
        content = ["--rule", "Timed", "--content", self.folder / "content"]
        one = self.write("one.json", ndjson([put_image("2026-11-17T10:00:00Z", user="x")]))
        answer = self.run_events(one, *content)
        self.assertEqual(sorted((e["risk_object"], e["risk_object_type"]) for e in answer.lines("risk_event")), [("x", "system"), ("x", "user")])
        self.assertEqual(len(answer.lines("risk_event")), 2)
        self.assertEqual(answer.lines("finding"), [])
        two = self.write("two.json", ndjson([put_image("2026-11-17T12:00:00Z", user="x")]))
        answer = self.run_events(two, *content)
        self.assertEqual(sorted((f["risk_object_type"], f["risk_score"]) for f in answer.lines("finding")), [("system", 120), ("user", 120)])
        self.assertEqual(len({f["finding_id"] for f in answer.lines("finding")}), 2)
        for kind in ("user", "system"):
            report = self.accrue("entity", "x", "--type", kind, "--now", "2026-11-18T00:00:00Z", "--format", "json", now=None).lines()[0]
            self.assertEqual((report["risk_object_type"], report["risk_score"]), (kind, 120))


class SevenDays(Case):
    """Events at T-7d-1s, T-7d, T-1s, T, T+1s of one user, a risk event each at its own second."""

    def setUp(self):
        super().setUp()
        self.at = epoch("2026-11-20T12:34:56Z")
        self.offsets = {"before": -7 * DAY - 1, "start": -7 * DAY, "last": -1, "end": 0, "after": 1}
        events = [put_image(iso(self.at + offset), user="x") for offset in self.offsets.values()]
        self.write("content/detections/timed.yml", timed_rule())
        self.content = ["--content", self.folder / "content"]
        answer = self.run_events(self.write("e.json", ndjson(events)), "--rule", "Timed", *self.content)
        self.ids = {offset: line["risk_event_id"] for line in answer.lines("risk_event") for offset in [line["_time"] - self.at]}
        self.assertEqual(sorted(self.ids), sorted(self.offsets.values()))

    def test_entity_window_is_half_open(self):
        for now, count in {0: 2, 1: 2, 2: 3, -7 * DAY: 1, -7 * DAY + 1: 2}.items():
            report = self.accrue("entity", "x", "--window", "7d", "--format", "json", now=iso(self.at + now)).lines()[0]
            self.assertEqual((report["risk_event_count"], report["risk_score"]), (count, 20 * count), now)

    def test_entity_clock_as_epoch_seconds(self):
        report = self.accrue("entity", "x", "--window", "7d", "--format", "json", now=str(self.at)).lines()[0]
        self.assertEqual(report["risk_event_count"], 2)

    def test_search_range_is_half_open(self):
        for earliest, latest, count in [(-7 * DAY, 0, 2), (-7 * DAY - 1, 0, 3), (-7 * DAY, 1, 3), (-7 * DAY + 1, -1, 0), (0, 0, 0), (0, 1, 1)]:
            for search in ("index=risk | stats count", "| from datamodel Risk.All_Risk | stats count"):
                for form in (iso, str):
                    rows = self.accrue("search", search, "--earliest", form(self.at + earliest), "--latest", form(self.at + latest),
                                       "--format", "ndjson").lines()
                    self.assertEqual(rows, [{"count": count}], (earliest, latest, search))

    def test_search_range_by_modifiers(self):
        rows = self.accrue("search", "index=risk | stats count", "--earliest", "-7d", "--latest", "now", "--format", "ndjson", now=iso(self.at)).lines()
        self.assertEqual(rows, [{"count": 2}])
        rows = self.accrue("search", "index=risk earliest=-7d latest=now | stats count", "--format", "ndjson", now=iso(self.at)).lines()
        self.assertEqual(rows, [{"count": 2}])

    def test_drilldown_of_seven_days_holds_the_event_and_exactly_seven_days(self):
        rows = self.accrue("drilldown", self.ids[0], "--number", "2", "--format", "ndjson", *self.content).lines()
        self.assertEqual([(r["count"], r["score"]) for r in rows], [(3, 60)])
        self.assertEqual(int(epoch(rows[0]["firstTime"] + "Z") if isinstance(rows[0]["firstTime"], str) else rows[0]["firstTime"]), self.at - 7 * DAY)
        rows = self.accrue("drilldown", self.ids[-1], "--number", "2", "--format", "ndjson", *self.content).lines()
        self.assertEqual([r["count"] for r in rows], [3], "T-7d-1s is exactly seven days before T-1s")
        rows = self.accrue("drilldown", self.ids[1], "--number", "2", "--format", "ndjson", *self.content).lines()
        self.assertEqual([r["count"] for r in rows], [3], "T-7d is seven days and a second before T+1s")

    def test_drilldown_to_the_logs_gives_the_row(self):
        rows = self.accrue("drilldown", self.ids[0], "--number", "1", "--format", "ndjson", *self.content).lines()
        self.assertEqual(sum(int(r["count"]) for r in rows), 2 + 1, "the window's own events: T-1s, T, T+1s")
        again = self.accrue("drilldown", self.ids[0], "--number", "1", "--format", "ndjson", "--input", self.folder / "e.json", *self.content).lines()
        self.assertEqual(rows, again)


class SeedDrilldown(Case):
    def test_both_drilldowns_of_the_seed_rule(self):
        events = hours_of_one_user(6) + hours_of_one_user(2, user="other")
        answer = self.run_events(self.write("e.json", ndjson(events)))
        finding = answer.lines("finding")[0]["finding_id"]
        last = [e for e in answer.lines("risk_event") if e["risk_object"] == "alice"][-1]["risk_event_id"]
        for name in (finding, last, last[:6]):
            rows = self.accrue("drilldown", name, "--number", "2", "--format", "ndjson").lines()
            self.assertEqual(len(rows), 1)
            self.assertEqual((rows[0]["normalized_risk_object"], rows[0]["count"]), ("alice", 6))
            self.assertEqual(rows[0]["ATT&CK Tactics"], "execution")
            self.assertEqual(rows[0]["firstTime"], "2026-11-18T21:00:00")
        rows = self.accrue("drilldown", last, "--number", "1", "--format", "ndjson").lines()
        self.assertEqual([(r["user"], r["count"]) for r in rows], [("alice", 1)])
        rows = self.accrue("drilldown", last, "--format", "ndjson", "--input", self.folder / "e.json").lines()
        self.assertEqual([(r["user"], r["count"]) for r in rows], [("alice", 1)])

    def test_names_with_quotes_and_wildcards_stay_data(self):
        for name in ['o"brien', "back\\slash", "sta*r", "a b", "$user$", "x) OR (y", "日本", "pipe|cmd", "`macro`"]:
            with self.subTest(name):
                home = self.folder / str(abs(hash(name)))
                events = hours_of_one_user(1, user=name) + hours_of_one_user(1, user="star") + hours_of_one_user(1, user="other")
                answer = self.run_events(self.write("e.json", ndjson(events)), home=home)
                row = next(e for e in answer.lines("risk_event") if e["risk_object"] == name)
                self.assertEqual(row["risk_message"], f"Container uploaded outside business hours from {name}")
                rows = self.accrue("drilldown", row["risk_event_id"], "--number", "2", "--format", "ndjson", home=home).lines()
                self.assertEqual([r["normalized_risk_object"] for r in rows], [name] if "*" not in name else ["sta*r", "star"])
                rows = self.accrue("drilldown", row["risk_event_id"], "--number", "1", "--format", "ndjson", home=home).lines()
                self.assertIn(name, [r["user"] for r in rows])
                report = self.accrue("entity", name, "--format", "json", home=home, now="2026-11-19T00:00:00Z").lines()[0]
                self.assertEqual(report["risk_event_count"], 1)

    def test_unknown_ids_and_numbers_are_told(self):
        self.run_events(self.write("e.json", ndjson(hours_of_one_user(6))))
        self.assertIn("nosuchid", self.accrue("drilldown", "nosuchid", code=None).err)
        answer = self.run_events(self.folder / "e.json")
        one = answer.lines("risk_event")[0]["risk_event_id"]
        wrong = self.accrue("drilldown", one, "--number", "9", code=None)
        self.assertNotEqual(wrong.code, 0)
        self.assertIn("9", wrong.err)
