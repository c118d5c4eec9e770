#!/bin/sh
# train.sh DESCENT: whole trainings by the command with 1, 2 and 4 threads. None may fail, as it does when
# a sanitizer finds something, and the number of threads may not change a bit of the model.
set -eu
descent=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# long words of text, so that models with embeddings and attention have something to read
i=0
while [ "$i" -lt 200 ]; do
  echo "the quick brown fox jumps over $i lazy dogs"
  i=$((i + 1))
done >tale.txt

several() { # several NAME ARGUMENTS...: the same training with 1, 2 and 4 threads
  name=$1
  shift
  for threads in 1 2 4; do
    if ! "$descent" train "$@" --kernel ref --epochs 1 --seed 3 --threads "$threads" --out "$name-$threads" --quiet >said 2>&1; then
      echo "$name with $threads threads failed:"
      cat said
      exit 1
    fi
  done
  cmp "$name-1/model.safetensors" "$name-2/model.safetensors"
  cmp "$name-1/model.safetensors" "$name-4/model.safetensors"
  echo "$name: the same with 1, 2 and 4 threads"
}

several pictures digits --model "conv 4 3x3 pad=1, batch_norm, relu, max_pool 2, flatten, dropout 0.2, linear" \
  --optimizer "ema (adamw clip_norm=1)" --batch 128 --augment "shift=1"
several instruments iris --model "linear 64, relu, linear" --optimizer adam --batch 32 --instruments=standard
several one-shard digits --model "linear 256, relu, linear" --optimizer "muon" --batch 16
several text tale.txt --model "embedding 16, position, residual (layer_norm, attention 2 causal), layer_norm, linear" \
  --optimizer "sam (sgd momentum=0.9)" --batch 64
