"""The seed rule fires on exactly the right events, by the timestamp's own text."""

import datetime as dt
import random

from harness import BY, NOW, Case, epoch, expected_rows, fires, found_rows, ndjson, put_image, rule

OFFSETS = ["Z", "+09:00", "-05:00", "+05:30"]
MONDAY = dt.date(2026, 11, 16)


class Firing(Case):
    def check(self, events, **more):
        answer = self.run_events(self.write("events.ndjson", ndjson(events)), **more)
        expected, found = expected_rows(events), found_rows(answer)
        self.assertEqual(set(found) - set(expected), set(), "rows that should not be")
        self.assertEqual(set(expected) - set(found), set(), "rows that are missing")
        self.assertEqual(found, expected)
        summary = answer.lines("summary")[0]
        self.assertEqual((summary["event_count"], summary["rejected_count"]), (len(events), 0))
        return answer

    def test_every_hour_of_every_weekday_in_four_zones(self):
        chance = random.Random(1)
        events = [
            put_image(f"{MONDAY + dt.timedelta(day)}T{hour:02}:{chance.randrange(60):02}:{chance.randrange(60):02}{offset}",
                      user=f"user{chance.randrange(9)}", repository=f"r{day}-{hour}-{number}")
            for day in range(7) for hour in range(24) for number, offset in enumerate(OFFSETS)
        ]
        self.assertEqual(sum(map(fires, events)), 4 * (5 * 12 + 2 * 24))
        chance.shuffle(events)
        self.check(events)

    def test_edges_of_the_office_day(self):
        edges = ["19:59:59", "20:00:00", "07:59:59", "08:00:00", "00:00:00", "23:59:59"]
        self.check([
            put_image(f"{MONDAY + dt.timedelta(day)}T{edge}{offset}", repository=f"r{day}-{number}-{edge}")
            for day in range(7) for edge in edges for number, offset in enumerate(OFFSETS)
        ])

    def test_rows_of_one_window_are_counted_together(self):
        chance = random.Random(2)
        events = [
            put_image(f"2026-11-{chance.randrange(16, 23)}T{chance.randrange(24):02}:{chance.choice([0, 49, 50, 59])}:"
                      f"{chance.choice(['00', '59'])}Z".replace(":0:", ":00:"), user=chance.choice("abc"),
                      repository=chance.choice(["x", "y"]), eventID=str(number))
            for number in range(600)
        ]
        self.check(events)

    def test_names_match_without_case_and_group_with_case(self):
        self.check([
            put_image("2026-11-17T21:00:00Z", user=source, eventName=name, eventSource=source)
            for name in ("PutImage", "putimage", "PUTIMAGE", "PutImages", "XPutImage", "BatchGetImage")
            for source in ("ecr.amazonaws.com", "ecr-public.amazonaws.com", "s3.amazonaws.com", "ECR.amazonaws.com")
        ])

    def test_an_event_without_a_by_field_makes_no_row(self):
        for path in BY.values():
            with self.subTest(path):
                home = self.folder / path
                whole = put_image("2026-11-17T21:00:00Z", user="whole")
                part = put_image("2026-11-17T21:00:00Z", user="part", drop=[path])
                path_file = self.write("part.ndjson", ndjson([part, whole]))
                answer = self.run_events(path_file, home=home)
                self.assertEqual([line["risk_object"] for line in answer.lines("risk_event")], ["whole"])

    def test_a_failed_upload_fires_like_any_other(self):
        self.check([
            put_image("2026-11-17T21:00:00Z", user="failed", errorCode="AccessDenied", errorMessage="no", responseElements=None),
            put_image("2026-11-17T21:00:00Z", user="worked"),
        ])

    def test_once_fires_on_the_same_events(self):
        events = [
            put_image(f"2026-11-{16 + day}T{hour:02}:30:00{offset}", repository=f"r{day}-{hour}-{number}")
            for day in range(7) for hour in range(24) for number, offset in enumerate(OFFSETS)
        ]
        answer = self.run_events(self.write("events.ndjson", ndjson(events)), "--once")
        found = sorted(line["repository"] for line in answer.lines("risk_event"))
        self.assertEqual(found, sorted(e["requestParameters"]["repositoryName"] for e in events if fires(e)))

    def test_once_an_event_without_a_time_is_one_of_now(self):
        event = put_image("2026-11-17T21:00:00Z", user="timeless", drop=["eventTime"])
        self.write("content/detections/any.yml", rule("Any", "sourcetype=aws:cloudtrail eventName=PutImage | stats count by userIdentity.userName | rename userIdentity.userName as user"))
        answer = self.run_events(
            self.write("events.ndjson", ndjson([event])), "--once", "--content", self.folder / "content", "--rule", "Any", "--sourcetype", "aws:cloudtrail")
        self.assertEqual([(line["risk_object"], line["_time"]) for line in answer.lines("risk_event")], [("timeless", epoch(NOW))])

    def test_earliest_and_latest_are_half_open_in_event_time(self):
        events = [put_image(f"2026-11-17T21:00:{s:02}Z", repository=f"r{s}") for s in range(10)]
        path = self.write("events.ndjson", ndjson(events))
        answer = self.run_events(path, "--earliest", "2026-11-17T21:00:03Z", "--latest", "2026-11-17T21:00:07Z")
        found = sorted(line["repository"] for line in answer.lines("risk_event"))
        self.assertEqual(found, ["r3", "r4", "r5", "r6"])
