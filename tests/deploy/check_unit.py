#!/usr/bin/env python3
"""Holds the systemd unit against systemd's own parser and judge, and runs its command as systemd would: as nobody, without
capabilities, within its limits, with a socket to notify and a watchdog. Exit 77: systemd's tools are not installed.
   check_unit.py UNIT VIRTUOSO"""
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from unit_run import PATIENCE_S, WATCHDOG_S, Run, Unit

unit, virtuoso = Unit(pathlib.Path(sys.argv[1])), pathlib.Path(sys.argv[2]).resolve()
EXPOSURE_MAX = 2.0


def fail(what):
    raise SystemExit(f"{unit.name}: {what}")


def check_by_systemd(folder):
    """As it is but for what is installed beside it: the program stands elsewhere, and its page is not there."""
    copy = pathlib.Path(folder, unit.name)
    copy.write_text(re.sub(r"^Documentation=.*\n", "", unit.text, flags=re.M).replace("/usr/bin/virtuoso", "/bin/true"))
    verified = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)
    if verified.returncode or verified.stdout or verified.stderr:
        fail(f"systemd-analyze verify: {verified.stdout}{verified.stderr}")
    judged = subprocess.run(["systemd-analyze", "security", "--offline=true", copy], capture_output=True, text=True).stdout
    level = float(re.search(r"exposure level for \S+: ([\d.]+)", judged)[1])
    if level > EXPOSURE_MAX:
        fail(f"exposure {level} is above {EXPOSURE_MAX}\n{judged}")
    print(f"systemd-analyze: nothing to say, exposure {level}")


def check_by_running(folder):
    config, state = (pathlib.Path(folder, name) for name in ("config.toml", "state"))
    config.write_text('[exchange]\nname = "sim"\nsim_symbols = 6\n[api]\nlisten = "127.0.0.1:0"\n')
    program_copy = shutil.copy(virtuoso, pathlib.Path(folder, "virtuoso"))
    started = unit.value("ExecStart")
    command = [str(config) if word == "/etc/virtuoso/config.toml" else word for word in shlex.split(started)]
    if command[0] != "/usr/bin/virtuoso" or str(config) not in command:
        fail(f"ExecStart={started} does not run the program with its configuration")
    with Run(unit, [str(program_copy), *command[1:]], pathlib.Path(folder), state) as run:
        run.wait_for("READY=1")
        for _ in range(3):
            run.wait_for("WATCHDOG=1")
        run.program.send_signal(signal.SIGHUP)
        run.wait_for("WATCHDOG=1")
        run.program.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        run.told_within(0.01)
        if told := run.told_within(WATCHDOG_S):
            fail(f"it goes on after SIGSTOP: {told}")
        run.program.send_signal(signal.SIGCONT)
        run.wait_for("WATCHDOG=1")
        run.program.send_signal(signal.SIGTERM)
        run.wait_for("STOPPING=1")
        if run.program.wait(PATIENCE_S) != 0:
            fail(f"SIGTERM: exit code {run.program.returncode}")
        kept = sorted(path.name for path in state.iterdir())
        if "virtuoso.db" not in kept:
            fail(f"its state is not in $STATE_DIRECTORY: {kept}")
        print(f"ready, watched, reloaded, stopped and gone on, ended with 0; in its state folder: {', '.join(kept)}")


if not shutil.which("systemd-analyze"):
    print("systemd-analyze is not installed: the unit was not judged by it")
    sys.exit(77)
with tempfile.TemporaryDirectory() as work:
    check_by_systemd(work)
    check_by_running(work)
