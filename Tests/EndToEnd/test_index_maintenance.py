"""The index itself: out as text and back, checked, expired, compacted, backed up; beside other processes, killed, on a full disk."""

import contextlib
import gzip
import json
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from harness import NOW, PROGRAM, REPOSITORY, Case, hours_of_one_user, ndjson, put_image, run_program

sys.path.insert(0, str(REPOSITORY / "Tests/Performance"))
import make_risk_events


class Exchange(Case):
    def setUp(self):
        super().setUp()
        events = hours_of_one_user(60) + hours_of_one_user(4, user="bob\"; DROP TABLE risk_record; --")
        events += [put_image("2026-11-19T21:00:00Z", user="z\u202eo\u00eb\n")]
        self.events = self.write("e.json", ndjson(events))
        self.run_events(self.events)
        self.other = self.folder / "other"

    def records(self, view, home):
        """Rows with all columns but row numbers, which only the order of arrival gives."""
        columns = [f'"{row[1]}"' for row in self.rows(f"PRAGMA table_info({view})", home=home) if row[1] not in ("id", "firing_id")]
        return self.rows(f"SELECT {', '.join(columns)} FROM {view} ORDER BY key", home=home)

    def export(self, *more, home=None):
        return self.accrue("index", "export", *more, home=home).bytes

    def test_there_and_back(self):
        text = self.export("--with-events")
        kinds = {json.loads(line)["kind"] for line in text.splitlines()}
        self.assertLessEqual({"accrue_index", "risk_event", "stored_event", "finding", "finding_change"}, kinds)
        answer = self.accrue("index", "import", "-", "--format", "ndjson", home=self.other, stdin=text)
        self.assertEqual(answer.lines("summary")[0]["rejected_count"], 0)
        self.assertEqual(text, self.export("--with-events", home=self.other))
        for view, least in (("risk_event", 64), ("finding", 1), ("stored_event", 64)):
            here, there = self.records(view, self.home), self.records(view, self.other)
            self.assertGreaterEqual(len(here), least)
            self.assertEqual(here, there)
        for home in (None, self.other):
            checks = self.accrue("index", "verify", "--format", "ndjson", home=home).lines()
            self.assertEqual({check["result"] for check in checks}, {"holds"})
        finding = self.accrue("findings", "--format", "ndjson").lines()[0]["finding_id"]
        for command in (
            ["findings"], ["finding", finding, "--explain"], ["entity", "alice"], ["threat", "198.51.100.7"],
            ["summary", "--week", "2026-W47", "--format", "json"], ["search", "index=risk | table *"],
            ["drilldown", finding, "--number", "1"], ["search", "index=notable | table *"],
        ):
            here, there = self.accrue(*command), self.accrue(*command, home=self.other)
            self.assertEqual(here.bytes, there.bytes, command)

    def test_again_changes_nothing(self):
        text = self.export("--with-events")
        before = self.dump()
        summary = self.accrue("index", "import", "-", "--format", "ndjson", stdin=text).lines("summary")[0]
        self.assertEqual((summary["new_risk_events"], summary["new_records"]), (0, 0))
        self.assertEqual(before, self.dump())
        self.run_events(self.events)
        self.assertEqual(before, self.dump())

    def test_the_logs_after_an_import_add_nothing(self):
        self.accrue("index", "import", "-", home=self.other, stdin=self.export("--with-events"))

        def kept():
            # What the index was keyed with does not travel: the run enters it.
            return [line for line in self.dump(self.other).split("\n") if not line.startswith('INSERT INTO "setting"')]

        before = kept()
        self.run_events(self.events, home=self.other)
        self.assertEqual(before, kept())

    def test_compressed_files_and_output_to_a_file(self):
        path = self.folder / "risk.ndjson"
        self.assertEqual(self.export("--output", path), b"")
        self.assertEqual([p.name for p in self.folder.glob("risk.ndjson*")], ["risk.ndjson"])
        text = path.read_bytes()
        self.assertEqual(text, self.export())
        inputs = [self.write("risk.ndjson.gz", gzip.compress(text))]
        if shutil.which("zstd"):
            subprocess.run(["zstd", "-q", path, "-o", self.folder / "risk.ndjson.zst"], check=True)
            inputs.append(self.folder / "risk.ndjson.zst")
        for number, packed in enumerate(inputs):
            home = self.folder / f"packed{number}"
            self.accrue("index", "import", packed, home=home)
            self.assertEqual(text, self.export(home=home))

    def test_a_range(self):
        events = [json.loads(line) for line in self.export().splitlines()]
        events = [event for event in events if event["kind"] == "risk_event"]
        middle = sorted(event["time_us"] for event in events)[len(events) // 2] // 1_000_000
        halves = [self.export("--until", middle), self.export("--since", middle)]
        for half in halves:
            self.accrue("index", "import", "-", home=self.other, stdin=half)
        self.assertEqual(
            [line for line in self.export().splitlines() if b'"run' not in line[:14]][1:],
            [line for line in self.export(home=self.other).splitlines() if b'"run' not in line[:14]][1:])

    def test_bad_lines_cost_themselves(self):
        lines = self.export().splitlines()
        bad = [b"{", b"[]", b'{"kind":"weather"}', lines[1].replace(b'"risk_score":', b'"risk_score":1e999,"x":'),
               lines[1][:-20], b"\xff\xfe", b"\x00", b'{"kind":"finding_change","finding":"' + b"0" * 64 + b'"}']
        chance = random.Random(4)
        for line in bad:
            lines.insert(chance.randrange(1, len(lines)), line)
        path = self.write("bad.ndjson", b"\n".join(lines))
        answer = self.accrue("index", "import", path, "--format", "ndjson", home=self.other)
        rejects = answer.lines("rejected")
        self.assertEqual(sorted(row["line"] for row in rejects), sorted(lines.index(line) + 1 for line in bad))
        for row in rejects:
            self.assertRegex(row["code"], r"^E62\d$")
            self.assertIn(f"line {row['line']}: rejected[{row['code']}]", answer.err)
        self.assertEqual(self.export(), self.export(home=self.other))

    def test_a_line_without_end_is_not_held(self):
        process = subprocess.Popen(
            [PROGRAM, "index", "import", "-", "--home", self.other, "--now", NOW, "--format", "ndjson"], cwd=REPOSITORY,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)))
        for _ in range(300):
            process.stdin.write(b"x" * (1 << 20))
        out, err = process.communicate(b"\n" + self.export(), timeout=120)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn(b"line 1: rejected[E621]", err)
        self.assertEqual(self.export(), self.export(home=self.other))

    def test_inputs_that_break_off(self):
        packed = gzip.compress(self.export())
        path = self.write("cut.gz", packed[:len(packed) // 2])
        answer = self.accrue("index", "import", path, self.folder / "nowhere", home=self.other, code=3)
        self.assertIn("E506", answer.err)
        self.assertIn("E501", answer.err)
        kept = self.rows("SELECT count(*) FROM risk_event", home=self.other)[0][0]
        self.assertGreater(kept, 0)
        self.accrue("index", "verify", home=self.other)

    def test_lines_of_a_newer_version(self):
        text = self.export().replace(b'"version":1', b'"version":2', 1)
        answer = self.accrue("index", "import", "-", home=self.other, stdin=text, code=3)
        self.assertIn("E626", answer.err)
        self.assertEqual(self.rows("SELECT count(*) FROM risk_event", home=self.other), [(0,)])

    def test_stash_is_read_as_splunk_reads_it(self):
        text = self.export("--format", "stash")
        path = self.write("risk.stash", text)
        fields = ["risk_object", "risk_score", "risk_message", "threat_object", "search_name", "user_agent", "info_min_time"]
        by = " | eval t=_time | table t " + " ".join(fields) + " | sort t risk_object"
        there = self.accrue(
            "search", "sourcetype=stash" + by, "--input", path, "--sourcetype", "stash", "--format", "ndjson").lines()
        here = self.accrue("search", "index=risk" + by, "--format", "ndjson").lines()
        self.assertEqual(len(here), len(there))

        def plain(rows):
            return [{k: str(v).replace("\n", " ").replace('\\"', '"') for k, v in row.items()} for row in rows]

        self.assertEqual(plain(here), plain(there))
        self.assertEqual(text.count(b"\n"), len(here))

    def test_what_makes_no_sense(self):
        for command in (
            ["export", "--format", "xml"], ["export", "--format", "stash", "--with-events"], ["expire"],
            ["expire", "--older-than", "soon"], ["expire", "--before", "-1d", "--older-than", "1d"],
            ["adjust", "alice", "--score", "nan", "--note", "x"], ["adjust", "nobody", "--score", "1", "--note", "x"],
            ["adjust", "alice", "--score", "1", "--note", "x", "--answers", "ffffffffffff"],
        ):
            answer = self.accrue("index", *command, code=2)
            self.assertTrue(answer.err, command)

    def test_no_index_yet(self):
        for command in (["stats"], ["verify"], ["compact"], ["expire", "--older-than", "1d"], ["export"],
                        ["expire", "--older-than", "1d", "--dry-run"], ["backup", self.folder / "copy"]):
            answer = self.accrue("index", *command, home=self.folder / "none", code=3)
            self.assertIn("E601", answer.err, command)
            self.assertFalse((self.folder / "none").exists(), command)


class Upkeep(Case):
    def setUp(self):
        super().setUp()
        self.events = self.write("e.json", ndjson(hours_of_one_user(40) + hours_of_one_user(3, user="bob")))
        self.run_events(self.events)

    def number(self, answer, name):
        return answer.lines()[0][name]

    def test_stats(self):
        stats = json.loads(self.accrue("index", "stats", "--format", "json").out)
        tables = {table["name"]: table for table in stats["tables"]}
        self.assertEqual(tables["risk_record"]["rows"], self.rows("SELECT count(*) FROM risk_event")[0][0])
        self.assertEqual(stats["entity_count"], 2)
        total = sum(t["bytes"] + sum(i["bytes"] for i in t["indexes"]) for t in stats["tables"])
        self.assertLess(stats["file_bytes"] - total, 100_000)
        self.assertGreater(stats["last_time"], stats["first_time"])
        self.assertIn("risk_record", self.accrue("index", "stats", "--format", "table").out)

    def test_verify_finds_what_was_changed_by_hand(self):
        for sql, check in (
            ("UPDATE risk_record SET risk_message = 'x' WHERE id = 1", "message-hash"),
            ("UPDATE finding SET state = 'held'", "finding-state"),
        ):
            shutil.copy(self.home / "risk.sqlite", self.folder / "kept")
            with contextlib.closing(sqlite3.connect(self.home / "risk.sqlite", isolation_level=None)) as database:
                database.execute(sql)
            answer = self.accrue("index", "verify", "--format", "ndjson", code=1)
            failed = [row["check"] for row in answer.lines() if row["result"] == "fails"]
            self.assertEqual(failed, [check])
            self.assertIn("E613", answer.err)
            self.assertIn(check, answer.err)
            shutil.copy(self.folder / "kept", self.home / "risk.sqlite")

    def test_adjust(self):
        event = self.accrue("search", "index=risk risk_object=alice | head 1 | table risk_event_id", "--format", "ndjson")
        identity = event.lines()[0]["risk_event_id"]
        command = ["index", "adjust", "ALICE", "--score", "-20", "--answers", identity, "--note", "planned", "--author", "me",
                   "--window", "60d", "--format", "ndjson"]
        answer = self.accrue(*command)
        self.assertEqual(self.number(answer, "score_before"), 800)
        self.assertEqual(self.number(answer, "score_after"), 780)
        again = self.accrue(*command)
        self.assertEqual((self.number(again, "new"), self.number(again, "score_after")), ("false", 780))
        later = self.accrue(*command, now="2026-12-01T00:00:01Z")
        self.assertEqual(self.number(later, "score_after"), 760)
        found = self.accrue("search", 'index=risk search_name="AdHoc Risk Score" | table creator risk_message risk_score',
                            "--format", "ndjson").lines()
        self.assertEqual(found, [{"creator": "me", "risk_message": "planned", "risk_score": -20}] * 2)
        self.accrue("index", "verify")

    def copied(self):
        shutil.rmtree(self.folder / "copied", ignore_errors=True)
        shutil.copytree(self.home, self.folder / "copied")
        return self.folder / "copied"

    def test_expire_keeps_findings_whole(self):
        before = len(self.accrue("findings", "--format", "ndjson").lines())
        finding = self.accrue("findings", "--format", "ndjson").lines()[0]["finding_id"]
        explained = self.accrue("finding", finding, "--explain").bytes
        cut = ["index", "expire", "--before", "2026-11-25T00:00:00Z", "--format", "ndjson"]
        dry = self.accrue(*cut, "--dry-run").lines()[0]
        kept = self.dump()
        wet = self.accrue(*cut).lines()[0]
        self.assertNotEqual(kept, self.dump())
        self.assertEqual({**dry, "dry_run": "false"}, wet)
        self.assertGreater(wet["risk_events"], 0)
        self.assertGreater(wet["kept_risk_events"], 0)
        # The run was later than the bound: what it says of its rules stays, until it is old enough itself.
        self.assertEqual((wet["runs"], self.rows("SELECT count(*) FROM run")), (0, [(1,)]))
        self.assertEqual(len(self.accrue("findings", "--format", "ndjson").lines()), before)
        self.assertEqual(explained, self.accrue("finding", finding, "--explain").bytes)
        self.accrue("index", "verify")
        for dry_run in (["--dry-run"], []):
            later = self.accrue("index", "expire", "--before", "2026-12-02T00:00:00Z", "--format", "ndjson", *dry_run, home=self.copied()).lines()[0]
            self.assertEqual(later["runs"], 1)
        self.assertEqual(self.rows("SELECT (SELECT count(*) FROM run_rule) + (SELECT count(*) FROM run_source)", home=self.folder / "copied"), [(0,)])
        gone = self.accrue(*cut, "--findings").lines()[0]
        self.assertEqual((gone["findings"], gone["kept_risk_events"]), (before, 0))
        self.assertEqual(self.accrue("findings", "--format", "ndjson").lines(), [])
        self.accrue("index", "compact")
        self.assertEqual(self.rows("SELECT count(*) FROM stored_event"), [(0,)])
        # The same logs bring everything back.
        self.run_events(self.events)
        self.assertEqual(explained, self.accrue("finding", finding, "--explain").bytes)

    def test_backup_takes_the_place_of_the_index(self):
        copy = self.folder / "copy.sqlite"
        answer = self.accrue("index", "backup", copy, "--format", "ndjson")
        self.assertEqual(self.number(answer, "failed_checks"), 0)
        self.assertEqual([p.name for p in self.folder.glob("copy*")], ["copy.sqlite"])
        (self.folder / "second").mkdir()
        shutil.copy(copy, self.folder / "second/risk.sqlite")
        self.assertEqual(self.dump(), self.dump(self.folder / "second"))
        self.run_events(self.events, home=self.folder / "second")
        self.assertEqual(self.dump(), self.dump(self.folder / "second"))
        answer = self.accrue("index", "backup", copy, code=2)
        self.assertIn("E614", answer.err)

    def test_locked_by_another_process(self):
        database = sqlite3.connect(self.home / "risk.sqlite", isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        try:
            for command in (["compact"], ["expire", "--older-than", "1d"], ["import", self.write("x", "{}")],
                            ["adjust", "alice", "--score", "1", "--note", "x"]):
                answer = self.accrue("index", *command, code=3)
                self.assertIn("E606", answer.err, command)
            # Who only reads is not kept waiting.
            for command in (["stats"], ["verify"], ["export"], ["backup", self.folder / "copy.sqlite"]):
                self.accrue("index", *command)
        finally:
            database.execute("ROLLBACK")
            database.close()
        self.accrue("index", "compact")


class Interrupted(Case):
    """20,000 risk events in five files: a transaction each."""

    @classmethod
    def setUpClass(cls):
        cls.shared = pathlib.Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
        make_risk_events.generate(cls.shared, 20_000, entities=2_000)
        lines = (cls.shared / "events.ndjson").read_bytes().splitlines(keepends=True)
        cls.parts = []
        for number in range(5):
            path = cls.shared / f"part{number}.ndjson"
            path.write_bytes(b"".join(lines[number * 4_000:(number + 1) * 4_000]))
            cls.parts.append(path)
        cls.full = cls.shared / "full"
        answer = run_program(["index", "import", *cls.parts, "--home", cls.full, "--now", NOW])
        assert answer.code == 0, answer

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.shared, ignore_errors=True)

    def filled(self, name):
        home = self.folder / name
        shutil.copytree(self.full, home)
        return home

    def events_of(self, home):
        return self.rows("SELECT key, time, risk_object, normalized_risk_object, search_name, calculated_risk_score, fields "
                         "FROM risk_event ORDER BY key", home=home)

    def kill_at_any_moment(self, command, make_home, attempts=8):
        """Starts the command, kills it after a part of its usual time, gives each home that it left behind."""
        home = make_home("measured")
        began = time.monotonic()
        self.accrue("index", *command, home=home)
        usual = time.monotonic() - began
        chance = random.Random(3)
        interrupted = 0
        for attempt in range(attempts):
            home = make_home(f"killed{attempt}")
            process = subprocess.Popen(
                [PROGRAM, "index", *map(str, command), "--home", home, "--now", NOW], cwd=REPOSITORY,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(usual * (attempt + chance.random()) / attempts)
            process.kill()
            interrupted += process.wait() == -signal.SIGKILL
            yield home
        self.assertGreater(interrupted, attempts // 3)

    def test_killed_import(self):
        expected = self.events_of(self.full)
        for home in self.kill_at_any_moment(["import", *self.parts], lambda name: self.folder / name):
            if (home / "risk.sqlite").exists():
                count = len(self.rows("SELECT 1 FROM risk_event", home=home)) if self.has_tables(home) else 0
                self.assertEqual(count % 4_000, 0)
            self.accrue("index", "import", *self.parts, home=home)
            self.assertEqual(expected, self.events_of(home))
            self.accrue("index", "verify", home=home)

    def has_tables(self, home):
        return bool(self.rows("SELECT 1 FROM sqlite_schema WHERE name = 'risk_event'", home=home))

    def test_killed_expire(self):
        cut = ["expire", "--before", "2026-12-08T00:00:00Z"]
        expected = None
        for home in self.kill_at_any_moment(cut, self.filled):
            self.accrue("index", "verify", home=home)
            self.accrue("index", *cut, home=home)
            found = self.events_of(home)
            expected = expected or found
            self.assertEqual(expected, found)
            self.assertEqual(self.rows("SELECT count(*) FROM firing WHERE NOT EXISTS (SELECT 1 FROM risk_record WHERE firing_id = firing.id)", home=home), [(0,)])
        self.assertTrue(0 < len(expected) < 10_000)

    def test_killed_compact(self):
        def expired(name):
            home = self.filled(name)
            self.accrue("index", "expire", "--before", "2026-12-08T00:00:00Z", home=home)
            return home

        expected = None
        for home in self.kill_at_any_moment(["compact"], expired):
            self.accrue("index", "verify", home=home)
            self.accrue("index", "compact", home=home)
            found = self.events_of(home)
            expected = expected or found
            self.assertEqual(expected, found)
            self.assertLess((home / "risk.sqlite").stat().st_size, (self.full / "risk.sqlite").stat().st_size * 0.7)

    def test_killed_backup_and_export_leave_no_half_file(self):
        for command, name in ((["backup"], "copy.sqlite"), (["export", "--output"], "risk.ndjson")):
            paths = iter(range(100))

            def fresh(home_name):
                (self.folder / name).unlink(missing_ok=True)
                return self.full

            for _ in self.kill_at_any_moment([*command, self.folder / name], fresh, attempts=5):
                if (self.folder / name).exists() and name == "copy.sqlite":
                    with sqlite3.connect(self.folder / name) as database:
                        self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
                elif (self.folder / name).exists():
                    self.assertEqual((self.folder / name).read_bytes().count(b"\n"), 20_001)
                (self.folder / name).unlink(missing_ok=True)
                self.accrue("index", *command, self.folder / name, home=self.full)
                (self.folder / name).unlink()

    def test_two_imports_and_readers_at_once(self):
        home = self.folder / "busy"
        self.accrue("index", "import", self.parts[0], home=home)
        # The one the odd files, the other the even ones, and both the third.
        writers = [
            subprocess.Popen(
                [PROGRAM, "index", "import", *parts, "--home", home, "--now", NOW], cwd=REPOSITORY,
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            for parts in ([self.parts[1], self.parts[3], self.parts[2]], [self.parts[2], self.parts[4]])]
        copies = 0
        while any(writer.poll() is None for writer in writers):
            copy = self.folder / f"copy{copies}.sqlite"
            self.accrue("index", "backup", copy, home=home)
            with sqlite3.connect(copy) as database:
                self.assertEqual(database.execute("SELECT count(*) FROM risk_event").fetchone()[0] % 4_000, 0)
            copy.unlink()
            self.accrue("index", "export", "--output", self.folder / "x.ndjson", home=home)
            copies += 1
        for writer in writers:
            self.assertEqual(writer.wait(), 0, writer.stderr.read())
            writer.stderr.close()
        self.assertGreater(copies, 0)
        self.assertEqual(self.events_of(self.full), self.events_of(home))
        self.accrue("index", "verify", home=home)

    def test_a_run_while_an_import_writes(self):
        home = self.folder / "busy"
        events = self.write("e.json", ndjson([put_image("2026-11-17T21:00:00Z", user=f"u{n}") for n in range(300)]))
        writer = subprocess.Popen(
            [PROGRAM, "index", "import", *self.parts[:2], "--home", home, "--now", NOW], cwd=REPOSITORY,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        answer = self.run_events(events, home=home, timeout=600)
        self.assertEqual(len(answer.lines("risk_event")), 300)
        self.assertEqual(writer.wait(), 0, writer.stderr.read())
        writer.stderr.close()
        self.assertEqual(self.rows("SELECT count(*) FROM risk_event", home=home), [(8_300,)])
        self.accrue("index", "verify", home=home)

    def test_file_size_limit(self):
        limited = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (6 << 20, 6 << 20))}
        home = self.folder / "home"
        answer = self.accrue("index", "import", *self.parts, home=home, code=3, **limited)
        self.assertIn("E610", answer.err)
        self.assertEqual(len(self.rows("SELECT 1 FROM risk_event", home=home)) % 4_000, 0)
        self.accrue("index", "verify", home=home)
        for command, code in ((["export", "--output", self.folder / "x.ndjson"], "E806"),
                              (["backup", self.folder / "copy.sqlite"], "E610"), (["compact"], "E610"),
                              (["expire", "--before", "2026-12-08T00:00:00Z"], "E610")):
            answer = self.accrue("index", *command, home=self.full_copy(), code=3, **limited)
            self.assertIn(code, answer.err, command)
            self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["copied", "home"], command)
            self.accrue("index", "verify", home=self.folder / "copied")
        self.accrue("index", "import", *self.parts, home=home)
        self.assertEqual(self.events_of(self.full), self.events_of(home))

    def full_copy(self):
        shutil.rmtree(self.folder / "copied", ignore_errors=True)
        return self.filled("copied")

    def test_full_disk(self):
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", small], capture_output=True).returncode != 0:
            self.skipTest("cannot mount a small file system")
        try:
            home = small / "home"
            answer = self.accrue("index", "import", *self.parts, home=home, code=3)
            self.assertIn("E605", answer.err)
            kept = self.rows("SELECT count(*) FROM risk_event", home=home)[0][0]
            self.assertEqual(kept % 4_000, 0)
            self.accrue("index", "verify", home=home)
            subprocess.run(["mount", "-o", "remount,size=200m", small], check=True)
            with contextlib.closing(sqlite3.connect(home / "risk.sqlite")) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = sum(path.stat().st_size for path in home.iterdir()) >> 10
            subprocess.run(["mount", "-o", f"remount,size={size + 900}k", small], check=True)
            for command, code in ((["export", "--output", small / "x.ndjson"], "E806"),
                                  (["backup", small / "copy.sqlite"], "E605"), (["compact"], "E605"),
                                  (["expire", "--before", "2026-12-08T00:00:00Z"], "E605")):
                answer = self.accrue("index", *command, home=home, code=3)
                self.assertIn(code, answer.err, command)
                self.assertEqual(sorted(p.name for p in small.iterdir()), ["home"], command)
            self.accrue("index", "verify", home=home)
            subprocess.run(["mount", "-o", "remount,size=200m", small], check=True)
            self.accrue("index", "import", *self.parts, home=home)
            self.assertEqual(self.events_of(self.full), self.events_of(home))
            self.accrue("index", "verify", home=home)
        finally:
            subprocess.run(["umount", "-l", small])
