"""Content: rules of one's own, broken files, what does not run and why."""

import os
import pathlib
import shutil

import unittest

from harness import REPOSITORY, SEED_RULE, Case, identity, ndjson, put_image, rule, run_program, timed_rule

SHARED = pathlib.Path(os.environ.get("ACCRUE_SHARED", REPOSITORY.parent / "shared"))
if not SHARED.exists():
    SHARED = pathlib.Path(os.environ.get("ACCRUE_SHARED", REPOSITORY.parents[1] / "shared"))

OLDER = {
    "observables": """
name: Older One
id: 11111111-1111-4111-8111-111111111111
version: 1
date: '2024-01-01'
author: E2E
status: production
type: TTP
description: A rule of the first generation.
data_source: []
search: '`cloudtrail` eventName=PutImage | stats count by userIdentity.userName, sourceIPAddress | rename userIdentity.userName as user, sourceIPAddress as src | `older_one_filter`'
how_to_implement: Nothing.
known_false_positives: None.
references: []
tags:
  analytic_story: [Dev Sec Ops]
  asset_type: AWS Account
  confidence: 70
  impact: 70
  message: older $user$ from $src$
  mitre_attack_id: [T1204.003]
  observable:
  - {name: user, type: User, role: [Victim]}
  - {name: src, type: IP Address, role: [Attacker]}
  product: [Splunk Enterprise]
  risk_score: 49
  required_fields: [_time]
  security_domain: network
tests: []
""",
    "rba": """
name: Middle One
id: 22222222-2222-4222-8222-222222222222
version: 1
date: '2025-01-01'
author: E2E
status: production
type: Anomaly
description: A rule of the second generation.
data_source: []
search: '`cloudtrail` eventName=PutImage | stats count by userIdentity.userName, sourceIPAddress | rename userIdentity.userName as user, sourceIPAddress as src | `middle_one_filter`'
how_to_implement: Nothing.
known_false_positives: None.
references: []
rba:
  message: middle $user$ from $src$
  risk_objects:
  - {field: user, type: user, score: 33}
  threat_objects:
  - {field: src, type: ip_address}
tags:
  analytic_story: [Dev Sec Ops]
  asset_type: AWS Account
  mitre_attack_id: [T1204.003]
  product: [Splunk Enterprise]
  security_domain: network
tests: []
""",
}


