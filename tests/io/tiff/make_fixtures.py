#!/usr/bin/env python3
"""Writes the TIFF files that tests/io/tiff reads, with tifffile (and Pillow for fax codecs).

    python3 -m venv venv && venv/bin/pip install tifffile imagecodecs numpy pillow
    venv/bin/python make_fixtures.py data

Every element follows a formula of (page, y, x, sample) that fixtures.h computes again; manifest.tsv says which.
Its columns: file, pages, height, width, samples, dtype, formula (bits of packed samples, "full" or "smooth"),
tolerance, level (-1 the page itself, else a reduced copy), contiguous (1: planes behind one directory).
"""
import sys
from pathlib import Path

import imagecodecs
import numpy
import tifffile
from PIL import Image

PAGES, HEIGHT, WIDTH = 2, 29, 37
manifest = []


def formula(dtype, shape=(PAGES, HEIGHT, WIDTH, 1), bits=None):
    p, y, x, s = numpy.indices(shape, dtype=numpy.uint64)
    n = p * 131 + y * 17 + x * 5 + s * 41 + (x * y) % 7
    dtype = numpy.dtype(dtype)
    if bits:
        return (n & ((1 << bits) - 1)).astype(dtype)
    if dtype.kind == 'f':
        value = (n % 1024).astype('f8') * 0.25 - 64
        extra = {2: 0.0, 4: 2.0**-12, 8: 2.0**-30}[dtype.itemsize]
        return (value + extra).astype(dtype)
    wide = n * numpy.uint64(0x0101010101010101)
    return (wide >> numpy.uint64(64 - 8 * dtype.itemsize)).astype(f'u{dtype.itemsize}').view(dtype) if dtype.itemsize < 8 \
        else wide.view(dtype)


def smooth(shape):
    p, y, x, s = numpy.indices(shape)
    return (x * 3 + y * 2 + s * 20 + p * 5).clip(0, 255).astype('u1')


def note(name, shape, dtype, kind='full', tolerance=0, level=-1, contiguous=0):
    pages, height, width, samples = shape
    manifest.append((name, pages, height, width, samples, numpy.dtype(dtype).name, kind, tolerance, level, contiguous))


def write(out, name, data, kind='full', tolerance=0, bigendian=False, big=False, **options):
    name += '.tif'
    shape = data.shape
    separate = options.get('planarconfig') == 'separate'
    options.setdefault('photometric', 'rgb' if shape[3] >= 3 else 'minisblack')
    with tifffile.TiffWriter(out / name, bigtiff=big, byteorder='>' if bigendian else '<') as tif:
        for page in data:
            plane = page[..., 0] if shape[3] == 1 else numpy.moveaxis(page, 2, 0) if separate else page
            tif.write(plane, metadata=None, **options)
    note(name, shape, data.dtype, kind, tolerance)


