#!/usr/bin/env python3
"""Builds Debian's package twice, and installs, upgrades, removes and purges it in an empty root of its own. Exit 77: dpkg or
cpack is not installed.   check_package.py SOURCE_FOLDER VIRTUOSO"""
import filecmp
import os
import pathlib
import shutil
import sys
import tempfile

from package_tools import expect, newer, run

source, virtuoso = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()


def build(folder):
    run(source / "scripts/package.sh", folder, virtuoso)
    made = list(pathlib.Path(folder).glob("*.deb"))
    expect(len(made) == 1, f"not one package but {made}")
    return made[0]


class Root:
    """An empty machine, as far as dpkg goes: its scripts are told where it is and leave this machine alone."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder)
        for name in ("info", "updates", "triggers"):
            (self.path / "var/lib/dpkg" / name).mkdir(parents=True)
        for name in ("status", "available"):
            (self.path / "var/lib/dpkg" / name).touch()
        self.before = self.files()

    def files(self):
        """What is there besides dpkg's own."""
        return {str(path.relative_to(self.path)) for path in self.path.rglob("*")
                if "var/lib/dpkg" not in str(path) and not path.is_dir()}

    def dpkg(self, *words, **variables):
        return run("dpkg", f"--root={self.path}", "--force-script-chrootless", "--force-depends", "--force-not-root",
                   "--log=/dev/null", *words, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", **variables})


def check_installed(root):
    run(root.path / "usr/bin/virtuoso", "config", "check", root.path / "etc/virtuoso/config.toml")
    run("bash", "-n", root.path / "usr/share/bash-completion/completions/virtuoso")
    for name in ("usr/lib/systemd/system/virtuoso.service", "usr/share/man/man1/virtuoso.1.gz",
                 "usr/share/zsh/vendor-completions/_virtuoso", "usr/share/fish/vendor_completions.d/virtuoso.fish",
                 "usr/share/virtuoso/grafana/virtuoso.json", "usr/share/virtuoso/prometheus/alerts.yml",
                 "usr/share/doc/virtuoso/copyright", "usr/share/doc/virtuoso/changelog.gz",
                 "usr/share/doc/virtuoso/virtuoso.spdx.json"):
        expect((root.path / name).is_file(), f"{name} is not installed")


def check_life(package, folder):
    root = Root(pathlib.Path(folder, "root"))
    root.dpkg("-i", package)
    check_installed(root)
    config = root.path / "etc/virtuoso/config.toml"
    config.write_text(config.read_text() + "# mine\n")
    kept = root.path / "var/lib/private/virtuoso/virtuoso.db"
    kept.parent.mkdir(parents=True)
    kept.write_text("what it said")
    root.dpkg("-i", newer(package, folder))
    check_installed(root)
    expect(config.read_text().endswith("# mine\n"), "an upgrade lost what was changed of the configuration")
    root.dpkg("-r", "virtuoso")
    left = root.files() - root.before
    expect(left == {"etc/virtuoso/config.toml", "var/lib/private/virtuoso/virtuoso.db"}, f"after its removal there is {left}")
    said = root.dpkg("-P", "virtuoso")
    expect(root.files() - root.before == {"var/lib/private/virtuoso/virtuoso.db"}, f"after a purge there is {root.files()}")
    expect("VIRTUOSO_PURGE_DATA=yes" in said, f"a purge does not say what it leaves: {said}")
    root.dpkg("-i", package)
    root.dpkg("-P", "virtuoso", VIRTUOSO_PURGE_DATA="yes")
    expect(root.files() == root.before, f"after a purge with its data there is {root.files()}")


for tool in ("dpkg", "dpkg-shlibdeps", "cpack"):
    if not shutil.which(tool):
        print(f"{tool} is not installed: the package was not built")
        sys.exit(77)
with tempfile.TemporaryDirectory() as work:
    first, second = (build(pathlib.Path(work, name)) for name in ("first", "second"))
    expect(filecmp.cmp(first, second, shallow=False), "two builds of one commit differ")
    needs = run("dpkg-deb", "-f", first, "Depends")
    expect("libc6" in needs and "ca-certificates" in needs, f"it depends on {needs}")
    if os.getuid() == 0:
        check_life(first, work)
    lived = "installed, upgraded, removed and purged" if os.getuid() == 0 else "not installed, which root alone can"
    print(f"{first.name}, {first.stat().st_size / 1e6:.1f} MB: built twice alike; {lived}")
