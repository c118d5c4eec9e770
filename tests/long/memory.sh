#!/bin/sh
# Every allocation fails in turn, in the library (all of them; of a page with a plane every 100th) and
# in the command (400 of each case); 10,000 of every object: half an hour and more. memory.sh DESCENT
set -u
descent=$(realpath "$1")
tests=$(dirname "$descent")/tests
here=$(cd "$(dirname "$0")/../memory" && pwd)

# thousands of files are written and synced
work=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
status=0
"$tests/starve" --all || status=$?
"$tests/create_free" 10000 all || status=$?
TMPDIR=$work "$here/command.py" "$descent" "$tests/deny.so" --long || status=$?
exit "$status"
