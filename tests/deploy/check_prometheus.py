#!/usr/bin/env python3
"""Holds the alert rules and the Grafana board against Prometheus' own parser, and every metric they name against what
the service tells. Exit 77: promtool is not installed.   check_prometheus.py SOURCE_FOLDER"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
rules = root / "deploy/prometheus/alerts.yml"
board = json.loads((root / "deploy/grafana/virtuoso.json").read_text())
sources = "".join(path.read_text() for path in (root / "src/api").glob("*.cpp"))
told = set(re.findall(r'"((?:virtuoso|process)_[a-z0-9_]+)"', sources))


def expressions(panels):
    for panel in panels:
        yield from (target["expr"] for target in panel.get("targets", []))
        yield from expressions(panel.get("panels", []))


board_expressions = list(expressions(board["panels"]))
problems = []
for text in [rules.read_text(), *board_expressions]:
    for name in re.findall(r"\b(?:virtuoso|process)_[a-z0-9_]+\b", text):
        if re.sub(r"_(bucket|sum|count)$", "", name) not in told and name not in told:
            problems.append(f"no metric is called {name}")
if len(board_expressions) < 10:
    problems.append("the board has hardly a panel")
if board["uid"] != "virtuoso" or not any(v["type"] == "datasource" for v in board["templating"]["list"]):
    problems.append("the board has no stable uid or no data source to choose")
if problems:
    sys.exit("\n".join(sorted(set(problems))))

if not shutil.which("promtool"):
    print("promtool is not installed: expressions were not parsed")
    sys.exit(77)
subprocess.run(["promtool", "check", "rules", rules], check=True)
with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
    file.write("groups:\n  - name: board\n    rules:\n")
    for number, expression in enumerate(board_expressions):
        expression = expression.replace("$instance", ".*")
        file.write(f"      - record: board:{number}\n        expr: {json.dumps(expression)}\n")
    file.flush()
    subprocess.run(["promtool", "check", "rules", file.name], check=True)
