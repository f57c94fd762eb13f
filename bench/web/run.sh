#!/usr/bin/env bash
# Load on the demonstration's pages with `wrk`, on the same cores: `bench/web/run.sh PATH-OF-ZWERM [SECONDS]`.
set -euo pipefail
zwerm=$(realpath "$1")
seconds=${2:-30}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
cd "$work"
"$zwerm" demo --home home --port 8790 >told 2>logs &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$work"' EXIT
until curl -sf http://127.0.0.1:8790/ready >/dev/null; do sleep 0.2; done

export ZWERM_ORIGIN=http://127.0.0.1:8790
password=$(awk '$1 == "bram" { print $2 }' told)
curl -s -c jar -o /dev/null -H "Origin: $ZWERM_ORIGIN" -d "login=bram&password=$password" "$ZWERM_ORIGIN/sign-in"
ZWERM_COOKIE="zwerm=$(awk '$6 == "zwerm" { print $7 }' jar)"
ZWERM_CSRF=$(curl -s -b jar "$ZWERM_ORIGIN/account" | grep -o 'csrf" value="[^"]*' | head -1 | cut -d'"' -f3)
export ZWERM_COOKIE ZWERM_CSRF

echo "largest page over the wire on first view, with stylesheet and scripts:"
largest=0
for path in / /projects /projects/leiden-goedkoop-scheefwonen /projects/leiden-goedkoop-scheefwonen/versions/2 \
    /goals/leiden-passend-wonen /questions /barriers /ledger /about; do
    bytes=$(curl -s --compressed -o page -w '%{size_download}' "$ZWERM_ORIGIN$path")
    for asset in $(grep -o '/assets/[^"]*' page | sort -u); do
        bytes=$((bytes + $(curl -s --compressed -o /dev/null -w '%{size_download}' "$ZWERM_ORIGIN$asset")))
    done
    printf '  %7d bytes %s\n' "$bytes" "$path"
done

echo "public pages, 500 a second wanted at p99 under 50 ms, 16 connections, as fast as they go:"
wrk -t1 -c16 -d"${seconds}s" -s "$here/public.lua" "$ZWERM_ORIGIN" | tail -1
ask() {
    wrk -t1 -c50 -d"$1s" -s "$here/ask.lua" --timeout 10s "$ZWERM_ORIGIN/projects/leiden-goedkoop-scheefwonen/ask" | tail -4
}
echo "50 analysts asking at once, from the first question on, p99 under 200 ms wanted:"
ask "$seconds"
echo "the same when all their questions were asked before:"
ask "$seconds"
echo "memory, 512 MiB wanted at most:"
grep -E 'VmHWM|VmRSS' "/proc/$server/status"
