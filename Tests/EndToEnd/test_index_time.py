"""What an add-on does to files and events before they are searched."""

import json

from harness import NOW, Case, epoch

PROPS = r"""
[shop:iis]
INDEXED_EXTRACTIONS = w3c

[shop:text]
SHOULD_LINEMERGE = true
BREAK_ONLY_BEFORE = ^\d\d/\d\d/\d{4}
SEDCMD-mask = s/pw=\S+/pw=#/g
TRANSFORMS-route = shop_noise, shop_channel

[shop:current]
DATETIME_CONFIG = CURRENT

[shop:none]
DATETIME_CONFIG = none

[shop:own]
DATETIME_CONFIG = /etc/apps/shop/datetime.xml

[shop:old]
rename = shop:new

[shop:new]
EVAL-kind = "renamed"
"""

TRANSFORMS = r"""
[shop_noise]
REGEX = EventCode=4674
DEST_KEY = queue
FORMAT = nullQueue

[shop_channel]
REGEX = LogName=(\w+)
DEST_KEY = MetaData:Source
FORMAT = source::WinEventLog:$1
"""

IIS = """#Software: IIS
#Fields: date time c-ip cs(User-Agent) sc-status
2025-11-23 08:20:00 192.0.2.1 curl/8 200
2025-11-23 08:21:00 192.0.2.2 curl/8 404
#Fields: date time sc-status c-ip
2025-11-23 08:22:00 500 192.0.2.3
"""

TEXT = """11/23/2025 08:20:00 AM
LogName=Security
EventCode=4624
Message=Signed on.

Subject:
\tpw=secret
11/23/2025 08:21:00 AM
LogName=Security
EventCode=4674
Message=Noise.
"""


class IndexTime(Case):
    def search(self, search, text, sourcetype):
        app = self.folder / "shop"
        (app / "default").mkdir(parents=True, exist_ok=True)
        (app / "default/props.conf").write_text(PROPS)
        (app / "default/transforms.conf").write_text(TRANSFORMS)
        file = self.write("in.log", text)
        return self.accrue(
            "search", search, "--content", app, "--input", file, *(["--sourcetype", sourcetype] if sourcetype else []),
            "--format", "ndjson")

    def test_rows_come_out_under_the_header_they_stand_below(self):
        answer = self.search("search sc_status>=400 | table c_ip cs_User_Agent_ sc_status _time", IIS, "shop:iis")
        self.assertEqual(answer.lines(), [
            {"c_ip": "192.0.2.3", "sc_status": "500", "_time": 1763886120},
            {"c_ip": "192.0.2.2", "cs_User_Agent_": "curl/8", "sc_status": "404", "_time": 1763886060}])

    def test_lines_merge_are_masked_and_routed_and_what_is_dropped_is_told(self):
        answer = self.search("search source=WinEventLog:* | table source EventCode _raw", TEXT, "shop:text")
        self.assertEqual(answer.lines(), [{
            "source": "WinEventLog:Security", "EventCode": "4624",
            "_raw": TEXT.split("11/23/2025 08:21")[0].rstrip("\n").replace("secret", "#")}])
        self.assertIn("nullQueue in transforms.conf): 1", answer.err)

    def test_a_renamed_sourcetype_is_found_by_its_new_name(self):
        raw = json.dumps({"sourcetype": "shop:old", "source": "s", "host": "h", "raw": "a=1"}) + "\n"
        answer = self.search("search sourcetype=shop:new | table sourcetype _sourcetype kind a", raw, None)
        self.assertEqual(answer.lines(), [
            {"sourcetype": "shop:new", "_sourcetype": "shop:old", "kind": "renamed", "a": "1"}])
        self.assertEqual(self.search("search sourcetype=shop:old", raw, None).lines(), [])

    def test_the_text_is_not_asked_for_the_time(self):
        """DATETIME_CONFIG: CURRENT is the clock of the run, NONE leaves the event without a time, an envelope goes before both."""
        search = "search * | table _time date_hour timestamp n"
        text = "2025-11-23 08:20:00 n=1\n"
        current = self.search(search, text, "shop:current")
        self.assertEqual(current.lines(), [{"_time": epoch(NOW), "timestamp": "none", "n": "1"}])
        none = self.search(search, text, "shop:none")
        self.assertEqual(none.lines(), [{"timestamp": "none", "n": "1"}])
        for sourcetype in ("shop:current", "shop:none"):
            told = json.dumps({"sourcetype": sourcetype, "source": "s", "host": "h", "time": 1763886000, "raw": text}) + "\n"
            self.assertEqual(self.search("search * | table _time n", told, None).lines(), [{"_time": 1763886000, "n": "1"}])

    def test_another_pattern_file_is_refused_by_name(self):
        answer = self.search("search * | table _time", "2025-11-23 08:20:00 n=1\n", "shop:own")
        self.assertIn("props.conf:18: warning[E451]: DATETIME_CONFIG '/etc/apps/shop/datetime.xml' is not supported", answer.err)
        self.assertEqual(answer.lines(), [{"_time": 1763886000}])
