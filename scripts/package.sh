#!/usr/bin/env bash
# Builds Debian's package of what is here and prints its path:
#   package.sh [FOLDER [PROGRAM]]     FOLDER: build/package; PROGRAM: one that was built before, else it is built
# The same commit gives the same bytes.
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
stage=$work/stage
share=$stage/usr/share
install -D -s "$virtuoso" "$stage/usr/bin/virtuoso"
install -D -m 644 deploy/systemd/virtuoso.service "$stage/usr/lib/systemd/system/virtuoso.service"
mkdir -p "$stage/etc/virtuoso" "$share"/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d} \
    "$share"/{man/man1,doc/virtuoso,virtuoso}
"$virtuoso" config init - >"$stage/etc/virtuoso/config.toml"
"$virtuoso" completion bash >"$share/bash-completion/completions/virtuoso"
"$virtuoso" completion zsh >"$share/zsh/vendor-completions/_virtuoso"
"$virtuoso" completion fish >"$share/fish/vendor_completions.d/virtuoso.fish"
"$virtuoso" manual | gzip -9n >"$share/man/man1/virtuoso.1.gz"
cp -r deploy/grafana deploy/prometheus "$share/virtuoso/"
cp deploy/debian/copyright README.md docs/*.md "$share/doc/virtuoso/"
scripts/make_sbom.py "$virtuoso" >"$share/doc/virtuoso/virtuoso.spdx.json"
gzip -9n <CHANGELOG.md >"$share/doc/virtuoso/changelog.gz"
find "$stage" -type d -exec chmod 755 {} + -o -type f ! -perm -100 -exec chmod 644 {} +
find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$out"
here=$PWD
(cd "$work" && STAGE=$stage VERSION=$version SCRIPTS=$here/deploy/debian OUT=$work/made \
    cpack --config "$here/deploy/debian/cpack.cmake") >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
}
for made in "$work"/made/*.deb; do
    mv "$made" "$out/"
    echo "$out/${made##*/}"
done
