"""The content cache changes no byte of any answer: cold, warm, stale, damaged, forged, unwritable or shared."""

import json
import os
import pathlib
import shutil
import struct
import subprocess
import unittest

from harness import PROGRAM, REPOSITORY, Case, rule, run_program

MASK = (1 << 64) - 1


def xxh64(data):
    """XXH64 with seed 0, from the words of its specification."""
    p1, p2, p3, p4, p5 = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5)

    def rotate(word, count):
        return (word << count | word >> (64 - count)) & MASK

    def mix(lane, word):
        return rotate((lane + word * p2) & MASK, 31) * p1 & MASK

    at, value = 0, p5
    if len(data) >= 32:
        lanes = [(p1 + p2) & MASK, p2, 0, -p1 & MASK]
        while at + 32 <= len(data):
            lanes = [mix(lane, word) for lane, word in zip(lanes, struct.unpack_from("<4Q", data, at))]
            at += 32
        value = sum(rotate(lane, count) for lane, count in zip(lanes, (1, 7, 12, 18))) & MASK
        for lane in lanes:
            value = ((value ^ mix(0, lane)) * p1 + p4) & MASK
    value = (value + len(data)) & MASK
    while at + 8 <= len(data):
        value = (rotate(value ^ mix(0, *struct.unpack_from("<Q", data, at)), 27) * p1 + p4) & MASK
        at += 8
    if at + 4 <= len(data):
        value = (rotate(value ^ struct.unpack_from("<I", data, at)[0] * p1 & MASK, 23) * p2 + p3) & MASK
        at += 4
    for byte in data[at:]:
        value = rotate(value ^ byte * p5 & MASK, 11) * p1 & MASK
    value = (value ^ value >> 33) * p2 & MASK
    value = (value ^ value >> 29) * p3 & MASK
    return value ^ value >> 32


def signed(data):
    """The cache file with the checksum that its bytes should have."""
    return data[:8] + struct.pack("<Q", xxh64(data[16:])) + data[16:]


