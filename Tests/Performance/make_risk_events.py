#!/usr/bin/env python3
"""Make risk events for measuring the risk index: NDJSON for `accrue index import`, and the same rows as CSV, a file a table.

    python3 Tests/Performance/make_risk_events.py FOLDER --events 1000000

50,000 entities with 1.2 names each on average, taken as a Zipf-like law says; 300 rules; 30 days. The same seed gives the
same bytes. `FOLDER/events.ndjson` is what a run of accrue would export; `FOLDER/TABLE.csv` is for `.import --csv` of the
sqlite3 shell, ids in the order in which an import gives them.
"""

import argparse
import csv
import hashlib
import itertools
import json
import pathlib
import random

DAYS = 30
START = 1_794_787_200_000_000  # 2026-11-16T00:00:00Z
TACTICS = ["execution", "persistence", "privilege-escalation", "defense-evasion", "credential-access", "discovery",
           "lateral-movement", "collection", "exfiltration", "command-and-control", "impact"]
VERBS = ["Suspicious logon", "Archive staged", "Policy changed", "Encoded command line", "Rare process", "Token reused",
         "Uncommon port", "Large upload", "Account created", "Audit log cleared"]
TABLES = ["firing", "rule", "entity", "risk_object", "threat_object", "risk_record", "risk_record_threat_object"]


def text(value):
    return json.dumps(value, ensure_ascii=False)


