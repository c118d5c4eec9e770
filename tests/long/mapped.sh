#!/bin/sh
# Data larger than memory: 40,000,000 pictures, 31.4 GB, in a sparse file. Half a minute.
exec python3 "$(dirname "$0")/../cli/mapped.py" "$1" 40000000
