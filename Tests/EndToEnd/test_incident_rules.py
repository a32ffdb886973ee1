"""The shipped risk incident rules: each against the same arithmetic in Python, over risk events that real runs made."""

import collections
import itertools
import random

from harness import REPOSITORY, Case, epoch, iso, ndjson, put_image, rule

RULES = REPOSITORY / "risk/incident_rules"
DAY = 86400
# The window of the hourly run at 01:00 and at 03:00 of the week's last day.
LAST = epoch("2026-11-17T00:50:00Z")
# Techniques of one tactic each, and one of two (persistence and privilege escalation).
TACTICS = {
    "T1204.003": {"TA0002"}, "T1110": {"TA0006"}, "T1087": {"TA0007"}, "T1021": {"TA0008"}, "T1560": {"TA0009"},
    "T1547": {"TA0003", "TA0004"}, None: set(),
}


def search_of(name):
    """The search of a rule's file; the tests have no YAML reader."""
    lines = (RULES / f"{name}.yml").read_text().splitlines()
    start = lines.index("search: |-") + 1
    return "\n".join(line[4:] for line in itertools.takewhile(lambda line: line.startswith("    "), lines[start:]))


class Kind:
    """A detection of these tests: its number, its score for each field that names an entity, its technique."""

    def __init__(self, number, technique="T1204.003", source="", **scores):
        self.number, self.technique, self.source = number, technique, source
        self.name = f"T {number:03}"
        self.search_name = f"ESCU - {self.name} - Rule"
        self.entities = {field: ("system" if field.startswith("machine") else "user", score) for field, score in scores.items()}

    def content(self):
        fields = ["message", *self.entities, "threat"]
        search = (f'sourcetype=aws:cloudtrail requestParameters.kind="{self.name}" | rename requestParameters.* as * '
                  f"| stats min(_time) as _time values(*) as * by eventID | fields _time eventID {' '.join(fields)}")
        return rule(
            self.name, search, entities=[(field, kind, score) for field, (kind, score) in self.entities.items()],
            message="$message$", mitre_attack_id=[self.technique] if self.technique else [],
            data_source=[self.source] if self.source else [], threat_objects=[{"field": "threat", "type": "process_name"}])


class Event:
    """A firing: one log event, and the risk events that must come of it."""

    def __init__(self, kind, at, message="m", threat="", **names):
        self.kind, self.at, self.message, self.threat, self.names = kind, at, message, threat, names

    def log(self, number):
        # Not `requestParameters.rule`: what a rule's row holds is a field of the risk event.
        parameters = {"kind": self.kind.name, "message": self.message, **self.names}
        if self.threat:
            parameters["threat"] = self.threat
        return put_image(iso(int(self.at)), eventID=f"e{number}", requestParameters=parameters)

    def risk(self, number):
        return [Risk(self.at, self.kind, number, self.names[field], kind, score, self.message, self.threat)
                for field, (kind, score) in self.kind.entities.items() if field in self.names]


Risk = collections.namedtuple("Risk", "time kind firing object type score message threat")


def groups(events):
    found = collections.defaultdict(list)
    for event in events:
        found[event.object, event.type].append(event)
    return found


def capped(events, factor, score=lambda event: event.score):
    """Of one entity: what is left when each rule counts up to `factor` times its highest."""
    rules = collections.defaultdict(list)
    for event in events:
        rules[event.kind].append(score(event))
    return sum(min(sum(scores), factor * max(scores)) for scores in rules.values())


def distinct(events):
    """Of one entity: a firing once, then a message of a rule once, each with its highest."""
    highest_first = sorted(events, key=lambda event: (-event.score, event.time))
    firings, messages = {}, {}
    for event in highest_first:
        firings.setdefault(event.firing, event)
    for event in sorted(firings.values(), key=lambda event: (-event.score, event.time)):
        messages.setdefault((event.kind, event.message), event)
    return list(messages.values())


def tactics(events):
    return set().union(*(TACTICS[event.kind.technique] for event in events))


