"""ESCU's own correlations, as published, over risk events that were made for them: just enough, and one rule less."""

import json
import os
import pathlib
import unittest

from harness import NOW, REPOSITORY, Case, epoch, iso, ndjson, put_image, rule, timed_rule

CORPUS = pathlib.Path(os.environ.get("ACCRUE_SHARED", REPOSITORY.parent / "shared")) / "corpus/security_content"
AT = epoch("2026-11-17T10:05:00Z")


class Made:
    """Risk events for one correlation: `enough` rules about one entity, one less about another."""

    def __init__(self, name, enough, *, story="Other Story", source="{} rule {}", kind="system", techniques=("T1059",), score=10, rows=1):
        self.name, self.enough, self.kind, self.score = name, enough, kind, score
        # How many rows the entity gives: eleven of them group by the tactic as well.
        self.rows = rows
        initials = "".join(word[0] for word in name.split())
        self.rules = [(source[n] if isinstance(source, list) else source.format(initials, n), story, techniques[n % len(techniques)]) for n in range(enough)]


# Of the techniques, T1112 and T1543 are of two tactics each.
MADE = [
    Made("ProxyShell ProxyNotShell Behavior Detected", 5, story="ProxyShell"),
    Made("Okta Risk Threshold Exceeded", 6, story="Okta Account Takeover", kind="user", techniques=("T1110", "T1078", "T1621", "T1539", "T1556", "T1098")),
    Made("Windows Modify Registry Risk Behavior", 3, source="{} modifies Registry {}", techniques=("T1112",), rows=2),
    Made("Windows Post Exploitation Risk Behavior", 4, story="Windows Post-Exploitation"),
    Made("Log4Shell CVE-2021-44228 Exploitation", 2, story="Log4Shell CVE-2021-44228"),
    Made("Living Off The Land Detection", 5, story="Living Off The Land"),
    Made("Active Directory Lateral Movement Identified", 4, story="Active Directory Lateral Movement"),
    Made("Steal or Forge Authentication Certificates Behavior Identified", 5, story="Windows Certificate Services"),
    Made("Active Directory Privilege Escalation Identified", 4, story="Active Directory Privilege Escalation"),
    Made("Windows Common Abused Cmd Shell Risk Behavior", 4,
         source=["Icacls Deny Command", "ICACLS Grant Command", "Windows Proxy Via Netsh", "Processes launching netsh"]),
    Made("Linux Persistence and Privilege Escalation Risk Behavior", 4, story="Linux Persistence Techniques", techniques=("T1543",), rows=2),
    Made("AWS S3 Exfiltration Behavior Identified", 2, source="{} AWS {}", techniques=("T1560", "T1048"), kind="user"),
    Made("Risk Rule for Dev Sec Ops by Repository", 4, story="Dev Sec Ops", kind="other", score=30),
]


def published():
    """Files of the correlations that are not deprecated."""
    files = {}
    for path in sorted(CORPUS.glob("detections/**/*.yml")):
        text = path.read_text()
        if "\ntype: Correlation\n" in text and "deprecated" not in path.parts:
            files[next(line[6:].strip() for line in text.splitlines() if line.startswith("name: "))] = path
    return files


