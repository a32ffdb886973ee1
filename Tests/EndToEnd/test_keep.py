"""What searches write ends with the run, or is kept in a folder that is content and input again."""

import json

from harness import Case, ndjson, put_image

ROWS = "".join(json.dumps({"user": user, "n": n}) + "\n" for n, user in enumerate(["ann", "bob", "ann", "eve"]))


class Keep(Case):
    def kept(self, search, *more, code=0):
        rows = self.write("rows.ndjson", ROWS)
        return self.accrue("search", search, "--results", rows, "--format", "ndjson", *more, code=code)

    def test_a_lookup_is_there_for_the_next_run_only_where_it_is_kept(self):
        write = "| stats count values(n) as n by user | outputlookup seen.csv output_format=splunk_mv_csv"
        read = ["search", "| inputlookup seen.csv", "--format", "ndjson"]
        self.kept(write)
        self.assertIn("E740", self.accrue(*read, code=2).err)
        folder = self.folder / "kept"
        self.kept(write, "--keep", folder)
        answer = self.accrue(*read, "--content", folder)
        self.assertEqual(
            answer.lines(),
            [{"user": "ann", "count": "2", "n": ["0", "2"]}, {"user": "bob", "count": "1", "n": "1"},
             {"user": "eve", "count": "1", "n": "3"}])

    def test_a_collection_keeps_its_keys(self):
        app = self.folder / "app"
        (app / "default").mkdir(parents=True)
        (app / "default/transforms.conf").write_text(
            "[seen]\nexternal_type = kvstore\ncollection = seen_users\nfields_list = _key, user, n\n")
        folder = self.folder / "kept"
        write = "| outputlookup append=t key_field=user seen"
        for _ in range(2):
            self.kept(write, "--content", app, "--content", folder, "--keep", folder) if folder.exists() else self.kept(
                write, "--content", app, "--keep", folder)
        answer = self.accrue(
            "search", "| inputlookup seen | table _key user n", "--content", app, "--content", folder, "--format", "ndjson")
        self.assertEqual([(row["_key"], str(row["n"])) for row in answer.lines()], [("ann", "2"), ("bob", "1"), ("eve", "3")])

    def test_a_model_is_applied_by_a_later_run(self):
        rows = self.write("n.ndjson", "".join(json.dumps({"n": 100 + k % 7}) + "\n" for k in range(200)))
        folder = self.folder / "kept"
        self.accrue("search", "| fit DensityFunction n into size", "--results", rows, "--keep", folder)
        far = self.write("far.ndjson", '{"n": 103}\n{"n": 100000}\n')
        apply = ["search", "| apply size", "--results", far, "--format", "ndjson"]
        self.assertIn("E760", self.accrue(*apply, code=2).err)
        answer = self.accrue(*apply, "--content", folder)
        self.assertEqual([float(row["IsOutlier(n)"]) for row in answer.lines()], [0, 1])
        (folder / "mlmodels/size.json").write_text("{")
        self.assertIn("E769", self.accrue("content", "check", folder, "--format", "text", code=1).out)

    def test_collected_events_are_an_input_and_each_is_kept_once(self):
        folder = self.folder / "kept"
        for _ in range(2):
            self.kept("| collect index=later", "--keep", folder)
        self.assertEqual(len((folder / "collected/later.ndjson").read_text().splitlines()), 4)
        answer = self.accrue(
            "search", "index=later user=ann | stats count", "--input", folder / "collected/later.ndjson", "--format", "ndjson")
        self.assertEqual(answer.lines(), [{"count": 2}])

    def test_alerts_are_kept_as_rows(self):
        folder = self.folder / "kept"
        self.kept('| sendalert risk param._risk_object="user" param._risk_score="5"', "--keep", folder)
        lines = [json.loads(line) for line in (folder / "alerts/risk.ndjson").read_text().splitlines()]
        self.assertEqual(lines[1], {
            "parameters": {"_risk_object": "user", "_risk_score": "5"}, "row": {"user": "bob", "n": 1}})

    def test_a_run_keeps_what_its_baselines_write(self):
        content = self.folder / "content"
        (content / "baselines").mkdir(parents=True)
        (content / "baselines/pushers.yml").write_text(
            "name: Pushers\nid: 0d2b1e36-6d2c-4c53-9d2f-3a3c1a9f5f10\nversion: 1\ndate: '2026-01-01'\nauthor: a\n"
            "type: Baseline\ndatamodel: []\ndescription: d\n"
            "search: eventName=PutImage | stats count by user | outputlookup pushers.csv\n"
            "how_to_implement: h\nknown_false_positives: k\nreferences: []\n"
            "tags:\n  analytic_story: []\n  detections: []\n  product: []\n  required_fields: []\n  security_domain: network\n")
        events = self.write("e.json", ndjson([put_image("2026-11-20T23:00:00Z", user="zoe")]))
        folder = self.folder / "kept"
        self.accrue("run", events, "--content", content, "--baselines", "--keep", folder, "--format", "ndjson", code=None)
        self.assertEqual((folder / "lookups/pushers.csv").read_text().splitlines(), ["user,count", "zoe,1"])
        self.accrue("run", events, "--dry-run", "--keep", folder, code=2)

    def test_a_name_that_is_no_file_name_is_refused(self):
        answer = self.kept("| collect index=../../x", "--keep", self.folder / "kept", code=None)
        self.assertIn("E811", answer.err)
        self.assertNotEqual(answer.code, 0)
