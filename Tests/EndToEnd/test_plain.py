"""What is skipped, shared or done at the same time changes no result: everything again with --plain, the same bytes."""

import base64
import gzip
import json
import os
import pathlib
import unittest

from harness import REPOSITORY, Case, ndjson, put_image, rule

SHARED = pathlib.Path(os.environ.get("ACCRUE_SHARED", REPOSITORY.parent / "shared"))
TIME = "2026-11-17T22:05:00Z"
EVENT = json.dumps(put_image(TIME), separators=(",", ":"))
UPLOAD = "sourcetype=aws:cloudtrail eventName=PutImage"
SYSMON = """<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{{5770385F-C22A-43E0-BF4C-06F5698FFBD9}}'/><EventID>1</EventID><TimeCreated SystemTime='2026-11-17T22:05:00.000000000Z'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>web1</Computer></System><EventData><Data Name='ProcessId'>4</Data><Data Name='Image'>{image}</Data><Data Name='CommandLine'>{line}</Data><Data Name='User'>ACME\\bob</Data></EventData></Event>
"""


def escaped(text, *positions):
    return "".join(f"\\u{ord(letter):04x}" if place in positions else letter for place, letter in enumerate(text))


# name: log, search, how many events must be found, None where only agreement counts. All were made to hide a word from a scan of the raw bytes.
EVASIONS = {
    "value with an escaped letter": (EVENT.replace("PutImage", escaped("PutImage", 0)), UPLOAD, 1),
    "value with every letter escaped": (EVENT.replace("PutImage", escaped("PutImage", *range(8))), UPLOAD, 1),
    "escapes with upper-case digits": (EVENT.replace("PutImage", "\\u004Aumbo"), "sourcetype=aws:cloudtrail eventName=JUMBO", 1),
    "key with an escaped letter": (EVENT.replace('"eventName"', '"\\u0065ventName"'), UPLOAD, 1),
    "another case": (EVENT.replace('"PutImage"', '"pUTiMAGE"'), UPLOAD, 1),
    "escaped slash": (EVENT.replace("aws-cli/2.0", "aws-cli\\/2.0"), 'sourcetype=aws:cloudtrail userAgent="aws-cli/2.0"', 1),
    "escaped quote in the value": (EVENT.replace('"aws-cli/2.0"', '"say \\"hello\\" now"'), r'sourcetype=aws:cloudtrail userAgent="say \"hello\" now"', 1),
    "field by another name": (EVENT, "sourcetype=aws:cloudtrail user=alice", 1),
    "field that is calculated": (EVENT, "sourcetype=aws:cloudtrail action=*", None),
    "field that is not in the text": (EVENT, 'sourcetype=aws:cloudtrail vendor_product="AWS*"', 1),
    "time field": (EVENT, "sourcetype=aws:cloudtrail date_hour=22", 1),
    "network": (EVENT, "sourcetype=aws:cloudtrail sourceIPAddress=198.51.100.0/24", 1),
    "no field": (EVENT, "sourcetype=aws:cloudtrail NOT eventName=PutImage", 0),
    "a field that is not there": (EVENT, "sourcetype=aws:cloudtrail nothing!=PutImage", 0),
    "either": (EVENT, "sourcetype=aws:cloudtrail (eventName=Other OR user=alice)", 1),
    "wildcards around a word": (EVENT.replace("PutImage", escaped("PutImage", 3)), "sourcetype=aws:cloudtrail eventName=*Imag*", 1),
    "bare word": (EVENT.replace("PutImage", escaped("PutImage", 0)), "sourcetype=aws:cloudtrail PutImage", None),
    "search by macro and tag": (EVENT, "`cloudtrail` tag=*", None),
    "XML reference in decimal": (SYSMON.format(image="C:\\Windows\\&#99;md.exe", line="x"), "EventCode=1 process_name=cmd.exe", None),
    "XML reference in hexadecimal": (SYSMON.format(image="C:\\Windows\\c&#x6D;d.exe", line="x"), "EventCode=1 process_name=cmd.exe", None),
    "XML reference in the value itself": (SYSMON.format(image="C:\\Windows\\c&#x6D;d.exe", line="x"), 'EventCode=1 Image="*cmd.exe"', None),
    "XML reference in a name of the system part": (SYSMON.format(image="C:\\a.exe", line="x").replace("web1", "w&#101;b1"), "EventCode=1 Computer=web1", None),
    "XML entity beside the word": (SYSMON.format(image="C:\\a.exe", line="&quot;whoami&quot; &amp;&amp; net"), 'EventCode=1 CommandLine="\\"whoami\\" && net"', None),
    "CDATA": (SYSMON.format(image="C:\\Windows\\cmd.exe", line="<![CDATA[whoami /all]]>"), 'EventCode=1 CommandLine="*whoami*"', None),
    "gzip": (gzip.compress(EVENT.encode(), mtime=0), UPLOAD, 1),
    "text inside an envelope": (json.dumps({"sourcetype": "aws:cloudtrail", "event": EVENT.replace("PutImage", escaped("PutImage", 0))}), UPLOAD, 1),
    "letters that fold to ASCII": (EVENT.replace("PutImage", "PutImage\u212a"), "sourcetype=aws:cloudtrail eventName=putimagek", None),
    "a thousand events, one of them": (ndjson([put_image(TIME, user=f"u{n}", eventName="Get") for n in range(999)]) + (EVENT.replace("PutImage", escaped("PutImage", 4)) + "\n").encode(), UPLOAD, 1),
}


