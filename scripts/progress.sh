# shellcheck shell=bash
# Progress on stderr, sourced by the scripts that take minutes: one line rewritten in place on a terminal that can do
# so, elsewhere a plain line now and then. Nothing here needs more than bash and coreutils.

# A closed stderr has to become something: bash had the script itself opened in its place.
if [ ! -e /proc/$$/fd/2 ] || [ /proc/$$/fd/2 -ef "$0" ]; then
    exec 2>/dev/null
fi
progress_period=10  # seconds between plain lines
progress_last=-$progress_period
progress_width=0
if [ -t 2 ] && [ -n "${TERM:-}" ] && [ "${TERM:-}" != dumb ]; then
    progress_width=$(stty size <&2 2>/dev/null | cut -d' ' -f2) || progress_width=80
    if [ "${progress_width:-0}" -lt 20 ] || [ "$progress_width" -gt 80 ]; then
        progress_width=80
    fi
    progress_width=$((progress_width - 1))
fi

# Shows one state; cut to the line on a terminal.
progress_show() {
    if [ "$progress_width" -gt 0 ]; then
        printf '\r%-*s' "$progress_width" "${1:0:progress_width}" >&2
    elif [ $((SECONDS - progress_last)) -ge "$progress_period" ]; then
        printf '%s\n' "${1:0:79}" >&2
        progress_last=$SECONDS
    fi
}

# Makes room for other output.
progress_clear() {
    if [ "$progress_width" -gt 0 ]; then
        printf '\r%*s\r' "$progress_width" '' >&2
    fi
}

# Calls $1 with every line of stdin, and without one after each second in which none came.
progress_each_line() {
    local part line='' read_status
    while true; do
        read_status=0
        IFS= read -r -t 1 part || read_status=$?
        line+=$part
        if [ "$read_status" -eq 0 ]; then
            "$1" "$line"
            line=''
        elif [ "$read_status" -gt 128 ]; then
            "$1"
        else
            break
        fi
    done
    if [ -n "$line" ]; then
        "$1" "$line"
    fi
}
