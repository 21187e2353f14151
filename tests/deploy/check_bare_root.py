#!/usr/bin/env python3
"""Makes a bare Debian 12 in a folder, installs the package there from a mirror with what it needs and no more, runs the service
as its unit says on the simulated exchange, upgrades, removes and purges it, and looks at what is left. Started by
scripts/try_package.sh, in namespaces of its own.   check_bare_root.py PACKAGE FOLDER MIRROR"""
import contextlib
import json
import os
import pathlib
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import time
import urllib.request

from package_tools import expect, free_port, newer, run, status_of
from unit_run import PATIENCE_S, Run, Unit

source = pathlib.Path(__file__).resolve().parent.parent.parent
package, work, mirror = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
root = work / "root"
kept = root / "var/lib/private/virtuoso"  # where a unit with DynamicUser has its StateDirectory
config = root / "etc/virtuoso/config.toml"
began = time.monotonic()
# What any package leaves, whoever made it.
ANYBODYS = ("proc/", "var/cache/", "var/lib/apt/", "var/lib/dpkg/", "var/log/", "etc/ld.so.cache", "etc/apt/")


def say(what):
    print(f"{time.monotonic() - began:5.0f} s  {what}", flush=True)


def inside(*command, **variables):
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", **variables}
    for proxy in ("http_proxy", "https_proxy", "no_proxy"):
        if proxy in os.environ:
            environment[proxy] = os.environ[proxy]
    return run("chroot", root, *command, env=environment)


def apt(*words, **variables):
    return inside("apt-get", "-q", "-y", "--no-install-recommends", *words, **variables)


def files():
    return {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir() or path.is_symlink()}


def left(before):
    return sorted(name for name in files() - before if not name.startswith(ANYBODYS))


def packages():
    return set(inside("dpkg-query", "-W", "-f", "${Package}\n").split())


def make_root():
    run("debootstrap", "--variant=minbase", "bookworm", root, mirror)
    run("mount", "-t", "proc", "proc", root / "proc")
    apt("update")
    say(f"a bare Debian 12: {len(packages())} packages")


def check_files():
    """What dpkg says of what it has unpacked, and whose and how open it is."""
    expect(not inside("dpkg", "--verify", "virtuoso"), "dpkg --verify finds files that are not those of the package")
    expect("not found" not in inside("ldd", "/usr/bin/virtuoso"), "a library is missing")
    for name in inside("dpkg", "-L", "virtuoso").split()[1:]:
        entry = (root / name[1:]).lstat()
        expect(entry.st_uid == 0 and entry.st_gid == 0, f"{name} is not root's")
        mode = 0o755 if stat.S_ISDIR(entry.st_mode) or name == "/usr/bin/virtuoso" else 0o644
        expect(stat.S_IMODE(entry.st_mode) == mode, f"{name} is of mode {stat.S_IMODE(entry.st_mode):o}")


