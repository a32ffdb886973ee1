"""What the tests share: running the program, making CloudTrail, and the answer that a few lines of Python give."""

import copy
import datetime as dt
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ACCRUE_UNDER_TEST", str(REPOSITORY / ".build/release/accrue"))
SEED_RULE = "AWS ECR Container Upload Outside Business Hours"
SEED_SEARCH_NAME = f"ESCU - {SEED_RULE} - Rule"
NOW = "2026-12-01T00:00:00Z"
UTC = dt.timezone.utc
# No test reads or writes the content cache of whoever runs it; a Case has one of its own.
os.environ["ACCRUE_CACHE"] = ""


class Answer:
    def __init__(self, code, out, err):
        self.code, self.bytes = code, out
        self.out = out.decode("utf-8", "replace")
        self.err = err.decode("utf-8", "replace")

    def lines(self, kind=None):
        rows = [json.loads(line) for line in self.out.splitlines() if line.strip()]
        return [row for row in rows if kind is None or row.get("kind") == kind]

    def __str__(self):
        return f"exit {self.code}\nstdout: {self.out[:1500]}\nstderr: {self.err[:3000]}"


def run_program(arguments, stdin=None, environment=None, folder=None, timeout=120, **more):
    """`environment` adds variables; None takes one away."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("ACCRUE_") and k not in ("NO_COLOR", "CLICOLOR_FORCE")}
    clean |= {"ACCRUE_CACHE": ""} | (environment or {})
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], input=stdin if stdin is not None else b"", capture_output=True,
        env={k: v for k, v in clean.items() if v is not None}, cwd=folder or REPOSITORY, timeout=timeout, **more)
    return Answer(done.returncode, done.stdout, done.stderr)


class Case(unittest.TestCase):
    maxDiff = 3000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="accrue-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.home = self.folder / "home"
        self.cache = self.folder.with_name(self.folder.name + "-cache")
        self.addCleanup(shutil.rmtree, self.cache, ignore_errors=True)

    def accrue(self, *arguments, home=None, now=NOW, stdin=None, code=0, environment=None, **more):
        """Run a command in the test's home. `code` is the exit code that must come, None for any."""
        common = ["--home", home or self.home]
        if now is not None:
            common += ["--now", now]
        environment = {"ACCRUE_CACHE": str(self.cache)} | (environment or {})
        answer = run_program([*arguments, *common], stdin=stdin, environment=environment, **more)
        if code is not None:
            self.assertEqual(answer.code, code, f"accrue {' '.join(map(str, arguments))}\n{answer}")
        return answer

    def run_events(self, *inputs, home=None, code=0, **more):
        return self.accrue("run", *inputs, "--format", "ndjson", home=home, code=code, **more)

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def rows(self, sql, *values, home=None):
        with sqlite3.connect(f"file:{(home or self.home) / 'risk.sqlite'}?mode=ro", uri=True) as database:
            return database.execute(sql, values).fetchall()

    def dump(self, home=None):
        with sqlite3.connect(f"file:{(home or self.home) / 'risk.sqlite'}?mode=ro", uri=True) as database:
            return "\n".join(database.iterdump())


def put_image(time, user="alice", repository="app", drop=(), **over):
    """One CloudTrail event. `drop` names dotted paths to leave out; `over` replaces top-level members."""
    unique = hashlib.sha256(f"{time}/{user}/{repository}/{sorted(over.items(), key=str)}".encode()).hexdigest()
    event = {
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": f"arn:aws:iam::111122223333:user/{user}",
            "accountId": "111122223333", "accessKeyId": "AKIAEXAMPLE", "userName": user,
        },
        "eventTime": time,
        "eventSource": "ecr.amazonaws.com",
        "eventName": "PutImage",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli/2.0",
        "requestParameters": {"repositoryName": repository, "imageTag": "latest", "registryId": "111122223333"},
        "responseElements": {"image": {"repositoryName": repository, "imageId": {"imageTag": "latest"}}},
        "requestID": unique[:32],
        "eventID": unique[32:],
        "readOnly": False,
        "resources": [{"ARN": f"arn:aws:ecr:eu-central-1:111122223333:repository/{repository}", "accountId": "111122223333"}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "eventCategory": "Management",
        "recipientAccountId": "111122223333",
    }
    event |= copy.deepcopy(over)
    for path in drop:
        *parents, last = path.split(".")
        place = event
        for name in parents:
            place = place[name]
        del place[last]
    return event


