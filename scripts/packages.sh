# shellcheck shell=bash disable=SC2034
# Debian packages by purpose; sourced by ./run, ./test and .ci/run.
build_packages=(g++ cmake ninja-build pkg-config ccache libfmt-dev libsimdjson-dev libcli11-dev
    nlohmann-json3-dev libtomlplusplus-dev libjs-chart.js libzstd-dev zlib1g-dev libboost1.81-dev libssl-dev
    libspdlog-dev prometheus-cpp-dev libsqlite3-dev libpq-dev libcurl4-openssl-dev libcctz-dev tzdata)
package_packages=(dpkg-dev python3 ca-certificates)
test_packages=(python3 libgtest-dev libbenchmark-dev prometheus postgresql sqlite3 systemd zsh fish
    mandoc bsdextrautils "${package_packages[@]}")
check_packages=(clang-format clang-19 clang-tidy-19 libclang-rt-19-dev)
# What the dashboard's own tests need; they are left out where it is missing.
browser_packages=(chromium)
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    browser_packages+=(nodejs npm)
fi
