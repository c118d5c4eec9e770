#!/bin/sh
# Feeds every reader with damaged input: fuzz.sh [SECONDS [TARGET...]], 60 seconds a target. Builds the
# programs in tests/fuzz with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer into build-fuzz/,
# and runs one after another. What they learn stays in build-fuzz/corpus/, what breaks a reader lies in
# build-fuzz/found/. Exit status 0 only when nothing was found.
#
#   fuzz.sh merge     takes into tests/fuzz/corpus/ what build-fuzz/corpus/ covers beyond it
set -eu

build=$PWD/build-fuzz corpus=$PWD/tests/fuzz/corpus seconds=60 merge=no
case ${1:-} in
  '') ;;
  merge) merge=yes; shift ;;
  *) seconds=$1; shift ;;
esac
command -v clang >/dev/null 2>&1 || { echo "fuzzing needs clang" >&2; exit 1; }

if [ ! -f "$build/build.ninja" ]; then
  CC="${CC:-clang}" meson setup "$build" -Dfuzz=true -Dpages=false -Db_sanitize=address,undefined \
    -Doptimization=1 -Db_ndebug=false -Db_lundef=false \
    -Dc_args='-fsanitize=fuzzer-no-link,float-cast-overflow -fno-sanitize-recover=undefined,float-cast-overflow' >/dev/null
fi
targets=$*
[ -n "$targets" ] || targets=$(sed -n "s/^  '\([a-z_]*\)': .*lib.*,$/\1/p; s/^  '\([a-z_]*\)': parts,$/\1/p" tests/fuzz/meson.build)
programs=
for target in $targets; do
  programs="$programs tests/fuzz/fuzz_$target"
done
# shellcheck disable=SC2086
ninja -C "$build" --quiet $programs

# What people type may ask for as much as they like; a request that is too large for the test gets no
# memory. What a file says must not ask for it at all: there libFuzzer ends a program that does.
most() {
  case $1 in
    model | dataset | optimizer | recipe) echo 64 ;;
    *) echo 100000 ;;
  esac
}

run() { # run TARGET ARGUMENT...
  target=$1
  shift
  mkdir -p "$build/corpus/$target" "$build/found"
  UBSAN_OPTIONS=print_stacktrace=1 OMP_NUM_THREADS=1 \
    ASAN_OPTIONS="allocator_may_return_null=1:max_allocation_size_mb=$(most "$target"):strict_string_checks=1" \
    "$build/tests/fuzz/fuzz_$target" -rss_limit_mb=512 -timeout=5 -malloc_limit_mb=256 \
    -dict="tests/fuzz/$target.dict" -artifact_prefix="$build/found/$target-" "$@" >"$build/$target.log" 2>&1
}

if [ "$merge" = yes ]; then
  for target in $targets; do
    # the fewest files that reach every edge; how often they do doesn't count
    run "$target" -set_cover_merge=1 -use_counters=0 "$corpus/$target" "$build/corpus/$target"
    echo "$target: $(find "$corpus/$target" -type f | wc -l) files"
  done
  exit 0
fi

status=0
for target in $targets; do
  words='found nothing'
  # longer than what people type is needed where files are read
  run "$target" -max_total_time="$seconds" -max_len=8192 -print_final_stats=1 \
    "$build/corpus/$target" "$corpus/$target" || { words='FOUND SOMETHING'; status=1; }
  executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$target.log")
  covered=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\) .*/\1 edges, \2 features/p' "$build/$target.log" | tail -n 1)
  echo "$target: $words; ${executed:-0} executions in $seconds s, ${covered:-no edges}; build-fuzz/$target.log"
done
exit $status