class Content(Case):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        self.events = self.write("e.json", ndjson([put_image("2026-11-17T21:00:00Z", user="alice")]))

    def add(self, name, text):
        self.write(f"content/detections/{name}", text)

    def with_content(self, *more, code=None, command="run"):
        return self.run_events(self.events, "--content", self.content, *more, code=code)

    def fired(self, answer):
        return sorted(line["search_name"].removeprefix("ESCU - ").removesuffix(" - Rule") for line in answer.lines("risk_event"))

    def test_all_three_generations(self):
        self.add("older_one.yml", OLDER["observables"])
        self.add("middle_one.yml", OLDER["rba"])
        self.add("new.yml", timed_rule("Newest One"))
        answer = self.with_content()
        self.assertEqual(self.fired(answer), [SEED_RULE, "Middle One", "Newest One", "Older One"], answer.err)
        scores = {line["search_name"]: (line["risk_score"], line["risk_message"]) for line in answer.lines("risk_event")}
        self.assertEqual(scores["ESCU - Older One - Rule"], (49, "older alice from 198.51.100.7"))
        self.assertEqual(scores["ESCU - Middle One - Rule"], (33, "middle alice from 198.51.100.7"))
        threats = {line["search_name"]: line.get("threat_object") for line in answer.lines("risk_event")}
        self.assertEqual(threats["ESCU - Older One - Rule"], "198.51.100.7")

    def test_files_that_are_no_rule(self):
        broken = {
            "not_yaml.yml": "name: [unclosed\n  - x: : :\n", "scalar.yml": "just text\n", "list.yml": "- a\n- b\n", "empty.yml": "",
            "other.yml": "name: Something Else\ncolour: blue\n", "tabs.yml": "name: x\n\tid: y\n", "binary.yml": "\0\1\2",
            "no_search.yml": timed_rule("No Search").replace('"search"', '"sarch"', 1),
            "bomb.yml": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98+n)}: &{chr(98+n)} [{','.join(['*'+chr(97+n)]*9)}]\n" for n in range(9)),
            "deep.yml": "[" * 20000,
        }
        for name, text in broken.items():
            self.add(name, text)
        self.add("good.yml", timed_rule("Good One"))
        answer = self.with_content(code=1)
        self.assertEqual(self.fired(answer), [SEED_RULE, "Good One"])
        for name in broken:
            if name != "empty.yml":
                self.assertIn(name, answer.err, name)
        self.assertRegex(answer.err, r"E\d\d\d")

    def test_unknown_key_is_reported_and_the_rule_loads(self):
        self.add("odd.yml", timed_rule("Odd One", surprising_key=1))
        answer = self.with_content()
        self.assertIn("surprising_key", answer.err)
        self.assertIn("Odd One", self.fired(answer))

    def test_rules_that_cannot_run_are_named_and_the_others_run(self):
        stats = " | stats count by userIdentity.userName | rename userIdentity.userName as user"
        base = "sourcetype=aws:cloudtrail eventName=PutImage"
        cases = {
            "Unknown Macro": (f"`no_such_macro` {base}{stats}", "no_such_macro"),
            "Unknown Command": (f"{base} | frobnicate x{stats}", "frobnicate"),
            "Later Command": (f"{base} | kmeans user{stats}", "kmeans"),
            "Unknown Function": (f"{base} | eval x=nosuchfunction(1){stats}", "nosuchfunction"),
            "Bad Syntax": (f"{base} | stats count by (", ""),
            "Bad Quote": (f'{base} user="open{stats}', ""),
            "Endless Macro": (f"`endless`{stats}", "endless"),
            "Lookup": (f"{base} | lookup no_such_lookup user{stats}", "lookup"),
            "Unknown Argument": (f"{base} | stats nosuchfunc(x) by user", "nosuchfunc"),
        }
        for number, (name, (search, _)) in enumerate(cases.items()):
            self.add(f"r{number}.yml", rule(name, search))
        self.write("content/macros/endless.yml", "name: endless\ndescription: x\ndefinition: '`endless`'\n")
        self.add("good.yml", timed_rule("Good One"))
        answer = self.with_content(code=1)
        self.assertEqual(self.fired(answer), [SEED_RULE, "Good One"])
        skipped = {line["rule"]: line for line in answer.lines("skipped")}
        self.assertEqual(set(skipped), set(cases))
        for name, (_, word) in cases.items():
            self.assertIn(word, skipped[name]["message"] + (skipped[name].get("hint") or ""), name)
            self.assertRegex(skipped[name]["code"], r"^[EW]\d\d\d$")
            self.assertTrue(skipped[name]["line"] > 0 and skipped[name]["file"].endswith(".yml"))

    def test_entity_field_that_is_not_in_the_output(self):
        self.add("lost.yml", rule("Lost One", "sourcetype=aws:cloudtrail eventName=PutImage | stats count by eventName", entities=[("user", "user", 20)]))
        answer = self.with_content()
        self.assertEqual(self.fired(answer), [SEED_RULE])
        self.assertEqual(answer.lines("skipped"), [])
        self.assertEqual(answer.lines("summary")[0]["lost_risk_count"], 1)
        self.assertRegex(answer.err, r"lost.yml:\d+:\d+: warning\[W360\]: entity field 'user'")

    def test_a_wider_subsearch_does_not_widen_a_rule_of_the_same_events(self):
        # Both rules begin with the same terms and share one reading; the subsearch of the first reaches a month back.
        base = "sourcetype=aws:cloudtrail eventName=PutImage"
        count = "stats count as n by userIdentity.userName | rename userIdentity.userName as user"
        self.add("wide.yml", rule("Wide One", f"{base} earliest=-30d latest=now | head 1 | append [search {base} | {count}] | search n=*"))
        self.add("narrow.yml", rule("Narrow One", f"{base} | {count}", message="$user$ $n$ times"))
        self.write("e.json", ndjson([put_image(f"2026-11-{day}T21:00:00Z", repository=f"r{day}") for day in (10, 12, 17, 18)]))
        answer = self.with_content(
            "--once", "--rule", "Wide One", "--rule", "Narrow One", "--earliest", "2026-11-17T00:00:00Z", "--now", "2026-11-20T00:00:00Z")
        messages = [line["risk_message"] for line in answer.lines("risk_event") if "Narrow One" in line["search_name"]]
        self.assertEqual(messages, ["alice 2 times"])

    def test_entity_field_that_is_null_in_some_rows(self):
        self.add("lost.yml", rule("Lost One", 'sourcetype=aws:cloudtrail eventName=PutImage | stats count by requestParameters.repositoryName '
                                              '| eval user=if(\'requestParameters.repositoryName\'=="app", null(), "known")'))
        self.write("e.json", ndjson([put_image("2026-11-17T21:00:00Z", repository=r) for r in ("app", "b", "c")]))
        answer = self.with_content("--rule", "Lost One")
        self.assertEqual([line["risk_object"] for line in answer.lines("risk_event")], ["known", "known"])
        self.assertEqual(answer.lines("summary")[0]["lost_risk_count"], 1)
        self.assertIn("Lost One", answer.err)

    def test_message_tokens_that_are_not_filled(self):
        self.add("t.yml", timed_rule("Token One", message="saw $user$ at $nowhere$ for $$ and $count$ times"))
        answer = self.with_content()
        line = next(e for e in answer.lines("risk_event") if "Token One" in e["search_name"])
        self.assertIn("saw alice at ", line["risk_message"])
        self.assertIn("1 times", line["risk_message"])
        self.assertIn("nowhere", answer.err)

    def test_rules_by_glob_and_file(self):
        self.add("one.yml", timed_rule("Pick Me"))
        self.add("two.yml", timed_rule("Not Me"))
        self.assertEqual(self.fired(self.with_content("--rule", "Pick*", code=0)), ["Pick Me"])
        self.assertEqual(self.fired(self.with_content("--rule", "*ECR*", code=0)), [SEED_RULE])
        self.assertEqual(self.fired(self.with_content("--rule", "Pick*", "--rule", "Not Me", code=0)), ["Not Me", "Pick Me"])
        alone = self.write("elsewhere/three.yml", timed_rule("Three"))
        self.assertEqual(self.fired(self.run_events(self.events, "--rule", alone)), ["Three"])
        answer = self.run_events(self.events, "--rule", "No Such*", code=None)
        self.assertIn(answer.code, (1, 2))
        self.assertIn("No Such*", answer.err)

    def test_no_default_content(self):
        """A folder of one's own alone: no ATT&CK table, no incident rules, and the detection runs all the same."""
        self.write("content/default/props.conf", "[aws:cloudtrail]\nKV_MODE = json\nTIME_PREFIX = \"eventTime\":\\s*\"\nTIME_FORMAT = %Y-%m-%dT%H:%M:%S%Z\n")
        self.add("one.yml", timed_rule("Alone"))
        listed = self.accrue("content", "list", "--no-default-content", "--content", self.content, "--format", "ndjson").lines()
        self.assertEqual([row["name"] for row in listed], ["Alone"])
        answer = self.with_content("--no-default-content", "--sourcetype", "aws:cloudtrail")
        self.assertEqual(self.fired(answer), ["Alone"], answer)

    def test_later_content_wins_and_it_is_said(self):
        self.add("one.yml", rule(SEED_RULE, "sourcetype=aws:cloudtrail eventName=PutImage | stats count by userIdentity.userName | rename userIdentity.userName as user",
                                 entities=[("user", "user", 77)]))
        answer = self.with_content()
        self.assertEqual([line["risk_score"] for line in answer.lines("risk_event")], [77])
        self.assertIn(SEED_RULE, answer.err)

    def test_a_macro_of_ones_own_wins(self):
        self.write("content/macros/filter.yml", "name: aws_ecr_container_upload_outside_business_hours_filter\ndescription: x\ndefinition: search user!=alice\n")
        self.assertEqual(self.fired(self.with_content()), [])

    def test_environment(self):
        self.add("one.yml", timed_rule("From Environment"))
        environment = {"ACCRUE_CONTENT": f"{self.content}:{self.folder / 'content2'}", "ACCRUE_HOME": str(self.folder / "home2")}
        self.write("content2/detections/two.yml", timed_rule("From Second"))
        answer = run_program(["run", self.events, "--format", "ndjson"], environment=environment)
        self.assertEqual(answer.code, 0, answer)
        self.assertEqual(self.fired(answer), [SEED_RULE, "From Environment", "From Second"])
        self.assertTrue((self.folder / "home2/risk.sqlite").exists())

    def test_content_that_is_not_there(self):
        answer = self.run_events(self.events, "--content", self.folder / "nowhere", code=None)
        self.assertIn(answer.code, (1, 2, 3))
        self.assertIn("nowhere", answer.err)

    def test_home_defaults_to_the_working_folder(self):
        shutil.copytree(REPOSITORY / "rules", self.folder / "work/rules")
        shutil.copytree(REPOSITORY / "risk", self.folder / "work/risk")
        answer = run_program(["run", self.events, "--format", "ndjson"], folder=self.folder / "work")
        self.assertEqual(self.fired(answer), [SEED_RULE])
        self.assertTrue((self.folder / "work/.accrue/risk.sqlite").exists())

    def test_a_splunk_app_folder(self):
        self.write("app/default/props.conf", "[my:st]\nKV_MODE = json\nEVAL-user = upper(who)\nTIME_PREFIX = \"t\":\\s*\"\nTIME_FORMAT = %Y-%m-%dT%H:%M:%S%Z\n")
        self.write("app/local/macros.conf", "[my_source]\ndefinition = sourcetype=my:st\n\n[twice(1)]\nargs = x\ndefinition = eval $x$=$x$*2\n")
        self.write("app/detections/r.yml", rule("App Rule", "`my_source` | stats count as n by user | `twice(n)` | where n=4"))
        log = self.write("my.log", '{"t":"2026-11-17T10:00:00Z","who":"bob"}\n{"t":"2026-11-17T10:00:01Z","who":"bob"}\n')
        answer = self.run_events(log, "--sourcetype", "my:st", "--content", self.folder / "app", code=None)
        self.assertEqual([line["risk_object"] for line in answer.lines("risk_event")], ["BOB"], answer.err)


