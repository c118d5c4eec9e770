#!/bin/sh
# 200 kills and 300 failing system calls, with one seed a day: about 5 minutes.
exec python3 "$(dirname "$0")/../cli/kill.py" "$1" --kills 200 --faults 300 --seed "$(date +%Y%m%d)"
