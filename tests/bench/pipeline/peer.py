#!/usr/bin/env python3
"""Prints how many seconds scipy and scikit-image take for one stack of the sample's pipeline (deskew by an affine
transform, ten iterations of Richardson-Lucy, crop), as a Python chain would compute it for a viewer; the best of some
rounds:  peer.py STACK.tif PSF.tif"""
import sys
import time

import numpy
import scipy.ndimage
import skimage.restoration
import tifffile

ROUNDS = 2
ANGLE = numpy.deg2rad(31.5)
STAGE_STEP = 0.4
PIXEL = 0.104
BACKGROUND = 100
LIGHT = (18, 9, 9)  # as far from its peak as the PSF is more than noise


def deskew(stack):
    shift = STAGE_STEP * numpy.cos(ANGLE) / PIXEL
    planes, rows, columns = stack.shape
    width = int(columns + planes * shift)
    matrix = numpy.array([[1, 0, 0], [0, 1, 0], [-shift, 0, 1]])
    return scipy.ndimage.affine_transform(
        stack.astype(numpy.float32), matrix, output_shape=(planes, rows, width), order=1)


def compute(path, psf):
    deskewed = numpy.clip(deskew(tifffile.imread(path)) - BACKGROUND, 0, None)
    result = skimage.restoration.richardson_lucy(deskewed, psf, num_iter=10, clip=False)
    return result[2:, 8:-8, 17:-17]


psf = tifffile.imread(sys.argv[2]).astype(numpy.float32)
psf = numpy.clip(psf - numpy.median(psf), 0, None)
peak = numpy.unravel_index(numpy.argmax(psf), psf.shape)
psf = psf[tuple(slice(max(0, at - reach), at + reach + 1) for at, reach in zip(peak, LIGHT))]
psf /= psf.sum()
best = float("inf")
for _ in range(ROUNDS):
    begin = time.perf_counter()
    compute(sys.argv[1], psf)
    best = min(best, time.perf_counter() - begin)
print(best)
