#!/usr/bin/env python3
"""Holds the bill of materials against SPDX 2.3 and against what it tells of: every shared library that the program loads,
every package whose headers its objects were compiled with, what the program says of itself, and the notices of what it holds.
Exit 77: dpkg or readelf is not installed.   check_sbom.py SOURCE_FOLDER VIRTUOSO BUILD_FOLDER"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

source, virtuoso, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
LICENCES = {"0BSD", "Apache-2.0", "Artistic-1.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "GPL-2.0-only",
            "GPL-2.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later", "ISC", "LGPL-2.0-only", "LGPL-2.0-or-later", "LGPL-2.1-only",
            "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "OLDAP-2.8", "PostgreSQL", "Unlicense", "X11", "Zlib",
            "curl", "NOASSERTION"}
PURL = re.compile(r"pkg:(deb/debian|npm|generic)/[\w.%/~-]+@[\w.%~-]+(\?[\w=&.%~-]+)?")
PROGRAM = "SPDXRef-program-virtuoso"
RELATIONSHIPS = {"DESCRIBES", "CONTAINS", "DYNAMIC_LINK", "DEPENDS_ON", "BUILD_TOOL_OF"}
DIGITS = {"SHA1": 40, "SHA256": 64, "SHA512": 128}
# Constants of the kernel's, which nobody's licence reaches.
NOT_COMPILED_IN = {"linux-libc-dev"}
problems = []


def expect(truth, what):
    if not truth:
        problems.append(what)


def run(*command, check=True, **variables):
    """What it prints; what it says besides only where it must not fail."""
    said = None if check else subprocess.DEVNULL
    return subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=said, text=True, check=check,
                          env={**os.environ, "LC_ALL": "C", **variables}).stdout


def make(seed):
    return run(source / "scripts/make_sbom.py", virtuoso, SOURCE_DATE_EPOCH="1700000000", PYTHONHASHSEED=str(seed))


def check_document(document):
    for field, value in (("spdxVersion", "SPDX-2.3"), ("dataLicense", "CC0-1.0"), ("SPDXID", "SPDXRef-DOCUMENT")):
        expect(document[field] == value, f"{field} is {document[field]}")
    expect(document["name"], "the document has no name")
    expect(re.fullmatch(r"https://[\w.-]+/[\w./+~-]+", document["documentNamespace"]), f"namespace {document['documentNamespace']}")
    expect(about["commit"] in document["documentNamespace"], "the namespace does not tell the commit")
    expect(document["creationInfo"]["created"] == "2023-11-14T22:13:20Z", f"made at {document['creationInfo']['created']}")
    creators = document["creationInfo"]["creators"]
    expect(creators and all(re.match("(Tool|Organization|Person): .", creator) for creator in creators), f"creators {creators}")


def check_package(package):
    name = package["SPDXID"]
    expect(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", name), f"{name} is no identifier of SPDX")
    for field in ("name", "versionInfo", "downloadLocation", "licenseConcluded", "licenseDeclared", "copyrightText", "supplier"):
        expect(isinstance(package.get(field), str) and package[field], f"{name}: no {field}")
    expect(package["filesAnalyzed"] is False and "packageVerificationCode" not in package, f"{name}: no files are told of")
    expect(set(re.split(" OR | AND ", package["licenseDeclared"])) <= LICENCES, f"{name}: licence {package['licenseDeclared']}")
    expect(re.fullmatch("NOASSERTION|(Organization|Person): .+", package["supplier"]), f"{name}: supplier {package['supplier']}")
    for checksum in package.get("checksums", []):
        expect(re.fullmatch(f"[0-9a-f]{{{DIGITS[checksum['algorithm']]}}}", checksum["checksumValue"]), f"{name}: {checksum}")
    for reference in package["externalRefs"]:
        expect((reference["referenceCategory"], reference["referenceType"]) == ("PACKAGE-MANAGER", "purl") and
               PURL.fullmatch(reference["referenceLocator"]), f"{name}: {reference}")


def check_relationships(document):
    known = {package["SPDXID"] for package in document["packages"]}
    expect(len(known) == len(document["packages"]), "two packages have one identifier")
    related = {(told["spdxElementId"], told["relationshipType"], told["relatedSpdxElement"]) for told in document["relationships"]}
    expect(len(related) == len(document["relationships"]), "a relationship is told twice")
    for one, how, other in related:
        expect({one, other} <= known | {"SPDXRef-DOCUMENT"} and one != other, f"{one} {how} {other}: there is no such package")
        expect(how in RELATIONSHIPS, f"{one} {how} {other}: no such relationship is used")
    described = [other for one, how, other in related if how == "DESCRIBES"]
    expect(described == [PROGRAM], f"it describes {described}")
    reached = {PROGRAM}
    while more := {other for one, how, other in related if one in reached and how != "BUILD_TOOL_OF"} - reached:
        reached |= more
    tools = {one for one, how, other in related if how == "BUILD_TOOL_OF"}
    expect(reached | tools == known, f"nothing leads to {known - reached - tools}")
    return related


def packages_of(files):
    """Which packages hold these, and the version of each that is installed."""
    forms = {form for file in files for form in (file, file.removeprefix("/usr"), os.path.realpath(file))}
    told = run("dpkg-query", "-S", *sorted(forms), check=False)
    names = {whose.split(":")[0] for whose, _ in re.findall(r"^(\S+): (/.*)$", told, re.M)}
    return {name: run("dpkg-query", "-W", "-f", "${Version}", name) for name in names}


def check_libraries(related, by_name):
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", run("readelf", "-dW", virtuoso))
    loaded = dict(re.findall(r"^\s*(\S+) => (/\S+)", run("ldd", virtuoso), re.M))
    expect(len(needed) > 10 and set(needed) <= set(loaded), f"readelf tells of {needed}, ldd of {loaded}")
    for name, version in packages_of(loaded.values()).items():
        expect(by_name.get(name, {}).get("versionInfo") == version, f"{name} {version}, which is loaded, is not in it")
    for name in packages_of([loaded[library] for library in needed]):
        expect((PROGRAM, "DYNAMIC_LINK", by_name[name]["SPDXID"]) in related, f"the program links {name}, it does not say so")


def check_headers(related, by_name):
    headers, ours = set(), False
    for line in run("ninja", "-C", build, "-t", "deps").splitlines():
        if "#deps" in line:
            ours = line.startswith(("src/", "app/"))
        elif ours and line.startswith("    /usr/"):
            headers.add(os.path.normpath(line.strip()))
    expect(len(headers) > 500, f"the build tells of {len(headers)} headers")
    for name, version in packages_of(headers).items():
        if name not in NOT_COMPILED_IN:
            told = by_name.get(name, {})
            expect(told.get("versionInfo") == version and (PROGRAM, "CONTAINS", told["SPDXID"]) in related,
                   f"{name} {version}, whose headers are compiled in, is not in it")


def check_own_words(document, by_name):
    program = by_name["virtuoso"]
    expect(program["versionInfo"] == about["version"] and about["commit"] in program["sourceInfo"], f"it tells of {program}")
    sources = [package.get("sourceInfo", "") for package in document["packages"]]
    for library, version in about["libraries"].items():
        word = library.lower().split()[0].replace("+", "plus")
        said = re.compile(rf"source package \S*{re.escape(word)}\S* (\d+:)?{re.escape(version)}")
        expect(any(map(said.search, sources)), f"the program says that it was built with {library} {version}, the bill does not")


def check_notices(document, by_name):
    """Two witnesses of what is compiled in: the notices that come with the package, and the bill."""
    copyright_file = (source / "deploy/debian/copyright").read_text()
    notices = dict(re.findall(r"^Files: ([^*\s]+)\n(?:.+\n)*?License: (\S+)", copyright_file, re.M))
    for notice, licence in notices.items():
        word = notice.lower().replace("+", "plus")
        said = {package["licenseDeclared"] for package in document["packages"] if word in package["name"]}
        expect({"Expat": "MIT", "BSD-3-clause": "BSD-3-Clause"}.get(licence, licence) in said,
               f"{notice} is under {licence} by deploy/debian/copyright, under {said} here")
    for name in json.loads((source / "web/dist/packages.json").read_text()):
        expect(name in by_name, f"{name}, which the pages hold, is not in it")
        expect(name in {notice.lower() for notice in notices}, f"{name}, which the pages hold, is not in deploy/debian/copyright")


for tool in ("dpkg-query", "readelf", "ninja"):
    if not shutil.which(tool):
        print(f"{tool} is not installed: there is nothing to hold the bill against")
        sys.exit(77)
about = json.loads(run(virtuoso, "version", "--json"))
text = make(1)
expect(make(2) == text, "made twice, it differs")
bill = json.loads(text)
names = {package["name"]: package for package in bill["packages"]}
check_document(bill)
for entry in bill["packages"]:
    check_package(entry)
relations = check_relationships(bill)
check_libraries(relations, names)
check_headers(relations, names)
check_own_words(bill, names)
check_notices(bill, names)
if problems:
    sys.exit("\n".join(problems))
print(f"{len(bill['packages'])} packages, {len(relations)} relationships; licences are known of "
      f"{sum(package['licenseDeclared'] != 'NOASSERTION' for package in bill['packages'])}")
