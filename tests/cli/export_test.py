"""`lazulite export` beside NumPy and tifffile: values, metadata, and what is left after kill, cancel and a full disk."""

import json
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import tifffile

import program
from program import ProgramTest

RECORD = "lazulite-export.json"


class Export(ProgramTest):
    def stacks(self, shape=(3, 2, 5, 20, 30), dtype=np.uint16, **options):
        """A recording with ImageJ's metadata: 0.2 um between planes, pixels of 0.1 um, timepoints 2.5 s apart."""
        random = np.random.default_rng(7)
        values = random.integers(0, 60000, shape).astype(dtype)
        folder = self.folder / "raw"
        folder.mkdir()
        for t in range(shape[0]):
            for c in range(shape[1]):
                tifffile.imwrite(folder / self.name(t, c), values[t, c], imagej=True, resolution=(10, 10),
                                 metadata={"spacing": 0.2, "unit": "um", "finterval": 2.5, "axes": "ZYX"})
        return folder, values

    def name(self, t, c):
        return f"cell_ch{c}_stack{t:04d}_{(488, 560)[c]}nm.tif"

    def results(self, where="out"):
        return sorted(p.name for p in (self.folder / where).iterdir())

    def unfinished(self, where="out"):
        return [name for name in self.results(where) if name.endswith(".part")]

    def expect_all(self, values, where="out"):
        for t in range(values.shape[0]):
            for c in range(values.shape[1]):
                np.testing.assert_array_equal(tifffile.imread(self.folder / where / self.name(t, c)), values[t, c])


class Values(Export):
    def test_every_volume_holds_the_values_under_its_own_name(self):
        folder, values = self.stacks()
        self.assertEqual(self.ok("export", folder, "-o", self.folder / "out").err, "")
        self.assertEqual(self.results(), sorted([RECORD, *(self.name(t, c) for t in range(3) for c in range(2))]))
        self.expect_all(values)

    def test_a_region_by_ranges_indices_and_labels(self):
        folder, values = self.stacks()
        self.ok("export", folder, "--region", "t=1:,c=560 nm", "--region", "z=2:4,y=-5:", "-o", self.folder / "out")
        self.assertEqual(self.results(), [self.name(1, 1), self.name(2, 1), RECORD])
        np.testing.assert_array_equal(tifffile.imread(self.folder / "out" / self.name(2, 1)), values[2, 1, 2:4, -5:])
        self.refused("export", folder, "--region", "q=1", "-o", self.folder / "no", says=["'q'", "t, c, z, y, x"])
        self.refused("export", folder, "--region", "t=3", "-o", self.folder / "no", says=["t=3", "0 to 2"])
        self.assertFalse((self.folder / "no").exists())

    def test_types_are_rounded_saturated_and_scaled(self):
        folder, values = self.stacks(shape=(1, 1, 3, 20, 30), dtype=np.float32)
        out = self.folder / "out" / self.name(0, 0)
        for dtype in ("uint8", "int16", "uint16", "int32", "float64"):
            self.ok("export", folder, "-o", self.folder / "out", "--dtype", dtype, "--overwrite")
            wanted = np.dtype(dtype)
            expected = values[0, 0].astype(np.float64)
            if wanted.kind in "iu":
                expected = np.clip(np.rint(expected), np.iinfo(wanted).min, np.iinfo(wanted).max)
            read = tifffile.imread(out)
            self.assertEqual(read.dtype, wanted)
            np.testing.assert_array_equal(read, expected.astype(wanted))
        self.ok("export", folder, "-o", self.folder / "out", "--dtype", "uint16", "--scale", "1000,50000", "--overwrite")
        expected = np.clip((values[0, 0].astype(np.float64) - 1000) / 49000 * 65535, 0, 65535)
        self.assertLessEqual(np.abs(tifffile.imread(out) - expected).max(), 0.51)
        self.refused("export", folder, "-o", self.folder / "no", "--scale", "0,10", says=["integer type", "uint16"])
        self.refused("export", folder, "-o", self.folder / "no", "--dtype", "uint12", says=["uint12", "float32"])

    def test_compressed_files_hold_the_same_values(self):
        folder, values = self.stacks()
        for codec, code in (("deflate:9", 8), ("zstd", 50000), ("lzw", 5), ("none", 1)):
            self.ok("export", folder, "-o", self.folder / "out", "--compression", codec, "--overwrite", "--bigtiff")
            with tifffile.TiffFile(self.folder / "out" / self.name(1, 1)) as file:
                self.assertEqual(int(file.pages[0].compression), code)
                self.assertTrue(file.is_bigtiff)
            np.testing.assert_array_equal(self.slice(self.folder / "out", "--all"), values)
            if codec in ("deflate:9", "none"):  # what tifffile reads without imagecodecs
                self.expect_all(values)
        self.refused("export", folder, "-o", self.folder / "no", "--compression", "zip", says=["zip", "zstd"])
        self.refused("export", folder, "-o", self.folder / "no", "--compression", "zstd:99", says=["1 to 22"])

    def test_one_array_and_one_volume(self):
        folder, values = self.stacks()
        self.ok("export", folder, "-o", self.folder / "all.npy")
        np.testing.assert_array_equal(np.load(self.folder / "all.npy"), values)
        self.ok("export", folder, "--region", "t=1,c=1", "-o", self.folder / "one.tif")
        np.testing.assert_array_equal(tifffile.imread(self.folder / "one.tif"), values[1, 1])
        self.refused("export", folder, "-o", self.folder / "six.tif", says=["6 volumes", "--region"])
        record = json.loads((self.folder / "all.npy.json").read_text())
        self.assertEqual(len(record["exports"][0]["volumes"]), 6)

    def test_a_volume_larger_than_the_memory_is_written_in_parts(self):
        values = np.random.default_rng(1).integers(0, 9999, (40, 700, 600)).astype(np.uint16)  # 34 MB
        tifffile.imwrite(self.folder / "large.tif", values, photometric="minisblack")
        self.ok("export", self.folder / "large.tif", "-o", self.folder / "out", "--memory", "16M")
        np.testing.assert_array_equal(tifffile.imread(self.folder / "out" / "large.tif"), values)

    def test_the_ledger_tells_what_was_read(self):
        folder, _ = self.stacks()
        ledger = json.loads(self.ok("export", folder, "-o", self.folder / "out", "--ledger").err)
        self.assertEqual(ledger["pages_read"], 3 * 2 * 5)