class Rules(Case):
    """Runs detections over events of a test; `self.risk` is what must lie in the index then."""

    def load(self, events, profile=None):
        kinds = {event.kind for event in events}
        for kind in kinds:
            self.write(f"content/detections/{kind.number}.yml", kind.content())
        logs = self.write("e.json", ndjson([event.log(number) for number, event in enumerate(events)]))
        more = ["--profile", profile] if profile else []
        answer = self.run_events(logs, "--rule", "T *", "--content", self.folder / "content", *more)
        self.risk = [risk for number, event in enumerate(events) for risk in event.risk(number)]
        found = answer.lines("risk_event")
        self.assertEqual(
            sorted((line["_time"], line["search_name"], line["risk_object"], line["calculated_risk_score"], line["risk_message"]) for line in found),
            sorted((int(r.time), r.kind.search_name, r.object, r.score, r.message) for r in self.risk))
        return answer

    def inside(self, seconds, end=LAST):
        return groups(event for event in self.risk if end - seconds <= event.time < end)

    def result(self, name, seconds=DAY, end=LAST, more=()):
        """Rows of a shipped rule in the window, by entity."""
        rows = self.accrue(
            "search", search_of(name), "--earliest", iso(end - seconds), "--latest", iso(end), "--format", "ndjson", *more).lines()
        found = {(row["normalized_risk_object"], row["risk_object_type"]): row for row in rows}
        self.assertEqual(len(found), len(rows))
        return found

    def scores(self, rows, *fields):
        return {key: tuple(row[field] for field in fields) for key, row in rows.items()}


KINDS = [
    Kind(number, technique, source, **scores) for number, (technique, source, scores) in enumerate(zip(
        [*list(TACTICS) * 2],
        ["Sysmon EventID 1", "AWS CloudTrail PutImage", "", "Okta", "no such source", "Suricata"] * 3,
        [{"user": 40}, {"user": 25, "machine": 55}, {"user": 60, "user_b": 35}, {"machine": 15, "machine_b": 20}, {"user": 90}, {"machine": 5}, {"user": 33}] * 2,
    ))]


