#!/usr/bin/env bash
# Packs the program with every library that it loads, for machines without Debian's, and prints the archive's path:
#   portable.sh [FOLDER [PROGRAM]]     FOLDER: build/package; PROGRAM: one that was built before, else it is built
# The same commit on the same packages gives the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/packages.sh
out=$(realpath -m "${1:-build/package}")
virtuoso=${2:-}
if [ -z "$virtuoso" ]; then
    scripts/install_packages.sh "${build_packages[@]}" "${package_packages[@]}" >&2
    scripts/build.sh release virtuoso
    virtuoso=build/release/app/virtuoso
fi
version=$("$virtuoso" --version | cut -d ' ' -f 2)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}
export SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=virtuoso-$version-linux-$(uname -m)
stage=$work/$name
install -D -s "$virtuoso" "$stage/lib/virtuoso"
ldd "$virtuoso" | awk '$2 == "=>" && $3 ~ "^/" { print $3 } $1 ~ "^/" { print $1 }' | xargs -I '{}' cp -L '{}' "$stage/lib/"
loader=$(basename "$(ldd "$virtuoso" | awk '$1 ~ "^/" { print $1 }')")

mkdir -p "$stage/share/zoneinfo" "$stage/copyright"
cp -r /usr/share/zoneinfo/[A-Z]* "$stage/share/zoneinfo/"
cat /usr/share/ca-certificates/mozilla/*.crt >"$stage/share/ca-certificates.crt"  # not what this machine trusts besides
scripts/make_sbom.py "$virtuoso" >"$stage/virtuoso.spdx.json"
cp deploy/debian/copyright "$stage/copyright/virtuoso"
for package in $(grep -o 'By /usr/share/doc/[^/]*' "$stage/virtuoso.spdx.json" | sed 's|.*/||'); do
    cp -L "/usr/share/doc/$package/copyright" "$stage/copyright/$package"
done
cat >"$stage/virtuoso" <<END
#!/bin/sh
# Runs the program with what lies beside it; certificates and time zones are the machine's where it has them.
here=\$(dirname "\$(readlink -f "\$0")")
for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem /etc/ssl/cert.pem \\
    "\$here/share/ca-certificates.crt"; do
    if [ -z "\${SSL_CERT_FILE:-}\${SSL_CERT_DIR:-}" ] && [ -r "\$file" ]; then export SSL_CERT_FILE="\$file"; fi
done
if [ ! -d /usr/share/zoneinfo ]; then export TZDIR="\${TZDIR:-\$here/share/zoneinfo}"; fi
exec "\$here/lib/$loader" --library-path "\$here/lib" --argv0 virtuoso "\$here/lib/virtuoso" "\$@"
END
chmod -R u=rwX,go=rX "$stage"
chmod 755 "$stage/virtuoso" "$stage/lib/$loader"

mkdir -p "$out"
tar -C "$work" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -c "$name" | gzip -n >"$out/$name.tar.gz"
echo "$out/$name.tar.gz"