class Metadata(Export):
    def test_imagej(self):
        folder, _ = self.stacks()
        self.ok("export", folder, "--spacing", "t=2.5s", "-o", self.folder / "out")
        with tifffile.TiffFile(self.folder / "out" / self.name(2, 1)) as file:
            metadata = file.imagej_metadata
            self.assertEqual(metadata["slices"], 5)
            self.assertEqual(metadata["spacing"], 0.2)
            self.assertEqual(metadata["unit"], "micron")
            self.assertEqual(metadata["finterval"], 2.5)
            self.assertEqual(metadata["Labels"], ["560 nm"] * 5)
            self.assertEqual(metadata["source"], self.name(2, 1))
            self.assertEqual(len(metadata["lazulite-export"]), 32)
            self.assertIn(self.name(2, 1), metadata["Info"])
            self.assertEqual(file.series[0].axes, "ZYX")
            above, below = file.pages[0].tags["XResolution"].value
            self.assertAlmostEqual(above / below, 10, places=9)

    def test_ome(self):
        folder, values = self.stacks()
        self.ok("export", folder, "--spacing", "t=2.5s", "--metadata", "ome", "-o", self.folder / "out")
        with tifffile.TiffFile(self.folder / "out" / self.name(2, 1)) as file:
            self.assertTrue(file.is_ome)
            self.assertEqual(file.series[0].axes, "ZYX")
            self.assertEqual(file.series[0].shape, (5, 20, 30))
            ome = tifffile.xml2dict(file.ome_metadata)["OME"]
            pixels = ome["Image"]["Pixels"]
            self.assertEqual([pixels["PhysicalSize" + axis] for axis in "ZYX"], [0.2, 0.1, 0.1])
            self.assertEqual(pixels["TimeIncrement"], 2.5)
            self.assertEqual(pixels["Plane"]["DeltaT"], 5.0)
            self.assertEqual(pixels["Channel"]["Name"], "560 nm")
            notes = {note["K"]: note["value"] for note in ome["StructuredAnnotations"]["MapAnnotation"]["Value"]["M"]}
            self.assertEqual(notes["source"], self.name(2, 1))
        self.expect_all(values)

    def test_types_that_imagej_does_not_know(self):
        folder, values = self.stacks()
        for dtype, axes in (("int16", "ZYX"), ("float64", "ZYX"), ("int64", "QYX"), ("float16", "QYX")):
            self.ok("export", folder, "-o", self.folder / "out", "--dtype", dtype, "--overwrite")
            with tifffile.TiffFile(self.folder / "out" / self.name(0, 0)) as file:
                self.assertEqual(file.series[0].axes, axes, dtype)
                self.assertEqual(file.asarray().dtype, dtype)
        self.refused("export", folder, "-o", self.folder / "no", "--dtype", "int16", "--metadata", "imagej", says=["int16"])

    def test_the_record_tells_pipeline_and_sources(self):
        folder, _ = self.stacks()
        config = self.folder / "half.toml"
        config.write_text('[pipeline]\nname = "half"\n[[step]]\nop = "crop"   # a comment\nz = "2:"\n')
        self.ok("export", folder, "--pipeline", config, "-o", self.folder / "out")
        record = json.loads((self.folder / "out" / RECORD).read_text())["exports"][0]
        self.assertEqual(record["pipeline"]["text"], config.read_text())
        self.assertEqual(record["pipeline"]["path"], str(config))
        self.assertEqual(record["recording"]["location"], str(folder))
        self.assertEqual(record["volumes"][5], {"file": self.name(2, 1), "place": "t=2, c=1", "sources": [str(folder / self.name(2, 1))]})
        with tifffile.TiffFile(self.folder / "out" / self.name(0, 0)) as file:
            self.assertEqual(file.imagej_metadata["pipeline"], "half")
            self.assertIn("a comment", file.imagej_metadata["Info"])