@unittest.skipUnless((SHARED / "corpus/security_content").exists(), "the shared corpus is not here")
class Corpus(Case):
    def test_loads_and_the_seed_rule_still_fires(self):
        events = self.write("e.json", ndjson([put_image("2026-11-17T21:00:00Z", user="alice")]))
        answer = self.run_events(events, "--content", SHARED / "corpus/security_content", code=None)
        self.assertIn(answer.code, (0, 1), answer)
        self.assertTrue(any(SEED_RULE in line["search_name"] for line in answer.lines("risk_event")), answer.err[:2000])
        summary = answer.lines("summary")[0]
        self.assertEqual(summary["skipped_count"], len(answer.lines("skipped")))
        for line in answer.lines("skipped"):
            self.assertTrue(line["rule"] and line["code"] and line["message"], line)
        listed = self.accrue("content", "list", "--content", SHARED / "corpus/security_content", "--format", "ndjson", code=None).lines()
        self.assertGreater(len(listed), 1000)
        self.assertNotIn("Fatal", answer.err)


class Lookups(Case):
    """Tables of content folders of both shapes, and of the command line."""

    ROW = ndjson([{"process": "evil.exe", "ip": "10.1.2.3"}])

    def search(self, search, *options, code=0):
        return self.accrue("search", search, "--results", "-", "--format", "ndjson", *options, stdin=self.ROW, code=code)

    def test_a_content_folder_brings_definitions_and_tables(self):
        self.write("content/lookups/bad_names.yml", "name: bad_names\ndescription: x\nfilename: bad.csv\ndefault_match: 'false'\nmatch_type: WILDCARD(process)\nmin_matches: 1\ncase_sensitive_match: 'false'\n")
        self.write("content/lookups/bad.csv", "process, isBad\nEVIL*, true\n")
        row = self.search("| lookup bad_names process", "--content", self.folder / "content").lines()[0]
        self.assertEqual(row["isBad"], "true")
        row = self.search("| lookup bad.csv process", "--content", self.folder / "content").lines()[0]
        self.assertNotIn("isBad", row)

    def test_a_splunk_app_brings_definitions_and_tables(self):
        self.write("app/default/transforms.conf", "[nets]\nfilename = nets.csv\nmatch_type = CIDR(net)\nmax_matches = 1\n")
        self.write("app/lookups/nets.csv", "net,zone\n10.0.0.0/8,inside\n10.1.0.0/16,lab\n")
        row = self.search("| lookup nets net AS ip OUTPUT zone", "--content", self.folder / "app").lines()[0]
        self.assertEqual(row["zone"], "inside")

    def test_the_command_line_brings_rows(self):
        table = self.write("hosts.csv", "host,owner\nweb1,ann\ndb1,joe\n")
        answer = self.accrue("search", "| inputlookup hosts | table host owner", "--lookup", f"hosts={table}", "--format", "ndjson")
        self.assertEqual([row["owner"] for row in answer.lines()], ["ann", "joe"])
        answer = self.accrue("search", "| inputlookup hsots", "--lookup", f"hosts={table}", code=2)
        self.assertIn("E740", answer.err)
        self.assertIn("hosts", answer.err)
        self.accrue("search", "| inputlookup hosts", "--lookup", "hosts", code=2)
        self.assertIn("E751", self.accrue("search", "| inputlookup hosts", "--lookup", "hosts=nowhere.csv", code=3).err)

    def test_tables_of_other_apps_are_there_and_empty(self):
        row = self.search("| lookup identity_lookup_expanded objectSid AS process OUTPUT downLevelDomainName AS user").lines()[0]
        self.assertNotIn("user", row)
        self.write("content/lookups/identity_lookup_expanded.csv", "objectSid,downLevelDomainName\nevil.exe,CORP\\\\eve\n")
        row = self.search("| lookup identity_lookup_expanded objectSid AS process OUTPUT downLevelDomainName AS user", "--content", self.folder / "content").lines()[0]
        self.assertEqual(row["user"], "CORP\\\\eve")
