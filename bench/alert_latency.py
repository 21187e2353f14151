#!/usr/bin/env python3
"""Starts a service on the simulated exchange with a webhook of this script as its sink, and prints how long after an event, and
after its alert was made, the first byte of its request came:
    bench/alert_latency.py VIRTUOSO [SECONDS]"""
import http.server
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

virtuoso, seconds = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 60
since_made, since_event = [], []


class Sink(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def parse_request(self):
        self.came = time.time() * 1000  # the first line is there
        return super().parse_request()

    def do_POST(self):
        alert = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        since_made.append(self.came - alert["made"])
        since_event.extend(self.came - one["time"] for one in alert["occurrences"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def told(name, values):
    values = sorted(values)
    at = [values[min(len(values) - 1, int(len(values) * share))] for share in (0.5, 0.99)]
    print(f"{name}: {len(values)} of them, p50 {at[0]:.0f} ms, p99 {at[1]:.0f} ms, most {values[-1]:.0f} ms")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sink)
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory() as folder:
    config = pathlib.Path(folder, "config.toml")
    config.write_text(f"""
[exchange]
name = "sim"
[api]
listen = "127.0.0.1:0"
[alerts]
sinks = ["here: webhook url=http://127.0.0.1:{server.server_port}/ per_minute=600"]
rules = ["all: phase=moment,begin cooldown=1s"]
""")
    program = subprocess.Popen([virtuoso, "run", "--config", config, "--state-dir", pathlib.Path(folder, "state"), "--log-file",
                                pathlib.Path(folder, "log")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    program.send_signal(signal.SIGTERM)
    program.wait()
if not since_made:
    raise SystemExit("no alert came")
told("since the alert was made", since_made)
told("since the event", since_event)
