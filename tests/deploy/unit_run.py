"""A systemd unit's command, run as systemd would: as nobody, without capabilities, within its limits, with a socket to notify
and a watchdog."""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import time

PATIENCE_S = 60
WATCHDOG_S = 2
NOBODY = 65534


class Unit:
    def __init__(self, path):
        self.name, self.text = path.name, path.read_text()

    def value(self, key):
        return re.search(rf"^{key}=(.*)$", self.text, re.M)[1]


def confined(command):
    """Where this is root: what of the unit's confinement needs no systemd."""
    if os.getuid() != 0 or not shutil.which("setpriv"):
        return command
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", "--bounding-set=-all",
            "--inh-caps=-all", *command]


class Run:
    """Ends with the block that it is used in, where what it logged is shown if that was left by an exception. `folder` holds its
    log and its socket, `state` what it keeps; both lie in `root`, the folder that it takes for the machine."""

    def __init__(self, unit, command, folder, state, root=pathlib.Path("/"), **variables):
        self.log = folder / "log"
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.getuid() == 0:
            os.chmod(folder, 0o755)
            os.chown(state, NOBODY, NOBODY)
        address = folder / "notify"
        address.unlink(missing_ok=True)
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(address))
        os.chmod(address, 0o666)
        environment = {"PATH": os.environ["PATH"], "STATE_DIRECTORY": f"/{state.relative_to(root)}",
                       "NOTIFY_SOCKET": f"/{address.relative_to(root)}", "WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000), **variables}
        limits = f"ulimit -n {unit.value('LimitNOFILE')} -c {unit.value('LimitCORE')}; umask {unit.value('UMask')}; exec \"$@\""
        inside = [] if root == pathlib.Path("/") else ["chroot", str(root)]
        with open(self.log, "w") as errors:
            self.program = subprocess.Popen(["bash", "-c", limits, "unit", *inside, *confined(command)], env=environment, cwd="/",
                                            stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.program.kill()
        self.program.wait()
        self.notices.close()
        if kind:
            print(self.log.read_text()[-4000:])

    def told_within(self, seconds):
        """Everything until nothing more comes for so long."""
        self.notices.settimeout(seconds)
        told = []
        try:
            while True:
                told += self.notices.recv(4096).decode().splitlines()
        except TimeoutError:
            return told

    def wait_for(self, word):
        came = []
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.notices.settimeout(0.1)
            try:
                came += self.notices.recv(4096).decode().splitlines()
            except TimeoutError:
                if self.program.poll() is not None:
                    raise SystemExit(f"ended with {self.program.returncode} before {word}; told: {came}") from None
                continue
            if word in came:
                return
        raise SystemExit(f"{word} did not come within {PATIENCE_S} s; told: {came}")