class Pipelines(Export):
    CONFIG = '[[step]]\nop = "crop"\nz = "1:"\ny = "2:-3"\n[[step]]\nop = "rescale"\ngain = 0.5\noffset = 3\n'

    def config(self, text=CONFIG):
        path = self.folder / "steps.toml"
        path.write_text(text)
        return path

    def expected(self, values):
        return np.clip(np.rint(values[:, :, 1:, 2:-3].astype(np.float64) * 0.5 + 3), 0, 65535).astype(np.uint16)

    def test_slice_info_and_export_agree(self):
        folder, values = self.stacks()
        expected = self.expected(values)
        config = self.config()
        np.testing.assert_array_equal(self.slice(folder, "--pipeline", config, "--at", "t=2,c=1,z=0"), expected[2, 1, 0])
        np.testing.assert_array_equal(self.slice(folder, "--pipeline", config, "--all"), expected)
        info = self.info(folder, "--pipeline", config)
        self.assertEqual([(a["name"], a["size"]) for a in info["axes"]], [("t", 3), ("c", 2), ("z", 4), ("y", 15), ("x", 30)])
        self.assertEqual(info["bytes"], expected.nbytes)
        self.assertEqual([step["op"] for step in info["pipeline"]["steps"]], ["crop", "rescale"])
        self.assertEqual(info["ledger"]["pages_read"], 0)
        text = self.ok("info", folder, "--pipeline", config).out.decode()
        for part in ("steps.toml", "step 1       crop", "step 2       rescale"):
            self.assertIn(part, text)
        self.ok("export", folder, "--pipeline", config, "-o", self.folder / "out")
        self.expect_all(expected)
        np.testing.assert_array_equal(self.slice(self.folder / "out", "--all"), expected)

    def test_the_ledger_of_a_slice_tells_what_was_read_and_computed(self):
        folder, _ = self.stacks()
        ran = self.ok("slice", folder, "--pipeline", self.config(), "--at", "t=2,c=1,z=0", "-o", self.folder / "p.npy", "--ledger")
        ledger = json.loads(ran.err)
        self.assertEqual((ledger["files_opened"], ledger["pages_read"]), (1, 1))
        self.assertGreaterEqual(ledger["blocks_computed"], 1)

    def test_voxel_sizes_of_the_result_are_written(self):
        folder, _ = self.stacks()
        config = self.config('[[step]]\nop = "bin"\nfactors = [2, 2, 2]\n')
        self.ok("export", folder, "--pipeline", config, "-o", self.folder / "out")
        spacing = {axis["name"]: axis["spacing"] for axis in self.info(self.folder / "out")["axes"]}
        for name, wanted in (("z", 0.4), ("y", 0.2), ("x", 0.2)):
            self.assertAlmostEqual(spacing[name], wanted, places=9)

    def test_mistakes_are_told_with_their_place(self):
        folder, _ = self.stacks()
        config = self.config('[[step]]\nop = "crop"\nz = "1:"\n\n[[step]]\nop = "rescale"\ngian = 2\n')
        commands = [["info"], ["slice", "-o", "-"], ["export", "-o", self.folder / "out"]]
        if b"built without the window" not in program.run("--version").out:
            commands += [["view"], ["render", "-o", self.folder / "picture.png"]]
        for command in commands:
            with self.subTest(command=command[0]):
                ran = self.refused(command[0], folder, *command[1:], "--pipeline", config, says=[f"{config}:7:", "gain"])
                self.assertNotIn("display", ran.err)
        config = self.config('[[step]]\nop = "crop"\nz = "9:"\n')  # right in itself, wrong for these data
        self.refused("export", folder, "--pipeline", config, "-o", self.folder / "out", says=[f"{config}:3:"])
        self.refused("export", folder, "--pipeline", self.folder / "none.toml", "-o", self.folder / "out", says=["none.toml"])
        self.assertFalse((self.folder / "out").exists())

    def test_results_of_another_pipeline_are_replaced_only_when_that_is_asked_for(self):
        folder, values = self.stacks()
        out = self.folder / "out"
        self.ok("export", folder, "--pipeline", self.config(), "-o", out)
        self.refused("export", folder, "--pipeline", self.config(), "-o", out, says=["6 of 6 results", "--resume"])
        said = self.ok("export", folder, "--pipeline", self.config(), "-o", out, "--resume", "--verbose").err
        self.assertIn("6 kept", said)
        other = self.config(self.CONFIG.replace("0.5", "1"))
        before = (out / self.name(0, 1)).read_bytes()
        self.refused("export", folder, "--pipeline", other, "-o", out, "--resume", says=["6 of 6 results", "made otherwise", "--overwrite"])
        self.assertEqual((out / self.name(0, 1)).read_bytes(), before)
        said = self.ok("export", folder, "--pipeline", other, "-o", out, "--overwrite", "--verbose").err
        self.assertIn("0 kept", said)
        np.testing.assert_array_equal(tifffile.imread(out / self.name(0, 1)), np.minimum(values[0, 1, 1:, 2:-3].astype(int) + 3, 65535))

    def test_backends(self):
        folder, values = self.stacks()
        config = self.config()
        version = self.ok("--version").out.decode()
        self.assertIn("backends: cpu (", version)
        ran = self.ok("slice", folder, "--pipeline", config, "--backend", "cuda", "-o", self.folder / "p.npy")
        if ", cuda (" not in version:
            self.assertIn("computing on the processor", ran.err)
        self.assertEqual(self.ok("slice", folder, "--pipeline", config, "--backend", "cpu", "-o", self.folder / "p.npy").err, "")
        self.refused("slice", folder, "--pipeline", config, "--backend", "gpu", "-o", "-", says=["gpu", "cuda"])


