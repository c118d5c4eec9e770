#!/bin/sh
# The main job on real data: trains a network on the built-in handwritten digits, five times with
# different seeds, and says how good it is on pictures it has never seen.
set -eu
descent=build/descent
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo '$ descent train digits'
rm -rf runs/demo
"$descent" train digits --out runs/demo

echo
echo 'The same with four other seeds (other split, other first weights, other order):'
for seed in 1 2 3 4 5; do
  "$descent" train digits --seed "$seed" --json 2>/dev/null --no-save |
    tee -a "$folder/log" | sed -n 's/.*"event":"result".*"test_accuracy":\([0-9.]*\).*/\1/p' \
    >>"$folder/accuracy"
  printf '  seed %s: %s\n' "$seed" "$(tail -n 1 "$folder/accuracy")"
done
awk '{ s += $1; q += $1 * $1; if (NR == 1 || $1 < low) low = $1; if ($1 > high) high = $1 }
  END { mean = s / NR; spread = sqrt((q - s * mean) / (NR - 1))
    printf "test accuracy over %d seeds: %.2f %% +- %.2f (from %.2f to %.2f)\n",
      NR, 100 * mean, 100 * spread, 100 * low, 100 * high
    if (mean < 0.97) { print "that is below the 97 % this demo promises"; exit 1 } }' \
  "$folder/accuracy"

cat <<'TEXT'

Look further:
  build/descent inspect runs/demo/model.safetensors       the network and what it learned from
  build/descent evaluate runs/demo/model.safetensors digits
  build/descent predict runs/demo/model.safetensors digits
  build/descent minimize "x^2" --from x=5                  the ball that rolls down the bowl
  build/descent list                                       optimizers, layers, data sets, ...
  build/descent train --help
TEXT
