#!/bin/sh
# Builds with coverage counters into build-coverage/, runs the suite there (not the house rules, which run no line of
# the library, nor the suite `again`, which shows few lines that others don't), prints the share of lines of src/
# that ran, and fails under the targets of tools/coverage.py. What ran and what did not, line by line, is in
# build-coverage/coverage/.
set -eu
sh tools/setup.sh coverage
. tools/fast_link.sh

build=build-coverage
if [ ! -f $build/build.ninja ]; then
  # Several threads count at once: without atomic counters, lines that ran can come out as not run.
  meson setup $build -Db_coverage=true -Doptimization=g -Ddebug=false -Db_ndebug=false -Dc_args=-fprofile-update=atomic >/dev/null
fi
ninja -C $build --quiet
find $build -name '*.gcda' -delete
# counters make programs slow: ten times the usual time is still no hang
if ! meson test -C $build --no-rebuild --timeout-multiplier 10 --print-errorlogs --no-suite rules --no-suite again \
    >$build/test.out 2>&1; then
  cat $build/test.out
  echo "coverage: tests failed" >&2
  exit 1
fi

# One gcovr for each way in which sources are compiled, and one for those compiled once: gcovr 5 cannot join
# a function that stands at different lines of one file for different instruction sets.
rm -rf $build/coverage
mkdir $build/coverage
variants=$(ls -d $build/libdescent_*.a.p | sed -n 's/.*_\(f[0-9]*_[a-z0-9]*\)\.a\.p$/\1/p' | sort -u)
for variant in once $variants; do
  if [ "$variant" = once ]; then
    objects=$(ls -d $build/descent.p $build/libdescent_*.a.p | grep -v '_f[0-9]*_[a-z0-9]*\.a\.p$')
  else
    objects=$(ls -d $build/libdescent_*_"$variant".a.p)
  fi
  # shellcheck disable=SC2086
  gcovr --root . --filter src/ -j "$(nproc)" --json "$build/coverage/$variant.json" $objects
done
python3 tools/coverage.py $build/coverage/*.json
