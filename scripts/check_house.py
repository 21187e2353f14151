#!/usr/bin/env python3
"""House rules that a compiler does not check: arrows between rooms point down, headers stand alone, and code
below the engine takes neither time nor randomness from the machine."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CCACHE = ["ccache"] if shutil.which("ccache") else []
# What a room may include besides itself: the rooms named here and what those may include.
MAY_USE = {
    "base": [],
    "market": ["base"],
    "store": ["base"],
    "net": ["base"],
    "indicators": ["market"],
    "analysis": ["indicators"],
    "exchange": ["market", "net"],
    "journal": ["exchange"],
    "sim": ["exchange", "journal", "net"],
    "present": ["analysis", "store"],
    "screen": ["present"],
    "validation": ["present"],
    "report": ["present"],
    "alert": ["net"],
    "engine": ["analysis", "journal", "sim"],
    "service": ["engine", "alert", "present", "report", "store"],
    "api": ["service", "present", "net"],
}
# These run on the machine's clock; what is below them is told the time.
ABOVE_THE_CLOCK = ("engine", "service", "api")
BANNED = re.compile(r"system_clock|steady_clock|high_resolution_clock|std::time\b|gettimeofday|clock_gettime|"
                    r"random_device|std::rand\b|\bsrand\(|mt19937|unordered_map|unordered_set")


def reachable(room):
    return {room}.union(*(reachable(lower) for lower in MAY_USE[room]))


def check_source(path, problems):
    room = path.relative_to(ROOT / "src").parts[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        include = re.match(r'#include "([a-z_]+)/', line)
        if include:
            other = include.group(1)
            if other not in reachable(room):
                problems.append(f"{path}:{number}: {room} must not include {other}")
        if room not in ABOVE_THE_CLOCK and BANNED.search(line):
            problems.append(f"{path}:{number}: ambient time, randomness or unordered iteration: {line.strip()}")


def check_output(path, problems):
    """What a user sees comes from outside in part: it is escaped in one place."""
    if path.name in ("output.hpp", "output.cpp", "progress_bar.cpp"):
        return
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.search(r"fmt::print\(|std::cout|std::cerr|\bf?puts\(|\bprintf\(", line):
            problems.append(f"{path}:{number}: prints past app/output.hpp: {line.strip()}")


def stands_alone(header):
    """The compiler's message if a unit of this header alone does not compile."""
    name = header.relative_to(ROOT / "src")
    unit = ROOT / "build/headers" / name.with_suffix(".cpp")
    unit.parent.mkdir(parents=True, exist_ok=True)
    unit.write_text(f'#include "{name}"\n')
    # Through the compiler's cache, which keeps what compiled; relative names let every clone use it.
    unit = unit.relative_to(ROOT)
    run = subprocess.run([*CCACHE, "g++", "-std=c++23", "-Isrc", "-c", str(unit), "-o", str(unit.with_suffix(".o"))],
                         cwd=ROOT, capture_output=True, text=True)
    return f"{header} does not stand alone:\n{run.stderr[:600]}" if run.returncode else None


def check_headers(headers, problems):
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems += filter(None, pool.map(stands_alone, headers))


def main():
    problems = []
    sources = sorted((ROOT / "src").rglob("*.[ch]pp"))
    for path in sources:
        check_source(path, problems)
    for path in sorted((ROOT / "app").glob("*.[ch]pp")):
        check_output(path, problems)
    check_headers([path for path in sources if path.suffix == ".hpp"], problems)
    print("\n".join(problems) or f"{len(sources)} files keep the house rules")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