@unittest.skipUnless(CORPUS.exists(), "the shared corpus is not here")
class Correlations(Case):
    def test_each_fires_on_enough_rules_and_not_on_one_less(self):
        self.assertEqual(sorted(published()), sorted(made.name for made in MADE))
        events, patterns = [], []
        for number, made in enumerate(MADE):
            patterns += ["--rule", made.name]
            for place, (name, story, technique) in enumerate(made.rules):
                patterns += ["--rule", name]
                self.write(f"content/detections/{number}-{place}.yml", rule(
                    name, f'sourcetype=aws:cloudtrail requestParameters.of="{number}-{place}" | rename requestParameters.who as who '
                          "| stats min(_time) as _time count by who, eventID",
                    entities=[("who", made.kind, made.score)], message="$who$", analytic_story=[story], mitre_attack_id=[technique]))
                for who, count in [(f"enough {number}", made.enough), (f"less {number}", made.enough - 1)]:
                    if place < count:
                        events.append(put_image(iso(AT + place), eventID=f"{number}-{place}-{who}",
                                                requestParameters={"of": f"{number}-{place}", "who": who}))
                        # Once more of the same rule: what counts is rules.
                        events.append(put_image(iso(AT + place + 60), eventID=f"{number}-{place}-{who}-again",
                                                requestParameters={"of": f"{number}-{place}", "who": who}))
        logs = self.write("e.json", ndjson(events))
        answer = self.run_events(logs, *patterns, "--content", CORPUS, "--content", self.folder / "content", code=None)
        self.assertEqual(answer.lines("skipped"), [], "every one compiles and runs")
        correlations = {f"ESCU - {made.name} - Rule" for made in MADE}
        lines = answer.lines("risk_event")
        self.assertEqual(len(lines), len(events), "none of them writes risk")
        self.assertFalse(correlations & {line["search_name"] for line in lines})
        counts = {line["rule"]: line for line in answer.lines("detection")}
        for number, made in enumerate(MADE):
            with self.subTest(made.name):
                own = [line for line in answer.lines("finding") if line["search_name"] == f"ESCU - {made.name} - Rule"]
                self.assertEqual([line["risk_object"] for line in own], [f"enough {number}"] * made.rows)
                self.assertEqual((counts[made.name]["row_count"], counts[made.name]["risk_event_count"]), (made.rows, 0))
                for line in own:
                    self.assertEqual(line["normalized_risk_object"], f"enough {number}")
                    self.assertEqual(line["risk_object_type"], made.kind)
                    self.assertEqual(line["title"], f"RBA: {made.name}")
                    self.assertEqual(line["source_count"], made.enough)
                    self.assertEqual(line["risk_score"], 2 * made.enough * made.score, line)
                    self.assertEqual(line["raw_risk_score"], 2 * made.enough * made.score, line)
        # Under the recommended profile an entity has one finding of a rule.
        answer = self.run_events(
            logs, *patterns, "--content", CORPUS, "--content", self.folder / "content", "--profile", "recommended",
            home=self.folder / "other", code=None)
        self.assertEqual(
            sorted((line["search_name"], line["risk_object"]) for line in answer.lines("finding") if line["search_name"] in correlations),
            sorted((f"ESCU - {made.name} - Rule", f"enough {number}") for number, made in enumerate(MADE)))


SUM = ("| from datamodel Risk.All_Risk | stats sum(calculated_risk_score) as risk_score count as risk_event_count dc(source) as source_count "
       "by risk_object risk_object_type | where risk_score > 30")


def correlation(name="Sum", search=SUM, score=0, **more):
    document = json.loads(rule(
        name, search, type="Correlation",
        finding={"title": "$risk_object$ has $risk_score$", "entity": {"field": "risk_object", "type": "user", "score": score}}, **more))
    del document["intermediate_findings"]
    return json.dumps(document)


