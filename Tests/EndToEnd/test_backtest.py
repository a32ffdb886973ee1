"""Backtests: what would have been under other thresholds, scores, factors and rules, against Python's own windows."""

import collections
import json
import random

from harness import NOW, REPOSITORY, epoch, identity, iso, ndjson
from test_incident_rules import Event, Kind, Rules

HOUR, DAY = 3600, 86400
SINCE, UNTIL = epoch("2026-11-09T00:00:00Z"), epoch("2026-11-19T00:00:00Z")
STOCK = REPOSITORY / "risk/incident_rules/risk_threshold_exceeded_24_hours.yml"
SEARCH_NAME = "Risk - 24 Hour Risk Threshold Exceeded - Rule"
KINDS = [Kind(n, **scores) for n, scores in enumerate([
    {"user": 20}, {"user": 35, "machine": 15}, {"user": 55}, {"machine": 70}, {"user": 5}])]
RANGE = ["--since", iso(SINCE), "--until", iso(UNTIL)]
ONLY_24H = ["--disable", "*ATT&CK*"]

Stored = collections.namedtuple("Stored", "time entity type rule base add multiply calculated")


def ticks(start=SINCE, end=UNTIL):
    return range(-(-start // HOUR) * HOUR, end, HOUR)


def sums(events, score=lambda event: event.calculated):
    """{(entity, type, run): sum} of the hourly runs, each over [-1450m, -10m)."""
    found = {}
    by_entity = collections.defaultdict(list)
    for event in events:
        by_entity[event.entity, event.type].append(event)
    for key, own in by_entity.items():
        for tick in ticks():
            inside = [score(e) for e in own if tick - 1450 * 60 <= e.time < tick - 600]
            if inside:
                found[(*key, tick)] = sum(inside)
    return found


def crossings(events, threshold, score=lambda event: event.calculated):
    return {key: value for key, value in sums(events, score).items() if value > threshold}


def throttled(crossed):
    """The runs that open a finding: none less than a day after another of the same entity."""
    found, last = {}, {}
    for (entity, kind, tick), value in sorted(crossed.items(), key=lambda item: item[0][2]):
        if tick - last.get((entity, kind), -DAY) >= DAY:
            last[entity, kind] = tick
            found[entity, kind, tick] = value
    return found


def paired(before, after, within=DAY):
    """Counter of outcomes of two sets of (entity, type, run), by the definition."""
    counts = collections.Counter()
    for key in {key[:2] for key in before} | {key[:2] for key in after}:
        left = {tick for *own, tick in before if tuple(own) == key}
        right = {tick for *own, tick in after if tuple(own) == key}
        counts["kept"] += len(left & right)
        left, right = left - right, right - left
        for distance, first, second in sorted((abs(a - b), a, b) for a in left for b in right):
            if distance <= within and first in left and second in right:
                counts["moved"] += 1
                left.remove(first)
                right.remove(second)
        counts["lost"] += len(left)
        counts["gained"] += len(right)
    return counts


class Backtests(Rules):
    """A random history of ten days and the day before; the index must be the same after each test."""

    seed = 1

    def setUp(self):
        super().setUp()
        chance = random.Random(self.seed)
        names = ["amy", "bob", 'o"brien', "x=1 | y", "日本", "ws-1"]
        times = sorted(chance.sample(range(SINCE - 26 * HOUR, UNTIL), 330))
        events = []
        for at in times:
            kind = chance.choice(KINDS)
            weights = [6, 3, 2, 1, 1, 1]
            events.append(Event(kind, at, message=f"seen at {at % 7}", **{
                field: chance.choices(names, weights)[0] for field in kind.entities}))
        self.load(events)
        self.before = self.dump()
        self.stored = [
            Stored(time // 1_000_000, *rest) for time, *rest in self.rows(
                "SELECT time, normalized_risk_object, risk_object_type, search_name, risk_score, risk_factor_add, "
                "risk_factor_mult, calculated_risk_score FROM risk_event")]
        self.assertGreater(len(self.stored), 300)

    def tearDown(self):
        self.assertEqual(self.dump(), self.before, "a backtest wrote to the index")
        super().tearDown()

    def backtest(self, *arguments, code=0, **more):
        answer = self.accrue("backtest", *RANGE, *arguments, "--format", "ndjson", code=code, **more)
        return answer

    def findings(self, answer, side, search_name=SEARCH_NAME):
        return {
            (line["normalized_risk_object"], line["risk_object_type"], int(line[f"time_{side}"])): line[f"risk_score_{side}"]
            for line in answer.lines("finding") if f"time_{side}" in line and line["search_name"] == search_name}

    def check(self, answer, before, after):
        self.assertEqual(self.findings(answer, "before"), before)
        self.assertEqual(self.findings(answer, "after"), after)
        counts = paired(before, after)
        rule = next(line for line in answer.lines("rule") if line["search_name"] == SEARCH_NAME)
        for name in ["kept", "moved", "lost", "gained"]:
            self.assertEqual(rule[name], counts[name], name)
        self.assertEqual((rule["findings_before"], rule["findings_after"]), (len(before), len(after)))
        changed = [key for key in before.keys() & after.keys() if before[key] != after[key]]
        self.assertGreaterEqual(rule["kept_changed"], len(changed))
        summary, = answer.lines("summary")
        for name in ["findings_before", "findings_after", "kept", "moved", "lost", "gained"]:
            self.assertEqual(summary[name], sum(line[name] for line in answer.lines("rule")), name)
            self.assertEqual(summary[name], sum(line[name] for line in answer.lines("day")), name)

    def unthrottled(self):
        """The 24-hour rule, with a finding at each run that it holds for."""
        text = STOCK.read_text()
        start, end = text.index("throttling:"), text.index("incident:")
        return self.write("edited.yml", text[:start] + text[end:])


class Thresholds(Backtests):
    def test_every_crossing_of_a_sweep(self):
        edited = self.unthrottled()
        before = throttled(crossings(self.stored, 100))
        sizes = set()
        for threshold in range(50, 201, 10):
            with self.subTest(threshold=threshold):
                answer = self.backtest("--incident-rule", edited, "--threshold", threshold, *ONLY_24H)
                after = crossings(self.stored, threshold)
                self.check(answer, before, after)
                sizes.add(len(after))
        self.assertGreater(len(sizes), 10)

    def test_findings_of_a_sweep(self):
        before = throttled(crossings(self.stored, 100))
        seen = collections.Counter()
        for threshold in [50, 75, 99.5, 120, 160, 200]:
            with self.subTest(threshold=threshold):
                answer = self.backtest("--threshold", threshold)
                self.check(answer, before, throttled(crossings(self.stored, threshold)))
                summary, = answer.lines("summary")
                seen.update({name: summary[name] for name in ["kept", "moved", "lost", "gained"]})
        self.assertTrue(all(seen[name] for name in ["kept", "moved", "lost", "gained"]), seen)

    def test_the_same_threshold_keeps_everything(self):
        answer = self.backtest("--threshold", "100")
        summary, = answer.lines("summary")
        self.assertGreater(summary["kept"], 5)
        self.assertEqual(summary["kept"], summary["findings_before"])
        for name in ["kept_changed", "moved", "gained", "lost"]:
            self.assertEqual(summary[name], 0, name)
        self.assertEqual({line["outcome"] for line in answer.lines("finding")}, {"kept"})

    def test_set_is_what_threshold_is(self):
        self.assertEqual(
            self.backtest("--threshold", "80").out, self.backtest("--set", "risk_threshold=80").out)


class Scores(Backtests):
    seed = 2

    def test_other_base_scores(self):
        before = throttled(crossings(self.stored, 100))
        for text, base in [("T 000=60", lambda e: 60), ("escu - t 000 - rule=*0.5", lambda e: e.base * 0.5)]:
            with self.subTest(text):
                def score(event):
                    if event.rule != KINDS[0].search_name:
                        return event.calculated
                    return (base(event) + event.add) * event.multiply
                answer = self.backtest("--score", text)
                self.check(answer, before, throttled(crossings(self.stored, 100, score)))
                summary, = answer.lines("summary")
                self.assertGreater(summary["gained"] + summary["lost"] + summary["moved"] + summary["kept_changed"], 0)

    def test_a_rule_left_out(self):
        before = throttled(crossings(self.stored, 100))
        without = [event for event in self.stored if event.rule != KINDS[3].search_name]
        self.check(self.backtest("--without", "T 003"), before, throttled(crossings(without, 100)))
        answer = self.backtest("--without", "*")
        self.check(answer, before, {})

    def test_a_factor_on(self):
        factor = {
            "name": "Loud", "id": identity("Loud"), "version": 1, "description": "Loud ones count double.",
            "enabled": False, "operation": "multiplication", "value": 2,
            "conditions": [{"field": "risk_score", "operator": ">=", "value": 35}, {"field": "risk_object_type", "operator": "equals", "value": "USER"}]}
        plus = factor | {"name": "Plus", "id": identity("Plus"), "operation": "addition", "value": 3,
                         "conditions": [{"field": "risk_object", "operator": "like", "value": "am%"}]}
        self.write("more/risk/factors/loud.yml", json.dumps(factor))
        self.write("more/risk/factors/plus.yml", json.dumps(plus))
        more = ["--content", self.folder / "more"]

        def score(event):
            double = event.base >= 35 and event.type == "user"
            return (event.base + (3 if event.entity == "amy" else 0)) * (2 if double else 1)

        before = throttled(crossings(self.stored, 100))
        after = throttled(crossings(self.stored, 100, score))
        answer = self.backtest("--factor", "loud=on", "--factor", "Plus=on", *more)
        self.check(answer, before, after)
        self.assertNotEqual(before, after)
        # A base score and a factor together: the condition sees the new score.
        answer = self.backtest("--factor", "loud=on", "--score", "T 000=35", *more)
        def both(event):
            base = 35 if event.rule == KINDS[0].search_name else event.base
            return base * (2 if base >= 35 and event.type == "user" else 1)
        self.check(answer, before, throttled(crossings(self.stored, 100, both)))
        # The dry run has the same findings, and says how much the factors do.
        trial = json.loads(self.accrue(
            "risk", "factors", "--dry-run", "--factor", "loud=on", "--factor", "Plus=on", *RANGE, *more, "--format", "json").out)
        tried = trial["factor_trial"]
        inside = [event for event in self.stored if SINCE <= event.time < UNTIL]
        loud = [event for event in inside if event.base >= 35 and event.type == "user"]
        amy = [event for event in inside if event.entity == "amy"]
        rows = {row["name"]: row for row in tried["factors"]}
        self.assertEqual(rows["Loud"]["risk_event_count"], len(loud))
        self.assertEqual(rows["Loud"]["entity_count"], len({event.entity for event in loud}))
        self.assertEqual(rows["Plus"]["risk_event_count"], len(amy))
        self.assertEqual((rows["Loud"]["enabled"], rows["Loud"]["tried"]), (False, True))
        self.assertEqual(tried["risk_event_count"], len(inside))
        self.assertEqual(tried["changed_event_count"], len({id(e) for e in loud + amy}))
        self.assertEqual(tried["risk_score_before"], sum(event.calculated for event in inside))
        self.assertEqual(tried["risk_score_after"], sum(score(event) for event in inside))
        moves = collections.Counter()
        for event in inside:
            moves[event.entity, event.type] += score(event) - event.calculated
        expected = sorted(((-move, *key) for key, move in moves.items() if move), key=lambda row: (row[0], row[1].encode(), row[2]))
        self.assertEqual(
            [(row["risk_score_before"] - row["risk_score_after"], row["normalized_risk_object"], row["risk_object_type"]) for row in tried["entities"]], expected)
        summary, = self.backtest("--factor", "loud=on", "--factor", "Plus=on", *more).lines("summary")
        self.assertEqual({name: trial[name] for name in ["gained", "lost", "moved", "kept"]}, {name: summary[name] for name in ["gained", "lost", "moved", "kept"]})


class Rest(Backtests):
    seed = 3

    def test_incident_rules_on_off_and_new(self):
        before = throttled(crossings(self.stored, 100))
        self.check(self.backtest("--disable", "Risk Threshold*"), before, {})
        answer = self.backtest("--enable", "Capped Risk Score By Source*")
        name = "Risk - 24 Hour Capped Risk Score By Source - Rule"
        found = self.findings(answer, "after", name)
        self.assertTrue(found)
        self.assertFalse(self.findings(answer, "before", name))

        def capped(events):
            rules = collections.defaultdict(list)
            for event in events:
                rules[event.rule].append(event.calculated)
            return sum(min(sum(scores), 2 * max(scores)) for scores in rules.values())
        expected = {}
        for tick in ticks():
            for key in {(event.entity, event.type) for event in self.stored}:
                own = [e for e in self.stored if (e.entity, e.type) == key and tick - 1450 * 60 <= e.time < tick - 600]
                if own and capped(own) > 100:
                    expected[(*key, tick)] = capped(own)
        self.assertEqual(found, throttled(expected))
        new = STOCK.read_text().replace("name: Risk Threshold", "name: New Threshold").replace(
            SEARCH_NAME, "New - Rule").replace("6e4a1d0b", "6e4a1d0c").replace("`risk_threshold`", "150")
        answer = self.backtest("--incident-rule", self.write("new.yml", new))
        self.assertEqual(self.findings(answer, "after", "New - Rule"), throttled(crossings(self.stored, 150)))
        self.check(answer, before, before)

    def test_a_subsearch_sees_the_changed_events(self):
        first = "    | from datamodel Risk.All_Risk\n"
        self.assertIn(first, STOCK.read_text())
        edited = self.write("edited.yml", STOCK.read_text().replace(
            first, first + "      | append [| from datamodel Risk.All_Risk]\n", 1))
        answer = self.backtest("--incident-rule", edited, "--score", "*=*0.25", "--threshold", "45")
        after = throttled(crossings(self.stored, 45, lambda event: 2 * 0.25 * event.base))
        self.assertEqual(self.findings(answer, "after"), after)
        self.assertTrue(after)
        # Stored findings are those of one side: a rule that reads them cannot be replayed.
        edited = self.write("edited.yml", STOCK.read_text().replace(
            first, first + "      | append [search index=notable]\n", 1))
        answer = self.backtest("--incident-rule", edited, code=1)
        self.assertIn("E360", answer.err)
        self.assertFalse(self.findings(answer, "before"))

    def test_recommended_and_another_profile(self):
        answer = self.backtest("--profile", "recommended", "--threshold", "100")
        summary, = answer.lines("summary")
        self.assertGreater(summary["kept"], 3)
        self.assertEqual((summary["kept_changed"], summary["moved"], summary["gained"], summary["lost"]), (0, 0, 0, 0))
        lower, = self.backtest("--profile", "recommended", "--cap", "1").lines("summary")
        self.assertGreater(lower["lost"] + lower["moved"] + lower["kept_changed"], 0)
        none = self.backtest("--profile", "recommended", "--cap", "none")
        summary, = none.lines("summary")
        self.assertEqual(summary["changes"].split(",")[0], "risk_cap_factor = 1000000000")
        other = self.backtest("--to-profile", "recommended")
        summary, = other.lines("summary")
        self.assertEqual((summary["profile_before"], summary["profile_after"]), ("splunk", "recommended"))
        self.assertEqual(self.findings(other, "before"), throttled(crossings(self.stored, 100)))
        # Over all there is, runs of an empty index open just the same findings, under either profile.
        home = self.folder / "second"
        self.run_events(
            self.folder / "e.json", "--rule", "T *", "--content", self.folder / "content", "--profile", "recommended", home=home)
        whole = self.accrue(
            "backtest", "--since", iso(SINCE - 5 * DAY), "--to-profile", "recommended", "--format", "ndjson")
        for side, place in [("before", self.home), ("after", home)]:
            stored = sorted(
                (line["search_name"], line["normalized_risk_object"], line["risk_object_type"], int(line["_time"]),
                 line["risk_score"], line["severity"], line["risk_event_count"])
                for line in self.accrue("findings", "--format", "ndjson", home=place).lines())
            replayed = sorted(
                (line["search_name"], line["normalized_risk_object"], line["risk_object_type"], int(line[f"time_{side}"]),
                 line[f"risk_score_{side}"], line[f"severity_{side}"], line[f"risk_event_count_{side}"])
                for line in whole.lines("finding") if f"time_{side}" in line)
            self.assertEqual(replayed, stored)
            self.assertGreater(len(stored), 5)

    def test_forms_and_order(self):
        for form in ["text", "md", "json", "ndjson"]:
            one = self.accrue("backtest", *RANGE, "--threshold", "70", "--format", form)
            self.assertEqual(one.bytes, self.accrue("backtest", *RANGE, "--threshold", "70", "--format", form).bytes)
            self.assertTrue(one.out)
        document = json.loads(self.accrue("backtest", *RANGE, "--threshold", "70", "--format", "json").out)
        lines = self.backtest("--threshold", "70")
        self.assertEqual(document["findings"], [{k: v for k, v in line.items() if k != "kind"} for line in lines.lines("finding")])
        self.assertEqual(document["days"], [{k: v for k, v in line.items() if k != "kind"} for line in lines.lines("day")])
        keys = [(l["normalized_risk_object"].encode(), l["risk_object_type"], l["search_name"], min(l.get("time_before", 1e18), l.get("time_after", 1e18))) for l in document["findings"]]
        self.assertEqual(keys, sorted(keys))
        # A zone moves days, not findings.
        berlin = self.backtest("--threshold", "70", "--tz", "Asia/Tokyo")
        self.assertNotEqual([l["date"] for l in berlin.lines("finding")], [l["date"] for l in lines.lines("finding")])
        same = [{k: v for k, v in l.items() if k != "date"} for l in berlin.lines("finding")]
        self.assertEqual(same, [{k: v for k, v in l.items() if k != "date"} for l in lines.lines("finding")])
        # --since 30d is what thirty days before now is.
        month = self.accrue("backtest", "--since", "30d", "--threshold", "70", "--format", "ndjson", now=NOW)
        self.assertEqual(month.lines("summary")[0]["since"], iso(epoch(NOW) - 30 * DAY))

    def test_what_makes_no_sense_is_refused(self):
        broken = self.write("broken.yml", STOCK.read_text().replace("| stats `risk", "| sttats `risk"))
        for arguments, words in [
            ([], ["nothing is changed", "--threshold"]),
            (["--set", "no_such=3"], ["no_such", "risk_threshold"]),
            (["--set", "risk_threshold"], ["--set", "MACRO=VALUE"]),
            (["--threshold", "many"], ["--threshold", "no number"]),
            (["--cap", "3"], ["caps", "recommended"]),
            (["--cap", "0.5", "--profile", "recommended"], ["--cap"]),
            (["--score", "nobody*=40"], ["nobody*", "'T 000'"]),
            (["--score", "T 000=lots"], ["--score", "no number"]),
            (["--without", "nobody"], ["--without", "'T 000'"]),
            (["--factor", "Nobody=on"], ["Nobody", "Admin User"]),
            (["--factor", "Admin User=maybe"], ["--factor"]),
            (["--enable", "Nothing"], ["--enable", "Risk Threshold"]),
            (["--disable", "Capped Risk Score By Source*"], ["--disable", "that runs"]),
            (["--incident-rule", self.write("no.yml", "name: x\n")], ["no incident rule"]),
            (["--to-profile", "best"], ["best"]),
            (["--threshold", "80", "--until", iso(SINCE - 1)], ["--since"]),
        ]:
            with self.subTest(arguments):
                answer = self.backtest(*arguments, code=2)
                for word in words:
                    self.assertIn(word, answer.err)
                self.assertEqual(answer.out, "")
        answer = self.backtest("--incident-rule", broken, code=1)
        self.assertIn("broken.yml:", answer.err)
        self.assertIn("sttats", answer.err)
        self.assertFalse([line for line in answer.lines("rule") if line["search_name"] == SEARCH_NAME])
        self.accrue("backtest", "--threshold", "80", home=self.folder / "none", code=3)
        self.accrue("risk", "factors", "--factor", "Admin User=on", code=2)

    def test_factors_are_listed(self):
        factors = json.loads(self.accrue("risk", "factors", "--format", "json").out)
        self.assertEqual(len(factors), 7)
        self.assertFalse(any(factor["enabled"] for factor in factors))
        text = self.accrue("risk", "factors", "--format", "text").out
        self.assertIn('user_priority equals "high"', text)
        text = self.accrue("risk", "factors", "--dry-run", *RANGE, "--format", "text").out
        self.assertIn("0 of", text)
