"""Scores of random histories are those of plain SQL: after late events, entries by hand, other identity lists, retention."""

import hashlib
import json
import random

from harness import Case, iso

END = 1_795_996_800  # 2026-11-30T00:00:00Z
DAY = 86400
NOW = iso(END)
NAMES = [("rob", "user"), ("ROB@x.com", "user"), ("rob", "system"), ('q"; --\n\u202e', "user")]
ENTITIES = {("rob", "user"), ("rob", "system"), ('q"; --\n\u202e', "user"), ("ROB@x.com", "user")}

OF_ENTITY = """
WITH event AS (
    SELECT r.time, r.key, r.rule_id AS rule, r.firing_id AS firing, r.risk_message AS message, r.calculated_risk_score AS score,
        a.risk_event_id IS NOT NULL AS is_adjustment, answered.key AS answered_key
    FROM risk_event r LEFT JOIN adjustment a ON a.risk_event_id = r.id
    LEFT JOIN risk_record answered ON answered.id = a.answered_event_id
    WHERE r.normalized_risk_object = ? AND r.risk_object_type = ? AND r.time >= ? AND r.time < ?)"""
RAW = OF_ENTITY + " SELECT coalesce(sum(score), 0), count(*) FROM event"
# As it stands at ScoringProfile.
COUNTED = OF_ENTITY + """,
answered AS (
    SELECT time, key, rule, firing, message, max(min(score, 0), score + coalesce(
        (SELECT sum(answer.score) FROM event AS answer WHERE answer.answered_key = event.key), 0)) AS score
    FROM event WHERE NOT is_adjustment),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY rule, firing ORDER BY score DESC, time, key) AS place FROM answered),
by_message AS (
    SELECT rule, max(score) AS score FROM ranked WHERE place = 1 GROUP BY rule, message),
by_rule AS (
    SELECT rule, min(sum(max(score, 0)), 2 * max(max(score, 0))) + sum(min(score, 0)) AS counted
    FROM by_message GROUP BY rule)
SELECT coalesce((SELECT sum(counted) FROM by_rule), 0)
    + coalesce((SELECT sum(score) FROM event WHERE is_adjustment AND answered_key IS NULL), 0)"""


def digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def history(chance, count, seed):
    """Lines for `accrue index import`: scores of quarters, so that sums are exact; many events on the edges of windows."""
    lines = []
    for number in range(count):
        edge = END - chance.choice([0, DAY, 7 * DAY, 2 * DAY, 20 * DAY])
        time = edge * 1_000_000 + chance.choice([-1, 0, 1, -3_600_000_000, 1_800_000_000, 0])
        rule, (name, kind) = chance.randrange(5), chance.choice(NAMES)
        score = chance.choice([0, 0.25, 5, 20, 20, 60, 80, -10])
        lines.append({
            "kind": "risk_event", "key": digest(seed, "event", number), "firing": digest(seed, "firing", chance.randrange(count // 2)),
            "time_us": time, "index_time_us": END * 1_000_000, "info_min_time_us": time - 1, "info_max_time_us": time,
            "info_search_time_us": time, "search_name": f"ESCU - R{rule} - Rule", "rule_id": f"00000000-0000-4000-a000-00000000000{rule}",
            "rule_version": chance.choice([1, 1, 2]), "attack_version": "17.0", "analyticstories": [], "annotations": [],
            "entity_field": "user", "risk_object": name, "risk_object_type": kind, "cim_entity_zone": "", "host": "",
            "normalized_risk_object": name, "reason": "own-name", "risk_score": score, "risk_factor_add": 0.0,
            "risk_factor_mult": 1.0, "risk_factors": [[], []], "calculated_risk_score": score,
            "risk_message": f"message {chance.randrange(4)}", "threat_objects": [], "contributing_event_count": 1, "fields": []})
    return lines


class Ledger(Case):
    def check(self, entities, windows):
        self.checked = getattr(self, "checked", 0)
        for name, kind in sorted(entities):
            for window, seconds in windows.items():
                values = (name, kind, (END - seconds) * 1_000_000, END * 1_000_000)
                raw, count = self.rows(RAW, *values)[0]
                for profile, sql in (("splunk", RAW), ("recommended", COUNTED)):
                    answer = self.accrue("entity", name, "--type", kind, "--explain", "--profile", profile, "--window", window,
                                         "--format", "json", now=NOW, code=None)
                    if answer.code:
                        self.assertIn("E358", answer.err)
                        self.assertEqual(self.rows(RAW, name, kind, 0, END * 1_000_000)[0][1], 0)
                        continue
                    found = json.loads(answer.out)
                    found = found if isinstance(found, list) else [found]
                    found = [entry for entry in found if entry["normalized_risk_object"] == name]
                    self.assertEqual(len(found), 1)
                    entry, where = found[0], (name, kind, window, profile)
                    self.assertEqual((entry["raw_risk_score"], entry["risk_event_count"]), (raw, count), where)
                    self.assertEqual(entry["counted_risk_score"], self.rows(sql, *values)[0][0], where)
                    self.assertEqual(sum(line["counted_risk_score"] for line in entry["ledger"]), entry["counted_risk_score"], where)
                    self.checked += 1

    def load(self, lines):
        text = "".join(json.dumps(line) + "\n" for line in lines).encode()
        self.accrue("index", "import", "-", stdin=text, now=NOW)

    def test_random_histories(self):
        windows = {"24h": DAY, "7d": 7 * DAY}
        for seed in (1, 2):
            with self.subTest(seed):
                chance = random.Random(seed)
                self.home = self.folder / f"home{seed}"
                lines = history(chance, 120, seed)
                late = [line for line in lines if chance.random() < 0.2]
                self.load([line for line in lines if line not in late])
                self.check(ENTITIES, windows)
                self.load(late)
                self.assertEqual(self.rows("SELECT count(*) FROM risk_event"), [(len(lines),)])
                self.check(ENTITIES, windows)
                answered = [line for line in lines if line["calculated_risk_score"] >= 20 and line["risk_object"] == "rob"
                            and line["risk_object_type"] == "user" and line["time_us"] < END * 1_000_000]
                for line in answered[:2]:
                    self.accrue("index", "adjust", "rob", "--type", "user", "--score", "-15", "--answers", line["key"],
                                "--note", "known", now=iso(END - 60))
                self.accrue("index", "adjust", "rob", "--type", "user", "--score", "-7", "--note", "by hand", now=iso(END - 50))
                self.check({("rob", "user")}, windows)
                # Two names become one entity, and part again.
                self.write("lists/entities/identities.csv", "identity,email\nrob,ROB@x.com\n")
                nothing = self.write("nothing.json", "")
                both = self.rows("SELECT count(*) FROM risk_event WHERE risk_object IN ('rob', 'ROB@x.com') AND risk_object_type = 'user'")
                self.accrue("run", nothing, "--content", self.folder / "lists", now=NOW)
                self.assertEqual(self.rows("SELECT count(*) FROM risk_event WHERE normalized_risk_object = 'rob' AND risk_object_type = 'user'"), both)
                self.check({("rob", "user"), ("rob", "system")}, windows)
                self.accrue("index", "expire", "--before", iso(END - 2 * DAY), now=NOW)
                self.accrue("index", "verify", now=NOW)
                self.check({("rob", "user"), ("rob", "system")}, windows)
        self.assertGreater(self.checked, 80)