class OwnRules(Case):
    """Findings of rules that people write, and rows that become nothing."""

    def content(self, *rules):
        for number, text in enumerate((timed_rule(), *rules)):
            self.write(f"content/detections/{number}.yml", text)
        names = [json.loads(text)["name"] for text in (timed_rule(), *rules)]
        return ["--content", self.folder / "content", *(part for name in names for part in ("--rule", name))]

    def events(self, *times, user="alice"):
        return [put_image(iso(AT + time), user=user, eventID=f"{user}-{time}") for time in times]

    def found(self, answer, *fields):
        return [tuple(line[field] for field in fields) for line in answer.lines("finding")]

    def test_hunting_rows_are_counted_and_make_nothing(self):
        search = "sourcetype=aws:cloudtrail eventName=PutImage | stats count by userIdentity.userName, eventID"
        hunting = rule("Hunt", search, type="Hunting", entities=[("nosuch", "user", 50)], throttling={"fields": ["eventID"], "period": "1h"})
        logs = self.write("e.json", ndjson(self.events(0, 60)))
        for more in ([], ["--once"]):
            home = self.folder / f"home{len(more)}"
            answer = self.run_events(logs, *self.content(hunting), *more, home=home)
            lines = {line["rule"]: line for line in answer.lines("detection")}
            self.assertEqual([lines["Hunt"][name] for name in ("row_count", "risk_event_count", "throttled_count", "lost_risk_count")], [2, 0, 0, 0])
            self.assertEqual({line["search_name"] for line in answer.lines("risk_event")}, {"ESCU - Timed - Rule"})
            self.assertNotIn("W360", answer.err)
            self.assertEqual(self.rows("SELECT count(*) FROM throttled_firing", home=home), [(0,)])
            [ranked] = [line for line in self.accrue("rules", "--format", "ndjson", home=home).lines() if line["search_name"] == "ESCU - Hunt - Rule"]
            self.assertEqual((ranked["row_count"], ranked["risk_event_count"]), (2, 0))

    def test_a_type_that_nobody_knows_writes_the_risk_that_it_names(self):
        text = timed_rule("Own", type="Our Kind")
        answer = self.run_events(self.write("e.json", ndjson(self.events(0))), *self.content(text))
        self.assertEqual({line["search_name"] for line in answer.lines("risk_event")}, {"ESCU - Timed - Rule", "ESCU - Own - Rule"})

    def test_a_score_of_the_finding_is_risk_that_no_correlation_of_the_run_sees(self):
        content = self.content(correlation("A Sum", score=30), correlation("B Sum"), correlation("C Sum", score=40))
        logs = self.write("e.json", ndjson(self.events(0, 60)))
        answer = self.run_events(logs, *content)
        at = epoch("2026-11-17T11:00:00Z")
        self.assertEqual(
            [line for line in self.found(answer, "search_name", "_time", "risk_score", "title") if "Sum" in line[0]],
            [(f"ESCU - {name} Sum - Rule", at, 40, "alice has 40") for name in sorted("ABC", key=lambda name: self.order(answer, name))])
        self.assertEqual(
            sorted((line["search_name"], line["_time"], line["risk_score"]) for line in answer.lines("risk_event") if "Sum" in line["search_name"]),
            [("ESCU - A Sum - Rule", at, 30), ("ESCU - C Sum - Rule", at, 40)])
        # The shipped rules count it.
        [line] = [line for line in answer.lines("finding") if "24 Hour Risk" in line["search_name"]]
        self.assertEqual(line["risk_score"], 110)
        before = self.dump()
        self.assertEqual(self.run_events(logs, *content).bytes, answer.bytes)
        self.assertEqual(self.dump(), before)

    def order(self, answer, name):
        return [line["search_name"] for line in answer.lines("finding")].index(f"ESCU - {name} Sum - Rule")

    def test_a_finding_is_explained_by_the_events_of_its_window(self):
        content = self.content(correlation())
        answer = self.run_events(self.write("e.json", ndjson(self.events(0, 60) + self.events(9000))), *content)
        [line] = answer.lines("finding")
        explained = self.accrue("finding", line["finding_id"], "--explain", *content[:2], "--format", "json")
        explained = json.loads(explained.out)
        ledger = explained.get("ledger") or explained["explanation"]["ledger"]
        self.assertEqual([entry["risk_score"] for entry in ledger], [20, 20])

    def test_once_opens_at_the_newest_event_whatever_the_clock(self):
        content = self.content(correlation())
        logs = self.write("e.json", ndjson(self.events(0, 7200) + self.events(60, 90, 9000, user="bob") + self.events(30, user="carol")))
        for profile in ("splunk", "recommended"):
            home = self.folder / profile
            for now in (NOW, "2026-12-02T00:00:00Z"):
                answer = self.run_events(logs, *content, "--once", "--profile", profile, home=home, now=now)
                self.assertEqual(
                    self.found(answer, "risk_object", "_time", "risk_score", "info_min_time", "info_max_time"),
                    [("alice", AT + 7200, 40, AT, AT + 9000.000001), ("bob", AT + 9000, 60, AT, AT + 9000.000001)])
            self.assertEqual(self.rows("SELECT count(*) FROM finding", home=home), [(2,)])

    def test_throttling_keeps_a_tuple_silent(self):
        events = [event for hour in range(6) for event in self.events(3600 * hour, 3600 * hour + 60)]
        for profile, again in (("splunk", [0, 3]), ("recommended", [0, 3])):
            home = self.folder / profile
            content = self.content(correlation(throttling={"fields": ["risk_object"], "period": "3h"}))
            logs = self.write("e.json", ndjson(events))
            answer = self.run_events(logs, *content, "--profile", profile, home=home)
            times = [(line["_time"] - epoch("2026-11-17T11:00:00Z")) // 3600 for line in answer.lines("finding") if "Sum" in line["search_name"]]
            if profile == "splunk":
                self.assertEqual(times, again)
                [line] = [line for line in answer.lines("detection") if line["rule"] == "Sum"]
                self.assertEqual((line["row_count"], line["throttled_count"]), (6, 4))
            else:
                # One that goes on is the same finding.
                self.assertEqual(times, [0])
            self.assertEqual(self.run_events(logs, *content, "--profile", profile, home=home).bytes, answer.bytes)

    def test_a_finding_lives_under_the_recommended_profile(self):
        content = self.content(timed_rule("Second", entities=[("user", "user", 15)]), correlation())
        first = self.events(0, 60)
        self.run_events(self.write("a.json", ndjson(first)), *content[:4], *content[6:], "--profile", "recommended")
        answer = self.run_events(self.write("b.json", ndjson(first)), *content, "--profile", "recommended")
        [line] = answer.lines("finding")
        self.assertEqual((line["state"], line["risk_score"]), ("closed", 40))
        steps = self.rows("SELECT state, reason, risk_score FROM finding_change ORDER BY position")
        self.assertEqual([(state, score) for state, _, score in steps], [("opened", 40), ("closed", 0), ("updated", 70), ("closed", 0)])
        self.assertIn("Second", steps[2][1])

    def test_each_hour_is_a_life_of_its_own_and_running_again_changes_nothing(self):
        events = [event for hour in (0, 1, 5, 8) for event in self.events(3600 * hour, 3600 * hour + 60)]
        content = self.content(correlation())
        logs = self.write("e.json", ndjson(events))
        answer = self.run_events(logs, *content, "--profile", "recommended")
        hours = [(line["_time"] - epoch("2026-11-17T11:00:00Z")) // 3600 for line in answer.lines("finding") if "Sum" in line["search_name"]]
        self.assertEqual(hours, [0, 5, 8])
        before = self.dump()
        self.assertEqual(self.run_events(logs, *content, "--profile", "recommended").bytes, answer.bytes)
        self.assertEqual(self.dump(), before)

    def test_names_become_entities_and_placeholders_nobody(self):
        self.write("content/entities/identities.csv", "identity,first,last,email\nalice|al,Alice,,\n")
        many = correlation("Many", SUM + '| eval risk_object=if(risk_object="bob", "-", risk_object)')
        logs = self.write("e.json", ndjson(self.events(0, 60, user="AL") + self.events(5, 65, user="bob")))
        answer = self.run_events(logs, *self.content(many))
        [line] = answer.lines("finding")
        self.assertEqual((line["risk_object"], line["normalized_risk_object"]), ("AL", "alice"))
        [line] = [line for line in answer.lines("detection") if line["rule"] == "Many"]
        self.assertEqual((line["row_count"], line["lost_risk_count"]), (2, 1))

    def test_rows_without_a_score_have_that_of_their_entity(self):
        text = correlation(search="index=risk | stats count by risk_object", mitre_attack_id=[])
        answer = self.run_events(self.write("e.json", ndjson(self.events(0, 60))), *self.content(text))
        self.assertEqual(self.found(answer, "risk_object", "risk_object_type", "risk_score"), [("alice", "user", 40)])
