"""Scripts of fixtures/risk: each is run by the program under both profiles, and what comes out is compared with its golden.

`run.py -k test_risk_scripts --update` writes the goldens; read the difference.
"""

import difflib
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor

from harness import REPOSITORY, Case, UTC, dt
from risk_script import PROFILES, SOURCETYPE, Script, ScriptError

SCRIPTS = REPOSITORY / "fixtures/risk"
UPDATES = os.environ.get("ACCRUE_UPDATE") == "1"
SUMS = (
    "| from datamodel Risk.All_Risk | stats count sum(calculated_risk_score) as score "
    "by normalized_risk_object risk_object_type")


def shown(text):
    """A name as goldens have it: as it is when it is plain, else as JSON, and never long."""
    if len(text) > 200:
        return f"{shown(text[:20])} ({len(text)} characters, SHA-256 {hashlib.sha256(text.encode()).hexdigest()[:8]})"
    return text if re.fullmatch(r"[!#-\[\]-~]+( [!#-\[\]-~]+)*", text) else json.dumps(text)


def number(value):
    return str(int(value)) if value == int(value) else repr(round(value, 6))


def clock(microseconds):
    time = dt.datetime.fromtimestamp(microseconds // 1_000_000, UTC).replace(microsecond=microseconds % 1_000_000)
    return time.isoformat().replace("+00:00", "Z")


def counted(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class State:
    """What an index holds, by plain SQL."""

    def __init__(self, home):
        self.database = sqlite3.connect(f"file:{home / 'risk.sqlite'}?mode=ro", uri=True)
        self.database.row_factory = sqlite3.Row

    def rows(self, sql, *values):
        return self.database.execute(sql, values).fetchall()

    def findings(self):
        return self.rows("SELECT * FROM finding ORDER BY time, key")

    def changes(self, finding):
        return self.rows("SELECT * FROM finding_change WHERE finding_id = ? ORDER BY position", finding["id"])

    def entities(self):
        return self.rows(
            "SELECT normalized_risk_object, risk_object_type, count(*) AS count, sum(calculated_risk_score) AS score "
            "FROM risk_event GROUP BY 1, 2 ORDER BY 1, 2")

    def text(self):
        lines = []
        # Keys are digests; by name a golden is easier to read.
        for finding in sorted(self.findings(), key=lambda row: (
                row["time"], row["normalized_risk_object"], row["risk_object_type"], row["search_name"])):
            lines += self.finding_text(finding)
        for entity in self.entities():
            lines.append(self.entity_text(entity))
        lines += map(self.factor_text, self.rows(
            "SELECT * FROM risk_event WHERE risk_score <> calculated_risk_score ORDER BY time, key"))
        return lines

    def finding_text(self, finding):
        names = ", ".join(map(shown, json.loads(finding["all_risk_objects"])))
        lines = [
            f"finding {clock(finding['time'])} {shown(finding['normalized_risk_object'])} ({finding['risk_object_type']}) "
            f"{finding['state']}: {finding['search_name']}",
            f"  risk_score {number(finding['risk_score'])}, raw {number(finding['raw_risk_score'])}, "
            f"counted {number(finding['counted_risk_score'])}, severity {finding['severity']}",
            f"  risk_event_count {finding['risk_event_count']}, source_count {finding['source_count']}, "
            f"tactics {finding['mitre_tactic_id_count']}, risk_object {shown(finding['risk_object'])} of {names}",
        ]
        for change in self.changes(finding):
            until = ""
            if change["run_count"] > 1 or change["last_time"] != change["time"]:
                until = f" to {clock(change['last_time'])}, {counted(change['run_count'], 'run')}"
            lines.append(f"  {change['state']} {clock(change['time'])}{until}")
            lines.append(f"    {change['reason_code']}: {shown(change['reason'])}")
            lines.append(
                f"    score {number(change['risk_score'])}, raw {number(change['raw_risk_score'])}, "
                f"counted {number(change['counted_risk_score'])}, {counted(change['risk_event_count'], 'event')}")
        return lines

    def entity_text(self, entity):
        names = self.rows(
            "SELECT DISTINCT risk_object.risk_object, reason FROM risk_object JOIN entity ON entity.id = entity_id "
            "WHERE normalized_risk_object = ? AND entity.risk_object_type = ? ORDER BY 1",
            entity["normalized_risk_object"], entity["risk_object_type"])
        # A reason may go on with the list's file and line.
        named = ", ".join(f"{shown(row[0])} ({row[1].split(':')[0]})" for row in names)
        return (
            f"entity {shown(entity['normalized_risk_object'])} ({entity['risk_object_type']}): "
            f"{number(entity['score'])} of {counted(entity['count'], 'event')}; {named}")

    def factor_text(self, event):
        names = ", ".join(name for part in json.loads(event["risk_factors"]) for name in part)
        return (
            f"factors {clock(event['time'])} {shown(event['risk_object'])}: ({number(event['risk_score'])} + "
            f"{number(event['risk_factor_add'])}) x {number(event['risk_factor_mult'])} = "
            f"{number(event['calculated_risk_score'])}; {names}")


class RiskScripts(Case):
    def replay(self, path):
        script = Script(path)
        actual = {}
        with ThreadPoolExecutor(len(PROFILES)) as pool:
            for part in pool.map(lambda profile: self.replay_profile(script, profile), PROFILES):
                actual |= part
        if UPDATES:
            path.write_text(script.updated(actual))
            return
        for (run, profile), lines in actual.items():
            expected = run.expected.get(profile, ["no golden"])
            if lines != expected:
                place = f"{run.place} {profile}"
                self.fail("\n".join([place, *difflib.unified_diff(expected, lines, "golden", "now", n=4, lineterm="")]))

    def replay_profile(self, script, profile):
        actual = {}
        for number_of_case, runs in enumerate(script.cases):
            folder, before = self.folder / f"{number_of_case}-{profile}", None
            for run in runs:
                head, body = self.play(script, run, profile, folder)
                actual[run, profile] = head + (["unchanged"] if body and body == before else body)
                before = body
        return actual

    def play(self, script, run, profile, folder):
        """One run.

        - Returns: what it says of itself, and what the index holds after it.
        """
        home, content = folder / "home", folder / "content"
        shutil.rmtree(content, ignore_errors=True)
        log, rules = script.write(run, lambda path, text: self.write(folder / path, text))
        for now, command in run.commands:
            self.accrue(*shlex.split(command), home=home, now=now)
        chosen = [part for name in rules for part in ("--rule", name)]
        answer = self.accrue(
            "run", log, "--sourcetype", SOURCETYPE, "--profile", profile, "--content", content,
            "--format", "ndjson", *chosen, *run.options, home=home, now=run.now)
        matched = {line["rule"]: line["event_count"] for line in answer.lines("detection")}
        self.assertEqual({name: matched[name] for name in script.firing_counts(run)}, script.firing_counts(run), run.place)
        state = State(home)
        self.agree(answer, state, home, run)
        return self.head(answer), state.text()

    def head(self, answer):
        total = answer.lines("summary")[0]
        new = re.search(r"^(\d+) new risk events, (\d+) new findings$", answer.err, re.M)
        lines = [
            f"{counted(total['risk_event_count'], 'risk event')}, {new[1]} new; "
            f"{counted(total['finding_count'], 'finding')}, {new[2]} new; lost risk {total['lost_risk_count']}"]
        lost = re.findall(r"^(.*): (\d+) rows name no entity in field '(.*)': risk is lost$", answer.err, re.M)
        self.assertEqual(sum(int(count) for _, count, _ in lost), total["lost_risk_count"])
        return lines + [f"lost {rule}: field {field}, {counted(int(count), 'row')}" for rule, count, field in lost]

    def agree(self, answer, state, home, run):
        """What the program prints is what its file holds."""
        stored = {row["key"][:12]: row for row in state.findings()}
        listed = self.accrue("findings", "--format", "ndjson", home=home, now=run.now).lines()
        self.assertEqual([line["finding_id"] for line in listed], list(stored))
        for line in listed:
            row = stored[line["finding_id"]]
            for name in (
                    "normalized_risk_object", "risk_object", "risk_object_type", "risk_score", "raw_risk_score",
                    "counted_risk_score", "risk_event_count", "source_count", "mitre_tactic_id_count", "severity", "state"):
                self.assertEqual(line[name], row[name], name)
        by_id = {line["finding_id"]: line for line in listed}
        for line in answer.lines("finding"):
            del line["kind"]
            self.assertEqual(line, {name: by_id[line["finding_id"]].get(name) for name in line})
        for row in list(stored.values())[:2]:
            self.agree_finding(row, state, home, run)
        sums = self.accrue(
            "search", SUMS, "--no-default-content", "--content", REPOSITORY / "rules/datamodels", "--format", "ndjson",
            home=home, now=run.now).lines()
        self.assertEqual(
            sorted((row["normalized_risk_object"], row["risk_object_type"], row["count"], row["score"]) for row in sums),
            sorted(tuple(row) for row in state.entities()))

    def agree_finding(self, row, state, home, run):
        lines = self.accrue("finding", row["key"][:12], "--explain", "--format", "ndjson", home=home, now=run.now).lines()
        events = [line for line in lines if line["kind"] == "risk_event"]
        stored = state.rows(
            "SELECT key, calculated_risk_score AS score FROM finding_risk_event JOIN risk_event ON id = risk_event_id "
            "WHERE finding_id = ?", row["id"])
        # The ledger is of the windows of the finding's life, with what came late and by today's names.
        own = ("SELECT key, calculated_risk_score AS score FROM risk_event WHERE normalized_risk_object = ? AND risk_object_type = ?"
               " AND {}")
        entity = (row["normalized_risk_object"], row["risk_object_type"])
        at_least = state.rows(
            own.format("(time >= ? AND time < ? OR id IN (SELECT risk_event_id FROM finding_risk_event WHERE finding_id = ?))"),
            *entity, row["info_min_time"], row["info_max_time"], row["id"])
        at_most = state.rows(
            own.format("(time >= ? AND time < (SELECT max(info_max_time) FROM finding_change WHERE finding_id = ?))"), *entity,
            row["info_min_time"], row["id"])
        ledger = [(line["risk_event_id"], line["calculated_risk_score"]) for line in events]
        self.assertEqual(len(set(ledger)), len(ledger))
        self.assertLessEqual({(event["key"][:16], event["score"]) for event in at_least}, set(ledger))
        self.assertLessEqual(set(ledger), {(event["key"][:16], event["score"]) for event in at_most})
        changes = [(line["state"], line["reason_code"], line["risk_score"]) for line in lines if line["kind"] == "change"]
        if changes:
            self.assertEqual(changes, [(one["state"], one["reason_code"], one["risk_score"]) for one in state.changes(row)])
        if row["profile"] == "splunk":
            self.assertEqual(sum(event["score"] for event in stored), row["raw_risk_score"])


class Format(Case):
    """A script that cannot be meant as it stands is refused, with its place."""

    RULES = "=== rules\nA | user:user:60 | T1110\n"
    RUN = RULES + "=== run 2026-11-18T00:00:00Z\n"

    def refuses(self, text, line, message):
        with self.assertRaises(ScriptError) as caught:
            Script(pathlib.Path("x.test"), text)
        self.assertEqual(str(caught.exception)[:len(f"x.test:{line}: ")], f"x.test:{line}: ")
        self.assertIn(message, str(caught.exception))

    def test_sections(self):
        self.refuses("# words\n=== ruels\n", 2, "unknown section 'ruels'")
        self.refuses("A | user:user:60\n", 1, "belongs to no section")
        self.refuses(self.RULES, 3, "no '=== run'")
        self.refuses("=== rules of the house\n", 1, "'of the house' says nothing here")
        self.refuses(self.RUN + "--- spulnk\n", 4, "'spulnk' is no profile")
        self.refuses(self.RUN + "--- splunk\n--- splunk\n", 5, "stands twice")
        self.refuses(self.RULES + "--- splunk\n", 3, "no '=== run' above")
        self.refuses(self.RUN + "=== case late\n", 4, "stands before the first case")
        self.refuses(self.RULES + "=== case\n", 3, "a case says what it shows")
        self.refuses("=== content ../etc/passwd\n", 1, "no path in a content folder")

    def test_rules(self):
        for line, message in [
                ("A", "names no entity"), ("A | user:60", "'user:60' is not field:type:score"),
                ("A | user:person:60", "a type of user, system, other"), ("A | finding user:user:1, finding user:user:2", "more than one"),
                ("A | user:user:1 | Brute Force", "no technique"), ("A | user:user:1 | | file", "'file' is not field:type"),
                ("A*B | user:user:1", "rule name 'A*B'")]:
            self.refuses("=== rules\n# words\n" + line + "\n", 3, message)

    def test_events(self):
        at = "2026-11-17T10:00:00Z"
        for line, message in [
                (f"{at} | A", "an event is TIME | RULE"), ("10:00 | A | user=x", "no time such as"),
                ("2026-11-17T10:00:00 | A | user=x", "no time such as"), (f"{at} y3 | A | user=x", "is not TIME, TIME xN"),
                (f"{at} x0 | A | user=x", "0 events"), (f"{at} | B | user=x", "no rule 'B' above"), (f"{at} | A, B | user=x", "no rule 'B' above"),
                (f"{at} |  | user=x", "no rule '' above"), (f"{at} | A | user", "'user' is not FIELD=VALUE"),
                (f"{at} | A | user=x, user=y", "given twice"), (f"{at} | A | time=x", "the script's own"),
                (f'{at} | A | user="x', "no JSON"), (f'{at} | A | user="x" y=z', "stands after the value"), ("agian", "an event is")]:
            self.refuses(self.RUN + "# words\n" + line + "\n", 5, message)

    def test_other_content(self):
        self.refuses("=== macros\n\nrisk_threshold 5\n", 3, "not NAME = DEFINITION")
        self.refuses("=== enable\nno_such_rule\n", 2, "no risk/incident_rules/no_such_rule.yml")
        self.refuses("=== enable\nrisk_threshold_exceeded_24_hours\n", 2, "is on as it is shipped")
        self.refuses("=== factors\noperation: addition\n", 2, "without 'name:'")
        self.refuses(self.RULES + "=== run tomorrow\n", 3, "no time such as")
        self.refuses(self.RULES + "=== do yesterday\n", 3, "no time such as")

    def test_values(self):
        text = self.RUN + r'2026-11-17T10:00:00Z x2 every 90s | A | user=a b, x="q\"\n,{n}"*2, y=["1", "{n}"], z=null, w=' + "\n"
        events = Script(pathlib.Path("x.test"), text).cases[0][0].events
        self.assertEqual([event["time"] for event in events], ["2026-11-17T10:00:00Z", "2026-11-17T10:01:30Z"])
        self.assertEqual(
            [{key: value for key, value in event.items() if key != "time"} for event in events],
            [{"event_id": f"4.{n}", "script_rule": ["A"], "user": "a b", "x": f'q"\n,{n}' * 2, "y": ["1", str(n)], "z": None, "w": ""}
             for n in (1, 2)])

    def test_update_puts_goldens_below_their_run(self):
        text = self.RUN + "# of the run\n2026-11-17T10:00:00Z | A | user=x\n--- splunk\nold\n\n# of the next\n=== run 2026-11-18T00:00:00Z\nagain\n"
        script = Script(pathlib.Path("x.test"), text)
        self.assertEqual(script.cases[0][0].expected, {"splunk": ["old"]})

        def update(script):
            return script.updated(
                {(run, profile): [f"{profile} {n}"] for n, run in enumerate(script.cases[0]) for profile in PROFILES})
        updated = update(script)
        self.assertEqual(updated, self.RUN + (
            "# of the run\n2026-11-17T10:00:00Z | A | user=x\n--- splunk\nsplunk 0\n--- recommended\nrecommended 0\n\n# of the next\n"
            "=== run 2026-11-18T00:00:00Z\nagain\n--- splunk\nsplunk 1\n--- recommended\nrecommended 1\n"))
        self.assertEqual(update(Script(pathlib.Path("x.test"), updated)), updated)

    def test_there_are_scripts(self):
        self.assertGreaterEqual(len(list(SCRIPTS.glob("*.test"))), 16)


def add_tests():
    for path in sorted(SCRIPTS.glob("*.test")):
        name = "test_" + re.sub(r"\W", "_", path.stem)
        setattr(RiskScripts, name, lambda self, path=path: self.replay(path))


add_tests()
