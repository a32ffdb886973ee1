"""Commands, options, output forms and exit codes."""

import csv
import io
import json
import os
import pty
import subprocess

from harness import PROGRAM, REPOSITORY, Case, hours_of_one_user, ndjson, put_image, run_program


class Commands(Case):
    def setUp(self):
        super().setUp()
        self.events = self.write("e.json", ndjson(hours_of_one_user(6) + hours_of_one_user(1, user="bob")))
        self.first = self.run_events(self.events)
        self.finding = self.first.lines("finding")[0]["finding_id"]

    def test_ndjson_of_every_command_parses(self):
        for command in (
            ["run", self.events], ["search", "index=risk"], ["search", "index=notable"], ["search", "| from datamodel Risk.All_Risk"],
            ["search", "*", "--input", self.events], ["entity", "alice"], ["findings"], ["finding", self.finding],
            ["finding", self.finding, "--explain"], ["drilldown", self.finding, "--number", "1"], ["drilldown", self.finding, "--number", "2"],
            ["threat", "198.51.100.7"], ["content", "list"],
        ):
            with self.subTest(command):
                answer = self.accrue(*command, "--format", "ndjson")
                self.assertTrue(answer.lines(), command)
                self.assertTrue(all(isinstance(row, dict) for row in answer.lines()))

    def test_json_of_every_command_is_one_document(self):
        for command in (
            ["run", self.events], ["search", "index=risk"], ["entity", "alice"], ["findings"], ["finding", self.finding, "--explain"],
            ["drilldown", self.finding, "--number", "2"], ["threat", "198.51.100.7"], ["content", "list"], ["summary", "--week", "2026-W47"],
        ):
            with self.subTest(command):
                json.loads(self.accrue(*command, "--format", "json").out)

    def test_numbers_are_numbers_and_lists_are_arrays(self):
        row = self.accrue("search", "index=risk | head 1", "--format", "ndjson").lines()[0]
        self.assertIsInstance(row["risk_score"], (int, float))
        self.assertIsInstance(row["annotations._all"], list)
        rows = self.accrue("search", "index=risk | stats count avg(risk_score) as a values(risk_object) as v by search_name | eval n=null(), t=\"7\"", "--format", "ndjson").lines()
        self.assertEqual(rows[0]["count"], 7)
        self.assertEqual(rows[0]["a"], 20)
        self.assertEqual(rows[0]["v"], ["alice", "bob"])
        self.assertNotIn("n", rows[0])

    def test_new_columns_stand_last(self):
        row = self.accrue("search", 'index=risk | stats count by search_name | eval t="7", n=count+1', "--format", "ndjson").lines()[0]
        self.assertEqual(list(row), ["search_name", "count", "t", "n"])

    def test_csv(self):
        out = self.accrue("search", 'index=risk | stats count by risk_object | eval q="a,\\"b\\"\n" | sort risk_object', "--format", "csv").out
        rows = list(csv.DictReader(io.StringIO(out)))
        self.assertEqual([(r["risk_object"], r["count"]) for r in rows], [("alice", "6"), ("bob", "1")])

    def test_no_colours_in_pipes(self):
        for command in (["run", self.events, "--format", "table"], ["summary", "--week", "2026-W47"], ["entity", "alice"], ["findings", "--format", "table"],
                        ["search", "foo |"], ["--help"]):
            answer = self.accrue(*command, code=None) if command != ["--help"] else run_program(command)
            self.assertNotIn("\x1b", answer.out + answer.err, command)

    def test_no_colour_on_a_terminal_that_asks_for_none(self):
        leader, follower = pty.openpty()
        done = subprocess.run([PROGRAM, "findings", "--home", self.home], cwd=REPOSITORY, stdout=follower, stderr=follower,
                              env=os.environ | {"NO_COLOR": "1"}, timeout=30)
        os.close(follower)
        text = b""
        try:
            while chunk := os.read(leader, 65536):
                text += chunk
        except OSError:
            pass
        self.assertEqual(done.returncode, 0)
        self.assertNotIn(b"\x1b[", text)
        self.assertIn(b"alice", text)
        self.assertNotIn(b'{"', text, "a table is the default on a terminal")

    def test_summary_in_four_forms(self):
        for form, sign in {"text": "2026-W47", "md": "#", "html": "<html", "json": "{"}.items():
            answer = self.accrue("summary", "--week", "2026-W47", "--format", form)
            self.assertIn(sign, answer.out)
            self.assertIn("alice", answer.out)
            self.assertIn("140", answer.out)
        document = json.loads(answer.out)
        self.assertEqual(document["totals"]["risk_score"], 140)
        self.assertEqual(document["totals"]["finding_count"], 1)
        before = json.loads(self.accrue("summary", "--week", "2026-W48", "--format", "json").out)
        self.assertEqual((before["totals"]["risk_score"], before["totals"]["previous_risk_score"]), (0, 140))

    def test_summary_defaults_to_the_last_whole_week(self):
        for now, week in {"2026-11-22T23:59:59Z": "2026-W46", "2026-11-23T00:00:00Z": "2026-W47", "2026-11-29T12:00:00Z": "2026-W47",
                          "2027-01-05T00:00:00Z": "2026-W53"}.items():
            self.assertEqual(json.loads(self.accrue("summary", "--format", "json", now=now).out)["week"], week)

    def test_a_week_is_half_open(self):
        events = [put_image("2026-11-15T22:55:00Z", user="edge"), put_image("2026-11-22T21:55:00Z", user="edge"), put_image("2026-11-22T22:55:00Z", user="edge")]
        home = self.folder / "weeks"
        self.run_events(self.write("w.json", ndjson(events)), home=home)  # risk at 11-16T00, 11-22T23, 11-23T00
        for week, count in {"2026-W46": 0, "2026-W47": 2, "2026-W48": 1}.items():
            document = json.loads(self.accrue("summary", "--week", week, "--format", "json", home=home).out)
            self.assertEqual(document["totals"]["risk_event_count"], count, week)

    def test_invalid_weeks(self):
        for week in ("2026-W54", "2026-W00", "2025-W53", "W47", "2026-47", "", "2026-W5", "next", "2026-W470", "-1-W01"):
            answer = self.accrue("summary", f"--week={week}", code=2)
            self.assertIn("week", answer.err.lower())
            self.assertEqual(answer.out, "")

    def test_html_carries_names_as_text(self):
        home = self.folder / "html"
        name = "<script>alert(1)</script>&\"'"
        self.run_events(self.write("h.json", ndjson(hours_of_one_user(6, user=name))), home=home)
        out = self.accrue("summary", "--week", "2026-W47", "--format", "html", home=home).out
        self.assertNotIn("<script>alert", out)
        self.assertIn("&lt;script&gt;", out)

    def test_control_characters_do_not_reach_the_terminal(self):
        home = self.folder / "control"
        self.run_events(self.write("h.json", ndjson(hours_of_one_user(6, user="red\x1b[31mname\x07\r\nline2"))), home=home)
        for command in (["findings", "--format", "table"], ["summary", "--week", "2026-W47", "--format", "text"], ["search", "index=risk | table risk_object", "--format", "table"],
                        ["run", self.folder / "h.json", "--format", "table"]):
            answer = self.accrue(*command, home=home)
            self.assertNotIn("\x1b", answer.out, command)
            self.assertNotIn("\x07", answer.out, command)

    def test_finding_explained(self):
        rows = self.accrue("finding", self.finding, "--explain", "--format", "ndjson").lines()
        self.assertEqual([r["running_sum"] for r in rows if "running_sum" in r], [20, 40, 60, 80, 100, 120])
        text = self.accrue("finding", self.finding[:5], "--explain", "--format", "table").out
        self.assertIn("120", text)
        self.assertEqual(self.accrue("finding", self.finding, "--format", "ndjson").lines()[0]["finding_id"], self.finding)
        answer = self.accrue("finding", "nosuch", code=None)
        self.assertNotEqual(answer.code, 0)
        self.assertIn("nosuch", answer.err)

    def test_findings_since(self):
        at = self.first.lines("finding")[0]["_time"]
        for since, count in {str(at): 1, str(at + 1): 0, "2026-11-01T00:00:00Z": 1, "2026-12-01": 0}.items():
            self.assertEqual(len(self.accrue("findings", "--since", since, "--format", "ndjson").lines()), count, since)

    def test_options_take_modifiers_with_a_minus(self):
        """As the program's own help writes them: `accrue findings --since -7d`."""
        self.assertEqual(len(self.accrue("findings", "--since", "-30d", "--format", "ndjson").lines()), 1)
        self.assertEqual(len(self.accrue("findings", "--since", "-1d", "--format", "ndjson").lines()), 0)
        self.accrue("search", "index=risk | stats count", "--earliest", "-30d@d", "--latest", "-1h")
        self.accrue("run", self.events, "--earliest", "-30d")

    def test_search_rows_already_made(self):
        rows = self.write("rows.ndjson", '{"user":"a","n":2,"m":["x","y"]}\n{"user":"b","n":3}\n\n{"user":"a","n":5,"z":null}\n')
        found = self.accrue("search", "| stats sum(n) as s count values(m) as m by user", "--results", rows, "--format", "ndjson").lines()
        self.assertEqual(found, [{"user": "a", "s": 7, "count": 2, "m": ["x", "y"]}, {"user": "b", "s": 3, "count": 1}])
        found = self.accrue("search", "| where n>2 | eval k=n*2 | sort - n | table user k", "--results", "-", "--format", "ndjson", stdin=rows.read_bytes()).lines()
        self.assertEqual(found, [{"user": "a", "k": 10}, {"user": "b", "k": 6}])
        self.accrue("search", "| stats count", "--results", self.folder / "nowhere", code=3)
        done = subprocess.run(["bash", "-c", f'"$0" search "| stats count" --results <(cat "$1") --format ndjson', PROGRAM, rows],
                              cwd=REPOSITORY, capture_output=True, timeout=30)
        self.assertEqual(done.stdout, b'{"count":3}\n', done.stderr)
        bad = self.write("bad.ndjson", '{"a":1}\nnot json\n')
        self.assertIn("line 2", self.accrue("search", "| stats count", "--results", bad, code=3).err)

    def test_search_with_a_macro(self):
        found = self.accrue("search", "index=risk | `tally(risk_object)`", "--macro", "tally(f)=stats count by $f$", "--format", "ndjson").lines()
        self.assertEqual(found, [{"risk_object": "alice", "count": 6}, {"risk_object": "bob", "count": 1}])

    def test_search_explained_runs_nothing(self):
        answer = self.accrue("search", "index=risk risk_object=alice | stats count", "--explain")
        self.assertTrue(answer.out.strip())
        self.assertNotIn('"count"', answer.out)
        self.accrue("search", "index=risk | frobnicate", "--explain", code=2)

    def test_bad_searches(self):
        for search, word in {
            "index=risk | frobnicate": "frobnicate", "index=risk | stats count by": "", "index=risk | eval x=": "", "index=risk | where (": "",
            'index=risk | search "open': "", "index=risk | `nomacro`": "nomacro", "index=risk | kmeans user": "kmeans",
            "index=risk | eval x=nosuch(1)": "nosuch", "index=risk [search": "", "| from datamodel Nope.Nothing": "Nope", "index=risk | stats nosuch(x)": "nosuch",
            "index=risk | head abc": "abc",
        }.items():
            with self.subTest(search):
                answer = self.accrue("search", search, code=2)
                self.assertIn(word, answer.err)
                self.assertRegex(answer.err, r"E\d\d\d")
                self.assertEqual(answer.out, "")

    def test_usage_errors(self):
        for command in (
            [], ["run"], ["run", self.events, "--nosuch"], ["nosuch"], ["search"], ["search", "index=risk", "--format", "pdf"], ["entity"], ["drilldown"],
            ["entity", "alice", "--window", "soon"], ["run", self.events, "--profile", "nosuch"], ["drilldown", self.finding, "--number", "x"],
            ["search", "index=risk", "--earliest", "whenever"], ["findings", "--since", "whenever"], ["search", "index=risk", "--macro", "no definition"],
            ["run", self.events, "--tz", "Mars/Olympus"],
        ):
            with self.subTest(command):
                answer = run_program([*command, *(["--home", str(self.home)] if len(command) > 1 else [])])
                if command:
                    self.assertEqual(answer.code, 2, answer)
                    self.assertTrue(answer.err.strip())
        answer = run_program(["findings", "--home", str(self.home), "--now", "yesterdayish"])
        self.assertEqual(answer.code, 2, answer)

    def test_help(self):
        for command in ("run", "search", "entity", "findings", "finding", "drilldown", "summary", "threat"):
            answer = run_program([command, "--help"])
            self.assertEqual(answer.code, 0)
            self.assertIn("Example", answer.out)

    def test_entity_and_threat_that_are_not_there(self):
        for command in (["entity", "nobody-of-this-name"], ["threat", "192.0.2.99"]):
            answer = self.accrue(*command, code=None)
            self.assertIn(answer.code, (0, 1, 2, 3))
            self.assertIn(command[1], answer.out + answer.err)

    def test_threat(self):
        rows = self.accrue("threat", "198.51.100.7", "--format", "ndjson").lines()
        self.assertEqual({(r["normalized_risk_object"], r["risk_event_count"]) for r in rows}, {("alice", 6), ("bob", 1)})

    def test_stdout_is_data_and_stderr_is_messages(self):
        bad = self.write("bad.json", self.events.read_bytes() + b"{broken\n")
        answer = self.run_events(bad, home=self.folder / "x")
        self.assertTrue(all(json.loads(line) for line in answer.out.splitlines()))
        self.assertIn("bad.json", answer.err)

    def test_search_logs(self):
        rows = self.accrue("search", "eventName=PutImage | stats count by user | sort user", "--input", self.events, "--format", "ndjson").lines()
        self.assertEqual(rows, [{"user": "alice", "count": 6}, {"user": "bob", "count": 1}])
        rows = self.accrue("search", "sourcetype=aws:cloudtrail NOT user=bob earliest=\"11/18/2026:00:00:00\" | stats count dc(date_hour) as h latest(date_hour) as l", "--input", self.events, "--format", "ndjson").lines()
        self.assertEqual((rows[0]["count"], rows[0]["h"]), (6, 6))
