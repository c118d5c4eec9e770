#!/bin/sh
# make bench: trainings, then single steps of every optimizer, both side by side with PyTorch when
# that is there. `make bench PART=train` or PART=optim does one of them.
part=${1:-all}
[ $# -gt 0 ] && shift
case $part in
train) exec /usr/bin/python3 bench/bench.py "$@" ;;
optim) exec /usr/bin/python3 bench/bench_optim.py "$@" ;;
all) /usr/bin/python3 bench/bench.py && exec /usr/bin/python3 bench/bench_optim.py ;;
*) echo "usage: run.sh [train | optim] [arguments]" >&2; exit 2 ;;
esac
