#!/usr/bin/env python3
"""Runs clang-tidy on every unit of src/ and app/ that is not known to be clean; exits with 1 on findings.

    check_tidy.py [--full] [--build build/release]

A unit is known to be clean when clang-tidy found nothing in it before and neither its command, nor the contents of any
file it includes, nor .clang-tidy, nor the version of clang-tidy have changed since. Comments count: NOLINT is one.
Findings are never remembered. Units that include Boost.Beast are checked with --full only: they take minutes each.
"""
import argparse
import concurrent.futures
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

from checked import Passed, hash_of

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIDY, CLANG = "clang-tidy-19", "clang++-19"
SLOW = "/boost/beast/"


def output_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@functools.lru_cache(maxsize=None)
def content_hash(path):
    return hash_of(pathlib.Path(path).read_bytes())


class Unit:
    def __init__(self, entry):
        self.folder = pathlib.Path(entry["directory"])
        self.path = pathlib.Path(self.folder, entry["file"])
        self.name = str(self.path.relative_to(ROOT))
        self.flags = shlex.split(entry["command"])[1:]
        at = self.flags.index("-o")
        del self.flags[at:at + 2]
        self.flags = [flag for flag in self.flags if flag not in ("-c", "-fpch-preprocess", "-Winvalid-pch")]
        for at in reversed(range(len(self.flags) - 1)):
            if self.flags[at] == "-include" and self.flags[at + 1].endswith("/cmake_pch.hxx"):
                del self.flags[at:at + 2]

    def find_inputs(self, constant):
        """Fills in the files that are read and the key of all that is checked, if it compiles far enough for that."""
        run = subprocess.run([CLANG, *self.flags, "-w", "-M"], cwd=self.folder, capture_output=True, text=True)
        if run.returncode:
            self.inputs, self.key = [], None
            return
        names = re.split(r"(?<!\\)\s+", run.stdout.replace("\\\n", " ").strip())[1:]
        self.inputs = [os.path.normpath(self.folder / re.sub(r"\\([ #])", r"\1", name)) for name in names]
        root = f"{ROOT}/"
        self.key = hash_of(constant, *(flag.replace(str(ROOT), ".") for flag in self.flags),
                           *(part for path in self.inputs for part in (path.removeprefix(root), content_hash(path))))

    def cost(self):
        """What takes longest is begun first."""
        return len(self.inputs) + self.path.stat().st_size / 50

    def entry(self):
        """Of a compilation database: without precompiled headers, which are GCC's and hide what a file forgot."""
        return {"directory": str(self.folder), "file": str(self.path), "arguments": ["c++", *self.flags]}

    def check(self, database):
        run = subprocess.run([TIDY, "-quiet", "-p", database, str(self.path)], capture_output=True, text=True)
        return run.returncode, run.stdout + (run.stderr if run.returncode else "")


class Progress:
    """One line, rewritten on a terminal and written now and then elsewhere."""

    def __init__(self):
        self.start, self.last, self.tty = time.monotonic(), -10.0, sys.stderr.isatty()

    def show(self, text, always=False):
        seconds = time.monotonic() - self.start
        if self.tty:
            print(f"\r{text + f', {seconds:.0f} s':<79.79}", end="", file=sys.stderr, flush=True)
        elif always or seconds - self.last >= 10:
            print(f"{text}, {seconds:.0f} s", file=sys.stderr, flush=True)
            self.last = seconds

    def clear(self):
        if self.tty:
            print(f"\r{'':79}\r", end="", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="units with Boost.Beast, too")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="configured build folder")
    options = parser.parse_args()
    commands = json.loads((options.build / "compile_commands.json").read_text())
    units = [Unit(entry) for entry in commands
             if pathlib.Path(entry["file"]).is_relative_to(ROOT / "src")
             or pathlib.Path(entry["file"]).is_relative_to(ROOT / "app")]
    passed = Passed("tidy")
    folder = tempfile.TemporaryDirectory()
    pathlib.Path(folder.name, "compile_commands.json").write_text(json.dumps([unit.entry() for unit in units]))
    constant = hash_of((ROOT / ".clang-tidy").read_bytes(), output_of(TIDY, "--version"), output_of(CLANG, "--version"))
    progress = Progress()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        progress.show(f"clang-tidy: reading {len(units)} units")
        list(pool.map(lambda unit: unit.find_inputs(constant), units))
        slow = [] if options.full else [unit for unit in units if any(SLOW in path for path in unit.inputs)]
        due = [unit for unit in units if unit not in slow and unit.key not in passed]
        due.sort(key=Unit.cost, reverse=True)
        runs = {pool.submit(unit.check, folder.name): unit for unit in due}
        bad = []
        try:
            for done, run in enumerate(concurrent.futures.as_completed(runs), 1):
                unit = runs[run]
                status, findings = run.result()
                if status or findings.strip():
                    bad.append(unit.name)
                    progress.clear()
                    print(findings, flush=True)
                elif unit.key:
                    passed.add(unit.key)
                progress.show(f"clang-tidy: {done} of {len(due)}, {unit.name}")
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            return 130
    progress.clear()
    if slow:
        print("not checked without --full:", " ".join(sorted(unit.name for unit in slow)))
    print(f"clang-tidy: {len(due)} of {len(units) - len(slow)} units checked, the others known to be clean; "
          + (f"findings in {' '.join(bad)}" if bad else "no findings"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
