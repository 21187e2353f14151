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
import socket
import subprocess
import sys
import tempfile
import time

unit, virtuoso = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
text = unit.read_text()
EXPOSURE_MAX = 2.0
WATCHDOG_S = 2
PATIENCE_S = 60


def value(key):
    return re.search(rf"^{key}=(.*)$", text, re.M)[1]


def fail(what):
    print(f"{unit.name}: {what}")
    sys.exit(1)


def check_by_systemd(folder):
    """As it is but for what is installed beside it: the program stands elsewhere, and its page is not there."""
    copy = pathlib.Path(folder, unit.name)
    copy.write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.M).replace("/usr/bin/virtuoso", "/bin/true"))
    verified = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)
    if verified.returncode or verified.stdout or verified.stderr:
        fail(f"systemd-analyze verify: {verified.stdout}{verified.stderr}")
    judged = subprocess.run(["systemd-analyze", "security", "--offline=true", copy], capture_output=True, text=True).stdout
    level = float(re.search(r"exposure level for \S+: ([\d.]+)", judged)[1])
    if level > EXPOSURE_MAX:
        fail(f"exposure {level} is above {EXPOSURE_MAX}\n{judged}")
    print(f"systemd-analyze: nothing to say, exposure {level}")


def told_within(notices, seconds):
    """Everything until nothing more comes for so long."""
    notices.settimeout(seconds)
    told = []
    try:
        while True:
            told += notices.recv(4096).decode().splitlines()
    except TimeoutError:
        return told


def wait_for(notices, word, program):
    came = []
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        notices.settimeout(0.1)
        try:
            came += notices.recv(4096).decode().splitlines()
        except TimeoutError:
            if program.poll() is not None:
                fail(f"ended with {program.returncode} before {word}; told: {came}")
            continue
        if word in came:
            return
    fail(f"{word} did not come within {PATIENCE_S} s; told: {came}")


def confined(command):
    """Where this is root: what of the unit's confinement needs no systemd."""
    if os.getuid() != 0 or not shutil.which("setpriv"):
        return command
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--bounding-set=-all",
            "--inh-caps=-all", *command]


def check_by_running(folder):
    config, state, log = (pathlib.Path(folder, name) for name in ("config.toml", "state", "log"))
    config.write_text('[exchange]\nname = "sim"\nsim_symbols = 6\n[api]\nlisten = "127.0.0.1:0"\n')
    state.mkdir(mode=0o700)
    program_copy = shutil.copy(virtuoso, pathlib.Path(folder, "virtuoso"))
    if os.getuid() == 0:
        os.chmod(folder, 0o755)
        os.chown(state, 65534, 65534)
    command = [str(config) if word == "/etc/virtuoso/config.toml" else word for word in shlex.split(value("ExecStart"))]
    if command[0] != "/usr/bin/virtuoso" or str(config) not in command:
        fail(f"ExecStart={value('ExecStart')} does not run the program with its configuration")
    notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notices.bind(str(pathlib.Path(folder, "notify")))
    os.chmod(pathlib.Path(folder, "notify"), 0o666)
    environment = {"PATH": os.environ["PATH"], "STATE_DIRECTORY": str(state), "NOTIFY_SOCKET": str(pathlib.Path(folder, "notify")),
                   "WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000)}
    limits = f"ulimit -n {value('LimitNOFILE')} -c {value('LimitCORE')}; umask {value('UMask')}; exec \"$@\""
    with open(log, "w") as errors:
        program = subprocess.Popen(["bash", "-c", limits, "unit", *confined([program_copy, *command[1:]])], env=environment,
                                   cwd="/", stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
    try:
        wait_for(notices, "READY=1", program)
        for _ in range(3):
            wait_for(notices, "WATCHDOG=1", program)
        program.send_signal(signal.SIGHUP)
        wait_for(notices, "WATCHDOG=1", program)
        program.send_signal(signal.SIGSTOP)
        time.sleep(0.2)
        told_within(notices, 0.01)
        if told := told_within(notices, WATCHDOG_S):
            fail(f"it goes on after SIGSTOP: {told}")
        program.send_signal(signal.SIGCONT)
        wait_for(notices, "WATCHDOG=1", program)
        program.send_signal(signal.SIGTERM)
        wait_for(notices, "STOPPING=1", program)
        if program.wait(PATIENCE_S) != 0:
            fail(f"SIGTERM: exit code {program.returncode}")
        kept = sorted(path.name for path in state.iterdir())
        if "virtuoso.db" not in kept:
            fail(f"its state is not in $STATE_DIRECTORY: {kept}")
        print(f"ready, watched, reloaded, stopped and gone on, ended with 0; in its state folder: {', '.join(kept)}")
    except BaseException:
        print(log.read_text()[-4000:])
        raise
    finally:
        program.kill()


if not shutil.which("systemd-analyze"):
    print("systemd-analyze is not installed: the unit was not judged by it")
    sys.exit(77)
with tempfile.TemporaryDirectory() as work:
    check_by_systemd(work)
    check_by_running(work)