def ndjson(events):
    return "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events).encode()


def epoch(time):
    return int(dt.datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp())


def iso(seconds):
    return dt.datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tick(seconds):
    """When the hourly search whose window (-70m to -10m) holds the second ran."""
    return ((seconds + 600) // 3600 + 1) * 3600


def path_value(event, path):
    for name in path.split("."):
        if not isinstance(event, dict) or name not in event:
            return None
        event = event[name]
    return event


BY = {
    "signature": "eventName", "user": "userIdentity.userName", "user_agent": "userAgent", "src": "sourceIPAddress",
    "vendor_account": "recipientAccountId", "vendor_region": "awsRegion",
    "repository": "requestParameters.repositoryName",
}


def fires(event):
    """The seed rule's first line, over the text of the event."""
    source, name = event.get("eventSource") or "", event.get("eventName") or ""
    if source.lower() != "ecr.amazonaws.com" or name.lower() != "putimage":
        return False
    text = event["eventTime"]
    hour, weekday = int(text[11:13]), dt.date.fromisoformat(text[:10]).weekday()
    return hour >= 20 or hour < 8 or weekday >= 5


def expected_rows(events):
    """{(tick, BY values...): (count, first, last)} of hourly runs, as independent arithmetic."""
    rows = {}
    for event in filter(fires, events):
        values = tuple(path_value(event, path) for path in BY.values())
        if None in values:
            continue
        when = epoch(event["eventTime"])
        count, first, last = rows.get((tick(when), *values), (0, when, when))
        rows[(tick(when), *values)] = (count + 1, min(first, when), max(last, when))
    return rows


def found_rows(answer):
    rows = {}
    for line in answer.lines("risk_event"):
        key = (line["_time"], *(line[name] for name in BY))
        assert key not in rows, f"two rows for {key}"
        rows[key] = (line["count"], epoch(line["firstTime"] + "Z"), epoch(line["lastTime"] + "Z"))
    return rows


DRILLDOWNS = [
    {"name": 'Results for "$user$"', "search": '%original_detection_search% | search user = "$user$"',
     "earliest_offset": "$info_min_time$", "latest_offset": "$info_max_time$"},
    {"name": 'Risk of "$user$"', "earliest_offset": "7d", "latest_offset": "0",
     "search": '| from datamodel Risk.All_Risk | search normalized_risk_object IN ("$user$") '
               "| stats count min(_time) as firstTime max(_time) as lastTime sum(calculated_risk_score) as score "
               "by normalized_risk_object"},
]


def rule(name, search, entities=(("user", "user", 20),), message="seen $user$", **more):
    """A detection of the newest schema. JSON is YAML."""
    document = {
        "name": name, "id": more.pop("id", None) or identity(name), "version": 1, "creation_date": "2026-11-01",
        "modification_date": "2026-11-01", "author": "E2E", "status": "production", "type": "Anomaly",
        "description": "A rule of a test.", "data_source": [], "search": search, "how_to_implement": "Nothing.",
        "known_false_positives": "None.", "references": [], "drilldown_searches": DRILLDOWNS,
        "intermediate_findings": {"entities": [
            {"field": field, "type": kind, "score": score, "message": message} for field, kind, score in entities]},
        "threat_objects": [], "analytic_story": ["Dev Sec Ops"], "asset_type": "AWS Account",
        "mitre_attack_id": ["T1204.003"],
        "product": ["Splunk Enterprise", "Splunk Enterprise Security", "Splunk Cloud"], "category": "cloud",
        "security_domain": "network", "tests": [],
    }
    document |= more
    return json.dumps(document, indent=2)


def identity(name):
    digits = hashlib.sha256(name.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def timed_rule(name="Timed", entities=(("user", "user", 20),), **more):
    """A detection whose risk events stand at the second of their log event, not at the hour of the run."""
    return rule(
        name, "sourcetype=aws:cloudtrail eventName=PutImage | stats min(_time) as _time count by userIdentity.userName, "
              "eventID | rename userIdentity.userName as user", entities=entities, **more)


def hours_of_one_user(count, start="2026-11-18T20:05:00Z", user="alice", **over):
    """One upload an hour; all hours from 20:00 on Wednesday to 08:00, then the weekend's."""
    first, events, at = epoch(start), [], 0
    while len(events) < count:
        event = put_image(iso(first + at * 3600), user=user, **over)
        at += 1
        if fires(event):
            events.append(event)
    return events
