"""The same run twice leaves the same index; a run killed at any moment is completed by the next one."""

import random
import shutil
import sqlite3
import subprocess
import time

from harness import NOW, PROGRAM, REPOSITORY, Case, fires, ndjson, put_image


def many(count, seed=5):
    chance = random.Random(seed)
    events = []
    for number in range(count):
        day, hour = chance.randrange(9, 30), chance.choice([0, 3, 6, 10, 13, 20, 22, 23])
        events.append(put_image(
            f"2026-11-{day:02}T{hour:02}:{chance.randrange(60):02}:{chance.randrange(60):02}Z", user=f"u{chance.randrange(40)}",
            repository=f"r{chance.randrange(12)}", eventID=str(number)))
    return events


class Repeat(Case):
    def test_twice_is_once(self):
        path = self.write("e.json", ndjson(many(3000)))
        first = self.run_events(path)
        before = self.dump()
        second = self.run_events(path)
        self.assertEqual(first.bytes, second.bytes)
        self.assertEqual(before, self.dump())
        later = self.run_events(path, now="2027-02-03T04:05:06Z")
        self.assertEqual(first.bytes, later.bytes)
        # Another clock is another run, and nothing else.
        def but_runs(dump):
            return [line for line in dump.splitlines() if not line.startswith('INSERT INTO "run')]

        self.assertEqual(but_runs(before), but_runs(self.dump()))
        self.assertEqual(self.rows("SELECT count(*) FROM run"), [(2,)])

    def test_two_homes_are_equal(self):
        path = self.write("e.json", ndjson(many(3000)))
        for home in "ab":
            self.run_events(path, home=self.folder / home)
        self.assertEqual(self.dump(self.folder / "a"), self.dump(self.folder / "b"))

    def test_reports_are_equal_byte_for_byte(self):
        path = self.write("e.json", ndjson(many(2000)))
        for home in "ab":
            self.run_events(path, home=self.folder / home)
        self.run_events(path, home=self.folder / "b")
        finding = self.accrue("findings", "--format", "ndjson", home=self.folder / "a").lines()[0]["finding_id"]
        for command in (
            ["summary", "--week", "2026-W47", "--format", "html"], ["summary", "--week", "2026-W47", "--format", "md"],
            ["summary", "--week", "2026-W47", "--format", "json"], ["summary", "--week", "2026-W47", "--format", "text"],
            ["entity", "u1"], ["findings"], ["finding", finding, "--explain"], ["drilldown", finding, "--number", "2"],
            ["rules"], ["rules", "--sort", "lost", "--format", "table"], ["threats"],
            ["search", "index=risk | table *"], ["threat", "198.51.100.7"], ["run", path, "--format", "table"],
        ):
            a, b = (self.accrue(*command, home=self.folder / home) for home in "ab")
            self.assertEqual(a.bytes, b.bytes, command)
            self.assertTrue(a.bytes, command)

    def test_order_of_input_does_not_reach_the_index(self):
        events = many(1500)
        self.run_events(self.write("e.json", ndjson(events)), home=self.folder / "a")
        random.Random(8).shuffle(events)
        self.run_events(self.write("e2.json", ndjson(events)), home=self.folder / "b")
        tables = {
            "risk_event": "key, time, index_time, search_name, risk_object, calculated_risk_score, contributing_event_count, fields",
            "finding": "key, time, risk_score, risk_event_count, fields", "firing": "key",
            "stored_event": "time, raw, sourcetype",
            "run": "time, profile", "run_source": "sourcetype, event_count",
            "run_rule": "search_name, matched_event_count, row_count, risk_event_count, lost, throttled_count",
        }
        for table, columns in tables.items():
            a, b = (self.rows(f"SELECT {columns} FROM {table} ORDER BY {columns}", home=self.folder / h) for h in "ab")
            self.assertEqual(a, b, table)

    def test_overlapping_inputs_count_once(self):
        events = many(600)
        path = self.write("e.json", ndjson(events))
        whole = self.run_events(path, home=self.folder / "a")
        twice = self.run_events(path, "--once", home=self.folder / "b")
        self.assertEqual(len(twice.lines("risk_event")), len({
            (e["userIdentity"]["userName"], e["requestParameters"]["repositoryName"]) for e in events if fires(e)}))
        self.assertTrue(whole.lines("risk_event"))

    def test_dry_run_writes_nothing(self):
        path = self.write("e.json", ndjson(many(500)))
        dry = self.run_events(path, "--dry-run")
        self.assertFalse(self.home.exists(), list(self.home.glob("*")) if self.home.exists() else "")
        wet = self.run_events(path)
        self.assertEqual(dry.bytes, wet.bytes)
        before, files = self.dump(), sorted(p.name for p in self.home.iterdir())
        more = self.write("more.json", ndjson(many(500, seed=6)))
        self.run_events(more, "--dry-run")
        self.assertEqual(before, self.dump())
        self.assertEqual(files, sorted(p.name for p in self.home.iterdir()))

    def test_killed_at_any_moment(self):
        path = self.write("e.json", ndjson(many(1200)))
        began = time.monotonic()
        clean = self.run_events(path, home=self.folder / "clean")
        whole_time = time.monotonic() - began
        expected = self.dump(self.folder / "clean")
        chance = random.Random(9)
        interrupted = 0
        for attempt in range(20):
            home = self.folder / f"kill{attempt}"
            process = subprocess.Popen(
                [PROGRAM, "run", path, "--home", home, "--now", NOW, "--format", "ndjson"], cwd=REPOSITORY,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(whole_time * (attempt + chance.random()) / 20)
            process.kill()
            interrupted += process.wait() == -9
            if (home / "risk.sqlite").exists():
                with sqlite3.connect(home / "risk.sqlite") as database:
                    self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
                    self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
                # Killed before its first page was written: a reader is told that there is no index.
                if (home / "risk.sqlite").stat().st_size > 0:
                    with self.subTest(attempt=attempt):
                        self.accrue("search", "index=risk | stats count", home=home)
            again = self.run_events(path, home=home)
            self.assertEqual(again.bytes, clean.bytes, attempt)
            self.assertTrue(self.dump(home) == expected, f"attempt {attempt}: the index differs from a clean run's")
            shutil.rmtree(home)
        self.assertGreater(interrupted, 5)

    def test_two_runs_at_once(self):
        paths = [self.write(f"e{n}.json", ndjson(many(4000, seed=n))) for n in range(2)]
        processes = [subprocess.Popen([PROGRAM, "run", p, "--home", self.home, "--now", NOW, "--format", "ndjson"], cwd=REPOSITORY,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for p in paths]
        for process in processes:
            _, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 0, err.decode()[-2000:])
        self.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])
