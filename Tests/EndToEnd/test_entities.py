"""Identity and asset lists: lookups, fields of every event, bad rows."""

import json

from harness import REPOSITORY, Case, ndjson, put_image

IDENTITIES = """\
identity,first,last,email,priority,bunit,category,watchlist,department
alice|a.smith,Alice,Smith,Alice.Smith@example.com,HIGH,sales,contractor|cardholder data,true,D7
bob,Bob,,bob@example.com,low,it,,no,
"""
ASSETS = """\
ip,mac,nt_host,dns,owner,priority,lat,long,bunit,category,is_expected
198.51.100.7|198.51.100.8,00:11:22:33:44:55,WEB1,web1.example.com|www.example.com,bob,critical,50.1,8.6,it,server|dmz,1
203.0.113.0/24,,,,,medium,,,net,office,
203.0.113.10-203.0.113.12,,,,carol,high,,,net,printer,
2001:db8::/32,,,,,low,,,v6,,
"""


class Entities(Case):
    def lists(self, identities=IDENTITIES, assets=ASSETS, folder="mine"):
        if identities is not None:
            self.write(f"{folder}/entities/identities.csv", identities)
        if assets is not None:
            self.write(f"{folder}/entities/assets.csv", assets)
        return self.folder / folder

    def search(self, text, *more, folder="mine", **options):
        return self.accrue("search", text, "--content", self.folder / folder, "--format", "ndjson", *more, **options)

    def one(self, text, *more, **options):
        rows = self.search(text, *more, **options).lines()
        self.assertEqual(len(rows), 1, rows)
        return rows[0]

    def test_an_identity_by_each_of_its_names(self):
        self.lists()
        for name in ("alice", "ALICE", "a.smith", "alice.smith@example.com", "alice.smith"):
            row = self.one(f'| makeresults | eval u="{name}" | lookup identity_lookup_expanded identity AS u OUTPUT _key AS k, first, priority, category, watchlist, identity, identity_tag, department | fields - _time')
            self.assertEqual((row["first"], row["priority"], row["watchlist"], row["department"]), ("Alice", "high", "true", "D7"), name)
            self.assertEqual(row["category"], ["contractor", "cardholder data", "pci"])
            self.assertEqual(row["identity"], ["alice", "a.smith", "Alice.Smith@example.com", "Alice.Smith"])
            self.assertEqual(row["identity_tag"], ["sales", "contractor", "cardholder data", "pci", "watchlist"])
            self.assertRegex(row["k"], "^[0-9a-f]{32}$")
        self.assertNotIn("first", self.one('| makeresults | eval u="smith" | lookup identity_lookup_expanded identity AS u OUTPUT first'))

    def test_an_asset_by_each_of_its_names(self):
        self.lists()
        for name in ("198.51.100.8", "00:11:22:33:44:55", "web1", "WWW.example.com"):
            row = self.one(f'| makeresults | eval h="{name}" | lookup asset_lookup_by_str asset AS h OUTPUT owner, lat, is_expected, asset_tag, ip')
            self.assertEqual((row["owner"], row["lat"], row["is_expected"]), ("bob", "50.1", "true"), name)
            self.assertEqual(row["ip"], ["198.51.100.7", "198.51.100.8"])
            self.assertEqual(row["asset_tag"], ["server", "dmz", "is_expected", "it"])
        row = self.one('| makeresults | eval h="198.51.100.7" | lookup asset_lookup_by_str ip AS h OUTPUT nt_host')
        self.assertEqual(row["nt_host"], "WEB1")

    def test_the_smallest_block_counts(self):
        self.lists()
        expected = {"203.0.113.9": "medium", "203.0.113.10": "high", "203.0.113.12": "high", "203.0.113.13": "medium", "2001:db8:1::9": "low", "203.0.112.1": None}
        for address, priority in expected.items():
            for column in ("asset", "ip"):
                row = self.one(f'| makeresults | eval h="{address}" | lookup asset_lookup_by_cidr {column} AS h OUTPUT priority')
                self.assertEqual(row.get("priority"), priority, address)

    def test_fields_of_every_event(self):
        self.lists()
        events = self.write("e.json", ndjson([put_image("2026-11-17T21:00:00Z", user="A.Smith"), put_image("2026-11-17T22:00:00Z", user="eve", sourceIPAddress="203.0.113.11")]))
        rows = self.search("eventName=PutImage | table user user_first user_category user_email user_priority src src_priority src_owner src_nt_host src_bunit dest_priority", "--input", events).lines()
        self.assertEqual(rows[1], {
            "user": "A.Smith", "user_first": "Alice", "user_category": ["contractor", "cardholder data", "pci"], "user_email": "Alice.Smith@example.com",
            "user_priority": "high", "src": "198.51.100.7", "src_priority": "critical", "src_owner": "bob", "src_nt_host": "WEB1", "src_bunit": "it"})
        self.assertEqual(rows[0], {"user": "eve", "src": "203.0.113.11", "src_priority": "high", "src_owner": "carol", "src_bunit": "net"})
        filtered = self.search("eventName=PutImage user_watchlist=true src_category=dmz | stats count", "--input", events).lines()
        self.assertEqual(filtered, [{"count": 1}])
        fields = {row["field"]: row for row in self.accrue("fields", events, "--content", self.folder / "mine", "--format", "ndjson").lines("field")}
        self.assertRegex(fields["user_category"]["made_by"], r"^entities/default/props\.conf:\d+ LOOKUP-zy-identity_lookup_expanded-user$")

    def test_what_the_event_says_stays(self):
        self.lists()
        event = {"sourcetype": "t", "source": "s", "event": "user=bob user_priority=own src=198.51.100.7 src_ip=1.2.3.4"}
        row = self.one("sourcetype=t | table user_priority user_bunit user_email src_ip src_priority", "--input", self.write("e.ndjson", ndjson([event])))
        self.assertEqual(row, {"user_priority": "own", "user_bunit": "it", "user_email": "bob@example.com", "src_ip": "1.2.3.4", "src_priority": "critical"})

    def test_a_network_fills_what_its_machine_leaves_empty(self):
        self.lists(assets="ip,nt_host,owner,bunit\n192.0.2.7,web7,carol,\n192.0.2.0/24,,net-team,dmz\n")
        event = {"sourcetype": "t", "source": "s", "event": "dest=192.0.2.7"}
        row = self.one("sourcetype=t | table dest_owner dest_bunit dest_nt_host dest_ip", "--input", self.write("e.ndjson", ndjson([event])))
        self.assertEqual(row, {"dest_owner": "carol", "dest_bunit": "dmz", "dest_nt_host": "web7", "dest_ip": "192.0.2.7"})

    def test_a_model_and_the_macro(self):
        self.lists()
        rows = self.search('| makeresults | eval dest="web1" | `get_asset(dest)` | table dest dest_priority dest_category dest_bunit').lines()
        self.assertEqual(rows, [{"dest": "web1", "dest_priority": "critical", "dest_category": ["server", "dmz"], "dest_bunit": "it"}])

    def test_bad_rows_cost_only_themselves(self):
        identities = IDENTITIES.encode() + b',Nobody,,,,,,,\nx\xff,Bad,,,,,,,\ncarol,Carol,,,urgent,,,maybe,\n"open,Dave\nbob,Second,,,,,,,\n'
        assets = ASSETS + "999.1.2.3,,web9,,,,north,,,,\n,,,,lost,,,,,,\n198.51.100.7,,,,,,,,,,\n1.1.1.9-1.1.1.1,,,,,,,,,,\n"
        self.lists(identities, assets)
        answer = self.accrue("content", "check", self.folder / "mine", "--format", "json", code=None)
        found = {(f["file"].split("/")[-1], f["line"], f["code"]): f["message"] for f in json.loads(answer.out)["findings"]}
        self.assertEqual({key for key in found}, {
            ("identities.csv", 4, "E421"), ("identities.csv", 5, "E421"), ("identities.csv", 6, "E421"), ("identities.csv", 7, "E421"),
            ("assets.csv", 6, "E421"), ("assets.csv", 7, "E421"), ("assets.csv", 8, "E422"), ("assets.csv", 9, "E421")}, found)
        self.assertEqual(self.one('| makeresults | eval u="carol" | lookup identity_lookup_expanded identity AS u OUTPUT first, priority')["first"], "Carol")
        self.assertEqual(self.one('| makeresults | eval u="bob" | lookup identity_lookup_expanded identity AS u OUTPUT first')["first"], "Bob")
        self.assertEqual(self.one('| makeresults | eval h="web9" | lookup asset_lookup_by_str asset AS h OUTPUT nt_host')["nt_host"], "web9")
        self.assertEqual(self.one('| makeresults | eval h="198.51.100.7" | lookup asset_lookup_by_str asset AS h OUTPUT owner')["owner"], "bob")

    def test_names_that_merge_no_risk_are_reported(self):
        many = "|".join(f"n{i}" for i in range(201))
        self.lists(f"identity,first\nSYSTEM|svc,A\nbob [on web1],B\n{many},C\nNOBODY|x,D\n", "nt_host,ip\nfw,10.0.0.0/8\n")
        self.write("mine/entities/stop_values.csv", "value,type,kind,why\nnobody,user,placeholder,it says so\nx,user,sometimes,\nroot,user,placeholder,\n")
        answer = self.accrue("content", "check", self.folder / "mine", "--format", "json", code=None)
        found = sorted((f["file"].split("/")[-1], f["line"], f["code"], f["severity"]) for f in json.loads(answer.out)["findings"])
        # Lists of one folder know the stop values of that folder and of those before it.
        self.assertIn(("identities.csv", 3, "E423", "warning"), found)
        self.assertIn(("identities.csv", 4, "E424", "warning"), found)
        self.assertIn(("identities.csv", 5, "E423", "warning"), found)
        self.assertIn(("assets.csv", 2, "E424", "warning"), found)
        self.assertIn(("stop_values.csv", 3, "E421", "warning"), found)
        # Lookups have the names as they are written.
        self.assertEqual(self.one('| makeresults | eval u="nobody" | lookup identity_lookup_expanded identity AS u OUTPUT first')["first"], "D")

    def test_files_that_are_none(self):
        self.lists("a,b\n1,2\n", "")
        self.write("mine/entities/people.csv", IDENTITIES)
        answer = self.accrue("content", "check", self.folder / "mine", "--format", "json", code=1)
        found = json.loads(answer.out)["findings"]
        self.assertEqual(sorted((f["file"].split("/")[-1], f["code"]) for f in found), [("assets.csv", "E421"), ("identities.csv", "E421"), ("people.csv", "E421")])

    def test_a_later_folder_goes_first(self):
        self.lists()
        self.write("later/risk/entities/identities.csv", "identity,first\nalice,Other\nzoe,Zoe\n")
        text = '| makeresults | eval u="{}" | lookup identity_lookup_expanded identity AS u OUTPUT first'
        first = lambda name: self.one(text.format(name), "--content", self.folder / "later").get("first")
        self.assertEqual([first(n) for n in ("alice", "a.smith", "zoe", "bob")], ["Other", "Alice", "Zoe", "Bob"])

    def test_enterprise_securitys_own_tables_are_taken(self):
        self.write("es/lookups/identity_lookup_expanded.csv", "identity,first,priority\nalice,FromES,high\n")
        row = self.one('| makeresults | eval u="alice" | lookup identity_lookup_expanded identity AS u OUTPUT first', folder="es")
        self.assertEqual(row["first"], "FromES")

    def test_empty_lists_add_nothing(self):
        events = self.write("e.json", ndjson([put_image("2026-11-17T21:00:00Z")]))
        fields = [row["field"] for row in self.accrue("fields", events, "--format", "ndjson").lines("field")]
        self.assertEqual([name for name in fields if name.startswith(("src_bunit", "user_bunit", "user_identity", "dest_asset"))], [])
        for name in ("identities.csv", "assets.csv"):
            self.assertEqual(len((REPOSITORY / "risk/entities" / name).read_text().splitlines()), 1)
