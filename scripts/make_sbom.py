#!/usr/bin/env python3
"""Prints what the program is made of and what it loads, as an SPDX 2.3 document: Debian's packages and npm's, with versions,
licences where they can be told, and who needs whom. The same program on the same packages gives the same bytes.
   make_sbom.py PROGRAM     PROGRAM: built here, or with the packages that are installed here"""
import base64
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
from urllib.parse import quote

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Linked or compiled into every program: start-up code, the compiler's own library, the standard library's headers.
TOOLCHAIN = ("crt1.o", "libgcc.a", "libstdc++.so")
# Names of licences in Debian's copyright files, in small letters, that say the same as one of SPDX; others are not guessed.
LICENCES = {name.lower(): name for name in ("0BSD", "Apache-2.0", "Artistic-1.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0",
                                            "CC0-1.0", "ISC", "MIT", "PostgreSQL", "Unlicense", "X11", "Zlib", "curl")}
LICENCES |= {"apache-2": "Apache-2.0", "expat": "MIT", "openldap-2.8": "OLDAP-2.8"}
DEBIAN_FIELDS = "${Version}\n${Architecture}\n${source:Package}\n${source:Version}\n${db:Status-Abbrev}"


def run(*command, check=True):
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    if check and done.returncode:
        sys.exit(f"make_sbom.py: {' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def spdx_licence(name):
    if gnu := re.fullmatch(r"(L?GPL)-([1-3](?:\.1)?)(?:\.0)?(\+?)", name):
        kind, version, newer = gnu.groups()
        return f"{kind}-{version if '.' in version else version + '.0'}-{'or-later' if newer else 'only'}"
    return LICENCES.get(name.lower())


def spdx_expression(text):
    """The SPDX licence that a name such as "LGPL-3+ or GPL-2+" stands for, or None."""
    words = re.split(r"\s+(or|and)\s+", text)
    names, between = [spdx_licence(name) for name in words[::2]], set(words[1::2])
    return f" {between.pop().upper() if between else ''} ".join(names) if all(names) and len(between) < 2 else None


def licence_by(copyright_file):
    """(SPDX's expression or None, every name in the file) of a copyright file that machines can read; of others (None, [])."""
    text = copyright_file.read_text(errors="replace") if copyright_file.is_file() else ""
    if not text.startswith("Format:"):
        return None, []
    found = {}
    for paragraph in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^(\S+):[ \t]*(.*(?:\n[ \t].*)*)", paragraph, re.M))
        files, name = fields.get("Files", "").split(), fields.get("License", "").split("\n")[0].strip()
        if name and files and not all(file.startswith("debian/") for file in files):
            found.setdefault(name, []).extend(files)
    whole = next((name for name, files in found.items() if "*" in files), "")
    # Of programs under the GPL that bring a library, the file does not say in which terms the library comes.
    unclear = whole.startswith("GPL") and " or " not in whole and len(found) > 1
    return None if unclear else spdx_expression(whole), sorted(found)


def package_id(kind, name):
    return f"SPDXRef-{kind}-{re.sub('[^A-Za-z0-9.-]', '-', name.replace('+', 'p'))}"


class Bill:
    def __init__(self):
        self.packages, self.relationships = {}, set()
        release = dict(re.findall(r'^(\w+)="?([^"\n]*)', pathlib.Path("/etc/os-release").read_text(), re.M))
        self.distribution = f"{release['ID']}-{release.get('VERSION_ID', '')}"

    def add(self, kind, name, version, purl, licence, **more):
        identity = package_id(kind, name)
        self.packages[identity] = {
            "SPDXID": identity, "name": name, "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
            "licenseConcluded": "NOASSERTION", "licenseDeclared": licence or "NOASSERTION", "copyrightText": "NOASSERTION",
            "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}], **more}
        return identity

    def debian(self, name):
        if (identity := package_id("deb", name)) in self.packages:
            return identity
        version, architecture, source, source_version, status = run("dpkg-query", "-W", "-f", DEBIAN_FIELDS, name).split("\n")
        if not status.startswith("ii"):
            sys.exit(f"make_sbom.py: {name}, with which the program was built, is not installed")
        copyright_file = pathlib.Path("/usr/share/doc", name, "copyright")
        licence, names = licence_by(copyright_file)
        comment = f"By {copyright_file}" + (f", which names {', '.join(names)}" if names else "")
        purl = f"pkg:deb/debian/{quote(name, '')}@{quote(version, '')}?arch={architecture}&distro={self.distribution}"
        return self.add("deb", name, version, purl + f"&upstream={quote(source, '')}", licence, supplier="Organization: Debian",
                        sourceInfo=f"built from the source package {source} {source_version}", licenseComments=comment)

    def npm(self, name):
        held = json.loads((ROOT / "web/package-lock.json").read_text())["packages"][f"node_modules/{name}"]
        algorithm, digest = held["integrity"].split("-", 1)
        checksum = {"algorithm": algorithm.upper(), "checksumValue": base64.b64decode(digest).hex()}
        return self.add("npm", name, held["version"], f"pkg:npm/{quote(name, '/')}@{held['version']}", held.get("license"),
                        checksums=[checksum], supplier="NOASSERTION")

    def relate(self, one, how, other):
        if one != other:
            self.relationships.add((one, how, other))


def owners(paths):
    """Whose each file is; what of /usr is in / in the eyes of dpkg."""
    twins = {path: {path, path.removeprefix("/usr"), "/usr" + path, os.path.realpath(path)} for path in paths}
    told = run("dpkg-query", "-S", *sorted(set().union(*twins.values())), check=False)
    owner = {file: whose.split(":")[0] for whose, file in re.findall(r"^(\S+): (/.*)$", told, re.M)}
    found = {path: next((owner[twin] for twin in sorted(twins[path]) if twin in owner), None) for path in paths}
    if strange := [path for path, whose in found.items() if not whose]:
        sys.exit(f"make_sbom.py: {', '.join(strange)}: of no package of Debian's")
    return found


def add_shared_libraries(bill, program, subject):
    libraries = dict(re.findall(r"^\s*(\S+) (?:=> )?(?<=[ >])(/\S+) \(", run("ldd", program), re.M))
    owner = owners(libraries.values())
    needing = {subject: [program]}
    for path, package in owner.items():
        needing.setdefault(bill.debian(package), []).append(path)
    for identity, files in needing.items():
        for name in re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-dW", *files)):
            if name in libraries:
                bill.relate(identity, "DYNAMIC_LINK", bill.debian(owner[libraries[name]]))


def add_what_it_was_built_with(bill, subject):
    for package in owners([run("g++", f"-print-file-name={file}").strip() for file in TOOLCHAIN]).values():
        bill.relate(subject, "CONTAINS", bill.debian(package))
    for package in run("bash", "-c", '. "$0"; printf "%s\\n" "${build_packages[@]}"', ROOT / "scripts/packages.sh").split():
        if package.endswith("-dev") or package.startswith("libjs-"):
            bill.relate(subject, "CONTAINS", bill.debian(package))
        elif package_id("deb", package) not in bill.packages:
            bill.relate(bill.debian(package), "BUILD_TOOL_OF", subject)
    for name in json.loads((ROOT / "web/dist/packages.json").read_text()):
        bill.relate(subject, "CONTAINS", bill.npm(name))


def add_what_it_reads(bill, subject):
    for package in re.search(r'PACKAGE_DEPENDS "(.*)"', (ROOT / "deploy/debian/cpack.cmake").read_text())[1].split(", "):
        bill.relate(subject, "DEPENDS_ON", bill.debian(package))


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    about = json.loads(run(program, "version", "--json"))
    bill = Bill()
    licence, _ = licence_by(ROOT / "deploy/debian/copyright")
    subject = bill.add("program", "virtuoso", about["version"], f"pkg:generic/virtuoso@{about['version']}", licence,
                       supplier="Organization: The Virtuoso authors", primaryPackagePurpose="APPLICATION",
                       sourceInfo=f"built from the commit {about['commit']} with GCC {about['compiler']}")
    bill.packages[subject]["copyrightText"] = "The Virtuoso authors"
    add_shared_libraries(bill, program, subject)
    add_what_it_reads(bill, subject)
    add_what_it_was_built_with(bill, subject)

    related = sorted({("SPDXRef-DOCUMENT", "DESCRIBES", subject)} | bill.relationships)
    content = {"packages": [bill.packages[identity] for identity in sorted(bill.packages)],
               "relationships": [{"spdxElementId": one, "relationshipType": how, "relatedSpdxElement": other}
                                 for one, how, other in related]}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]
    made = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    document = {
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"virtuoso-{about['version']}",
        "documentNamespace": f"https://spdx.org/spdxdocs/virtuoso-{about['version']}-{about['commit']}-{digest}",
        "creationInfo": {"created": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": [f"Tool: make_sbom.py-{about['version']}", "Organization: The Virtuoso authors"]},
        "comment": "Versions are of the machine on which the program was built. What is compiled into it stays as it is; what it"
                   " links dynamically or depends on is that of the machine on which it runs.", **content}
    print(json.dumps(document, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
