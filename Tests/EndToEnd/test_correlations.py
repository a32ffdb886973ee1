"""ESCU's own correlations, as published, over risk events that were made for them: just enough, and one rule less."""

import json
import os
import pathlib
import unittest

from harness import REPOSITORY, Case, epoch, iso, ndjson, put_image, rule

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
        made_lines = [line for line in lines if line["search_name"] not in correlations]
        self.assertEqual(len(made_lines), len(events))
        for number, made in enumerate(MADE):
            with self.subTest(made.name):
                own = [line for line in lines if line["search_name"] == f"ESCU - {made.name} - Rule"]
                self.assertEqual([line["risk_object"] for line in own], [f"enough {number}"] * made.rows)
                self.assertEqual({int(line["source_count"]) for line in own}, {made.enough})
                for line in own:
                    score = line.get("sum_risk_score", line.get("orig_risk_score"))
                    self.assertEqual(score, 2 * made.enough * made.score, line)
