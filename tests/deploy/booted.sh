#!/usr/bin/env bash
# What an operator does with the service, on a machine of its own whose systemd runs it: check_bare_root.py boots one, in which
# the package was installed before it was booted, and which reaches nothing outside.   booted.sh PACKAGE NEWER_PACKAGE
set -euo pipefail
trap 'echo "failed: $BASH_COMMAND"; journalctl -u virtuoso --no-pager -n 20' ERR

process() { systemctl show --property MainPID --value virtuoso; }
is() { [ "$(systemctl is-enabled virtuoso 2>/dev/null)/$(systemctl is-active virtuoso 2>/dev/null)" = "$1" ]; }
answers() {
    local line
    {
        printf 'GET /health/ready HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
        read -r line <&3
    } 3<>/dev/tcp/127.0.0.1/8080 && [[ $line == *' 200 '* ]]
}
ready() {
    for _ in {1..240}; do
        if is "$1/active" && answers 2>/dev/null; then
            return
        fi
        sleep 0.5
    done
    return 1
}

ready enabled  # with the machine
user=$(systemctl show --property UID --value virtuoso)
[ "$user" -gt 60000 ]
[ "$(stat -c %u:%a /var/lib/private/virtuoso)" = "$user:700" ]
echo 'started with the machine, as a user of its own'

before=$(process)
systemctl reload virtuoso
for _ in {1..20}; do
    if journalctl -u virtuoso --no-pager | grep -q 'Configuration reloaded'; then
        break
    fi
    sleep 0.5
done
journalctl -u virtuoso --no-pager | grep -q 'Configuration reloaded'
[ "$(process)" = "$before" ]
echo 'read its configuration again'

dpkg -i "$2"
ready enabled
[ "$(process)" != "$before" ]
echo 'started anew by an upgrade'

dpkg -r virtuoso
[ "$(systemctl is-active virtuoso)" != active ]
dpkg -i "$1"
ready enabled
echo 'came back after its removal'

systemctl disable --now virtuoso
dpkg -i "$2"
is disabled/inactive
dpkg -r virtuoso
dpkg -i "$1"
is disabled/inactive
systemctl start virtuoso
ready disabled
before=$(process)
dpkg -i "$2"
ready disabled
[ "$(process)" != "$before" ]
echo 'stayed disabled, and the one that ran all the same became the newer'

VIRTUOSO_PURGE_DATA=yes dpkg -P virtuoso
[ -z "$(find /etc /run /usr /var -xdev -iname '*virtuoso*' ! -path '/etc/systemd/system/virtuoso.service.d*')" ]
[ -z "$(systemctl --failed --no-legend)" ]
echo 'purged: nothing is left, and nothing has failed'
