"""A run whose disk is full, or that is killed, in any of its phases: names that move, events with their throttling, findings with
their steps, and its own record. What it leaves holds, and the next run makes of it what a run without trouble would have made."""

import contextlib
import os
import shutil
import sqlite3
import subprocess

from harness import PROGRAM, REPOSITORY, Case, epoch, iso, ndjson, put_image, rule, run_program, timed_rule

START = epoch("2026-11-17T10:05:00Z")
NOW = "2026-11-18T12:00:00Z"
HOURLY = ("sourcetype=aws:cloudtrail eventName=DescribeImages | stats count by userIdentity.userName"
          " | rename userIdentity.userName as user")
LOSES = "sourcetype=aws:cloudtrail | stats count by userIdentity.userName | eval user=if(count>0, null(), user)"
PROFILES = ("splunk", "recommended")
# What a run writes, in its order; splunk's profile remembers no look.
PHASES = ["names", "events", "findings", "looks", "moved times", "record"]
FULL = """\
error[E605]: no space left to write risk index '{0}/risk.sqlite'
hint: free some space and run again: what was committed is kept, the rest is completed
"""


class Interrupted(Case):
    """An evening is in the index already. Then an identity list makes one entity of two names, and there are new events."""

    people = 8

    def setUp(self):
        super().setUp()
        for name, text in {
            "timed": timed_rule(entities=[("user", "user", 60)], message="$user$ uploads $eventID$"),
            "quiet": rule("Quiet", HOURLY, entities=[("user", "user", 5)], throttling={"fields": ["user"], "period": "3h"}),
            "loses": rule("Loses", LOSES),
        }.items():
            self.write(f"content/detections/{name}.yml", text)
        self.write("lists/entities/identities.csv", "identity,email\n" + "".join(
            f"u{n},U{n}@x.com\n" for n in range(self.people)))
        self.options = [part for name in ("Timed", "Quiet", "Loses") for part in ("--rule", name)]
        # Of the program's own content only what these runs need: there are many.
        for part in ("rules/addons/aws", "rules/macros", "risk"):
            shutil.copytree(REPOSITORY / part, self.folder / "content" / part)
        (self.folder / "content/datamodels").mkdir()
        shutil.copy(REPOSITORY / "rules/datamodels/Risk.json", self.folder / "content/datamodels")
        self.options += ["--no-default-content", "--content", self.folder / "content"]
        before = [put_image(iso(START + n), user=f"U{n}@x.com") for n in range(self.people)]
        before += [put_image(iso(START + 600 * k + n), user=f"v{n}") for n in range(self.people) for k in range(2)]
        after = [put_image(iso(START + 7200 + n), user=f"u{n}") for n in range(self.people)]
        after += [put_image(iso(START + 7300 + 3600 * k), user=f"v{n}", eventName="DescribeImages")
                  for n in range(self.people) for k in range(5)]
        self.before, self.after = self.write("before.json", ndjson(before)), self.write("after.json", ndjson(after))
        self.homes = {}
        for profile in PROFILES:
            home = self.folder / f"before-{profile}"
            self.accrue("run", self.before, *self.options, "--profile", profile, home=home, now=iso(START + 7000))
            with contextlib.closing(sqlite3.connect(home / "risk.sqlite")) as database:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.homes[profile] = home

    def command(self, home, profile):
        return ["run", self.after, *self.options, "--content", self.folder / "lists", "--profile", profile, "--home", home, "--now", NOW]

    def complete(self, home, profile):
        return run_program(self.command(home, profile) + ["--format", "ndjson"])

    def filled(self, home, profile):
        shutil.rmtree(home, ignore_errors=True)
        return shutil.copytree(self.homes[profile], home)

    def contents(self, home):
        path = self.folder / "contents.ndjson"
        path.unlink(missing_ok=True)
        self.accrue("index", "export", "--output", path, home=home, now=NOW)
        return path.read_bytes() + self.dump(home).encode()

    def undisturbed(self, profile):
        home = self.filled(self.folder / f"whole-{profile}", profile)
        answer = self.complete(home, profile)
        self.assertEqual(answer.code, 0, answer)
        self.assertEqual(self.rows("SELECT count(*) FROM finding", home=home), [(2 * self.people,)])
        return answer, self.contents(home), self.progress(home)

    def progress(self, home):
        """How far a run came, in the order of its phases."""
        return [self.rows(sql, home=home)[0][0] for sql in (
            "SELECT count(*) FROM risk_object WHERE reason LIKE 'exact-name%'",
            "SELECT count(*) + (SELECT count(*) FROM throttled_firing) FROM firing",
            "SELECT count(*) + (SELECT count(*) FROM finding_risk_event) FROM finding_change",
            "SELECT group_concat(value) FROM setting WHERE name LIKE 'incidents %'",
            "SELECT count(*) = 0 FROM setting WHERE name = 'times of events that moved'",
            "SELECT count(*) FROM run")]

    def phase(self, home, whole):
        """The first phase that is not done; nil when all are."""
        here = self.progress(home)
        # New names come with the events: those that were there are moved first, all at once.
        here[0] = min(here[0], self.people)
        differing = [name for name, a, b in zip(PHASES, here, [self.people, *whole[1:]]) if a != b]
        return differing[0] if differing else None

    def finish(self, home, profile, answer, contents):
        self.accrue("index", "verify", home=home, now=NOW)
        again = self.complete(home, profile)
        self.assertEqual((again.code, again.bytes), (0, answer.bytes), again)
        self.assertTrue(self.contents(home) == contents, "the index differs from that of a run without trouble")