class Plain(Case):
    def both(self, *arguments, code=0, homes=False):
        """The same command with and without --plain; what it prints must not differ, nor what it leaves in the index."""
        quick = self.accrue(*arguments, code=code, home=self.folder / "quick")
        plain = self.accrue(*arguments, "--plain", code=code, home=self.folder / "plain")
        self.assertEqual(quick.code, plain.code)
        self.assertEqual(quick.out, plain.out)
        self.assertEqual(quick.err, plain.err)
        if homes:
            export = [self.accrue("index", "export", home=self.folder / home).out for home in ("quick", "plain")]
            self.assertEqual(*export)
        return quick

    def test_words_that_hide_are_found(self):
        for name, (log, search, count) in EVASIONS.items():
            with self.subTest(name):
                path = self.write(f"{base64.b16encode(name.encode()).decode()[:40]}.log", log)
                answer = self.both("search", search + " | table _raw", "--input", path, "--format", "ndjson")
                if count is not None:
                    self.assertEqual(len(answer.lines()), count, answer)

    def test_a_search_behind_a_filter_of_groups(self):
        log = self.write("e.json", ndjson(put_image(TIME, user=f"u{n % 7}", repository=f"r{n}") for n in range(60)))
        for tail in ["where count>8", "where count>8 AND isnotnull(r)", 'where user="u3"', "where nothing=1", "where random()>0",
                     "where count>8 | where user!=\"u1\"", "search count>8"]:
            with self.subTest(tail):
                self.both("search", f"{UPLOAD} | stats count values(repository) as r list(eventName) as l mode(user) as m by user | {tail}",
                          "--input", log, "--format", "ndjson")
                self.both("search", f"{UPLOAD} | stats count dc(repository) as r by user, awsRegion | {tail}", "--input", log, "--format", "ndjson")

    def test_a_run_by_schedule(self):
        log = self.write("e.json", ndjson(put_image(f"2026-11-{day:02}T{hour:02}:15:00Z", user=f"u{day % 3}") for day in range(2, 20) for hour in (3, 12, 21)))
        for profile in ("splunk", "recommended"):
            with self.subTest(profile):
                self.both("run", log, "--format", "ndjson", "--profile", profile, homes=True)

    def test_a_pattern_out_of_a_row_is_told_by_every_rule(self):
        log = self.write("e.json", ndjson([put_image(TIME, user="a"), put_image(TIME, user="b(")]))
        for name in ("One", "Two"):
            self.write(f"content/detections/{name}.yml", rule(
                name, f'{UPLOAD} | eval same=if(match(userName, userName), 1, 0) | stats count by user, same', entities=[("user", "user", 7)]))
        answer = self.both("run", log, "--rule", "One", "--rule", "Two", "--content", self.folder / "content", "--once", "--format", "ndjson", homes=True)
        self.assertEqual(answer.err.count("W309"), 2, answer)

    @unittest.skipUnless((SHARED / "corpus/security_content").exists(), "the shared corpus is not here")
    def test_all_detections(self):
        for data in ("invictus_aws",):
            with self.subTest(data):
                self.both("run", SHARED / "data" / data, "--content", SHARED / "corpus/security_content", "--once",
                          "--format", "ndjson", code=None, homes=True)


if __name__ == "__main__":
    unittest.main()