class Interruptions(Export):
    def start(self, *arguments):
        running = subprocess.Popen([program.PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        self.addCleanup(running.stderr.close)
        return running

    def long_export(self):
        """A recording whose export takes a while: noise, compressed as hard as it goes."""
        folder, values = self.stacks(shape=(4, 2, 12, 160, 160))
        return folder, values, ["export", folder, "-o", self.folder / "out", "--compression", "zstd:22", "--threads", "1"]

    def wait_for(self, seen, what):
        end = time.monotonic() + 60
        while not seen():
            self.assertLess(time.monotonic(), end, f"no {what} within a minute")
            time.sleep(0.002)

    def whole(self, values):
        """How many results there are; each of them must be whole."""
        names = [name for name in self.results() if name.startswith("cell")]
        for name in names:
            c, t = int(name[7]), int(name[14:18])
            np.testing.assert_array_equal(self.slice(self.folder / "out" / name, "--all"), values[t, c])
        return len(names)

    def test_killed_it_leaves_no_half_file_under_its_name(self):
        folder, values, arguments = self.long_export()
        out = self.folder / "out"
        killed = 0
        for _ in range(3):  # the second and third go on where the one before was killed
            running = self.start(*arguments, "--resume")
            before = len(self.results()) if out.exists() else 0
            self.wait_for(lambda: running.poll() is not None or (out.exists() and self.unfinished() and
                                                                 len([n for n in self.results() if n.startswith("cell")]) >= 1 + before),
                          "new result")
            running.send_signal(signal.SIGKILL)
            killed += running.wait() == -signal.SIGKILL
            self.whole(values)
        self.assertGreaterEqual(killed, 1)
        self.ok(*arguments, "--resume")
        self.assertEqual(self.whole(values), 8)
        self.assertEqual(self.unfinished(), [], "what killed runs left is removed")

    def test_ctrl_c_ends_it_tidily(self):
        folder, values, arguments = self.long_export()
        for number in (signal.SIGINT, signal.SIGTERM):
            running = self.start(*arguments, "--resume")
            self.wait_for(lambda: (self.folder / "out").exists() and self.unfinished(), "beginning")
            running.send_signal(number)
            said = running.stderr.read().decode()
            self.assertEqual(running.wait(), 128 + number, said)
            self.assertIn("--resume", said)
            self.assertEqual(self.unfinished(), [])
            self.assertLess(self.whole(values), 8)

    def test_a_bad_file_fails_its_own_volume(self):
        folder, values = self.stacks()
        (folder / self.name(1, 0)).write_bytes((folder / self.name(1, 0)).read_bytes()[:2000])
        os.remove(folder / self.name(2, 1))
        out = self.folder / "out"
        ran = self.refused("export", folder, "-o", out, says=[self.name(1, 0), "t=2, c=1", "2 of 6", "--fill-holes"])
        self.assertEqual(len(self.results()), 5)
        np.testing.assert_array_equal(tifffile.imread(out / self.name(1, 1)), values[1, 1])
        self.assertEqual(len(ran.err.splitlines()), 3)
        said = self.ok("export", folder, "-o", out, "--fill-holes", "--overwrite").err
        self.assertIn("zeros", said)
        self.assertEqual(len(self.results()), 7)

    def test_the_recording_is_never_written_over(self):
        folder, values = self.stacks()
        self.refused("export", folder, "-o", folder, "--overwrite", says=["files that are read"])
        self.refused("export", folder, "--region", "t=0,c=0", "-o", folder / self.name(1, 1), "--overwrite", says=["files that are read"])
        np.testing.assert_array_equal(tifffile.imread(folder / self.name(1, 1)), values[1, 1])


class NoRoom(Export):
    def test_a_full_disk_is_said_and_leaves_nothing_half(self):
        folder, _ = self.stacks(shape=(4, 2, 16, 100, 100))  # 2.6 MB
        with tempfile.TemporaryDirectory() as place:
            mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", place], capture_output=True)
            if mounted.returncode != 0:
                self.skipTest("a small file system cannot be mounted here: " + mounted.stderr.decode().strip())
            try:
                out = Path(place) / "out"
                self.refused("export", folder, "-o", out, says=["2.56 MB", "free"])
                self.assertFalse(out.exists(), "plain results are reckoned with before anything is done")
                self.refused("export", folder, "-o", out, "--compression", "deflate", says=["No space left"])
                names = [p.name for p in out.iterdir()]
                self.assertFalse([name for name in names if name.endswith(".part")])
                whole = [name for name in names if name.startswith("cell")]
                self.assertLess(len(whole), 8)
                for name in whole:
                    self.assertEqual(tifffile.imread(out / name).shape, (16, 100, 100))
            finally:
                subprocess.run(["umount", place], check=True)

    def test_a_file_that_may_not_grow_is_said(self):
        folder, _ = self.stacks()
        done = subprocess.run(["bash", "-c", 'trap "" XFSZ; ulimit -f 4; exec "$@"', "limited", program.PROGRAM, "export", folder,
                               "-o", self.folder / "out"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(b"File too large", done.stderr)
        self.assertFalse(self.unfinished())

    def test_a_place_that_cannot_be_written(self):
        folder, _ = self.stacks()
        self.refused("export", folder, "-o", "/proc/out", says=["/proc"])
        (self.folder / "file").write_text("x")
        self.refused("export", folder, "-o", self.folder / "file", says=["is a file"])
        self.refused("export", folder, "--region", "t=0,c=0", "-o", self.folder / "none" / "x.tif", says=["no such folder"])
        if os.geteuid() == 0:
            return  # nothing is forbidden to root
        closed = self.folder / "closed"
        closed.mkdir(mode=0o555)
        self.refused("export", folder, "-o", closed, says=["closed", "permission"])


if __name__ == "__main__":
    program.main()
