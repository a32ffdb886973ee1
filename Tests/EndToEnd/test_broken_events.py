"""Broken events among good ones of many sourcetypes: each costs itself only, and the report says which and why; memory
does not grow with the number of events."""

import json
import os
import random
import resource
import subprocess
import sys

from harness import PROGRAM, REPOSITORY, Case, iso, ndjson, put_image

SYSMON = (
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/>"
    "<EventID>1</EventID><TimeCreated SystemTime='2026-11-17T21:00:{0:02}.000000000Z'/><EventRecordID>{0}</EventRecordID>"
    "<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>pc1</Computer></System>"
    "<EventData><Data Name='Image'>C:\\a{0}.exe</Data></EventData></Event>")


def hec(sourcetype, event, **more):
    return json.dumps({"sourcetype": sourcetype, "source": f"{sourcetype}.log", "host": "h1", "event": event, **more}).encode() + b"\n"


class BrokenEvents(Case):
    def counts(self, *inputs, code=0):
        """Events by sourcetype, and the rejects, as `run` and `fields` both tell them."""
        ran = self.run_events(*inputs, code=code)
        told = self.accrue("fields", *inputs, "--format", "ndjson", code=code)
        self.assertEqual(ran.lines("rejected"), told.lines("rejected"))
        for name in ("event_count", "rejected_count"):
            self.assertEqual(ran.lines("summary")[0][name], told.lines("summary")[0][name])
        times = {row["sourcetype"]: row["sourcetype_event_count"] for row in told.lines("field")}
        self.assertEqual(sum(times.values()), told.lines("summary")[0]["event_count"])
        return times, told.lines("rejected"), ran

    def test_one_file_of_many_sourcetypes(self):
        """Envelopes with every kind of damage between good ones."""
        good, bad, lines = {}, [], []

        def add(sourcetype, event, **more):
            good[sourcetype] = good.get(sourcetype, 0) + 1
            lines.append(hec(sourcetype, event, **more))

        def damage(data, code):
            bad.append((len(lines) + 1, code))
            lines.append(data)

        event = put_image("2026-11-17T21:00:00Z")
        for number in range(60):
            add("aws:cloudtrail", put_image(iso(1795000000 + number), eventID=f"e{number}"), time=1795000000 + number)
            add("XmlWinEventLog", SYSMON.format(number), time=1795000000 + number)
            add("linux_secure", f"Nov 17 21:00:00 h1 sshd[{number}]: Failed password for root from 198.51.100.7 port 22 ssh2")
            add("my:kv", f"user=u{number} action=login")
        # What the event says is not what its sourcetype means: it stays an event, with the fields that it has.
        add("XmlWinEventLog", SYSMON.format(61)[:150])
        add("aws:cloudtrail", "{\"eventName\": \"cut")
        add("aws:cloudtrail", ["a", "list"])
        add("aws:cloudtrail", 17)
        add("my:kv", "two\r\nlines\nand \u2028 three\rin one event")
        add("linux_secure", "no time, no host: \u0000\ufffd")
        # What is no envelope costs its line.
        whole = hec("my:kv", "user=lost")
        damage(whole[:40] + b"\n", "E521")
        damage(whole.replace(b"lost", b"lo\xe9t"), "E523")
        damage(b"[1,2,3]\n", "E525")
        damage(b"\"just text\"\n", "E525")
        damage(b"plain text between\n", "E525")
        damage(b'{"sourcetype":"my:kv","host":"h1"}\n', "E526")
        damage(hec("my:kv", ""), "E526")
        damage(hec("my:kv", "user=lost", time="yesterday"), "E527")
        damage(hec("my:kv", "user=lost", fields={"a": {"b": 1}}), "E527")
        damage(b'{"a":' * 2_000 + b"1" + b"}" * 2_000 + b"\n", "E522")
        for end in (b"\r\n", b"\n\n", b"   \n"):
            lines.append(hec("my:kv", "user=good").rstrip(b"\n") + end)
            good["my:kv"] += 1
        # Two of them back to back on one line are two.
        lines.append(hec("my:kv", "user=one").rstrip() + hec("my:kv", "user=two"))
        good["my:kv"] += 2
        random.Random(7).shuffle(order := list(range(len(lines))))
        number_of = {old + 1: new for new, old in enumerate(order)}
        data = [lines[old] for old in order]
        line_numbers, at = [], 1
        for line in data:
            line_numbers.append(at)
            at += line.count(b"\n")
        times, rejects, ran = self.counts(self.write("mixed.ndjson", b"".join(data)))
        self.assertEqual(times, good)
        expected = sorted((line_numbers[number_of[line]], code) for line, code in bad)
        self.assertEqual([(row["line"], row["code"]) for row in rejects], expected)
        starts = [sum(map(len, data[:n])) for n in range(len(data))]
        self.assertEqual([row["byte_offset"] for row in rejects], [starts[line_numbers.index(row["line"])] for row in rejects])
        for row in rejects:
            self.assertTrue(row["message"] and row["excerpt"] and len(row["excerpt"]) < 900, row)
            self.assertIn(row["code"], ran.err)
        self.assertGreater(ran.lines("summary")[0]["event_count"], 240)

    def test_a_folder_of_many_forms(self):
        """Each file of one form, each with damage of its own; one file that cannot be read at all."""
        events = [SYSMON.format(n) for n in range(6)]
        events[2] = events[2][:200]
        self.write("in/windows.xml", "\n".join(events))
        self.write("in/trail.json", ndjson([put_image("2026-11-17T21:00:00Z", eventID="a")]) + b'{"eventName": \n' + ndjson([put_image("2026-11-17T21:00:01Z", eventID="b")]))
        self.write("in/records.json", json.dumps({"Records": [put_image("2026-11-17T21:00:02Z", eventID=f"r{n}") for n in range(3)]})[:-30])
        self.write("in/text.log", b"user=a\r\nuser=b\ruser=c\nuser=\xe9\n\n\ruser=d\0\nuser=e")
        self.write("in/table.csv", "user,action\na,login\nb,login,extra,values\n\"c\"d,x\ne,logout\n")
        self.write("in/wide.log", "user=a\nuser=b\n".encode("utf-16"))
        times, rejects, ran = self.counts(self.folder / "in", code=3)
        found = sorted((row["input"].split("/")[-1], row["code"]) for row in rejects)
        self.assertEqual(found, [
            ("records.json", "E521"), ("table.csv", "E528"), ("table.csv", "E529"), ("text.log", "E523"), ("text.log", "E531"),
            ("trail.json", "E521"), ("windows.xml", "E521")])
        self.assertEqual(times, {"XmlWinEventLog": 5, "aws:cloudtrail": 4, "csv": 2, "text": 4})
        self.assertIn("wide.log", ran.err)
        self.assertIn("iconv", ran.err)

    def test_an_event_that_breaks_a_rule_costs_no_other(self):
        """A detection over fields of the wrong type in some events."""
        events = [put_image("2026-11-17T21:00:00Z", user=f"u{n}") for n in range(6)]
        events[1]["userIdentity"] = "nobody"
        events[2]["requestParameters"] = [1, 2]
        events[3]["eventTime"] = {"at": "night"}
        events[4]["sourceIPAddress"] = None
        answer = self.run_events(self.write("e.json", ndjson(events)), "--once")
        self.assertEqual(answer.lines("summary")[0]["rejected_count"], 0)
        self.assertLessEqual({"u0", "u5"}, {row["user"] for row in answer.lines("risk_event")})

    def test_more_rejects_than_are_listed(self):
        lines = b"".join(b'{"cut %d\n' % n if n % 2 else hec("t", f"n={n}") for n in range(6_000))
        answer = self.run_events(self.write("e.ndjson", lines))
        self.assertEqual(answer.lines("summary")[0]["rejected_count"], 3_000)
        self.assertEqual(answer.lines("summary")[0]["event_count"], 3_000)
        listed = answer.lines("rejected")
        self.assertEqual([row["line"] for row in listed], list(range(2, 2_002, 2)))
        self.assertIn("more rejected", answer.err)


