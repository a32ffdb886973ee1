"""The text form of risk scripts (fixtures/risk/README.md): reading one, and writing it out as content and logs."""

import datetime as dt
import json
import re

from harness import REPOSITORY, identity, rule

SOURCETYPE = "risk:script"
PROFILES = ("splunk", "recommended")
LISTS = ("identities", "assets", "stop_values")
OWN_FIELDS = ("time", "event_id", "script_rule")
ENTITY_TYPES = ("user", "system", "other")
SPANS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


class ScriptError(Exception):
    """What is wrong in a script, and where."""


class Rule:
    def __init__(self, name, entities, techniques, threats, message, search):
        self.name, self.entities, self.techniques, self.threats = name, entities, techniques, threats
        self.message, self.search = message, search


class Run:
    """One `accrue run`: what is content then, the commands before it, and its log events."""

    def __init__(self, place, now, options, content, commands):
        self.place, self.now, self.options, self.content, self.commands = place, now, options, content, commands
        self.events = []
        self.expected = {}


class Content:
    """Rules by name, and the text of every other file by its path in the content folder."""

    def __init__(self, rules=(), files=()):
        self.rules, self.files = dict(rules), dict(files)

    def copy(self):
        return Content(self.rules, self.files)


class Script:
    """`cases` are lists of runs over one index each. `blocks` are the golden parts, as (run, profile, first line, end)."""

    def __init__(self, path, text=None):
        self.name, self.lines = path.name, (path.read_text() if text is None else text).split("\n")
        self.cases, self.blocks = [], []
        self._content, self._shared, self._commands = Content(), None, []
        # By rule, what its events have; and those that hold lists.
        self._fields, self._list_fields = {}, set()
        self._read()

    def _fail(self, number, message):
        raise ScriptError(f"{self.name}:{number}: {message}")

    # Sections

    def _read(self):
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            number += 1
            if line.startswith("=== "):
                word, _, rest = line[4:].strip().partition(" ")
                read = getattr(self, f"_read_{word}", None) if re.fullmatch("[a-z_]+", word) else None
                if read is None:
                    self._fail(number, f"unknown section '{word}'")
                body, number = self._body(number)
                read(number - len(body), rest.strip(), body)
            elif line.startswith("--- "):
                number = self._read_expected(number, line[4:].strip())
            elif line.strip() and not line.startswith("#"):
                self._fail(number, "a line that belongs to no section")
        if not any(self.cases):
            self._fail(len(self.lines), "no '=== run'")

    def _body(self, number):
        end = number
        while end < len(self.lines) and not self.lines[end].startswith(("=== ", "--- ")):
            end += 1
        return self.lines[number:end], end

    def _rows(self, number, body):
        """Lines that say something, with their numbers. `number` is how many lines stand above the body."""
        for offset, line in enumerate(body, start=number + 1):
            if line.strip() and not line.startswith("#"):
                yield offset, line.strip()

    def _no_title(self, number, rest):
        if rest:
            self._fail(number, f"'{rest}' says nothing here")

    def _read_rules(self, number, rest, body):
        self._no_title(number, rest)
        for at, line in self._rows(number, body):
            # A search has pipes of its own, so it is the rest of the line.
            columns = [column.strip() for column in line.split("|", 5)]
            name, entities, techniques, threats, message, search = columns + [""] * (6 - len(columns))
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _-]*", name):
                self._fail(at, f"rule name '{name}' is not letters, digits and blanks")
            parsed = Rule(
                name, [self._entity(at, text) for text in _parts(entities)], _parts(techniques),
                [self._threat(at, text) for text in _parts(threats)], message, search)
            if not parsed.entities:
                self._fail(at, f"rule '{name}' names no entity: field:type:score")
            if sum(entity["is_finding"] for entity in parsed.entities) > 1:
                self._fail(at, f"rule '{name}' has more than one finding entity")
            for technique in parsed.techniques:
                if not re.fullmatch(r"T\d{4}(\.\d{3})?", technique):
                    self._fail(at, f"'{technique}' is no technique such as T1059 or T1059.001")
            self._content.rules[name] = parsed

    def _entity(self, at, text):
        found = re.fullmatch(r"(finding )?(\w+):(\w+):(\d+)", text)
        if not found or found[3] not in ENTITY_TYPES:
            self._fail(at, f"'{text}' is not field:type:score with a type of {', '.join(ENTITY_TYPES)}")
        return {"is_finding": bool(found[1]), "field": found[2], "type": found[3], "score": int(found[4])}

    def _threat(self, at, text):
        found = re.fullmatch(r"(\w+):(\w+)", text)
        if not found:
            self._fail(at, f"'{text}' is not field:type")
        return {"field": found[1], "type": found[2]}

    def _list(self, name, number, rest, body):
        self._no_title(number, rest)
        lines = [line for line in body if line.strip()]
        path = f"entities/{name}.csv"
        if lines:
            self._content.files[path] = "\n".join(lines) + "\n"
        else:
            self._content.files.pop(path, None)

    def _read_identities(self, *section):
        self._list("identities", *section)

    def _read_assets(self, *section):
        self._list("assets", *section)

    def _read_stop_values(self, *section):
        self._list("stop_values", *section)

    def _read_factors(self, number, rest, body):
        self._no_title(number, rest)
        for path in [path for path in self._content.files if path.startswith("risk/factors/")]:
            del self._content.files[path]
        document, start = [], number
        for offset, line in enumerate([*body, "---"], start=number + 1):
            if line.strip() != "---":
                document.append(line)
                continue
            text = "\n".join(document).strip("\n")
            if text:
                name = re.search(r"^name: *(\S.*)$", text, re.M)
                if not name:
                    self._fail(start + 1, "a factor without 'name:'")
                given = dict(id=identity(f"factor {name[1]}"), version="1", description="Of a script.", enabled="true")
                more = [f"{key}: {value}" for key, value in given.items() if not re.search(f"^{key}:", text, re.M)]
                self._content.files[f"risk/factors/{len(self._content.files)}.yml"] = "\n".join([text, *more]) + "\n"
            document, start = [], offset

    def _read_macros(self, number, rest, body):
        self._no_title(number, rest)
        for at, line in self._rows(number, body):
            found = re.fullmatch(r"(\w+) *= *(.+)", line)
            if not found:
                self._fail(at, f"'{line}' is not NAME = DEFINITION")
            text = {"name": found[1], "id": identity(f"macro {found[1]}"), "version": 1, "definition": found[2]}
            self._content.files[f"macros/{found[1]}.yml"] = json.dumps(text)

    def _read_enable(self, number, rest, body):
        self._no_title(number, rest)
        for at, line in self._rows(number, body):
            shipped = REPOSITORY / f"risk/incident_rules/{line}.yml"
            if not re.fullmatch(r"\w+", line) or not shipped.exists():
                self._fail(at, f"no risk/incident_rules/{line}.yml")
            text = shipped.read_text()
            if "    enabled: false\n" not in text:
                self._fail(at, f"{line} is on as it is shipped")
            self._content.files[f"risk/incident_rules/{line}.yml"] = text.replace("    enabled: false\n", "")

    def _read_content(self, number, rest, body):
        if not re.fullmatch(r"[\w/]+\.\w+", rest) or rest.startswith("/"):
            self._fail(number, f"'{rest}' is no path in a content folder")
        self._content.files[rest] = "\n".join(body).strip("\n") + "\n"

    def _read_case(self, number, rest, body):
        for at, _ in self._rows(number, body):
            self._fail(at, "a line that belongs to no section")
        if not rest:
            self._fail(number, "a case says what it shows")
        if self._shared is None:
            if self.cases:
                self._fail(number, "a run stands before the first case")
            self._shared = self._content
        self._content, self._commands = self._shared.copy(), []
        self.cases.append([])

    def _read_do(self, number, rest, body):
        now = self._time(number, rest)
        self._commands += [(now, line) for _, line in self._rows(number, body)]

    def _read_run(self, number, rest, body):
        now, _, options = rest.partition(" ")
        run = Run(f"{self.name}:{number}", self._time(number, now), options.split(), self._content.copy(), self._commands)
        self._commands = []
        if not self.cases:
            self.cases.append([])
        for at, line in self._rows(number, body):
            if line == "again":
                run.events += [event for earlier in self.cases[-1] for event in earlier.events]
            else:
                run.events += self._events(at, line)
        self.cases[-1].append(run)

    # Log events

    def _events(self, at, line):
        columns = line.split("|", 2)
        if len(columns) != 3:
            self._fail(at, "an event is TIME | RULE | FIELD=VALUE, FIELD=VALUE")
        when, rules, fields = (column.strip() for column in columns)
        found = re.fullmatch(r"(\S+)(?: x(\d+)(?: every (\d+)(ms|s|m|h|d))?)?", when)
        if not found:
            self._fail(at, f"'{when}' is not TIME, TIME xN or TIME xN every 60s")
        first, count = self._instant(at, found[1]), int(found[2] or 1)
        step = dt.timedelta(seconds=int(found[3]) * SPANS[found[4]]) if found[3] else dt.timedelta()
        if not 0 < count <= 1000:
            self._fail(at, f"{count} events, not 1 to 1000")
        names = _parts(rules)
        for name in names or [rules]:
            if name not in self._content.rules:
                self._fail(at, f"no rule '{name}' above")
        values = self._values(at, fields)
        self._list_fields.update(name for name, value in values.items() if isinstance(value, list))
        for name in names:
            self._fields.setdefault(name, []).extend(values)
        return [
            {"time": (first + step * n).isoformat().replace("+00:00", "Z"), "event_id": f"{at}.{n + 1}", "script_rule": names}
            | {field: _numbered(value, n + 1) for field, value in values.items()}
            for n in range(count)]

    def _values(self, at, text):
        values, decoder = {}, json.JSONDecoder()
        while text:
            found = re.match(r"(\w+) *= *", text)
            if not found:
                self._fail(at, f"'{text[:40]}' is not FIELD=VALUE")
            name, text = found[1], text[found.end():]
            if name in OWN_FIELDS or name in values:
                self._fail(at, f"field '{name}' is " + ("given twice" if name in values else "the script's own"))
            try:
                if text[:1] in ('"', "["):
                    value, end = decoder.raw_decode(text)
                    times = re.compile(r" *\* *(\d{1,5})\b").match(text, end)
                    if times and isinstance(value, str):
                        value, end = value * int(times[1]), times.end()
                else:
                    end = (text + ",").index(",")
                    value = text[:end].strip()
                    value = None if value == "null" else value
            except ValueError as problem:
                self._fail(at, f"value of '{name}' is no JSON: {problem}")
            values[name], text = value, text[end:].strip()
            if text and not text.startswith(","):
                self._fail(at, f"'{text[:40]}' stands after the value of '{name}'")
            text = text[1:].strip()
        return values

    def _instant(self, at, text):
        try:
            if not text.endswith("Z"):
                raise ValueError
            return dt.datetime.fromisoformat(text)
        except ValueError:
            self._fail(at, f"'{text}' is no time such as 2026-11-17T10:00:00Z")

    def _time(self, at, text):
        self._instant(at, text)
        return text

    # Goldens

    def _read_expected(self, number, profile):
        if profile not in PROFILES:
            self._fail(number, f"'{profile}' is no profile: {', '.join(PROFILES)}")
        if not self.cases or not self.cases[-1]:
            self._fail(number, "no '=== run' above")
        run = self.cases[-1][-1]
        if profile in run.expected:
            self._fail(number, f"'{profile}' stands twice")
        body, end = self._body(number)
        # Comments at the end belong to what follows.
        while body and (not body[-1].strip() or body[-1].startswith("#")):
            body.pop()
        run.expected[profile] = body
        self.blocks.append((number - 1, number + len(body)))
        return number + len(body)

    def fields_of(self, rule):
        """What a rule's rows hold: what it names, and what its events have."""
        tokens = re.findall(r"\$(\w+)\$", rule.message)
        named = [part["field"] for part in rule.entities + rule.threats]
        return sorted({*named, *tokens, *self._fields.get(rule.name, [])})

    def updated(self, actual):
        """The script's text with other goldens.

        `actual` is (run, profile) -> lines. They stand below the events of their run.
        """
        kept, golden = [], {line for start, end in self.blocks for line in range(start, end)}
        runs = iter([run for case in self.cases for run in case])
        pending = None

        def flush():
            if pending is None:
                return
            rest = []
            while kept and (not kept[-1].strip() or kept[-1].startswith("#")):
                rest.insert(0, kept.pop())
            for profile in PROFILES:
                kept.extend([f"--- {profile}", *actual[pending, profile]])
            kept.extend(rest)

        for number, line in enumerate(self.lines):
            if number in golden:
                continue
            if line.startswith("=== "):
                flush()
                pending = next(runs) if line.startswith("=== run") else None
            kept.append(line)
        flush()
        return "\n".join(kept).rstrip("\n") + "\n"

    # Writing out

    def write(self, run, write):
        """Content and log of a run. `write` is (path, text) -> the file's path.

        - Returns: the log, and the names of the rules.
        """
        for path, text in run.content.files.items():
            write(f"content/{path}", text)
        for number, rule in enumerate(run.content.rules.values()):
            write(f"content/detections/{number}.yml", self._detection(rule))
        return write("log.ndjson", "".join(json.dumps(event) + "\n" for event in run.events)), list(run.content.rules)

    def firing_counts(self, run):
        """By rule with the default search, how many events of the run it must match."""
        return {
            name: sum(name in event["script_rule"] for event in run.events)
            for name, part in run.content.rules.items() if not part.search}

    def _search(self, part):
        # A list of JSON is the field NAME{}.
        lists = "".join(f" | eval {name}=coalesce({name}, '{name}{{}}')" for name in sorted(self._list_fields))
        fields = " ".join(self.fields_of(part))
        return f'sourcetype={SOURCETYPE} "script_rule{{}}"="{part.name}"{lists} | table _time event_id {fields}'

    def _detection(self, part):
        message = part.message or f"{part.name} saw ${part.entities[0]['field']}$"
        search = part.search or self._search(part)
        plain = [(entity["field"], entity["type"], entity["score"]) for entity in part.entities if not entity["is_finding"]]
        more = {"mitre_attack_id": part.techniques, "threat_objects": part.threats, "drilldown_searches": []}
        for entity in part.entities:
            if entity["is_finding"]:
                named = {key: entity[key] for key in ("field", "type", "score")}
                more |= {"type": "TTP", "finding": {"title": f"Finding: {message}", "entity": named}}
        if not plain:
            more["intermediate_findings"] = {"entities": []}
        return rule(part.name, search, entities=plain, message=message, **more)


def _parts(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbered(value, number):
    """`{n}` in a value is the number of the event among those of its line."""
    if isinstance(value, list):
        return [_numbered(part, number) for part in value]
    return value.replace("{n}", str(number)) if isinstance(value, str) else value
