#!/bin/sh
# The pages in a browser: run.sh DESCENT. Exit status 77 says skipped.
command -v node >/dev/null 2>&1 || { echo 'skipped: node is not installed'; exit 77; }
exec node "$(dirname "$0")/test.mjs" "$1"
