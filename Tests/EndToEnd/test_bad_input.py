"""Broken and hostile input: a clear message, the documented exit code, and the good records around it."""

import gzip
import json
import os
import resource
import shutil
import sqlite3
import subprocess

import unittest

from harness import PROGRAM, REPOSITORY, Case, ndjson, put_image


class BadInput(Case):
    def setUp(self):
        super().setUp()
        self.before = ndjson([put_image("2026-11-17T21:00:00Z", user="before", eventID=f"b{n}") for n in range(3)])
        self.after = ndjson([put_image("2026-11-17T21:00:00Z", user="after", eventID=f"a{n}") for n in range(3)])
        self.bad = put_image("2026-11-17T21:00:00Z", user="bad")

    def between(self, data, *more, rejected=None, code=0, name="e.json"):
        """Runs with the data between good lines; both neighbours must fire with all their events."""
        answer = self.run_events(self.write(name, self.before + data + self.after), *more, code=code)
        counts = {line["user"]: line["count"] for line in answer.lines("risk_event")}
        self.assertEqual((counts.get("before"), counts.get("after")), (3, 3), answer)
        summary = answer.lines("summary")[0]
        if rejected is not None:
            self.assertEqual(summary["rejected_count"], rejected, answer)
            self.assertEqual(len(answer.lines("rejected")), rejected)
            for line in answer.lines("rejected"):
                self.assertTrue(line["code"] and line["message"] and line["input"].endswith(name), line)
                self.assertIn(line["code"], answer.err)
        return answer, counts

    def test_truncated_line(self):
        whole = ndjson([self.bad])
        for cut in (1, 10, 200, len(whole) - 3):
            with self.subTest(cut):
                shutil.rmtree(self.home, ignore_errors=True)
                answer, counts = self.between(whole[:cut] + b"\n", rejected=1)
                self.assertNotIn("bad", counts)
                line = answer.lines("rejected")[0]
                self.assertEqual(line["byte_offset"], len(self.before))
                self.assertIn(4, line.values(), "the line number")

    def test_truncated_last_line(self):
        data = self.before + ndjson([self.bad])[:150]
        answer = self.run_events(self.write("e.json", data))
        self.assertEqual([e["user"] for e in answer.lines("risk_event")], ["before"])
        self.assertEqual(answer.lines("summary")[0]["rejected_count"], 1)

    def test_truncated_records_file(self):
        text = json.dumps({"Records": [put_image("2026-11-17T21:00:00Z", user=f"u{n}") for n in range(10)]})
        self.write("in/cut.json", text[:len(text) // 2])
        self.write("in/good.json", self.before)
        answer = self.run_events(self.folder / "in", code=None)
        users = [e["user"] for e in answer.lines("risk_event")]
        self.assertIn("before", users)
        self.assertIn("u0", users)
        self.assertNotIn("u9", users)
        self.assertGreaterEqual(answer.lines("summary")[0]["rejected_count"], 1)
        self.assertIn("cut.json", answer.err)

    def test_truncated_gzip(self):
        packed = gzip.compress(self.before * 50 + self.after, mtime=0)
        self.write("in/cut.gz", packed[:len(packed) // 2])
        self.write("in/good.json", self.after)
        answer = self.run_events(self.folder / "in", code=None)
        self.assertIn("after", [e["user"] for e in answer.lines("risk_event")])
        self.assertIn("cut.gz", answer.err)
        self.assertIn(answer.code, (0, 3))

    def test_line_of_50_megabytes(self):
        huge = dict(self.bad, filler="x" * 50_000_000)
        answer, counts = self.between(ndjson([huge]))
        # Either it is read whole, or it is refused by name; it is never lost silently.
        summary = answer.lines("summary")[0]
        self.assertEqual(summary["event_count"] + summary["rejected_count"], 7)
        self.assertEqual(counts.get("bad", 0) + summary["rejected_count"], 1)

    def test_line_of_50_megabytes_that_is_no_json(self):
        answer, _ = self.between(b"x" * 50_000_000 + b"\n")
        summary = answer.lines("summary")[0]
        self.assertEqual(summary["event_count"] + summary["rejected_count"], 7)

    def test_invalid_utf8(self):
        for bad in (b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xc0\xaf"):
            shutil.rmtree(self.home, ignore_errors=True)
            line = ndjson([self.bad]).replace(b'"userAgent":"aws-cli', b'"userAgent":"' + bad + b"aws-cli")
            answer, counts = self.between(line)
            summary = answer.lines("summary")[0]
            self.assertEqual(summary["event_count"] + summary["rejected_count"], 7)
            self.assertEqual(counts.get("bad", 0) + summary["rejected_count"], 1, answer)
            for line in answer.bytes.splitlines():
                line.decode("utf-8")

    def test_nul(self):
        answer, counts = self.between(ndjson([dict(self.bad, userAgent="a\0b")]))
        row = [e for e in answer.lines("risk_event") if e["user"] == "bad"]
        # SQLite's text functions stop at a NUL; the replacement character is as good.
        self.assertIn(row[0]["user_agent"], ("a\0b", "a\ufffdb"))
        self.assertEqual(self.rows("SELECT count(*) FROM risk_event"), [(3,)])

    def test_nul_in_the_entity(self):
        self.between(ndjson([put_image("2026-11-17T21:00:00Z", user="ba\0d")]))
        found = self.accrue("search", "index=risk | stats count by risk_object", "--format", "ndjson").lines()
        self.assertEqual({r["risk_object"].replace("\0", "\ufffd") for r in found}, {"before", "after", "ba\ufffdd"})

    def test_raw_nul_byte(self):
        answer, counts = self.between(b'{"a":"\0"}\n')
        summary = answer.lines("summary")[0]
        self.assertEqual(summary["event_count"] + summary["rejected_count"], 7)

    def test_duplicate_keys(self):
        line = ndjson([self.bad])[:-2] + b',"eventName":"PutImage","eventName":"Other"}\n'
        answer, counts = self.between(line)
        self.assertEqual(answer.lines("summary")[0]["event_count"], 7)

    def test_ten_thousand_levels(self):
        for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
            inner = b"1" if opening == b'{"a":' else b""
            deep = b'{"eventName":"PutImage","eventSource":"ecr.amazonaws.com","eventVersion":"1.08","eventTime":"2026-11-17T21:00:00Z","deep":' \
                + opening * 10000 + inner + closing * 10000 + b"}\n"
            shutil.rmtree(self.home, ignore_errors=True)
            answer, _ = self.between(deep)
            summary = answer.lines("summary")[0]
            self.assertEqual(summary["event_count"] + summary["rejected_count"], 7)

    def test_ten_thousand_levels_alone(self):
        for text in ("[" * 10000, '{"a":' * 10000, "[" * 10000 + "]" * 10000, '{"Records":' + "[" * 10000 + "]" * 10000 + "}"):
            answer = self.run_events(self.write("deep.json", text), code=None)
            self.assertIn(answer.code, (0, 3), answer)

    def test_scalars_and_odd_values_between(self):
        for data in (b"null\n", b"1\n", b'"text"\n', b"[]\n", b"{}\n", b"not json at all\n", b"{\n", b"}\n", b"]\n", b",\n"):
            shutil.rmtree(self.home, ignore_errors=True)
            with self.subTest(data):
                self.between(data)

    def test_values_of_the_wrong_type(self):
        events = [
            dict(self.bad, eventTime=17), dict(self.bad, eventTime=None), dict(self.bad, eventTime="yesterday"),
            dict(self.bad, eventTime="2026-13-45T99:99:99Z"), dict(self.bad, eventTime=""), dict(self.bad, eventTime=["2026-11-17T21:00:00Z"]),
            dict(self.bad, userIdentity="root"), dict(self.bad, requestParameters=None), dict(self.bad, requestParameters=[1]),
            dict(self.bad, sourceIPAddress=["1.2.3.4", "5.6.7.8"]),
        ]
        answer, _ = self.between(ndjson(events))
        self.assertEqual(answer.lines("summary")[0]["event_count"], 6 + len(events))

    def test_times_of_another_age(self):
        """One broken clock must not take the rule from the events around it."""
        for time in ("0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1900-06-01T21:00:00Z", "2262-06-01T21:00:00Z",
                     "9999-12-31T23:59:59Z", "99999-01-01T00:00:00Z"):
            with self.subTest(time):
                shutil.rmtree(self.home, ignore_errors=True)
                answer, _ = self.between(ndjson([dict(self.bad, eventTime=time)]))
                self.assertEqual(answer.lines("skipped"), [])

    def test_empty_file(self):
        answer = self.run_events(self.write("empty.json", b""))
        self.assertEqual(answer.lines("summary")[0]["event_count"], 0)
        self.write("in/empty.json", b"")
        self.write("in/empty.gz", b"")
        self.write("in/blank.json", b"\n \n")
        self.write("in/good.json", self.before)
        answer = self.run_events(self.folder / "in")
        self.assertEqual([e["user"] for e in answer.lines("risk_event")], ["before"])
        self.run_events("-", stdin=b"")
        self.run_events(self.write("bom.json", b"\xef\xbb\xbf"))
        (self.folder / "nothing").mkdir()
        self.run_events(self.folder / "nothing", code=None)

    def test_missing_input(self):
        good = self.write("good.json", self.before)
        answer = self.run_events(self.folder / "nowhere.json", good, code=3)
        self.assertIn("nowhere.json", answer.err)
        self.assertEqual([e["user"] for e in answer.lines("risk_event")], ["before"])
        answer = self.accrue("search", "* | stats count", "--input", self.folder / "nowhere.json", code=3)
        self.assertIn("nowhere.json", answer.err)

    def test_garbage_that_is_no_log(self):
        self.write("in/noise.bin", bytes(range(256)) * 400)
        self.write("in/fake.gz", b"\x1f\x8b\x08\x00 this is no gzip")
        self.write("in/fake.zst", b"\x28\xb5\x2f\xfd no zstd")
        self.write("in/good.json", self.before)
        answer = self.run_events(self.folder / "in", code=None)
        self.assertIn(answer.code, (0, 3), answer)
        self.assertEqual([e["user"] for e in answer.lines("risk_event")], ["before"])

    def test_links_that_go_round(self):
        self.write("in/good.json", self.before)
        (self.folder / "in/loop").symlink_to(self.folder / "in")
        (self.folder / "in/dangling").symlink_to(self.folder / "nowhere")
        answer = self.run_events(self.folder / "in", code=None)
        self.assertIn(answer.code, (0, 3), answer)
        self.assertEqual([e["count"] for e in answer.lines("risk_event")], [3])

    def test_pipe_as_input(self):
        """A fifo, as `<(zcat …)` gives."""
        done = subprocess.run(
            ["bash", "-c", f'"$0" run <(cat "$1") --home "$2" --format ndjson', PROGRAM, self.write("e.json", self.before), self.home],
            cwd=REPOSITORY, capture_output=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b'"before"', done.stdout)


class BadState(Case):
    def setUp(self):
        super().setUp()
        self.events = self.write("e.json", ndjson([put_image("2026-11-17T21:00:00Z", user=f"u{n}") for n in range(2000)]))
        os.chmod(self.folder, 0o755)

    def as_nobody(self, *arguments):
        home = self.folder / "nobody"
        home.mkdir(exist_ok=True)
        shutil.chown(home, "nobody")
        probe = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        # Root must be able to drop its rights, and the program must be readable for others.
        if os.geteuid() != 0 or subprocess.run([*probe, PROGRAM, "--help"], capture_output=True).returncode != 0:
            self.skipTest("cannot run the program without rights")
        return subprocess.run([*probe, PROGRAM, *map(str, arguments), "--home", home], cwd=REPOSITORY, capture_output=True, timeout=60)

    def test_folder_without_rights(self):
        self.write("in/good.json", ndjson([put_image("2026-11-17T21:00:00Z", user="good")]))
        self.write("in/shut/x.json", b"{}")
        self.write("in/closed.json", b"{}")
        os.chmod(self.folder / "in/shut", 0)
        os.chmod(self.folder / "in/closed.json", 0)
        done = self.as_nobody("run", self.folder / "in", "--format", "ndjson")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(b"shut", done.stderr)
        self.assertIn(b"closed.json", done.stderr)
        self.assertIn(b'"risk_object":"good"', done.stdout)

    def test_home_without_rights(self):
        done = self.as_nobody("run", self.events, "--home", "/root/no/such", "--format", "ndjson")
        (self.folder / "locked").mkdir(mode=0o755)
        done = subprocess.run(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", PROGRAM, "run", self.events, "--home", self.folder / "locked/x"],
            cwd=REPOSITORY, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(b"locked", done.stderr)

    def test_full_disk(self):
        """A file system of 300 kB, else a limit on the size of files."""
        small = self.folder / "small"
        small.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", small], capture_output=True).returncode == 0
        if mounted:
            try:
                answer = self.accrue("run", self.events, "--format", "ndjson", home=small, code=3)
                self.complain(answer.err)
                with sqlite3.connect(small / "risk.sqlite") as database:
                    self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
                subprocess.run(["mount", "-o", "remount,size=100m", small], check=True)
                self.accrue("run", self.events, "--format", "ndjson", home=small)
                self.accrue("run", self.events, "--format", "ndjson")
                self.assertEqual(self.dump(small), self.dump())
            finally:
                subprocess.run(["umount", "-l", small])
        else:
            def limit():
                import signal
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
            done = subprocess.run([PROGRAM, "run", self.events, "--home", self.home, "--now", "2026-12-01"], cwd=REPOSITORY,
                                  capture_output=True, preexec_fn=limit, timeout=60)
            self.assertEqual(done.returncode, 3, done.stderr)
            self.complain(done.stderr.decode())
            again = self.accrue("run", self.events, "--format", "ndjson")
            self.assertEqual(len(again.lines("risk_event")), 2000)
            self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])

    def complain(self, text):
        self.assertRegex(text, r"E\d\d\d")
        self.assertRegex(text.lower(), "full|space|disk|i/o|size")

    @unittest.skipUnless(os.path.exists("/dev/full"), "no /dev/full")
    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "run", self.events, "--home", self.home, "--format", "ndjson"], cwd=REPOSITORY,
                                  stdout=full, stderr=subprocess.PIPE, timeout=60)
        self.assertNotEqual(done.returncode, 0, "output was lost, yet the exit code says done")
        self.assertGreaterEqual(done.returncode, 0, "no signal")

    def test_reader_that_goes_away(self):
        done = subprocess.run(["bash", "-c", '"$0" run "$1" --home "$2" --format ndjson | head -1; exit ${PIPESTATUS[0]}', PROGRAM, self.events, self.home],
                              cwd=REPOSITORY, capture_output=True, timeout=60)
        self.assertIn(done.returncode, (0, 3, 141), done.stderr)
        self.assertNotIn(b"Fatal", done.stderr)

    def test_database_of_a_newer_schema(self):
        self.run_events(self.events)
        with sqlite3.connect(self.home / "risk.sqlite") as database:
            database.execute("INSERT INTO grdb_migrations VALUES ('9999_from_the_future')")
        before = self.dump()
        for command in (["run", self.events], ["search", "index=risk"], ["findings"], ["entity", "u1"], ["summary"]):
            answer = self.accrue(*command, code=3)
            self.assertRegex(answer.err, r"E\d\d\d")
            self.assertIn("newer", answer.err)
        self.assertEqual(before, self.dump())

    def test_file_that_is_no_database(self):
        for data in (b"this is no database " * 100, b"SQLite format 3\0" + b"x" * 4000):
            self.home.mkdir(exist_ok=True)
            (self.home / "risk.sqlite").write_bytes(data)
            for command in (["run", self.events], ["search", "index=risk"], ["findings"]):
                answer = self.accrue(*command, code=3)
                self.assertIn("risk.sqlite", answer.err)
            self.assertEqual((self.home / "risk.sqlite").read_bytes(), data)

    def test_another_programs_database(self):
        self.home.mkdir()
        with sqlite3.connect(self.home / "risk.sqlite") as database:
            database.execute("CREATE TABLE notes (text)")
        before = (self.home / "risk.sqlite").read_bytes()
        self.accrue("run", self.events, code=3)
        self.assertEqual((self.home / "risk.sqlite").read_bytes(), before)

    def test_no_state_yet(self):
        for command in (["findings"], ["entity", "x"], ["finding", "abc"], ["summary"], ["threat", "1.2.3.4"], ["search", "index=risk"]):
            answer = self.accrue(*command, code=None)
            self.assertIn(answer.code, (0, 1, 3), f"{command} {answer}")
            self.assertFalse(self.home.exists(), f"{command} made the home folder")
            if answer.code:
                self.assertRegex(answer.err, r"E\d\d\d", command)