def check_commands():
    """What needs the network's certificates, time zones and no locale, as somebody without rights."""
    expect((root / "etc/ssl/certs/ca-certificates.crt").stat().st_size > 100_000, "there are no certificates")
    shutil.copy(source / "tests/fixtures/demo.jsonl.gz", root / "tmp")
    rule = "night: severity=warning quiet=22:00-07:00@Europe/Berlin to=console"
    (root / "tmp/zones.toml").write_text(f'[alerts]\nrules = ["{rule}"]\n')
    for command in ("version --json", "config check /etc/virtuoso/config.toml", "config check /tmp/zones.toml",
                    "analyze /tmp/demo.jsonl.gz", "manual"):
        inside("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "virtuoso", *command.split())


def validate(url):
    """The program's own judgement of a service, where it has the command; what takes longer to be seen may be unseen."""
    minutes = os.environ.get("VIRTUOSO_VALIDATE_MINUTES", "1")
    try:
        inside("virtuoso", "validate", "--help")
    except SystemExit:
        say("`virtuoso validate` was left out: this program does not have the command")
        return
    command = f"virtuoso validate --url {url} --minutes {minutes} --out /tmp/validate || [ $? -eq 8 ]"
    said = inside("sh", "-c", command, HOME="/tmp")
    verdict = json.loads((root / "tmp/validate/report.json").read_text())["verdict"]
    expect(verdict in ("PASS", "NOT SEEN"), f"virtuoso validate: {verdict}\n{said}")
    say(f"virtuoso validate, {minutes} min: {said.splitlines()[-1].split('; ')[0]}")


def check_service(name, and_then=lambda url: None):
    folder, port = root / f"run/{name}", free_port()
    folder.mkdir()
    unit = Unit(root / "usr/lib/systemd/system/virtuoso.service")
    if not kept.is_dir():
        kept.mkdir(mode=0o700, parents=True)
        (root / "var/lib/virtuoso").symlink_to("private/virtuoso")
    with Run(unit, shlex.split(unit.value("ExecStart")), folder, kept, root, VIRTUOSO_EXCHANGE_NAME="sim",
             VIRTUOSO_API_LISTEN=f"127.0.0.1:{port}") as service:
        service.wait_for("READY=1")
        say(f"{name}: ready")
        for path in ("/health/ready", "/health/live", "/", "/metrics", "/api/v1/health"):
            expect(status_of(f"http://127.0.0.1:{port}{path}") == 200, f"{path} is not answered")
        reload = shlex.split(unit.value("ExecReload").replace("${MAINPID}", str(service.program.pid)))
        inside(*reload)
        for _ in range(5):
            service.wait_for("WATCHDOG=1")
        expect("Configuration reloaded" in service.log.read_text(), "ExecReload did not have the configuration read again")
        and_then(f"http://127.0.0.1:{port}")
        service.program.send_signal(signal.SIGTERM)
        service.wait_for("STOPPING=1")
        expect(service.program.wait(PATIENCE_S) == 0, f"SIGTERM: exit code {service.program.returncode}")
    expect((kept / "virtuoso.db").is_file(), "its state is not in its state folder")
    shutil.rmtree(folder)
    say(f"{name}: asked, stopped, ended with 0")


def check_life():
    files_before, packages_before = files(), packages()
    shutil.copy(package, root / "tmp/virtuoso.deb")
    apt("install", "/tmp/virtuoso.deb")
    needed = packages() - packages_before - {"virtuoso"}
    say(f"installed, and {len(needed)} packages that it needs")
    starts = root / "etc/systemd/system/multi-user.target.wants/virtuoso.service"
    expect(starts.is_symlink(), "it does not start with the machine")
    check_files()
    check_commands()
    check_service("installed", validate)

    config.write_text(config.read_text() + "# mine\n")
    shutil.copy(newer(package, work), root / "tmp/newer.deb")
    apt("install", "/tmp/newer.deb")
    expect(config.read_text().endswith("# mine\n"), "an upgrade lost what was changed of the configuration")
    check_service("upgraded")

    apt("remove", "virtuoso")
    expect(config.is_file() and kept.is_dir(), "its removal took the configuration or what the service had kept")
    expect(not inside("sh", "-c", "command -v virtuoso || true"), "its removal left the program")
    apt("purge", "virtuoso", VIRTUOSO_PURGE_DATA="yes")
    apt("purge", *sorted(needed))
    for name in ("virtuoso.deb", "newer.deb", "demo.jsonl.gz", "zones.toml"):
        (root / "tmp" / name).unlink()
    shutil.rmtree(root / "tmp/validate", ignore_errors=True)
    expect(not left(files_before), f"after a purge there is {left(files_before)[:20]}")
    say("upgraded, removed and purged: nothing is left")


BOOTED_UNIT = """[Unit]
SuccessAction=exit
FailureAction=exit
FailureActionExitStatus=1
[Service]
Type=oneshot
ExecStart=bash /root/booted.sh /root/virtuoso.deb /root/newer.deb
StandardOutput=file:/root/said
StandardError=inherit
TimeoutStartSec=300
[Install]
WantedBy=multi-user.target
"""


def boot():
    """Its end and what it said. systemd-nspawn wants a /run in memory, and leaves the two control groups that it has made here."""
    os.makedirs("/run/systemd/nspawn", exist_ok=True)
    run("mount", "-t", "tmpfs", "tmpfs", "/run/systemd/nspawn")
    run("umount", root / "proc")  # it mounts its own
    ours = [line.split(":")[2].strip("/") for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines()]
    groups = [pathlib.Path(tree, path, name) for tree in ("/sys/fs/cgroup", *pathlib.Path("/sys/fs/cgroup").glob("*"))
              for path in set(ours) for name in ("payload", "supervisor")]
    made = [group for group in groups if not group.exists()]
    try:
        return subprocess.run(["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network",
                               "--console=pipe", "-D", root], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=500)
    finally:
        for group in made:
            for folder, _, _ in os.walk(group, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)


def check_booted():
    """The same on a machine whose systemd runs, where one can be had: systemd in namespaces of its own."""
    if not shutil.which("systemd-nspawn"):
        say("systemd itself was not booted: systemd-nspawn is not installed (apt install systemd-container)")
        return
    apt("install", "systemd", "systemd-sysv", "dbus")
    shutil.copy(package, root / "root/virtuoso.deb")
    shutil.copy(work / "newer.deb", root / "root")
    shutil.copy(source / "tests/deploy/booted.sh", root / "root")
    units = root / "etc/systemd/system"
    (units / "virtuoso.service.d").mkdir()
    (units / "virtuoso.service.d/sim.conf").write_text("[Service]\nEnvironment=VIRTUOSO_EXCHANGE_NAME=sim\n")
    (units / "booted.service").write_text(BOOTED_UNIT)
    inside("systemctl", "enable", "booted.service")
    apt("install", "/root/virtuoso.deb")
    done = boot()
    said = root / "root/said"
    if not said.exists():
        say(f"systemd itself could not be booted here: {done.stdout}{done.stderr}".strip())
        return
    expect(done.returncode == 0, f"under systemd: exit {done.returncode}\n{said.read_text()}")
    for line in said.read_text().splitlines():
        if " " in line and line[0].islower():
            say(f"under systemd: {line}")


try:
    urllib.request.urlopen(f"{mirror}/dists/bookworm/InRelease", timeout=30).close()
except OSError as error:
    print(f"{mirror} cannot be reached ({error}): no bare Debian was made")
    sys.exit(77)
make_root()
check_life()
check_booted()