def main():
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob('*.tif'):
        old.unlink()
    types = ['u1', 'u2', 'u4', 'u8', 'i1', 'i2', 'i4', 'i8', 'f2', 'f4', 'f8']
    orders = {'le': False, 'be': True}

    for order, bigendian in orders.items():
        for dtype in types:
            write(out, f'none_{dtype}_{order}', formula(dtype), bigendian=bigendian, rowsperstrip=7)
        write(out, f'none_u2_tiles_{order}', formula('u2'), bigendian=bigendian, tile=(16, 16))
        write(out, f'none_u2_big_{order}', formula('u2'), bigendian=bigendian, big=True, rowsperstrip=5)
        write(out, f'none_u2_bigtiles_{order}', formula('u2'), bigendian=bigendian, big=True, tile=(16, 32))
        write(out, f'none_u2_onestrip_{order}', formula('u2', (7, HEIGHT, WIDTH, 1)), bigendian=bigendian)
        for codec in ['zlib', 'zstd', 'lzw']:
            write(out, f'{codec}_u2_strips_{order}', formula('u2'), bigendian=bigendian, compression=codec, rowsperstrip=7)
            write(out, f'{codec}_u2_tiles_{order}', formula('u2'), bigendian=bigendian, compression=codec, tile=(16, 16))
            for dtype in ['u1', 'u2', 'u4', 'u8', 'i2']:
                write(out, f'{codec}_p2_{dtype}_{order}', formula(dtype), bigendian=bigendian, compression=codec,
                      predictor=2, rowsperstrip=7)
            for dtype in ['f2', 'f4', 'f8']:
                write(out, f'{codec}_p3_{dtype}_{order}', formula(dtype), bigendian=bigendian, compression=codec,
                      predictor=3, rowsperstrip=7)
            write(out, f'{codec}_p2_rgb_u2_{order}', formula('u2', (1, HEIGHT, WIDTH, 3)), bigendian=bigendian,
                  compression=codec, predictor=2, rowsperstrip=7)
        write(out, f'lzma_u2_{order}', formula('u2'), bigendian=bigendian, compression='lzma', rowsperstrip=16)
        write(out, f'packbits_u2_{order}', formula('u2'), bigendian=bigendian, compression='packbits', rowsperstrip=16)

    write(out, 'zstd_p3_f4_tiles', formula('f4'), compression='zstd', predictor=3, tile=(16, 16))
    write(out, 'zlib_p2_rgba_u1', formula('u1', (1, HEIGHT, WIDTH, 4)), compression='zlib', predictor=2, extrasamples=['unassalpha'])
    write(out, 'zlib_p2_five_u2', formula('u2', (1, HEIGHT, WIDTH, 5)), compression='zlib', predictor=2, photometric='minisblack',
          planarconfig='contig')
    write(out, 'deflate_old_u2', formula('u2'), compression=32946, rowsperstrip=7)
    write(out, 'packbits_u1_tiles', formula('u1'), compression='packbits', tile=(16, 16))
    for dtype in ['u1', 'u2', 'i4', 'f4', 'f8']:
        write(out, f'lerc_{dtype}', formula(dtype), compression='lerc', rowsperstrip=7)
    write(out, 'lerc_zstd_u2', formula('u2'), compression='lerc', compressionargs={'compression': 'zstd'}, tile=(16, 16))
    write(out, 'zlib_u2_bigtiles', formula('u2'), big=True, compression='zlib', tile=(32, 16))

    colour = (2, HEIGHT, WIDTH, 3)
    write(out, 'rgb_u1', formula('u1', colour), rowsperstrip=7)
    write(out, 'rgb_u2_be', formula('u2', colour), bigendian=True, rowsperstrip=7)
    write(out, 'rgba_u1_tiles', formula('u1', (1, HEIGHT, WIDTH, 4)), tile=(16, 16), extrasamples=['unassalpha'])
    for codec in [None, 'zlib', 'lzw']:
        label = codec or 'none'
        write(out, f'rgb_u2_planar_{label}', formula('u2', colour), planarconfig='separate', compression=codec, rowsperstrip=7)
        write(out, f'rgb_u1_planar_tiles_{label}', formula('u1', colour), planarconfig='separate', compression=codec,
              tile=(16, 16))

    # Packed bits: most significant bit first, rows padded to bytes.
    for bits in [1, 2, 4, 10, 12]:
        dtype = 'u1' if bits <= 8 else 'u2'
        data = formula(dtype, bits=bits)
        for codec in [None, 'zlib', 'packbits', 'lzw']:
            if codec and bits in (2, 10):
                continue
            packed = [imagecodecs.packints_encode(row, bits) for row in data[:, :, :, 0].reshape(-1, WIDTH)]
            row_bytes = len(packed[0])
            planes = numpy.frombuffer(b''.join(packed), 'u1').reshape(PAGES, HEIGHT, row_bytes)
            name = f'bits{bits}_{codec or "none"}.tif'
            write_patched(out / name, planes, {256: WIDTH, 258: bits}, codec)
            note(name, data.shape, dtype, str(bits))
    packed = numpy.packbits(formula('u1', bits=1)[:, :, :, 0], axis=2)
    write_patched(out / 'bits1_fill2.tif', numpy.packbits(numpy.unpackbits(packed, axis=2), axis=2, bitorder='little'),
                  {256: WIDTH, 258: 1, 266: 2}, None)
    note('bits1_fill2.tif', (PAGES, HEIGHT, WIDTH, 1), 'u1', '1')

    # 24-bit floats, both byte orders, and with the floating point predictor.
    data = formula('f4') - numpy.float32(2.0**-12)
    for order in ['<', '>']:
        raw = b''.join(imagecodecs.float24_encode(numpy.ascontiguousarray(page), byteorder=order) for page in data)
        planes = numpy.frombuffer(raw, 'u1').reshape(PAGES, HEIGHT, WIDTH * 3)
        name = f'f24_{"le" if order == "<" else "be"}.tif'
        write_patched(out / name, planes, {256: WIDTH, 258: 24, 339: 3}, None, bigendian=order == '>')
        note(name, data.shape, 'f4', 'half')
    planes = numpy.frombuffer(b''.join(imagecodecs.float24_encode(numpy.ascontiguousarray(page), byteorder='>') for page in data),
                              'u1').reshape(PAGES, HEIGHT, WIDTH, 3)
    planes = numpy.moveaxis(planes, 3, 2).reshape(PAGES, HEIGHT, 3 * WIDTH)
    planes = numpy.diff(planes, axis=2, prepend=numpy.uint8(0))
    for codec in ['zlib', 'lzw']:
        write_patched(out / f'f24_p3_{codec}.tif', numpy.ascontiguousarray(planes), {256: WIDTH, 258: 24, 339: 3, 317: 3}, codec)
        note(f'f24_p3_{codec}.tif', data.shape, 'f4', 'half')

    gray, rgb = smooth((1, 64, 80, 1)), smooth((1, 64, 80, 3))
    write(out, 'jpeg_gray', gray, 'smooth', 8, compression='jpeg', rowsperstrip=16)
    write(out, 'jpeg_gray_short', smooth((1, 61, 80, 1)), 'smooth', 8, compression='jpeg', rowsperstrip=16)
    write(out, 'jpeg_ycbcr', rgb, 'smooth', 12, compression='jpeg', tile=(32, 32))
    write(out, 'jpeg_ycbcr_420', rgb, 'smooth', 12, compression='jpeg', tile=(32, 32), subsampling=(2, 2))
    write(out, 'jpeg_ycbcr_422_strips', rgb, 'smooth', 12, compression='jpeg', rowsperstrip=16, subsampling=(2, 1))
    write(out, 'webp_rgb', rgb, 'smooth', 0, compression='webp', compressionargs={'lossless': True}, tile=(32, 32))

    bilevel = formula('u1', bits=1)[0, :, :, 0]
    for compression in ['group3', 'group4', 'tiff_ccitt']:
        name = f'{compression}.tif'
        Image.fromarray(bilevel.astype(bool)).save(out / name, compression=compression)
        note(name, (1, HEIGHT, WIDTH, 1), 'u1', '1')

    # A pyramid: each level is written by the formula at its own size.
    with tifffile.TiffWriter(out / 'pyramid.ome.tif') as tif:
        tif.write(formula('u2')[0, :, :, 0], subifds=2, tile=(16, 16), compression='zlib', photometric='minisblack')
        for shape in [(1, 15, 19, 1), (1, 8, 10, 1)]:
            tif.write(formula('u2', shape)[0, :, :, 0], subfiletype=1, tile=(16, 16), compression='zlib',
                      photometric='minisblack')
    note('pyramid.ome.tif', (1, HEIGHT, WIDTH, 1), 'u2')
    note('pyramid.ome.tif', (1, 15, 19, 1), 'u2', level=0)
    note('pyramid.ome.tif', (1, 8, 10, 1), 'u2', level=1)

    # ImageJ: one directory a plane, and one directory for all planes.
    stack = formula('u2', (6, HEIGHT, WIDTH, 1))
    hyper = stack[..., 0].reshape(3, 2, HEIGHT, WIDTH)
    imagej = {'axes': 'ZCYX', 'spacing': 0.5, 'unit': 'um', 'finterval': 2.5, 'Labels': [f'plane {i}' for i in range(6)]}
    tifffile.imwrite(out / 'imagej.tif', hyper, imagej=True, resolution=(10, 10), metadata=imagej, byteorder='>')
    note('imagej.tif', stack.shape, 'u2')
    tifffile.imwrite(out / 'imagej_contiguous.tif', hyper, imagej=True, resolution=(10, 10), metadata=imagej, truncate=True)
    note('imagej_contiguous.tif', stack.shape, 'u2', contiguous=1)

    # Tiles that were never written are zeros.
    tiles = [formula('u2', (1, 16, 16, 1))[0, :, :, 0], None, None, None, None, None]
    tifffile.imwrite(out / 'sparse.tif', iter(tiles), shape=(32, 48), dtype='u2', tile=(16, 16), compression='zlib',
                     metadata=None, photometric='minisblack')

    lines = ['\t'.join(str(field) for field in row) for row in manifest]
    (out / 'manifest.tsv').write_text('\n'.join(lines) + '\n')


def write_patched(path, planes, fields, codec, bigendian=False):
    """Writes bytes as uint8 pages, then says by its tags what they really are."""
    # What tifffile keeps to itself is written as the tag before it and renamed afterwards.
    names = {266: 265, 317: 316, 339: 337}
    extra = [(names[code], 'H', 1, value, True) for code, value in fields.items() if code in names]
    rows = planes.shape[1] if 317 in fields else 7
    with tifffile.TiffWriter(path, byteorder='>' if bigendian else '<') as tif:
        for plane in planes:
            tif.write(plane, compression=codec, rowsperstrip=rows, metadata=None, photometric='minisblack', extratags=extra)
    with tifffile.TiffFile(path, mode='r+') as tif:
        for page in tif.pages:
            for code, value in fields.items():
                tag = page.tags[names.get(code, code)]
                if tag.value != value:
                    tag.overwrite(value)
                if tag.code != code:
                    tif.filehandle.seek(tag.offset)
                    tif.filehandle.write(code.to_bytes(2, 'big' if bigendian else 'little'))


main()
