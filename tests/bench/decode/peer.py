#!/usr/bin/env python3
"""Prints how many GB of decoded data a second tifffile (with imagecodecs) reads of a stack, by two threads into memory
that is used again, the best of some rounds:  peer.py FILE"""
import sys
import time

import numpy
import tifffile

ROUNDS = 5
WORKERS = 2

path = sys.argv[1]
with tifffile.TiffFile(path) as file:
    stack = numpy.zeros(file.series[0].shape, file.series[0].dtype)
best = 0.0
for _ in range(ROUNDS):
    begin = time.perf_counter()
    tifffile.imread(path, out=stack, maxworkers=WORKERS)
    best = max(best, stack.nbytes / 1e9 / (time.perf_counter() - begin))
print(best)
