#!/usr/bin/python3
"""Writes the series that metadata_test.cpp opens: make_series.py FOLDER. Every element counts on from 0 in C order."""
import struct
import sys
from pathlib import Path

import numpy
import tifffile

out = Path(sys.argv[1])
HEIGHT, WIDTH = 8, 6


def counting(*shape, dtype='u2'):
    return numpy.arange(int(numpy.prod(shape)), dtype='u8').astype(dtype).reshape(shape)


def folder(name):
    path = out / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def raw_tiff(path, planes, ifds, tags=(), header_text=None, endian='<'):
    """A classic TIFF made by hand: `planes` one behind another, the first `ifds` of them with a directory each."""
    body = bytearray(struct.pack(endian + '2sHI', b'II' if endian == '<' else b'MM', 42, 0))
    if header_text is not None:
        body += bytes(24) + struct.pack(endian + 'II', 2355492, len(header_text)) + header_text
    body += bytes(len(body) % 2)
    first_plane = len(body)
    for plane in planes:
        body += plane.astype(plane.dtype.newbyteorder(endian)).tobytes()
    link = 4
    for i in range(ifds):
        entries = [(256, 4, 1, WIDTH), (257, 4, 1, HEIGHT), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1),
                   (273, 4, 1, first_plane + i * planes[0].nbytes), (277, 3, 1, 1), (278, 4, 1, HEIGHT),
                   (279, 4, 1, planes[0].nbytes)]
        for code, kind, value in (tags if i == 0 else ()):
            body += bytes(len(body) % 2)
            offset = len(body)
            body += value
            entries.append((code, kind, len(value) // {2: 1, 5: 8}[kind], offset))
        entries.sort()
        body += bytes(len(body) % 2)
        struct.pack_into(endian + 'I', body, link, len(body))
        body += struct.pack(endian + 'H', len(entries))
        for code, kind, count, value in entries:
            short = kind == 3 and count == 1
            body += struct.pack(endian + 'HHI', code, kind, count)
            body += struct.pack(endian + 'HH', value, 0) if short else struct.pack(endian + 'I', value)
        link = len(body)
        body += struct.pack(endian + 'I', 0)
    path.write_bytes(body)


def ome():
    here = folder('ome')
    tifffile.imwrite(here / 'all.ome.tif', counting(3, 2, 4, HEIGHT, WIDTH), metadata={
        'axes': 'TCZYX', 'PhysicalSizeX': 0.1, 'PhysicalSizeY': 0.2, 'PhysicalSizeZ': 300.0, 'PhysicalSizeZUnit': 'nm',
        'TimeIncrement': 1500.0, 'TimeIncrementUnit': 'ms',
        'Channel': {'Name': ['GFP', 'mCherry'], 'Color': [16711935, -16776961]}})
    tifffile.imwrite(folder('ome_order') / 'order.ome.tif', counting(4, 3, 2, HEIGHT, WIDTH), metadata={'axes': 'ZTCYX'})


def pixels_xml(sizes, tiff_data, images=1):
    pixels = ''.join(
        f'<Image ID="Image:{i}"><Pixels ID="Pixels:{i}" DimensionOrder="XYZCT" Type="uint16" SizeX="{WIDTH}" SizeY="{HEIGHT}" '
        f'SizeZ="{sizes[0]}" SizeC="{sizes[1]}" SizeT="{sizes[2]}" PhysicalSizeX="0.5" PhysicalSizeY="0.5">'
        f'{tiff_data(i)}</Pixels></Image>' for i in range(images))
    return ('<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">'
            f'{pixels}</OME>')


def write_pages(path, data, description=None):
    tifffile.imwrite(path, data, metadata=None, description=description, photometric='minisblack')


def ome_sets():
    # Two channels in two files whose names have nothing in common.
    names = ['alpha.ome.tif', 'omega set.ome.tif']
    xml = pixels_xml((3, 2, 1), lambda _: ''.join(
        f'<TiffData FirstC="{c}" FirstZ="0" FirstT="0" IFD="0" PlaneCount="3"><UUID FileName="{name}">urn:uuid:{c}</UUID></TiffData>'
        for c, name in enumerate(names)))
    data = counting(2, 3, HEIGHT, WIDTH)
    for c, name in enumerate(names):
        write_pages(folder('ome_set') / name, data[c], xml)
        write_pages(folder('ome_renamed') / f'new_t{c}.tif', data[c], xml)
    write_pages(folder('ome_incomplete') / names[0], data[0], xml)
    for t in range(2):
        xml = pixels_xml((3, 1, 2), lambda _: f'<TiffData FirstT="{t}" FirstZ="0" IFD="0" PlaneCount="3"/>')
        write_pages(folder('ome_each_its_own') / f'movie_t{t}.ome.tif', data[t], xml)
    # Positions as images, planes written in an order of their own.
    positions = counting(2, 3, HEIGHT, WIDTH)
    order = [5, 3, 1, 0, 2, 4]
    xml = pixels_xml((3, 1, 1), lambda p: ''.join(
        f'<TiffData FirstZ="{z}" IFD="{order.index(p * 3 + z)}" PlaneCount="1"/>' for z in range(3)), images=2)
    write_pages(folder('ome_positions') / 'positions.ome.tif', positions.reshape(6, HEIGHT, WIDTH)[order], xml)
    # A companion file tells of both files.
    here = folder('ome_companion')
    xml = pixels_xml((3, 2, 1), lambda _: ''.join(
        f'<TiffData FirstC="{c}" IFD="0" PlaneCount="3"><UUID FileName="{name}">urn:uuid:{c}</UUID></TiffData>'
        for c, name in enumerate(['one.tif', 'other thing.tif'])))
    (here / 'set.companion.ome').write_text(xml)
    pointer = '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><BinaryOnly MetadataFile="set.companion.ome" UUID="u"/></OME>'
    write_pages(here / 'one.tif', data[0], pointer)
    write_pages(here / 'other thing.tif', data[1], pointer)


def imagej():
    luts = [numpy.zeros((3, 256), 'u1'), numpy.zeros((3, 256), 'u1')]
    luts[0][1] = luts[1][0] = luts[1][2] = range(256)
    options = dict(imagej=True, resolution=(4.0, 2.0), metadata={
        'axes': 'TZCYX', 'spacing': 0.75, 'unit': 'um', 'finterval': 2.5, 'mode': 'composite', 'LUTs': luts,
        'Ranges': (0.0, 100.0, 10.0, 4000.0), 'Labels': ['nuclei', 'membrane'] * 6})
    tifffile.imwrite(folder('imagej') / 'hyper.tif', counting(2, 3, 2, HEIGHT, WIDTH), **options)
    for t in range(2):
        tifffile.imwrite(folder('imagej_series') / f'movie_t{t}.tif', counting(2, 3, 2, HEIGHT, WIDTH), **options)
    # One directory for all planes, as ImageJ writes stacks of more than 4 GB.
    planes = counting(12, HEIGHT, WIDTH)
    text = b'ImageJ=1.53t\nimages=12\nchannels=2\nslices=3\nframes=2\nhyperstack=true\nmode=grayscale\nunit=micron\n\0'
    raw_tiff(folder('imagej_one_ifd') / 'big.tif', planes, 1, [(270, 2, text), (282, 5, struct.pack('>II', 4, 1))], endian='>')


def shaped():
    tifffile.imwrite(folder('shaped') / 'axes.tif', counting(3, 2, HEIGHT, WIDTH), metadata={'axes': 'TCYX'}, photometric='minisblack')
    tifffile.imwrite(folder('shaped_bare') / 'bare.tif', counting(3, 2, HEIGHT, WIDTH), photometric='minisblack')
    tifffile.imwrite(folder('shaped_one_ifd') / 'truncated.tif', counting(5, HEIGHT, WIDTH), metadata={'axes': 'ZYX'},
                     photometric='minisblack', truncate=True)


def pages():
    tifffile.imwrite(folder('rgb') / 'rgb.tif', counting(HEIGHT, WIDTH, 3, dtype='u1'), photometric='rgb', metadata=None)
    tifffile.imwrite(folder('planar') / 'planar.tif', counting(4, HEIGHT, WIDTH), photometric='minisblack', planarconfig='separate',
                     metadata=None)
    with tifffile.TiffWriter(folder('subifds') / 'pyramid.tif') as tif:
        for z in range(2):
            full = counting(2, 64, 48)[z]
            tif.write(full, subifds=2, metadata=None, tile=(16, 16))
            tif.write(full[::2, ::2], subfiletype=1, metadata=None, tile=(16, 16))
            tif.write(full[::4, ::4], subfiletype=1, metadata=None, tile=(16, 16))
    with tifffile.TiffWriter(folder('reduced') / 'reduced.tif') as tif:
        for z in range(3):
            full = counting(3, 64, 48)[z]
            tif.write(full, metadata=None)
            tif.write(full[::2, ::2], subfiletype=1, metadata=None)


def micro_manager():
    here = folder('mm_planes/Pos0')
    data = counting(2, 2, 3, HEIGHT, WIDTH)
    for t in range(2):
        for c, name in enumerate(['Cy5', 'DAPI']):
            for z in range(3):
                write_pages(here / f'img_{t:09d}_{name}_{z:03d}.tif', data[t, c, z])
    (here / 'metadata.txt').write_text(
        '{"Summary": {"ChNames": ["Cy5", "DAPI"], "ChColors": [-65536, -16776961], "z-step_um": -0.4, "Interval_ms": 2000, '
        '"PixelSize_um": 0.0, "Comment": "braces } in \\"text\\""},\n"FrameKey-0-0-0": {"PixelSizeUm": 0.108, "Frame": 0}}')
    planes = counting(12, HEIGHT, WIDTH)
    summary = b'{"Channels": 2, "Slices": 3, "Frames": 2, "SlicesFirst": false, "PixelSize_um": 0.16, "z-step_um": 0.5, "ChNames": ["a", "b"]}'
    raw_tiff(folder('mm_stack') / 'run_MMStack.tif', planes, 12, [(51123, 2, b'{"Channel": "a", "PixelSizeUm": 0.16}\0')], summary)
    here = folder('ndtiff')
    write_pages(here / 'run_NDTiffStack.tif', planes[:6])
    index = b''
    for page, (channel, z) in enumerate([('red', 1), ('blue', 0), ('red', 0), ('blue', 1), ('red', 2), ('blue', 2)]):
        axes = f'{{"time":0,"channel":"{channel}","z":{z}}}'.encode()
        name = b'run_NDTiffStack.tif'
        index += struct.pack('<I', len(axes)) + axes + struct.pack('<I', len(name)) + name + struct.pack('<8I', 0, WIDTH, HEIGHT, 1, 0, 0, 0, 0)
    (here / 'NDTiff.index').write_bytes(index)


def meta_morph():
    here = folder('metamorph')
    planes = counting(4, HEIGHT, WIDTH)
    for w, name in enumerate(['w1Conf488', 'w2Conf561']):
        raw_tiff(here / f'exp_{name}_t1.stk', planes, 1, [(33629, 5, struct.pack('<8I', *range(8)))])
        raw_tiff(here / f'exp_{name}_t2.stk', planes, 1, [(33629, 5, struct.pack('<8I', *range(8)))])
    (here / 'exp.nd').write_text('"NDInfoFile", Version 1.0\r\n"NWavelengths", 2\r\n"WaveName1", "Conf488"\r\n'
                                 '"WaveName2", "Conf561"\r\n"ZStepSize", 0.35\r\n"EndFile"\r\n')


for make in (ome, ome_sets, imagej, shaped, pages, micro_manager, meta_morph):
    make()
