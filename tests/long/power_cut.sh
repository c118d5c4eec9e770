#!/bin/sh
# A power cut after every request that seven trainings make of their disk, with one seed a day: about 10 minutes.
exec python3 "$(dirname "$0")/../cli/power_cut.py" "$1" --all --seed "$(date +%Y%m%d)"
