#!/usr/bin/env python3
"""Run the end-to-end tests: the built program, as its users meet it, against inputs made from scratch.

    python3 Tests/EndToEnd/run.py --accrue .build/release/accrue
    python3 Tests/EndToEnd/run.py --accrue .build/release/accrue -k half_open    # tests whose name holds the text
    python3 Tests/EndToEnd/run.py -k test_risk_scripts --update                  # write the goldens of fixtures/risk

Standard library only. Every test makes its inputs with fixed seeds in a folder of its own. Exit code 1 on a failure.
"""

import argparse
import os
import pathlib
import sys
import time
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent


def parts(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from parts(item)
        else:
            yield item


class Timed(unittest.TextTestResult):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.seconds = []

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        self.seconds.append((time.monotonic() - self.began, test.id()))
        super().stopTest(test)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accrue", default=str(FOLDER.parents[1] / ".build/release/accrue"))
    parser.add_argument("-k", default="", help="only tests whose name holds this")
    parser.add_argument("-q", "--quiet", action="store_true")
    parser.add_argument("--update", action="store_true", help="write goldens instead of comparing; also ACCRUE_UPDATE=1")
    arguments = parser.parse_args()
    program = pathlib.Path(arguments.accrue).resolve()
    if not os.access(program, os.X_OK):
        parser.error(f"no program at '{program}'; build it first: swift build -c release")
    os.environ["ACCRUE_UNDER_TEST"] = str(program)
    if arguments.update:
        os.environ["ACCRUE_UPDATE"] = "1"
    sys.path.insert(0, str(FOLDER))
    suite = unittest.TestSuite(
        test for test in parts(unittest.defaultTestLoader.discover(str(FOLDER), "test_*.py")) if arguments.k in test.id()
    )
    runner = unittest.TextTestRunner(verbosity=1 if arguments.quiet else 2, resultclass=Timed, stream=sys.stdout)
    result = runner.run(suite)
    for seconds, name in sorted(result.seconds, reverse=True)[:5]:
        print(f"{seconds:6.1f} s  {name}")
    return 0 if result.wasSuccessful() and result.testsRun > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