def lists(value):
    """As the index stores lists: no blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def cumulative(count, exponent, shift):
    return list(itertools.accumulate(1 / (rank + shift) ** exponent for rank in range(count)))


class Numbered:
    """Rows of a table that events share, numbered as they come."""

    def __init__(self, writer):
        self.writer, self.ids = writer, {}

    def id(self, key, row):
        known = self.ids.get(key)
        if known is None:
            known = self.ids[key] = len(self.ids) + 1
            self.writer.writerow((known, *row()))
        return known


def make_rules(chance):
    rules = []
    for number in range(300):
        technique = f"T{1000 + number % 190}.{number % 9:03}"
        annotations = [
            ["cis20", "CIS 10"], ["kill_chain_phases", "Exploitation"], ["mitre_attack", technique],
            ["mitre_attack.mitre_tactic", TACTICS[number % len(TACTICS)]],
            ["mitre_attack.mitre_tactic_id", f"TA{number % len(TACTICS) + 1:04}"], ["nist", "DE.CM"],
        ]
        name = f"ESCU - {chance.choice(VERBS)} variant {number} - Rule"
        digits = hashlib.sha256(name.encode()).hexdigest()
        rules.append((
            name, f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}", number % 7 + 1, "19.0",
            lists([f"Story {number % 40}"]), lists(annotations), chance.choice([4, 8, 16, 20, 25, 36, 49, 56, 64, 80])))
    return rules


def make_names(chance, count):
    """[(raw name, type, normalized name, why)]: 1.2 names an entity, the entities in a random order of fame."""
    names = []
    for number in range(count):
        kind = chance.choices(["user", "system", "other"], [70, 25, 5])[0]
        entity = {"user": f"u{number:05}", "system": f"host-{number:05}.corp.example", "other": f"repo/{number:05}"}[kind]
        if number % 97 == 0:
            entity = f"zoë.{number:05}"
        names.append((entity, kind, entity, "as written"))
        if number % 5 == 0:
            alias = f"CORP\\{entity}" if kind == "user" else entity.removesuffix(".corp.example").upper()
            names.append((alias, kind, entity, f"identity list: row {number}"))
    chance.shuffle(names)
    return names


def generate(folder, count, seed=7, entities=50_000):
    chance = random.Random(seed)
    rules = make_rules(chance)
    rule_json = [
        f'"search_name":{text(r[0])},"rule_id":{text(r[1])},"rule_version":{r[2]},"attack_version":{text(r[3])},'
        f'"analyticstories":{r[4]},"annotations":{r[5]}' for r in rules]
    names = make_names(chance, entities)
    name_json = [
        f'"risk_object":{text(n[0])},"risk_object_type":{text(n[1])},"cim_entity_zone":"","host":"",'
        f'"normalized_risk_object":{text(n[2])},"reason":{text(n[3])}' for n in names]
    threats = [(f"203.0.{n >> 8 & 255}.{n & 255}", "ip_address") if n % 3 else (f"c{n:05}.example", "domain") for n in range(20_000)]
    name_law = cumulative(len(names), 1.05, 12)
    rule_law = cumulative(len(rules), 0.9, 3)
    threat_law = cumulative(len(threats), 0.8, 20)
    folder.mkdir(parents=True, exist_ok=True)
    files = {table: (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") for table in TABLES}
    writers = {table: csv.writer(file, lineterminator="\n") for table, file in files.items()}
    known = {table: Numbered(writers[table]) for table in ("rule", "entity", "risk_object", "threat_object")}
    step = DAYS * 86_400_000_000 / count
    firing_id = 0
    with (folder / "events.ndjson").open("w", encoding="utf-8") as events:
        for first in range(0, count, 10_000):
            size = min(10_000, count - first)
            of_rule = chance.choices(range(len(rules)), cum_weights=rule_law, k=size)
            of_name = chance.choices(range(len(names)), cum_weights=name_law, k=size)
            of_threat = chance.choices(range(len(threats)), cum_weights=threat_law, k=size * 2)
            dice = [chance.random() for _ in range(size)]
            lines, firings, records, links = [], [], [], []
            for at in range(size):
                number = first + at
                time = START + int(number * step)
                key = hashlib.sha256(b"%d event %d" % (seed, number)).hexdigest()
                # A firing has one entity, or two of the same row.
                if at == 0 or dice[at] >= 0.2 or dice[at - 1] < 0.2:
                    firing_id += 1
                    firing = hashlib.sha256(b"%d firing %d" % (seed, firing_id)).hexdigest()
                    firings.append((firing_id, firing, START))
                    rule_number = of_rule[at]
                rule, name = rules[rule_number], names[of_name[at]]
                score = float(rule[6])
                add, mult, factors = (0.0, 1.0, "[[],[]]")
                if dice[at] > 0.9:
                    add, mult, factors = (5.0, 1.5, '[["Contractor user"],["Admin user"]]')
                calculated = (score + add) * mult
                chosen = [threats[of_threat[2 * at + k]] for k in range(int(dice[at] * 10) % 3 % 2 + (dice[at] > 0.85))]
                address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
                message = f"{VERBS[rule_number % 10]} by {name[0]} from {address}, {number % 17 + 1} times in an hour"
                fields = (f'[["src","text","{address}"],["count","number","{number % 17 + 1}"],'
                          f'["process_name","text","proc{number % 211}.exe"],["dest","text","srv-{number % 997}.corp.example"]]')
                lines.append(
                    f'{{"kind":"risk_event","key":"{key}","firing":"{firing}","time_us":{time},"index_time_us":{START},'
                    f'"info_min_time_us":{time - 3_600_000_000},"info_max_time_us":{time},"info_search_time_us":{time + 600_000_000},'
                    f'{rule_json[rule_number]},"entity_field":"user",{name_json[of_name[at]]},"risk_score":{score!r},'
                    f'"risk_factor_add":{add!r},"risk_factor_mult":{mult!r},"risk_factors":{factors},'
                    f'"calculated_risk_score":{calculated!r},"risk_message":{text(message)},"threat_objects":{lists(chosen)},'
                    f'"contributing_event_count":{number % 17 + 1},"fields":{fields}}}\n')
                rule_id = known["rule"].id(rule_number, lambda: rule[:6])
                entity_id = known["entity"].id(name[1:3], lambda: (name[2], name[2].lower(), name[1]))
                object_id = known["risk_object"].id(
                    of_name[at], lambda: (name[0], name[0].lower(), name[1], "", "", entity_id, name[3]))
                digest = hashlib.sha256(message.encode()).digest()
                records.append((
                    number + 1, key, int(key[:15], 16), firing_id, time, START, time - 3_600_000_000, time, time + 600_000_000,
                    rule_id, "user", object_id, score, add, mult, factors, calculated, message,
                    int.from_bytes(digest[:8], "big", signed=True), number % 17 + 1, fields))
                for position, threat in enumerate(chosen):
                    threat_id = known["threat_object"].id(threat, lambda: (threat[0], threat[0], threat[1]))
                    links.append((number + 1, position, threat_id))
            events.write("".join(lines))
            writers["firing"].writerows(firings)
            writers["risk_record"].writerows(records)
            writers["risk_record_threat_object"].writerows(links)
    for file in files.values():
        file.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--entities", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    generate(arguments.folder, arguments.events, arguments.seed, arguments.entities)


if __name__ == "__main__":
    main()
