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
echo 'Five times, with other splits, other first weights and another order each time:'
for seed in 1 2 3 4 5; do
  "$descent" train digits --seed "$seed" --json --no-save 2>/dev/null |
    sed -n 's/.*"event":"result".*"test_accuracy":\([0-9.]*\).*/\1/p' >>"$folder/accuracy"
  tail -n 1 "$folder/accuracy" | awk -v seed="$seed" '{ printf "  seed %s: %.2f %%\n", seed, 100 * $1 }'
done
awk '{ s += $1; q += $1 * $1; if (NR == 1 || $1 < low) low = $1; if ($1 > high) high = $1 }
  END { mean = s / NR; spread = sqrt((q - s * mean) / (NR - 1))
    printf "test accuracy on digits never seen, over %d seeds: %.2f %% +- %.2f (from %.2f to %.2f)\n",
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
