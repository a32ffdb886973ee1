"""A search that splits runs pieces of its events on all cores: one core, all of them and --plain print the same bytes."""

import json
import os
import unittest

from harness import Case

EVENTS = 70_000  # more than four pieces

SEARCHES = {
    "states of all kinds": "sourcetype=x | eval half=n/2 | stats count dc(user) values(kind) max(half) median(n) mode(kind) earliest(n) by host",
    "many groups": "sourcetype=x | stats count first(n) last(n) by user | sort 20 - count user",
    "list tells what it leaves out": "sourcetype=x | stats list(n) as l by host | eval l=mvcount(l)",
    "sums run in one piece": "sourcetype=x | eval third=n/3 | stats sum(third) avg(third) stdev(third) by host",
    "patterns of rows": 'sourcetype=x | eval r=coalesce(replace(user, kind."(", ""), kind) | stats count by r',
}


class SplitTests(Case):
    def setUp(self):
        super().setUp()
        self.events = self.write(
            "events.ndjson",
            "".join(
                json.dumps({"sourcetype": "x", "time": 1_790_000_000 + i % 977, "event": {"n": i * 7919 % 10007, "user": f"u{i * 31 % 5003}", "host": f"h{i % 13}", "kind": "abc"[i % 3]}}) + "\n"
                for i in range(EVENTS)
            ),
        )

    def test_cores_do_not_show(self):
        every = os.sched_getaffinity(0)
        for name, search in SEARCHES.items():
            with self.subTest(name):

                def run(*options, cores=every):
                    return self.accrue("search", search, "--input", self.events, *options, preexec_fn=lambda: os.sched_setaffinity(0, cores))

                whole = run("--plain")
                self.assertNotEqual(whole.out, "")
                for answer in (run(), run(cores={min(every)})):
                    self.assertEqual((answer.out, answer.err), (whole.out, whole.err))

    def test_the_plan_says_where_it_splits(self):
        self.assertIn("split: commands 1 to 2 in pieces of the input, merged by 3\n", self.accrue("search", SEARCHES["states of all kinds"], "--explain").out)
        self.assertIn("not here: avg, stdev, sum must add in the order of the rows\n", self.accrue("search", SEARCHES["sums run in one piece"], "--explain").out)


if __name__ == "__main__":
    unittest.main()
