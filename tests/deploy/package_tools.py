"""What the checks of packages share."""
import pathlib
import socket
import subprocess
import urllib.request


def expect(truth, what):
    if not truth:
        raise SystemExit(what)


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    expect(done.returncode == 0, f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def status_of(url):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as response:
        return response.status


def newer(package, folder):
    """The same package of a later version."""
    parts = pathlib.Path(folder, "parts")
    run("dpkg-deb", "-R", package, parts)
    control = parts / "DEBIAN/control"
    version = [line for line in control.read_text().splitlines() if line.startswith("Version: ")][0]
    control.write_text(control.read_text().replace(version, version + ".1"))
    run("dpkg-deb", "--root-owner-group", "-Znone", "-b", parts, pathlib.Path(folder, "newer.deb"))
    return pathlib.Path(folder, "newer.deb")
