#!/usr/bin/env python3
"""Fuzzes the parser and the evaluator: run.py [--seconds N | --runs N] [--target ...] [--build-only].

Seeds are the searches of fixtures/spl, of rules/ and, where ACCRUE_SHARED is set, of the published content there. Exit
code 1 when a target crashes, hangs, leaks or runs out of memory; the input that did it is kept in .build-fuzz/findings.
"""
import argparse, glob, hashlib, os, re, shutil, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCRATCH = os.path.join(ROOT, ".build-fuzz")


def searches():
    for path in sorted(glob.glob(ROOT + "/fixtures/spl/*.test")):
        for line in open(path, encoding="utf-8"):
            if line.startswith("eval "):
                yield line[5:].strip()
    folders = [ROOT + "/rules"]
    if os.environ.get("ACCRUE_SHARED"):
        folders.append(os.environ["ACCRUE_SHARED"] + "/corpus/security_content")
    for folder in folders:
        for path in sorted(glob.glob(folder + "/**/*.yml", recursive=True)):
            text = open(path, encoding="utf-8", errors="replace").read()
            match = re.search(r"^(?:search|definition): (.*?)(?=^\S)", text + "\nend", re.M | re.S)
            if match:
                yield re.sub(r"\n\s+", " ", match.group(1).strip().strip("'"))


def functions():
    """Every example of every eval function, as a search."""
    for path in sorted(glob.glob(ROOT + "/Sources/Search/Functions/*.swift")):
        text = open(path, encoding="utf-8").read()
        for match in re.finditer(r'#"((?:[^"]|"(?!#))+)"#: "|"([a-z_0-9]+\([^"\\]*\))": "', text):
            yield "| eval x=" + (match.group(1) or match.group(2))


def seed(folder, texts):
    os.makedirs(folder, exist_ok=True)
    for text in texts:
        data = text.encode()
        with open(os.path.join(folder, hashlib.sha256(data).hexdigest()[:24]), "wb") as file:
            file.write(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=30, help="for each target")
    parser.add_argument("--runs", type=int, help="inputs for each target, the same ones each time, instead of a time")
    parser.add_argument("--target", choices=["parser", "evaluator", "both"], default="both")
    parser.add_argument("--build-only", action="store_true")
    options = parser.parse_args()
    subprocess.run(
        ["swift", "build", "--package-path", HERE, "--scratch-path", SCRATCH, "-c", "release", "--quiet"],
        check=True, stdout=sys.stderr)
    if options.build_only:
        return 0
    texts = sorted(set(searches()) | set(functions()))
    failed = False
    for target in ["parser", "evaluator"] if options.target == "both" else [options.target]:
        name = "Fuzz" + target.capitalize()
        corpus, findings = os.path.join(SCRATCH, "seeds" if options.runs else "corpus", target), os.path.join(SCRATCH, "findings", target)
        pipes = [t if t.lstrip().startswith("|") else "| search " + t for t in texts]
        # What an earlier run found must not change which inputs a counted run makes.
        if options.runs:
            shutil.rmtree(corpus, ignore_errors=True)
        seed(corpus, texts if target == "parser" else ["value\n" + t for t in pipes])
        os.makedirs(findings, exist_ok=True)
        command = [
            os.path.join(SCRATCH, "release", name), corpus, "-timeout=10", *(
                [f"-runs={options.runs}", "-seed=1"] if options.runs else [f"-max_total_time={options.seconds}"]),
            "-rss_limit_mb=4096", "-max_len=4096", f"-artifact_prefix={findings}/", "-print_final_stats=1", "-verbosity=0",
            f"-dict={HERE}/spl.dict",
        ]
        # Swift's own crash handler reads memory that the address sanitizer guards.
        run = subprocess.run(
            command, stderr=subprocess.PIPE, text=True, errors="replace",
            env=dict(os.environ, SWIFT_BACKTRACE="enable=no"))
        lines = run.stderr.splitlines()
        stats = [line for line in lines if line.startswith("stat::number_of_executed_units")]
        print(f"{target}: exit {run.returncode}, {len(texts)} seeds, {stats[0] if stats else 'no statistics'}")
        if run.returncode != 0:
            failed = True
            print("\n".join(lines[-60:]))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
