#!/usr/bin/env python3
"""Packs the program with its libraries twice, runs it, and, where this is root, runs it in a root in which there is nothing
else. Exit 77: dpkg or the compiler is not installed.   check_portable.py SOURCE_FOLDER VIRTUOSO"""
import contextlib
import filecmp
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from package_tools import expect, free_port, run, status_of

source, virtuoso = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
SIZE_MAX = 25_000_000
PATIENCE_S = 60
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
RULE = "night: severity=warning quiet=22:00-07:00@Europe/Berlin to=console"


def pack(folder):
    return pathlib.Path(run(source / "scripts/portable.sh", folder, virtuoso).splitlines()[-1])


@contextlib.contextmanager
def service(command, folder, state, **variables):
    """Ready, and stopped afterwards."""
    address = f"127.0.0.1:{free_port()}"
    with open(folder / "log", "w") as log:
        words = ["run", "--exchange", "sim", "--sim-symbols", "6", "--listen", address, "--state-dir", state]
        program = subprocess.Popen([*map(str, command), *words], env={"PATH": PATH, **variables}, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
    try:
        end = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(OSError):
                if status_of(f"http://{address}/health/ready") == 200:
                    break
            expect(program.poll() is None and time.monotonic() < end, f"it is not ready: {(folder / 'log').read_text()[-4000:]}")
            time.sleep(0.2)
        yield program
        program.send_signal(signal.SIGTERM)
        expect(program.wait(PATIENCE_S) == 0, f"SIGTERM: exit code {program.returncode}")
    finally:
        program.kill()
        program.wait()


def check_here(unpacked, loader, folder):
    libraries = re.findall(r" => (/\S+)", run(loader, "--library-path", unpacked / "lib", "--list", unpacked / "lib/virtuoso"))
    strange = [name for name in libraries if not name.startswith(f"{unpacked}/lib/")]
    expect(len(libraries) > 10 and not strange, f"it loads {strange or libraries}")
    with service([unpacked / "virtuoso"], folder, str(folder / "state")):
        pass


def check_alone(unpacked, loader, root):
    """With a shell where there is one that needs no library, else by its loader."""
    place = pathlib.Path("/", unpacked.relative_to(root))
    command, by = [place / "lib" / loader.name, "--library-path", place / "lib", place / "lib/virtuoso"], "its loader"
    shell = shutil.which("busybox")
    if shell and "INTERP" not in run("readelf", "-lW", shell):
        (root / "bin").mkdir()
        for name in ("sh", "readlink", "dirname"):
            shutil.copy(shell, root / "bin" / name)
        command, by = [place / "virtuoso"], "a shell"
    entered = ["chroot", "--userspec=65534:65534", "--groups=", root, *command]
    (root / "state").mkdir()
    os.chown(root / "state", 65534, 65534)
    (root / "zones.toml").write_text(f'[alerts]\nrules = ["{RULE}"]\n')
    shutil.copy(source / "tests/fixtures/demo.jsonl.gz", root)
    zones = {} if by == "a shell" else {"TZDIR": str(place / "share/zoneinfo")}
    for words in (["version"], ["config", "check", "/zones.toml"], ["analyze", "/demo.jsonl.gz"]):
        run(*entered, *words, env={"PATH": PATH, **zones})
    with service(entered, root, "/state", **zones):
        pass
    return f"run by {by} where there is nothing else"


for tool in ("dpkg-query", "readelf", "g++"):
    if not shutil.which(tool):
        print(f"{tool} is not installed: nothing was packed")
        sys.exit(77)
with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    first, second = (pack(work / name) for name in ("first", "second"))
    expect(filecmp.cmp(first, second, shallow=False), "packed twice, it differs")
    expect(first.stat().st_size < SIZE_MAX, f"it is of {first.stat().st_size} bytes")
    root = work / "root"
    root.mkdir(mode=0o755)
    work.chmod(0o755)
    run("tar", "-xf", first, "-C", root)
    unpacked = next(root.iterdir())
    loader = next((unpacked / "lib").glob("ld-*"))
    check_here(unpacked, loader, work)
    alone = check_alone(unpacked, loader, root) if os.getuid() == 0 else "not run where there is nothing else, which root alone can"
    print(f"{first.name}, {first.stat().st_size / 1e6:.1f} MB: packed twice alike, loads its own libraries alone, {alone}")
