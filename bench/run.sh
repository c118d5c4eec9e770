#!/bin/sh
# make bench: trainings side by side with PyTorch, when that is there.
exec /usr/bin/python3 bench/bench.py "$@"