class AgainstArithmetic(Rules):
    """Random firings of a week: many repeat a message, name one entity twice, or share a threat object."""

    def setUp(self):
        super().setUp()
        chance = random.Random(20261117)
        names = ["amy", 'o"brien', "sta*r", "a b", "x=1 | y", "日本", "SYSTEM", "ws-1", "back\\slash"]
        times = chance.sample(range(LAST - 7 * DAY - 3600, LAST + 3600), 260) + chance.sample(range(LAST - DAY, LAST), 240)
        events = []
        for at in sorted(set(times)):
            kind = chance.choice(KINDS)
            names_of = {field: chance.choice(names) for field in kind.entities}
            if chance.random() < 0.3:
                names_of = dict.fromkeys(names_of, chance.choice(names))
            events.append(Event(kind, at, message=chance.choice(["seen", "seen again", f"seen at {at % 5}"]),
                                threat=chance.choice(["", "", "calc.exe", "cmd.exe", f"p{at % 40}.exe"]), **names_of))
        # Entities that meet no condition.
        events += [Event(KINDS[0], LAST - 100 - n, user=f"quiet{n % 2}") for n in range(4)]
        self.load(events)

    def test_every_rule(self):
        day, week = self.inside(DAY), self.inside(7 * DAY)
        with self.subTest("plain sum, 24 hours"):
            expected = {key: (sum(e.score for e in events), len(events), len({e.kind for e in events})) for key, events in day.items()}
            expected = {key: row for key, row in expected.items() if row[0] > 100}
            rows = self.result("risk_threshold_exceeded_24_hours")
            self.assertEqual(self.scores(rows, "risk_score", "risk_event_count", "source_count"), expected)
            self.assertGreater(len(expected), 3)
            for row in rows.values():
                score = row["risk_score"]
                self.assertEqual(row["severity"], "critical" if score >= 500 else "high" if score >= 250 else "medium")
        with self.subTest("tactics, 7 days"):
            with_tactic = {key: [e for e in events if tactics([e])] for key, events in week.items()}
            held = {key: events for key, events in with_tactic.items() if len(tactics(events)) >= 3 and len({e.kind for e in events}) >= 4}
            expected = {key: (sum(e.score for e in events), len(tactics(events)), len({e.kind for e in events}), len(events)) for key, events in held.items()}
            rows = self.result("attack_tactic_threshold_exceeded_7_days", 7 * DAY)
            self.assertEqual(self.scores(rows, "risk_score", "mitre_tactic_id_count", "source_count", "risk_event_count"), expected)
            self.assertGreater(len(with_tactic), len(held))
            self.assertGreater(len(held), 3)
        with self.subTest("capped, 7 days"):
            expected = {key: (capped(distinct(events), 2), sum(e.score for e in distinct(events)), sum(e.score for e in events)) for key, events in held.items()}
            rows = self.result("capped_attack_tactic_threshold_exceeded_7_days", 7 * DAY)
            self.assertEqual(self.scores(rows, "risk_score", "uncapped_risk_score", "raw_risk_score"), expected)
        with self.subTest("capped, 24 hours"):
            expected = {key: (capped(distinct(events), 2), sum(e.score for e in distinct(events)), sum(e.score for e in events), len(events)) for key, events in day.items()}
            self.assertTrue(any(len({len(set(row[:3])) for row in expected.values()}) > 1 for _ in [0]))
            rows = self.result("capped_risk_threshold_exceeded_24_hours")
            self.assertEqual(self.scores(rows, "risk_score", "uncapped_risk_score", "raw_risk_score", "risk_event_count"),
                             {key: row for key, row in expected.items() if row[0] > 100})
            rows = self.result("capped_risk_threshold_exceeded_24_hours", more=["--macro", "risk_threshold=250", "--macro", "risk_cap_factor=1.5"])
            expected = {key: capped(distinct(events), 1.5) for key, events in day.items()}
            self.assertEqual(self.scores(rows, "risk_score"), {key: (score,) for key, score in expected.items() if score > 250})
        for name, factor in [("capped_risk_by_source_24_hours", 2), ("limited_risk_score_stacking_24_hours", 3)]:
            with self.subTest(name):
                expected = {key: (capped(events, factor), sum(e.score for e in events)) for key, events in day.items()}
                self.assertEqual(self.scores(self.result(name), "risk_score", "raw_risk_score"),
                                 {key: row for key, row in expected.items() if row[0] > 100})
        with self.subTest("threat objects"):
            entities, events_of = collections.defaultdict(set), collections.Counter()
            for event in itertools.chain(*day.values()):
                entities[event.threat, event.type].add(event.object)
                events_of[event.threat, event.type] += 1
            def weight(event):
                pair = event.threat, event.type
                many = len(entities[pair])
                return 1 if not event.threat else 0 if many > 10 else 0.25 if many > 3 else 0.5 if events_of[pair] > 10 else 1
            self.assertEqual({weight(event) for event in itertools.chain(*day.values())}, {1, 0.25})
            expected = {key: (capped(events, 2, lambda e: e.score * weight(e)), sum(e.score for e in events)) for key, events in day.items()}
            self.assertEqual(self.scores(self.result("risk_by_threat_object_prevalence_24_hours"), "risk_score", "raw_risk_score"),
                             {key: row for key, row in expected.items() if row[0] > 100})
        with self.subTest("data classes"):
            classes = {"Sysmon EventID 1": "Endpoint", "AWS CloudTrail PutImage": "Cloud", "Okta": "Authentication", "Suricata": "IDS"}
            expected = {key: sorted({classes[e.kind.source] for e in events if e.kind.source in classes}) for key, events in day.items()}
            rows = self.result("risk_from_several_data_classes_24_hours")
            self.assertEqual({key: row["data_classes"] for key, row in rows.items()}, {key: row for key, row in expected.items() if len(row) > 1})
        with self.subTest("chains"):
            expected = {}
            for key, events in day.items():
                events = sorted(events, key=lambda event: event.time)
                links = [b.time - a.time for a, b in itertools.pairwise(events) if a.kind != b.kind and b.time - a.time < 600]
                if links:
                    expected[key] = (len(links), min(links))
            self.assertEqual(self.scores(self.result("chain_of_behaviors_24_hours"), "chain_count", "shortest_gap"), expected)
            self.assertGreater(len(expected), 3)
        with self.subTest("entity score"):
            expected = {}
            for key, events in week.items():
                firings = {}
                for event in sorted(events, key=lambda event: (-event.score, event.time)):
                    firings.setdefault(event.firing, event)
                weighted = [(e.score * w, e, w) for e in firings.values() for w in [2 ** ((e.time - LAST) / (3.5 * DAY))]]
                rules = collections.defaultdict(float)
                for score, event, _ in weighted:
                    rules[event.kind] = max(rules[event.kind], score)
                inputs = [(30, sum(rules.values()), 100), (25, sum(s for s, _, _ in weighted), 100), (20, max(s for s, _, _ in weighted), 50),
                          (15, sum(w for _, e, w in weighted if e.score >= 50), 2), (10, sum(w for _, _, w in weighted), 20)]
                expected[key] = sum(most * value / (value + half) for most, value, half in inputs)
            rows = self.result("entity_score_7_days", 7 * DAY, more=["--macro", "risk_entity_score=50"])
            self.assertEqual(set(rows), {key for key, score in expected.items() if score >= 50})
            self.assertGreater(len(rows), 3)
            for key, row in rows.items():
                self.assertAlmostEqual(row["entity_score"], expected[key], places=6)
                self.assertEqual(row["severity"], "critical" if row["entity_score"] >= 75 else "high")


