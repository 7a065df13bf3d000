"""Running the built program and looking at what it did; shared by the *_test.py files beside this one."""

import io
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import tifffile

PROGRAM = None


class Ran:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr.decode("utf-8", "surrogateescape")


def run(*arguments, **options):
    """Runs the program without a terminal and without a display."""
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.update(options.pop("env", {}))
    done = subprocess.run([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=environment, timeout=300, **options)
    return Ran(done)


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)

    def ok(self, *arguments, **options):
        ran = run(*map(str_or_bytes, arguments), **options)
        self.assertEqual(ran.code, 0, ran.err)
        return ran

    def refused(self, *arguments, says=(), code=2, **options):
        """The program must end with `code` and say all of `says` on standard error."""
        ran = run(*map(str_or_bytes, arguments), **options)
        self.assertEqual(ran.code, code, ran.err)
        for part in says:
            self.assertIn(part, ran.err)
        self.assertNotIn("terminate called", ran.err)
        return ran

    def info(self, *arguments, **options):
        return json.loads(self.ok("info", *arguments, "--json", **options).out)

    def slice(self, *arguments, **options):
        """The values that `slice -o -` writes."""
        return np.load(io.BytesIO(self.ok("slice", *arguments, "-o", "-", **options).out))

    def recording(self, shape=(3, 2, 5, 20, 30), dtype=np.uint16, name="scan_ch{c}_stack{t:04d}_488nm.tif", where="data", seed=1):
        """A folder of one stack a file, and what it holds as (t, c, z, y, x)."""
        random = np.random.default_rng(seed)
        values = random.integers(0, 60000, shape).astype(dtype)
        folder = self.folder / where
        folder.mkdir()
        for t in range(shape[0]):
            for c in range(shape[1]):
                tifffile.imwrite(folder / name.format(t=t, c=c), values[t, c], photometric="minisblack", metadata=None)
        return folder, values


def str_or_bytes(value):
    return value if isinstance(value, (str, bytes)) else str(value)


def main():
    global PROGRAM
    PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main(module="__main__", verbosity=1)
