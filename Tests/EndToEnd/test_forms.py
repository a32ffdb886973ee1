"""The same events give the same risk, in whatever form, file and order they come."""

import gzip
import json
import random
import shutil
import subprocess
import unittest

from harness import Case, epoch, expected_rows, found_rows, iso, ndjson, put_image


def sample(count=60, seed=3):
    chance = random.Random(seed)
    events = []
    for number in range(count):
        time = iso(epoch("2026-11-16T00:00:00Z") + chance.randrange(7 * 86400))
        if number % 5 == 0:
            time = time[:-1] + chance.choice(["+09:00", "-05:00", "+05:30"])
        event = put_image(time, user=f"user{chance.randrange(3)}", repository=f"r{number % 7}", eventID=str(number))
        if number % 3 == 0:
            event["eventName"] = "DescribeImages"
        event["requestParameters"]["note"] = 'uni "ü" \\ \t { } [ ] 日本'
        events.append(event)
    return events


class Forms(Case):
    def setUp(self):
        super().setUp()
        self.events = sample()
        self.expected = expected_rows(self.events)
        self.lines = ndjson(self.events)
        plain = self.run_events(self.write("plain.ndjson", self.lines), home=self.folder / "plain-home")
        self.assertEqual(found_rows(plain), self.expected)
        self.plain = [line for line in plain.lines() if line["kind"] in ("risk_event", "finding")]
        self.assertTrue(self.plain)

    def same(self, *inputs, rejected=0, **more):
        answer = self.run_events(*inputs, **more)
        self.assertEqual(found_rows(answer), self.expected, answer.err)
        found = [line for line in answer.lines() if line["kind"] in ("risk_event", "finding")]
        self.assertEqual(found, self.plain)
        summary = answer.lines("summary")[0]
        self.assertEqual((summary["event_count"], summary["rejected_count"]), (len(self.events), rejected))

    def test_reversed(self):
        self.same(self.write("f.json", ndjson(self.events[::-1])))

    def test_shuffled(self):
        for seed in range(3):
            random.Random(seed).shuffle(self.events)
            self.same(self.write("f.json", ndjson(self.events)), home=self.folder / f"h{seed}")

    def test_one_event_a_file(self):
        for number, event in enumerate(self.events):
            self.write(f"many/{number % 4}/{number}.json", json.dumps(event))
        self.same(self.folder / "many")

    def test_several_inputs(self):
        a, b = self.write("a.json", ndjson(self.events[:20])), self.write("b.json", ndjson(self.events[20:]))
        self.same(b, a)

    def csv_file(self, name, rows):
        """Written by hand: every value quoted, quotes doubled."""
        line = lambda values: ",".join('"' + str(value).replace('"', '""') + '"' for value in values)
        return self.write(name, "\r\n".join(line(row) for row in rows) + "\r\n")

    def test_table_exported_by_splunk(self):
        rows = [["_time", "_raw", "sourcetype", "user"]]
        rows += [[event["eventTime"], json.dumps(event), "aws:cloudtrail", "not this"] for event in self.events]
        self.same(self.csv_file("export.csv", rows))

    def test_table_of_fields(self):
        columns = {
            "eventTime": "eventTime", "eventSource": "eventSource", "eventName": "eventName", "userAgent": "userAgent",
            "sourceIPAddress": "sourceIPAddress", "awsRegion": "awsRegion", "recipientAccountId": "recipientAccountId",
            "userIdentity.type": "type", "userIdentity.userName": "userName", "requestParameters.repositoryName": "repositoryName",
        }
        flat = [{**event, **event["userIdentity"], **event["requestParameters"]} for event in self.events]
        rows = [list(columns)] + [[event[key] for key in columns.values()] for event in flat]
        answer = self.run_events(self.csv_file("fields.csv", rows), "--sourcetype", "aws:cloudtrail")
        self.assertEqual(found_rows(answer), self.expected, answer.err)

    def test_records_file(self):
        self.same(self.write("f.json", json.dumps({"Records": self.events})))

    def test_records_file_pretty(self):
        self.same(self.write("f.json", json.dumps({"Records": self.events}, indent=4, ensure_ascii=False)))

    def test_records_file_gzip(self):
        self.same(self.write("f.json.gz", gzip.compress(json.dumps({"Records": self.events}).encode(), mtime=0)))

    def test_records_files_one_after_the_other(self):
        text = json.dumps({"Records": self.events[:30]}) + "\n" + json.dumps({"Records": self.events[30:]}) + "\n"
        self.same(self.write("f.json", text))

    def test_array(self):
        self.same(self.write("f.json", json.dumps(self.events)))

    def test_array_pretty(self):
        self.same(self.write("f.json", json.dumps(self.events, indent=2)))

    def test_pretty_objects_back_to_back(self):
        self.same(self.write("f.json", "\n".join(json.dumps(event, indent=2) for event in self.events)))

    def test_hec_envelopes(self):
        text = "".join(
            json.dumps({"time": epoch(e["eventTime"]), "host": "h", "source": "s", "sourcetype": "aws:cloudtrail",
                        "index": "main", "event": e}) + "\n" for e in self.events)
        self.same(self.write("f.json", text))

    def test_hec_envelopes_back_to_back(self):
        text = "".join(json.dumps({"sourcetype": "aws:cloudtrail", "event": e}) for e in self.events)
        self.same(self.write("f.json", text))

    def test_hec_envelopes_with_text_events(self):
        text = "".join(
            json.dumps({"sourcetype": "aws:cloudtrail", "event": json.dumps(e)}) + "\n" for e in self.events)
        self.same(self.write("f.json", text))

    def test_raw_envelopes(self):
        text = "".join(
            json.dumps({"sourcetype": "aws:cloudtrail", "source": "s", "host": "h", "time": epoch(e["eventTime"]),
                        "raw": json.dumps(e)}) + "\n" for e in self.events)
        self.same(self.write("f.json", text))

    def test_gzip(self):
        self.same(self.write("f.gz", gzip.compress(self.lines, mtime=0)))

    def test_gzip_of_several_members(self):
        cut = self.lines.index(b"\n", len(self.lines) // 2) - 100
        self.same(self.write("f.gz", gzip.compress(self.lines[:cut], mtime=0) + gzip.compress(self.lines[cut:], mtime=0)))

    def test_gzip_recognised_by_content(self):
        self.same(self.write("f.json", gzip.compress(self.lines, mtime=0)))

    @unittest.skipUnless(shutil.which("zstd"), "no zstd")
    def test_zstd(self):
        packed = subprocess.run(["zstd", "-q", "-c"], input=self.lines, capture_output=True, check=True).stdout
        self.same(self.write("f.zst", packed))

    def test_stdin(self):
        self.same("-", stdin=self.lines)

    def test_stdin_of_records(self):
        self.same("-", stdin=json.dumps({"Records": self.events}).encode())

    def test_stdin_gzip(self):
        self.same("-", stdin=gzip.compress(self.lines, mtime=0))

    def test_crlf(self):
        self.same(self.write("f.json", self.lines.replace(b"\n", b"\r\n")))

    def test_byte_order_mark(self):
        self.same(self.write("f.json", b"\xef\xbb\xbf" + self.lines))

    def test_byte_order_mark_before_records(self):
        self.same(self.write("f.json", b"\xef\xbb\xbf" + json.dumps({"Records": self.events}).encode()))

    def test_blank_lines(self):
        self.same(self.write("f.json", b"\n\n" + self.lines.replace(b"\n", b"\n\n  \n")))

    def test_no_newline_at_the_end(self):
        self.same(self.write("f.json", self.lines.rstrip(b"\n")))

    def test_forced_sourcetype(self):
        self.same(self.write("f.json", self.lines), "--sourcetype", "aws:cloudtrail")

    def test_keys_in_another_order(self):
        text = "".join(json.dumps(dict(sorted(e.items(), reverse=True)), ensure_ascii=True) + "\n" for e in self.events)
        self.same(self.write("f.json", text))

    def test_blanks_around_colons(self):
        self.same(self.write("f.json", "".join(json.dumps(e, separators=(" , ", " : ")) + "\n" for e in self.events)))

    def test_other_services_around(self):
        other = [put_image("2026-11-17T21:00:00Z", eventSource="s3.amazonaws.com", eventName="PutObject", eventID=f"o{n}")
                 for n in range(500)]
        answer = self.run_events(self.write("f.json", ndjson(other + self.events + other)))
        self.assertEqual(found_rows(answer), self.expected)

    def test_one_record_of_another_shape_does_not_change_the_others(self):
        """What a file's first lines look like must not decide the sourcetype of the lines that are CloudTrail's."""
        for name, strange in {
            "no eventName": put_image("2026-11-17T21:00:00Z", drop=["eventName"]),
            "an empty object": {}, "a scrap": {"eventVersion": "1.08"},
        }.items():
            for place in (0, 1, len(self.events)):
                with self.subTest(name, place=place):
                    events = self.events[:place] + [strange] + self.events[place:]
                    home = self.folder / f"h-{name}-{place}"
                    answer = self.run_events(self.write("f.json", ndjson(events)), home=home, code=None)
                    self.assertEqual(found_rows(answer), self.expected)

    def test_one_event_a_run(self):
        """Feeding in order, each firing in a window of its own."""
        events = [put_image(f"2026-11-{day}T{hour}:05:00Z", user=f"u{day % 2}") for day in range(16, 20) for hour in (20, 21, 22, 23)]
        whole = self.run_events(self.write("whole.json", ndjson(events)), home=self.folder / "whole")
        for event in events:
            self.run_events("-", stdin=ndjson([event]))
        tables = ["SELECT time, search_name, risk_object, calculated_risk_score, risk_message, info_min_time, fields, key FROM risk_event ORDER BY key",
                  "SELECT time, search_name, risk_object, risk_score, risk_event_count, severity, info_min_time, fields, key FROM finding ORDER BY key"]
        for sql in tables:
            self.assertEqual(self.rows(sql), self.rows(sql, home=self.folder / "whole"))
        self.assertEqual(len(whole.lines("risk_event")), 16)