class GoldenCases(Rules):
    """The numbered cases for compatible scoring that are about incident rules."""

    AT = LAST - 3600

    def findings(self, events, profile=None):
        return self.load(events, profile).lines("finding")

    def test_three_tactics_of_four_rules(self):
        """Cases 8, 9 and 10."""
        of = {number: Kind(number, technique, user=1) for number, technique in enumerate(
            ["T1204.003", "T1110", "T1087", "T1087", "T1547", None, "T1110", "T1110", "T1110", "T1110"], start=50)}
        cases = {
            "three tactics of four rules": ([50, 51, 52, 53], 3),
            "three tactics of three rules": ([50, 51, 52], None),
            "two tactics of seven rules": ([50, 51, 56, 57, 58, 59], None),
            "one technique of two tactics": ([50, 51, 56, 54], 4),
            "the fourth rule has no tactic": ([50, 51, 52, 55], None),
        }
        events = [Event(of[number], self.AT - place * DAY, user=name)
                  for name, (numbers, _) in cases.items() for place, number in enumerate(numbers)]
        found = self.findings(events)
        self.assertEqual({f["risk_object"]: f["mitre_tactic_id_count"] for f in found}, {name: count for name, (_, count) in cases.items() if count})
        self.assertEqual({f["search_name"] for f in found}, {"Risk - 7 Day ATT&CK Tactic Threshold Exceeded - Rule"})
        self.assertEqual({f["severity"] for f in found}, {"low"})
        self.assertEqual({f["info_max_time"] - f["info_min_time"] for f in found}, {7 * DAY})
        self.assertEqual({f["_time"] - f["info_max_time"] for f in found}, {600})

    def test_events_without_a_tactic_count_in_the_day_rule(self):
        """Case 10."""
        found = self.findings([Event(Kind(60, None, user=60), self.AT, user="x"), Event(Kind(61, None, user=60), self.AT, user="x")])
        self.assertEqual([(f["risk_score"], f["mitre_tactic_id_count"]) for f in found], [(120, 0)])

    def test_one_rule_fires_fifty_times(self):
        """Case 14: distinct messages, then one message."""
        kind = Kind(62, user=5)
        self.load([Event(kind, self.AT + n, message=f"m{n}", user="many") for n in range(50)]
                  + [Event(kind, self.AT + n, message="m", user="one") for n in range(50)])
        low = ["--macro", "risk_threshold=0"]
        for name, scores in {
            "risk_threshold_exceeded_24_hours": (250, 250), "capped_risk_by_source_24_hours": (10, 10),
            "limited_risk_score_stacking_24_hours": (15, 15), "capped_risk_threshold_exceeded_24_hours": (10, 5),
        }.items():
            rows = self.result(name, more=low)
            self.assertEqual((rows["many", "user"]["risk_score"], rows["one", "user"]["risk_score"]), scores, name)
        rows = self.result("capped_risk_threshold_exceeded_24_hours", more=low)
        self.assertEqual(self.scores(rows, "raw_risk_score", "uncapped_risk_score"), {("many", "user"): (250, 250), ("one", "user"): (250, 5)})
        self.assertEqual(self.result("capped_risk_threshold_exceeded_24_hours"), {})

    def test_threat_object_on_eleven_hosts(self):
        """Case 15, and its neighbours: 10 and 4 hosts, 3 hosts with 11 and with 10 events."""
        kind, other = Kind(63, machine=60), Kind(64, machine=7)
        events = []
        for threat, hosts, each in [("eleven", 11, 1), ("ten", 10, 1), ("four", 4, 1), ("three-often", 3, 4), ("three", 3, 3)]:
            events += [Event(kind, self.AT + len(events) + n, threat=threat, machine=f"{threat}-{h}", message=f"{n}") for h in range(hosts) for n in range(each)]
        events.append(Event(other, self.AT, machine="eleven-0"))
        self.load(events)
        rows = self.result("risk_by_threat_object_prevalence_24_hours", more=["--macro", "risk_threshold=0-1"])
        expected = {"eleven": 0, "ten": 15, "four": 15, "three-often": 60, "three": 120}
        self.assertEqual({name[0]: row["risk_score"] for name, row in rows.items()},
                         {event.names["machine"]: expected[event.names["machine"].rsplit("-", 1)[0]] for event in events} | {"eleven-0": 7})

    def test_finding_and_intermediate_finding_of_one_firing(self):
        """Case 16, and that the higher of the two decides which message counted."""
        kind = Kind(65, user=50, user_b=49)
        self.load([Event(kind, self.AT, user="x", user_b="x"), Event(kind, self.AT + 5, message="n", user="y", user_b="x")])
        rows = self.result("capped_risk_threshold_exceeded_24_hours", more=["--macro", "risk_threshold=0"])
        self.assertEqual(self.scores(rows, "risk_score", "raw_risk_score", "risk_event_count"), {("x", "user"): (99, 148, 3), ("y", "user"): (50, 50, 1)})

    def test_chain_is_shorter_than_ten_minutes(self):
        a, b = Kind(66, user=1), Kind(67, user=1, machine=1)
        events = [Event(kind, at, user=user) for kind, at, user in [
            (a, self.AT, "near"), (b, self.AT + 599, "near"), (a, self.AT, "far"), (b, self.AT + 600, "far"),
            (a, self.AT, "same rule"), (a, self.AT + 1, "same rule"), (a, self.AT, "between"), (a, self.AT + 300, "between"), (b, self.AT + 599, "between"),
            (a, self.AT, "twin"), (b, self.AT, "twin")]]
        events += [Event(a, self.AT, user="of two types"), Event(b, self.AT + 1, machine="of two types", user="else")]
        self.load(events)
        rows = self.result("chain_of_behaviors_24_hours")
        self.assertEqual(self.scores(rows, "chain_count", "shortest_gap"), {("near", "user"): (1, 599), ("between", "user"): (1, 299), ("twin", "user"): (1, 0)})
        self.assertEqual(rows["near", "user"]["chains"], f"{a.search_name} -> {b.search_name}")

    def test_profile_recommended_opens_with_the_capped_sum(self):
        kinds = [Kind(number, user=30) for number in range(70, 75)]
        noisy = [Event(kinds[0], self.AT + n, message=f"m{n}", user="noisy") for n in range(30)]
        broad = [Event(kind, self.AT + n, message=f"m{n}", user="broad") for n, kind in enumerate(kinds)]
        found = self.findings(noisy + broad, "recommended")
        self.assertEqual([(f["risk_object"], f["risk_score"], f["search_name"]) for f in found],
                         [("broad", 150, "Risk - 24 Hour Capped Risk Threshold Exceeded - Rule")])


