#!/usr/bin/env python3
"""Runs services against simulated exchanges and makes each sick in a way of its own; `virtuoso validate` has to find what it is, and to
find nothing of a healthy one.   check_validate.py VIRTUOSO"""
import ctypes
import json
import os
import pathlib
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

VIRTUOSO = pathlib.Path(sys.argv[1]).resolve()
MINUTES = 1.8  # a deep symbol may be broken for one, and a silence shows after a quarter
HASTE = {"CONF-5", "PERF-1", "REG-11"}  # a machine that runs other tests has little
PTRACE_SEIZE, PTRACE_INTERRUPT, WAIT_FOR_ANY_THREAD = 0x4206, 0x4207, 0x40000000


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def asked(url, body=None):
    with urllib.request.urlopen(urllib.request.Request(url, data=body), timeout=10) as answer:
        return answer.read().decode()


class Patient:
    """A service that follows ten contracts, and its exchange."""

    def __init__(self, folder, *faults):
        self.folder = folder
        self.exchange_url, self.url = (f"127.0.0.1:{free_port()}" for _ in range(2))
        self.stop, self.held = threading.Event(), []
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.exchange = subprocess.Popen([VIRTUOSO, "sim", "--symbols", "10", "--activity", "20", "--tls-port", "0", "--port",
                                          self.exchange_url.rsplit(":", 1)[1], *faults], **quiet)
        self.service = subprocess.Popen(
            [VIRTUOSO, "run", "--exchange", "bybit", "--rest-url", f"http://{self.exchange_url}", "--stream-url",
             f"ws://{self.exchange_url}/v5/public/linear", "--listen", self.url, "--deep", "10", "--state-dir", folder / "state",
             "--log-file", folder / "log"],
            env={**os.environ, "VIRTUOSO_KEEPER_INTERVAL_S": "30", "VIRTUOSO_STATE_SAVE_S": "10"}, **quiet)

    def wait_for(self, url):
        for _ in range(300):
            try:
                asked(url)
                return
            except (OSError, urllib.error.URLError):
                time.sleep(0.2)
        raise SystemExit(f"{url} does not answer")

    def fault(self, text):
        asked(f"http://{self.exchange_url}/admin/faults", text.encode())

    def hold_thread(self, name):
        """As a debugger does."""
        ptrace = ctypes.CDLL(None, use_errno=True).ptrace
        for task in pathlib.Path(f"/proc/{self.service.pid}/task").iterdir():
            if (task / "comm").read_text().strip() == name:
                for request in (PTRACE_SEIZE, PTRACE_INTERRUPT):
                    if ptrace(request, int(task.name), None, None):
                        raise OSError(ctypes.get_errno(), "ptrace")
                self.held.append(int(task.name))
                return
        raise SystemExit(f"there is no thread {name}")

    def begin(self):
        self.validate = subprocess.Popen([VIRTUOSO, "validate", "--url", f"http://{self.url}", "--minutes", str(MINUTES), "--every", "1",
                                          "--out", self.folder / "report"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def findings(self):
        said = self.validate.communicate(timeout=60 * MINUTES + 120)[0]
        self.stop.set()
        try:
            report = json.loads((self.folder / "report/report.json").read_text())
        except FileNotFoundError:
            raise SystemExit(f"no report: {said}") from None
        ids = lambda judgement: {row["id"]: row["evidence"]["value"] for row in report["criteria"] if row["judgement"] == judgement}
        return self.validate.returncode, ids("FAIL"), ids("NOT SEEN"), said

    def close(self):
        self.stop.set()
        for process in (self.service, self.exchange):
            process.send_signal(signal.SIGCONT)
            process.kill()
        for thread in self.held:  # whoever holds it has to see its end
            while not os.WIFSIGNALED(os.waitpid(thread, WAIT_FOR_ANY_THREAD)[1]):
                pass
        self.service.wait()
        self.exchange.wait()


def nothing(_):
    pass


def frozen_feed(patient):
    patient.exchange.send_signal(signal.SIGSTOP)
    patient.stop.wait(20)
    patient.exchange.send_signal(signal.SIGCONT)


def full_disk(patient):
    """Nothing may be written beyond what would be there already."""
    resource.prlimit(patient.service.pid, resource.RLIMIT_FSIZE, (1, 1))


def slow_api(patient):
    while not patient.stop.wait(0.1):
        patient.service.send_signal(signal.SIGSTOP)
        time.sleep(0.7)
        patient.service.send_signal(signal.SIGCONT)


def lost_database(patient):
    store = sqlite3.connect(patient.folder / "state/virtuoso.db", isolation_level=None, timeout=30, check_same_thread=False)
    store.execute("BEGIN EXCLUSIVE")
    patient.stop.wait()
    store.close()


# Name; what is done to it before it is watched, and meanwhile (in a thread of its own); what has to be found.
SICK = [
    ("healthy", nothing, nothing, {}),
    ("stopped keeper", lambda patient: patient.hold_thread("keeper"), nothing, {"KEEP-2": "stopped: a run has been due"}),
    ("stalled shard", lambda patient: patient.hold_thread("shard 0"), nothing, {"HEALTH-1": "shards were made anew"}),
    ("frozen feed", nothing, frozen_feed, {"REG-1": "at the slowest 0"}),
    ("full disk", full_disk, nothing, {"HEALTH-4": "sav"}),
    ("wrong clock", nothing, nothing, {"REG-9": "the exchange's clock is +4"}),
    ("silent topic", lambda patient: patient.fault("drop:p=1,match=publicTrade.BTCUSDT"), nothing, {"REG-4": "publicTrade.BTCUSDT"}),
    ("slow API", nothing, slow_api, {"REG-11": "slow: "}),
    ("lost database", nothing, lost_database, {"HEALTH-4": "store: "}),
]


def main():
    faults = []
    with tempfile.TemporaryDirectory() as work:
        patients = []
        try:
            for name, _, _, _ in SICK:
                folder = pathlib.Path(work, name.replace(" ", "_"))
                folder.mkdir()
                patients.append(Patient(folder, *(["--fault", "clock-skew:value=4200"] if name == "wrong clock" else [])))
            for patient in patients:
                patient.wait_for(f"http://{patient.url}/health/ready")
            for patient, (name, before, during, _) in zip(patients, SICK):
                before(patient)
                patient.begin()
                threading.Thread(target=during, args=(patient,), daemon=True).start()
            for patient, (name, _, _, wanted) in zip(patients, SICK):
                code, failed, unseen, said = patient.findings()
                print(f"{name}: FAIL {failed}, NOT SEEN {sorted(unseen)}")
                if code != 8:
                    faults.append(f"{name}: exit code {code}\n{said}")
                if name == "healthy" and (set(failed) - HASTE or set(unseen) - {"SIG-1"} != {"HEALTH-5"}):
                    faults.append(f"{name}: not all passed that can be seen so soon:\n{said}")
                faults += [f"{name}: {id} does not say {text!r}:\n{said}" for id, text in wanted.items() if text not in failed.get(id, "")]
        finally:
            for patient in patients:
                patient.close()
    print("\n".join(faults) or f"{len(SICK) - 1} sick services found, the healthy one passed")
    return 1 if faults else 0


sys.exit(main())