class ContentCache(Case):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        for number in range(40):
            self.write(f"content/detections/d{number:02}.yml", rule(f"Rule {number:02}", f"index=a n={number} | stats count by user"))
        self.write("content/detections/same_name.yml", rule("Rule 07", "index=b | stats count by user"))
        self.write("content/detections/copy.yml", (self.content / "detections/d03.yml").read_text())
        self.write("content/detections/unknown_key.yml", rule("Odd", "index=a | nosuchcommand", entities=[], colour="red"))
        self.write("content/detections/windows.yaml", rule("CRLF", "index=c\n| stats count by user").replace("\n", "\r\n"))
        self.write("content/detections/broken.yml", "name: a: b\nsearch: 'x\n")
        self.write("content/detections/deep.yml", "a: " + "[" * 500 + "]" * 500)
        self.write("content/detections/deeper.yml", "a: " + "[" * 100_000)
        self.write("content/detections/aliases.yml", "a: &a " + "x" * 50_000 + "\nb: [" + "*a, " * 20_000 + "]\n")
        self.write("content/detections/comments.yml", "# nothing\n")
        self.write("content/detections/empty.yml", "")
        self.write("content/detections/bytes.yml", b"name: \xff\xfe\ndefinition: \xc3\x28\n")
        self.write("content/macros/m\u00fcnchen.yml", "name: m\u00fcnchen\ndefinition: >-\n  a\n  b `nosuch`\n")
        self.write("content/macros/macros.conf", "[conf]\ndefinition = x\n")
        self.write("content/lookups/t.yml", "name: t\nfilename: t.csv\n")
        self.write("content/lookups/t.csv", "a,b\n1,2\n")
        self.write("content/models/M.json", json.dumps({"modelName": "M", "objects": [
            {"objectName": "O", "parentName": "BaseEvent", "fields": [], "constraints": [{"search": "index=m"}]}]}))
        self.write("content/stories/s.yml", "name: s\nid: 1\nversion: 1\nnarrative: n\ndescription: d\n")
        self.write("content/app/default/props.conf", "[a]\nEXTRACT-x = (open\n[b]\nLOOKUP-l = nothing k OUTPUT v\n")
        (self.content / "detections/gone.yml").symlink_to("/nonexistent")
        os.mkfifo(self.content / "detections/pipe.yml")

    def both(self, *arguments, **variables):
        """Exit codes, stdout and stderr of listing and of checking the folder."""
        environment = {"ACCRUE_CACHE": str(self.cache)} | variables
        answers = []
        for command in (["list"], ["check", str(self.content)]):
            more = ["--content", self.content] if command == ["list"] else []
            answer = self.accrue(
                "content", *command, "--no-default-content", "--format", "ndjson", *more, *arguments, code=None,
                environment=environment)
            answers.append((answer.code, answer.bytes, answer.err))
        return answers

    def files(self, folder=None):
        """Those of content; what is wrong with add-ons has files of its own."""
        return sorted((folder or self.cache).glob("content-*"))

    def addon_files(self):
        return sorted(self.cache.glob("addons-*"))

    def file(self):
        files = self.files()
        self.assertEqual(len(files), 1, files)
        return files[0]

    def state(self):
        status = self.file().stat()
        return status.st_ino, status.st_mtime_ns, self.file().read_bytes()

    def entries(self):
        return struct.unpack_from("<I", self.file().read_bytes(), 20)[0]

    def test_cold_and_warm_answers_are_equal(self):
        none = self.both(ACCRUE_CACHE="")
        self.assertIn(b"Rule 39", none[0][1])
        for text in ("E401", "E402", "E403", "E404", "E410", "E804"):
            self.assertIn(text, none[0][2])
        self.assertIn(b"nosuchcommand", none[1][1])
        self.assertEqual(self.files(), [], "no cache, no file")
        self.assertEqual(self.both("--no-cache"), none)
        self.assertEqual(self.files(), [], "no cache, no file")
        self.assertEqual(self.both(), none, "cold")
        before = self.state()
        self.assertEqual(self.both(), none, "warm")
        self.assertEqual(self.both("--no-cache"), none)
        self.assertEqual(self.state(), before, "nothing changed, so nothing is written")
        self.assertEqual(self.file().stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.cache.stat().st_mode & 0o777, 0o700)

    def test_a_warm_run_reads_the_cache(self):
        """A value that is changed in the cache alone, checksum included, shows."""
        self.both()
        data = self.file().read_bytes()
        self.assertEqual(signed(data), data, "the checksum is XXH64 of what follows it")
        self.assertEqual(data.count(b"Rule 31"), 1)
        self.file().write_bytes(signed(data.replace(b"Rule 31", b"Kept 31")))
        self.assertIn(b"Kept 31", self.both()[0][1])
        self.assertNotIn(b"Kept 31", self.both("--no-cache")[0][1])

    def test_an_edit_is_seen(self):
        self.both()
        before = self.state()
        path = self.content / "detections/d05.yml"
        times = path.stat()
        path.write_text(path.read_text().replace("Rule 05", "Rule 99"))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        edited = self.both()
        self.assertIn(b"Rule 99", edited[0][1])
        self.assertNotIn(b"Rule 05", edited[0][1])
        self.assertEqual(edited, self.both(ACCRUE_CACHE=""))
        after = self.state()
        self.assertNotEqual(after[0], before[0], "a new file took the place of the old one")
        self.assertNotIn(b"Rule 05", after[2], "what is of no use is dropped")
        self.assertEqual(self.both(), edited)
        self.assertEqual(self.state(), after)

    def test_problems_of_addons_are_kept(self):
        none = self.both(ACCRUE_CACHE="")
        self.assertIn(b"table 'nothing'", none[1][1])
        self.assertEqual(self.both(), none)
        files = self.addon_files()
        self.assertEqual(len(files), 1, files)
        data = files[0].read_bytes()
        self.assertEqual(data.count(b"table 'nothing'"), 1)
        self.assertEqual(self.both(), none)
        self.assertEqual(files[0].read_bytes(), data)
        files[0].write_bytes(signed(data.replace(b"table 'nothing'", b"table 'nowhere'")))
        self.assertIn(b"table 'nowhere'", self.both()[1][1], "a warm run reads it")
        for name, damaged in {"cut": data[:-1], "byte": data[:70] + b"\xff" + data[71:], "sizes": signed(data[:64] + b"\xff" * 8 + data[72:])}.items():
            with self.subTest(name):
                files[0].write_bytes(damaged)
                self.assertEqual(self.both(), none)
                self.assertEqual(files[0].read_bytes(), data, "it is written anew")
        path = self.content / "app/default/props.conf"
        times = path.stat()
        path.write_text(path.read_text().replace("(open", "[open"))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        edited = self.both()
        self.assertNotEqual(edited, none)
        self.assertEqual(edited, self.both(ACCRUE_CACHE=""))

    def test_words_of_many_rules_are_kept(self):
        for number in range(300):
            self.write(f"content/detections/w{number}.yml", rule(f"Word {number}", f"sourcetype=x kind=word{number}x | stats count by user"))
        events = self.write("events.ndjson", "".join(json.dumps({"kind": f"word{n % 310}x", "user": f"u{n % 7}"}) + "\n" for n in range(2000)))

        def run(cache):
            return self.accrue(
                "run", events, "--sourcetype", "x", "--once", "--no-default-content", "--content", self.content, "--dry-run",
                "--format", "ndjson", code=None, environment={"ACCRUE_CACHE": cache}).bytes

        none = run("")
        self.assertIn(b"Word 299", none)
        self.assertEqual(run(str(self.cache)), none, "cold")
        files = sorted(self.cache.glob("words-*"))
        self.assertEqual(len(files), 1, files)
        data = files[0].read_bytes()
        self.assertEqual(run(str(self.cache)), none, "warm")
        self.assertEqual(files[0].read_bytes(), data)
        for damaged in (b"", data[:-1], signed(data[:200] + b"\x00" * 64 + data[264:]), signed(data[:64])):
            files[0].write_bytes(damaged)
            self.assertEqual(run(str(self.cache)), none)
        (self.content / "detections/w299.yml").unlink()
        self.assertEqual(run(str(self.cache)), run(""), "other words")

    def test_files_that_come_and_go(self):
        self.both()
        count, before = self.entries(), self.state()
        for number in range(10):
            (self.content / f"detections/d1{number}.yml").unlink()
        self.assertEqual(self.both(), self.both(ACCRUE_CACHE=""))
        self.assertEqual(self.state(), before, "less is no reason to write")
        (self.content / "detections/d20.yml").rename(self.content / "detections/renamed.yml")
        moved = self.both()
        self.assertIn(b"renamed.yml", moved[0][1])
        self.assertEqual(moved, self.both(ACCRUE_CACHE=""))
        self.assertEqual(self.state(), before, "another name is no other text")
        self.write("content/detections/new.yml", rule("New", "index=a | stats count by user"))
        self.assertEqual(self.both(), self.both(ACCRUE_CACHE=""))
        self.assertEqual(self.entries(), count - 10 + 1)

    def test_damaged_caches_are_as_good_as_none(self):
        none = self.both(ACCRUE_CACHE="")
        self.both()
        data = self.file().read_bytes()
        most = struct.pack("<I", 0xFFFF_FFFF)
        first = 24
        damaged = {
            "empty": b"", "short": data[:10], "header": data[:24], "index": data[:600], "cut": data[:-1], "longer": data + b"x",
            "magic": b"x" + data[1:], "checksum": data[:8] + bytes(8) + data[16:], "garbage": os.urandom(5000), "zeros": bytes(5000),
            "foreign version": signed(data[:16] + b"\x63" + data[17:]), "no entries": signed(data[:20] + bytes(4) + data[24:]),
            "many entries": signed(data[:20] + most + data[24:]),
            "blob beyond the end": signed(data[:first + 32] + most + data[first + 36:]),
            "blob of all": signed(data[:first + 36] + most + data[first + 40:]),
            "no blobs": signed(data[:24 + 40 * self.entries()]),
            "keys alone": signed(data[:24 + 40 * self.entries()] + bytes(len(data) - 24 - 40 * self.entries())),
        }
        for place in range(24, len(data), len(data) // 23):
            damaged[f"byte {place}"] = data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1:]
        for name, bytes_ in damaged.items():
            with self.subTest(name):
                self.file().write_bytes(bytes_)
                self.assertEqual(self.both(), none)
                self.assertEqual(self.file().read_bytes(), data, "it is written anew")

    def test_things_that_are_no_cache_file(self):
        none = self.both(ACCRUE_CACHE="")
        self.both()
        path = self.file()
        path.unlink()
        path.mkdir()
        self.assertEqual(self.both(), none, "a folder")
        self.assertEqual(self.files(), [path], "nothing is left beside it")
        path.rmdir()
        os.mkfifo(path)
        self.assertEqual(self.both(), none, "a pipe")
        self.assertTrue(path.is_file(), "replaced")
        path.unlink()
        target = self.write("elsewhere", "keep me")
        path.symlink_to(target)
        self.assertEqual(self.both(), none, "a link")
        self.assertEqual(target.read_text(), "keep me", "what a link leads to is not written")

    def test_folders_that_cannot_be_written(self):
        none = self.both(ACCRUE_CACHE="")
        blocked = self.write("blocked", "a file")
        for place in ("/dev/null/x", "/proc/accrue", str(blocked), str(blocked / "x/y"), "/dev/full"):
            with self.subTest(place):
                self.assertEqual(self.both(ACCRUE_CACHE=place), none)
        self.assertEqual(blocked.read_text(), "a file")
        self.both()
        path, data = self.file(), self.file().read_bytes()
        path.write_bytes(data[:-1])
        for item, mode in ((path, 0o444), (self.cache, 0o555)):
            item.chmod(mode)
        self.addCleanup(self.cache.chmod, 0o755)
        if os.geteuid() != 0:
            self.assertEqual(self.both(), none)
            self.assertEqual(self.file().read_bytes(), data[:-1])

    def test_a_user_without_rights(self):
        """As another user, where the tests run as root."""
        other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        probe = [*other, PROGRAM, "--help"]
        if os.geteuid() != 0 or subprocess.run(probe, capture_output=True).returncode != 0:
            self.skipTest("needs root, and a program that others may run")
        self.folder.chmod(0o755)
        readable = pathlib.Path(shutil.copytree(self.content / "macros", self.folder / "readable"))
        self.both()
        self.cache.chmod(0o755)
        before = self.files()
        for mode in (0o600, 0o644):
            before[0].chmod(mode)
            command = [PROGRAM, "content", "list", "--no-default-content", "--content", readable, "--format", "ndjson"]
            done = [
                subprocess.run([*other, *command], env=os.environ | {"ACCRUE_CACHE": place}, cwd=REPOSITORY, capture_output=True)
                for place in ("", str(self.cache))]
            self.assertEqual(done[0].stdout, done[1].stdout)
            self.assertEqual(done[0].stderr, done[1].stderr)
            self.assertEqual(self.files(), before)

    def test_full_disk(self):
        none = self.both(ACCRUE_CACHE="")
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", small], capture_output=True).returncode != 0:
            self.skipTest("no right to mount")
        try:
            self.assertEqual(self.both(ACCRUE_CACHE=str(small)), none)
            self.assertEqual(self.files(small), [], "nothing is left behind")
        finally:
            subprocess.run(["umount", "-l", small])

    def test_two_processes_at_once(self):
        none = self.both(ACCRUE_CACHE="")[0]
        command = [PROGRAM, "content", "list", "--no-default-content", "--content", self.content, "--format", "ndjson"]
        for _ in range(3):
            shutil.rmtree(self.cache, ignore_errors=True)
            processes = [
                subprocess.Popen(
                    command, env=os.environ | {"ACCRUE_CACHE": str(self.cache)}, cwd=REPOSITORY, stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE)
                for _ in range(4)]
            for process in processes:
                out, err = process.communicate(timeout=120)
                self.assertEqual((process.returncode, out, err.decode()), none)
            before = self.state()
            self.assertEqual(self.both()[0], none)
            self.assertEqual(self.state(), before, "what was left is whole, and all that there is")

    def test_where_it_lies(self):
        """XDG's folder, else the home's; a relative one does not count. Each content folder has a file of its own."""
        home, cache = self.folder / "user", self.folder / "xdg"
        none = self.both(ACCRUE_CACHE="", HOME=str(home), XDG_CACHE_HOME=str(cache))
        self.assertFalse(home.exists() or cache.exists())
        self.assertEqual(self.both(ACCRUE_CACHE=None, HOME=str(home), XDG_CACHE_HOME=str(cache)), none)
        self.assertEqual(len(self.files(cache / "accrue")), 1)
        self.assertFalse(home.exists())
        for variable in ("relative/path", "", None):
            self.assertEqual(self.both(ACCRUE_CACHE=None, HOME=str(home), XDG_CACHE_HOME=variable), none)
        self.assertEqual(len(self.files(home / ".cache/accrue")), 1)
        self.assertEqual(self.both(ACCRUE_CACHE=None, HOME=None, XDG_CACHE_HOME=None), none)
        second = pathlib.Path(shutil.copytree(self.content / "macros", self.folder / "second"))
        for _ in range(2):
            self.both("--content", str(second), "--content", f"{second}/../second/")
        self.assertEqual(len(self.files()), 2, "one folder by two names is one")

    def test_what_is_shipped(self):
        environment = {"ACCRUE_CACHE": str(self.cache)}
        answers = [
            run_program(["content", "check", "--format", "json"], environment=env) for env in ({}, environment, environment)]
        self.assertEqual(len({(a.code, a.bytes, a.err) for a in answers}), 1)
        self.assertEqual(len(self.files()), 2, "rules and risk")


if __name__ == "__main__":
    unittest.main()