class Switches(Rules):
    def test_an_option_runs_when_its_copy_is_on(self):
        kinds = [Kind(number, user=1) for number in range(2)]
        events = [Event(kind, LAST - 3600 + n, user="x") for n, kind in enumerate(kinds)]
        self.assertEqual(self.load(events).lines("finding"), [])
        text = (RULES / "chain_of_behaviors_24_hours.yml").read_text()
        self.assertIn("    enabled: false\n", text)
        self.write("content/chain.yml", text.replace("    enabled: false\n", ""))
        self.home = self.folder / "second"
        found = self.load(events).lines("finding")
        listed = {row["name"]: (row["enabled"], row["profiles"])
                  for row in self.accrue("content", "list", "--content", self.folder / "content", "--format", "ndjson").lines() if "enabled" in row}
        self.assertEqual(listed["Chain Of Behaviors Over 24 Hour Period"], ("true", ["splunk", "recommended"]))
        self.assertEqual(listed["Entity Score Over Previous 7 Days"], ("false", ["splunk", "recommended"]))
        self.assertEqual(listed["Risk Threshold Exceeded For Object Over 24 Hour Period"], ("true", "splunk"))
        self.assertEqual([(f["search_name"], f["risk_object"], f["risk_score"]) for f in found], [("Risk - 24 Hour Chain Of Behaviors - Rule", "x", 2)])

    def test_a_threshold_is_a_macro(self):
        events = [Event(Kind(1, user=30), LAST - 3600, user="x"), Event(Kind(2, user=30), LAST - 3600, user="x")]
        self.assertEqual(self.load(events).lines("finding"), [])
        self.write("content/macros/threshold.yml", "name: risk_threshold\nid: 5b0a\nversion: 1\ndefinition: '50'\n")
        self.home = self.folder / "second"
        self.assertEqual([(f["risk_score"], f["severity"]) for f in self.load(events).lines("finding")], [(60, "low")])

    def test_hostile_names_stay_data(self):
        names = ['"', "' OR 1=1 --", "a\nb", "\u202eevil", "*", "x" * 10_000, "$risk_object$", "`risk_threshold`", "é", "e\u0301"]
        kinds = [Kind(number, user=60) for number in range(2)]
        self.load([Event(kind, LAST - 3600 + n, message=name, user=name) for n, name in enumerate(names) for kind in kinds])
        for name in ("risk_threshold_exceeded_24_hours", "capped_risk_threshold_exceeded_24_hours"):
            self.assertEqual(self.scores(self.result(name), "risk_score"), {(name, "user"): (120,) for name in names})


class Tables(Case):
    def test_every_published_data_source_has_a_class(self):
        import fnmatch
        import os
        import pathlib
        shared = pathlib.Path(os.environ.get("ACCRUE_SHARED", REPOSITORY.parent / "shared")) / "corpus/security_content/data_sources"
        if not shared.exists():
            self.skipTest("the shared corpus is not here")
        patterns = [line.rsplit(",", 1)[0].lower() for line in (REPOSITORY / "risk/lookups/risk_data_classes.csv").read_text().splitlines()[1:]]
        names = [line[6:].strip().strip("'\"") for path in shared.glob("*.yml") for line in path.read_text().splitlines() if line.startswith("name: ")]
        self.assertGreater(len(names), 200)
        self.assertEqual([name for name in names if not any(fnmatch.fnmatchcase(name.lower(), p) for p in patterns)], [])
