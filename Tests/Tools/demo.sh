#!/usr/bin/env bash
# The whole way on the invented logs of fixtures/cloudtrail: logs in, risk events, findings, one entity, the rule's own
# drilldown, the weekly summary. Each command stands before what it printed, as it can be typed again. The state is made
# anew each time, and the clock is fixed, so two runs print the same bytes. Expects a release build (`make demo` makes one).
set -euo pipefail
cd "$(dirname "$0")/../.."

accrue=.build/release/accrue
logs=fixtures/cloudtrail/logs
home=out/demo
now=2026-11-23T06:00:00Z
week=2026-W47
summary=$home/summary-$week.html

if [ ! -x "$accrue" ]; then
    echo "demo: $accrue is not there; run 'make demo'" >&2
    exit 3
fi
rm -rf "$home"
mkdir -p "$home"

# A command the way it is typed.
typed() {
    local word line='$'
    for word in "$@"; do
        case $word in
            *[!A-Za-z0-9_./:=@%+-]*) line+=" '$word'" ;;
            *) line+=" $word" ;;
        esac
    done
    printf '%s' "$line"
}

show() {
    printf '\n%s\n' "$(typed "$@")"
    "$@"
}

# The text value of field $1 in the first NDJSON line that has it.
first_value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | sed -n 1p; }

# The formats are named, so that a pipe prints what a terminal does.
common=(--home "$home" --now "$now")
table=("${common[@]}" --format table)

show "$accrue" run "$logs" "${table[@]}"
show "$accrue" findings "${table[@]}"

user=$("$accrue" findings "${common[@]}" --format ndjson | first_value risk_object)
if [ -z "$user" ]; then
    echo "demo: no finding, though fixtures/cloudtrail/README.md promises one" >&2
    exit 1
fi
show "$accrue" entity "$user" "${table[@]}"

latest="index=risk risk_object=\"$user\" | sort -_time | head 1 | table risk_event_id"
event=$("$accrue" search "$latest" "${common[@]}" --format ndjson | first_value risk_event_id)
if [ -z "$event" ]; then
    echo "demo: '$latest' gives no risk_event_id" >&2
    exit 1
fi
show "$accrue" drilldown "$event" --number 2 "${table[@]}"

show "$accrue" summary --week "$week" "${common[@]}" --format text
page=("$accrue" summary --week "$week" "${common[@]}" --format html)
printf '\n%s > %s\n' "$(typed "${page[@]}")" "$summary"
"${page[@]}" >"$summary"
printf '\nThe same summary as a page: %s\n' "$summary"