class FullDisk(Interrupted):
    """Space is bound page by page until every phase has been the one that failed."""

    def test_splunk(self):
        self.every_phase("splunk", [name for name in PHASES if name != "looks"])

    def test_recommended(self):
        self.every_phase("recommended", PHASES)

    def every_phase(self, profile, phases):
        self.disks = []
        self.addCleanup(lambda: [self.unmount(disk) for disk in self.disks])
        if self.mount() is None:
            self.skipTest("cannot mount a small file system")
        answer, contents, whole = self.undisturbed(profile)
        # Where one phase ends and the next begins, by halves.
        found = {pages: self.attempt(profile, pages, whole) for pages in (0, 600)}
        self.assertEqual(found, {0: "names", 600: None})

        def look(low, high):
            if found[low] == found[high] or high - low < 2:
                return
            middle = (low + high) // 2
            found[middle] = self.attempt(profile, middle, whole)
            look(low, middle)
            look(middle, high)

        look(0, 600)
        self.assertEqual([name for name in phases if name not in found.values()], [])
        order = [found[pages] for pages in sorted(found)]
        self.assertEqual(order, sorted(order, key=[*phases, None].index))
        for name in phases:
            bounds = [pages for pages in found if found[pages] == name]
            for pages in {min(bounds), max(bounds)}:
                self.attempt(profile, pages, whole)
                self.finish(self.disks[-1] / "home", profile, answer, contents)

    def mount(self):
        """Another one each time: what was deleted on it may be given back late."""
        disk = self.folder / f"disk{len(self.disks)}"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100m", "tmpfs", disk], capture_output=True).returncode != 0:
            return None
        for earlier in self.disks[-1:]:
            self.unmount(earlier)
        self.disks.append(disk)
        return disk

    def unmount(self, disk):
        subprocess.run(["umount", "-l", disk], capture_output=True)

    def attempt(self, profile, pages, whole):
        """A run with so many pages of 4 kB beside the index. - Returns: the phase that failed, None for none."""
        disk = self.mount()
        home = self.filled(disk / "home", profile)
        room = os.statvfs(disk)
        used = (room.f_blocks - room.f_bfree) * room.f_frsize // 1024
        subprocess.run(["mount", "-o", f"remount,size={used + 4 * pages}k", disk], check=True)
        done = run_program(self.command(home, profile))
        subprocess.run(["mount", "-o", "remount,size=100m", disk], check=True)
        if done.code == 0:
            return None
        self.assertEqual((done.code, done.err, done.out), (3, FULL.format(home), ""), pages)
        return self.phase(home, whole)


class Killed(Interrupted):
    """SIGKILL when the log of the database has grown so far: names move in its first pages."""

    def test_at_any_moment(self):
        pending = 0
        for profile in PROFILES:
            answer, contents, whole = self.undisturbed(profile)
            size, code = self.run_until(self.filled(self.folder / "measured", profile), profile, 1 << 40)
            self.assertEqual(code, 0)
            for bound in [1, 20_000, 40_000, *(size * part // 6 for part in range(1, 6))]:
                with self.subTest(profile=profile, bound=bound):
                    home = self.filled(self.folder / "killed", profile)
                    self.run_until(home, profile, bound)
                    phase = self.phase(home, whole)
                    pending += phase not in (None, "names", "record")
                    self.finish(home, profile, answer, contents)
        self.assertGreater(pending, 4, "kills between the moved names and the end of what follows from them")

    def run_until(self, home, profile, bound):
        """Kills the run as soon as the log has so many bytes. - Returns: its size, and the exit code."""
        log, size = home / "risk.sqlite-wal", 0
        process = subprocess.Popen(
            [PROGRAM, *map(str, self.command(home, profile))], cwd=REPOSITORY, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        while process.poll() is None:
            with contextlib.suppress(FileNotFoundError):
                size = max(size, log.stat().st_size)
            if size >= bound:
                process.kill()
                break
        return size, process.wait()
