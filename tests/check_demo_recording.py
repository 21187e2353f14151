#!/usr/bin/env python3
"""The committed demonstration recording is what its script writes."""

import gzip
import pathlib
import subprocess
import sys
import tempfile

root = pathlib.Path(sys.argv[1])
with tempfile.TemporaryDirectory() as directory:
    made = pathlib.Path(directory) / "demo.jsonl.gz"
    subprocess.run([sys.executable, root / "scripts/make_demo_recording.py", made], check=True)
    committed = root / "tests/fixtures/demo.jsonl.gz"
    # The frames are compared, not the compression, which depends on the zlib at hand.
    if gzip.decompress(made.read_bytes()) != gzip.decompress(committed.read_bytes()):
        sys.exit("tests/fixtures/demo.jsonl.gz differs from what scripts/make_demo_recording.py writes")
