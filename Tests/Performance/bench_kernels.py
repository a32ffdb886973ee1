#!/usr/bin/env python3
"""Instructions a row of single commands over a batch in memory, counted by callgrind (valgrind).

bench_kernels.py [--rows N]: builds Tests/Performance/Kernels and prints one line a kernel. The rows have 1,000 users, 5,000
paths, one command line and one time each.
"""
import argparse, os, re, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SCRATCH = os.path.join(os.path.dirname(os.path.dirname(HERE)), ".build-kernels")

# Without debug information: valgrind 3.19 does not read what Swift 6 writes.
PROGRAM = SCRATCH + "/kernel-bench"

KERNELS = [
    ("filter, 5,000 distinct values", r'| search process_path="*\\app77*.exe"'),
    ("filter, distinct in every row", r'| search process="*--id 77*"'),
    ("eval of one field", '| eval u=upper(user)'),
    ("eval of two fields", '| eval x=user.":".process_path'),
    ("where, distinct in every row", '| where len(process)>60'),
    ("stats count by user", '| stats count by user'),
    ("stats count min max values by user", '| stats count min(_time) as a max(_time) as b values(process_path) as c by user'),
    ("rex, distinct in every row", r'| rex field=process "--id (?<id>\\d+) --out (?<out>\\S+)"'),
    ("lookup by user", '| lookup teams.csv user OUTPUT team'),
]


def instructions(arguments):
    with tempfile.NamedTemporaryFile() as out:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out.name}", PROGRAM] + arguments,
            capture_output=True, text=True, env=dict(os.environ, SWIFT_DETERMINISTIC_HASHING="1"))
    match = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not match:
        sys.exit(run.stderr[-2000:])
    return int(match.group(1)), run.stdout.strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    subprocess.run(
        ["swift", "build", "--package-path", HERE + "/Kernels", "--scratch-path", SCRATCH, "-c", "release", "--quiet"],
        check=True, stdout=sys.stderr)
    shutil.copyfile(SCRATCH + "/release/KernelBench", PROGRAM)
    os.chmod(PROGRAM, 0o755)
    subprocess.run(["strip", "--strip-debug", PROGRAM], check=True)
    base, _ = instructions([str(options.rows)])
    print(f"{options.rows} rows; making them: {base / options.rows:.0f} instructions a row")
    for name, search in KERNELS:
        total, rows = instructions([str(options.rows), search])
        print(f"{(total - base) / options.rows:8.0f} instructions a row  {name:36} {rows} rows out   {search}")


if __name__ == "__main__":
    main()