class Memory(Case):
    """Peak memory of a run over small events, against one over ten times as many."""

    @staticmethod
    def peak(*arguments):
        """MiB at the peak; the program runs as the only child of a process of its own."""
        code = (
            "import resource, subprocess, sys\n"
            "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)\n"
            "sys.stderr.buffer.write(done.stderr[-2000:])\n"
            "print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n")
        clean = {k: v for k, v in os.environ.items() if not k.startswith("ACCRUE_")} | {"ACCRUE_CACHE": ""}
        done = subprocess.run([sys.executable, "-c", code, PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                              env=clean, cwd=REPOSITORY, timeout=1_200)
        status, kilobytes = done.stdout.split()
        return int(status), int(kilobytes) / 1024, done.stderr

    def write_events(self, name, count):
        """Small events of five sourcetypes, one in a hundred broken, each kind in turn."""
        path = self.folder / name
        breaks = [lambda line: line[: len(line) // 2] + b"\n", lambda line: line.replace(b"user", b"us\xffr"), lambda line: b"[]\n"]
        with open(path, "wb") as file:
            for number in range(count):
                kind = number % 5
                event = [
                    f"user=u{number % 997} action=login n={number}", {"user": f"u{number}", "n": number, "ok": number % 2 == 0},
                    SYSMON.format(number % 60), f"Nov 17 21:00:00 h1 sshd[{number}]: Failed password for root from 198.51.100.7 port 22 ssh2",
                    {"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "eventTime": "2026-11-17T21:00:00Z", "n": number}][kind]
                line = hec(["my:kv", "my:json", "XmlWinEventLog", "linux_secure", "aws:cloudtrail"][kind], event, time=1795000000 + number)
                file.write(breaks[number // 100 % 3](line) if number % 100 == 99 else line)
        return path

    def test_memory_does_not_grow_with_events(self):
        few, many = self.write_events("few.ndjson", 30_000), self.write_events("many.ndjson", 300_000)
        for command in (["fields"], ["run", "--once"]):
            with self.subTest(command):
                peaks = []
                for path in (few, many):
                    status, peak, err = self.peak(command[0], path, *command[1:], "--format", "ndjson", "--home", self.folder / f"{command[0]}-{path.name}", "--now", "2026-12-01")
                    self.assertEqual(status, 0, err)
                    peaks.append(peak)
                print(f" {command[0]}: {peaks[0]:.0f} MiB over 30,000 events, {peaks[1]:.0f} MiB over 300,000", file=sys.stderr)
                self.assertLess(peaks[1], 400)
                self.assertLess(peaks[1], peaks[0] + 60, "ten times the events, as much memory")
