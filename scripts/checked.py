"""What passed a check before: a folder of empty files named by a hash of everything the check looked at. Lies beside the
compiler's cache and is for the check scripts alone; deleting it costs only time."""
import hashlib
import os
import pathlib
import time

KEEP_DAYS = 30


class Passed:
    def __init__(self, name):
        home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
        compiler_cache = pathlib.Path(os.environ.get("CCACHE_DIR") or pathlib.Path(home, "ccache"))
        self.folder = compiler_cache.parent / "virtuoso-checks" / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            oldest = time.time() - KEEP_DAYS * 86400
            for entry in self.folder.iterdir():
                if entry.stat().st_mtime < oldest:
                    entry.unlink(missing_ok=True)
        except OSError:
            self.folder = None  # nowhere to write: every check runs

    def __contains__(self, key):
        try:
            os.utime(self.folder / key)
            return True
        except (OSError, TypeError):
            return False

    def add(self, key):
        if self.folder:
            try:
                (self.folder / key).touch()
            except OSError:
                pass


def hash_of(*parts):
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()
