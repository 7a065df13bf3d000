"""`lazulite info` and `lazulite slice` beside NumPy and tifffile."""

import json
import os

import numpy as np
import tifffile

import program
from program import ProgramTest

LEDGER = ["files_opened", "pages_read", "bytes_read", "blocks_computed", "cache_hits", "cancelled", "ms"]


class Info(ProgramTest):
    def test_json_has_exactly_the_promised_keys(self):
        folder, values = self.recording()
        info = self.info(folder)
        self.assertEqual(list(info), ["axes", "dtype", "files", "holes", "bytes", "block", "convention", "warnings", "ledger"])
        self.assertEqual([(a["name"], a["size"]) for a in info["axes"]], [("t", 3), ("c", 2), ("z", 5), ("y", 20), ("x", 30)])
        for axis in info["axes"]:
            self.assertEqual(list(axis), ["name", "size", "spacing", "unit", "labels"])
        self.assertEqual(info["dtype"], "uint16")
        self.assertEqual(info["files"], 6)
        self.assertEqual(info["holes"], 0)
        self.assertEqual(info["bytes"], values.nbytes)
        self.assertEqual(list(info["block"]), ["shape", "bytes"])
        self.assertEqual(info["block"]["bytes"], int(np.prod(info["block"]["shape"])) * 2)
        self.assertEqual(list(info["ledger"]), LEDGER)

    def test_opening_reads_one_header_and_no_pixel(self):
        folder, _ = self.recording(shape=(20, 2, 3, 8, 8))
        ledger = self.info(folder)["ledger"]
        self.assertLessEqual(ledger["files_opened"], 1)
        self.assertEqual(ledger["pages_read"], 0)

    def test_text_names_axes_files_and_how_it_was_understood(self):
        folder, _ = self.recording()
        text = self.ok("info", folder).out.decode()
        for part in (str(folder), "uint16", "files", "understood", "pattern"):
            self.assertIn(part, text)

    def test_a_missing_stack_is_a_hole_and_shifts_nothing(self):
        folder, values = self.recording()
        os.remove(folder / "scan_ch1_stack0001_488nm.tif")
        info = self.info(folder)
        self.assertEqual(info["holes"], 1)
        self.assertEqual(info["files"], 5)
        np.testing.assert_array_equal(self.slice(folder, "--at", "t=2,c=1,z=4"), values[2, 1, 4])

    def test_what_was_understood_can_be_overridden(self):
        folder, values = self.recording()
        info = self.info(folder, "--voxel", "0.3,0.1,0.2", "--rename-axis", "t=p", "--spacing", "p=2.5s")
        by_name = {axis["name"]: axis for axis in info["axes"]}
        self.assertEqual([by_name[n]["spacing"] for n in "zyx"], [0.3, 0.1, 0.2])
        self.assertEqual(by_name["z"]["unit"], "um")
        self.assertEqual((by_name["p"]["spacing"], by_name["p"]["unit"]), (2.5, "s"))
        other = self.info(folder, "--pattern", "scan_ch{t}_stack{c}_*")
        self.assertEqual({a["name"]: a["size"] for a in other["axes"]}["t"], 2)

    def test_names_that_are_not_utf8_survive(self):
        data = np.arange(5 * 8 * 9, dtype=np.uint16).reshape(5, 8, 9)
        folder = os.fsencode(self.folder) + b"/\xff\xfe dir"
        os.mkdir(folder)
        path = folder + b"/caf\xe9_t0.tif"
        plain = self.folder / "plain.tif"
        tifffile.imwrite(plain, data, photometric="minisblack", metadata=None)
        os.rename(plain, path)
        info = json.loads(self.ok(b"info", folder, b"--json").out)
        self.assertEqual(info["files"], 1)
        np.testing.assert_array_equal(self.slice(path, "--at", "z=3"), data[3])
        out = folder + b"/\xe9.npy"
        self.ok(b"slice", path, b"--at", b"z=2", b"-o", out)
        with open(out, "rb") as file:
            np.testing.assert_array_equal(np.load(file), data[2])


class Slice(ProgramTest):
    def test_every_plane_has_numpys_values_and_type(self):
        folder, v = self.recording()
        rows = [
            (["--at", "t=1,c=0,z=2"], v[1, 0, 2]),
            (["--at", "t=1", "--at", "c=0,z=2"], v[1, 0, 2]),
            (["--at", "t=-1,c=-2,z=-5"], v[-1, -2, -5]),
            (["--at", "t=2,c=1"], v[2, 1, 2]),
            ([], v[1, 1, 2]),
            (["--at", "t=0,c=1,y=7", "--plane", "zx"], v[0, 1, :, 7, :]),
            (["--at", "t=0,c=1,x=29", "--plane", "zy"], v[0, 1, :, :, 29]),
            (["--at", "t=0,c=1,z=0", "--plane", "xy"], v[0, 1, 0].T),
            (["--at", "c=1,z=0,y=3", "--plane", "tx"], v[:, 1, 0, 3, :]),
            (["--at", "t=1,c=0,z=2", "--region", "y=0:10,x=5:"], v[1, 0, 2, 0:10, 5:]),
            (["--at", "t=1,c=0,z=2", "--region", "y=10:-2,x=:-20"], v[1, 0, 2, 10:-2, :-20]),
            (["--at", "t=1,c=0", "--volume"], v[1, 0]),
            (["--at", "t=1,c=0", "--volume", "--region", "z=1:3,x=-4:"], v[1, 0, 1:3, :, -4:]),
            (["--all"], v),
            (["--all", "--region", "t=1:,c=1:2"], v[1:, 1:2]),
        ]
        for arguments, wanted in rows:
            with self.subTest(arguments=arguments):
                got = self.slice(folder, *arguments)
                self.assertEqual(got.dtype, wanted.dtype)
                np.testing.assert_array_equal(got, wanted)

    def test_every_type_is_kept(self):
        random = np.random.default_rng(2)
        for name in ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32", "float64"):
            with self.subTest(dtype=name):
                data = (random.random((3, 9, 11)) * 100).astype(name)
                path = self.folder / f"{name}_image.tif"
                tifffile.imwrite(path, data, photometric="minisblack", metadata=None)
                got = self.slice(path, "--at", "z=1")
                self.assertEqual(got.dtype, data.dtype)
                np.testing.assert_array_equal(got, data[1])
                out = self.folder / "out.tif"
                self.ok("slice", path, "--volume", "-o", out)
                written = tifffile.imread(out)
                self.assertEqual(written.dtype, data.dtype)
                np.testing.assert_array_equal(written, data)

    def test_files_of_both_kinds_hold_the_values(self):
        folder, v = self.recording()
        for arguments, wanted in ((["--at", "t=1,c=0,z=2"], v[1, 0, 2]), (["--at", "t=1,c=0", "--volume"], v[1, 0]), (["--all"], v)):
            tif, npy = self.folder / "out.tif", self.folder / "out.npy"
            self.ok("slice", folder, *arguments, "-o", tif)
            self.ok("slice", folder, *arguments, "-o", npy)
            np.testing.assert_array_equal(tifffile.imread(tif).reshape(wanted.shape), wanted)
            np.testing.assert_array_equal(np.load(npy), wanted)

    def test_colour_samples_stay_with_their_pixels(self):
        data = np.random.default_rng(3).integers(0, 255, (4, 12, 14, 3)).astype(np.uint8)
        folder = self.folder / "rgb"
        folder.mkdir()
        for t, frame in enumerate(data):
            tifffile.imwrite(folder / f"img_t{t:03d}.tif", frame, photometric="rgb")
        np.testing.assert_array_equal(self.slice(folder, "--at", "t=2"), data[2])

    def test_a_plane_costs_one_file_and_one_page(self):
        folder, _ = self.recording(shape=(6, 2, 9, 128, 160))
        ran = self.ok("slice", folder, "--at", "t=4,c=1,z=7", "-o", "-", "--ledger")
        ledger = json.loads(ran.err.strip().splitlines()[-1])
        self.assertEqual(list(ledger), LEDGER)
        self.assertEqual(ledger["files_opened"], 1)
        self.assertEqual(ledger["pages_read"], 1)
        page = 128 * 160 * 2
        self.assertGreaterEqual(ledger["bytes_read"], page)
        self.assertLess(ledger["bytes_read"], page + page // 2)  # and the directories that lead to it

    def test_a_hole_is_an_error_unless_zeros_are_asked_for(self):
        folder, v = self.recording()
        os.remove(folder / "scan_ch1_stack0001_488nm.tif")
        out = self.folder / "out.npy"
        self.refused("slice", folder, "--at", "t=1,c=1,z=0", "-o", out, says=["--fill-holes"])
        self.assertFalse(out.exists())
        ran = self.ok("slice", folder, "--all", "--fill-holes", "-o", out)
        self.assertIn("zeros", ran.err)
        wanted = v.copy()
        wanted[1, 1] = 0
        np.testing.assert_array_equal(np.load(out), wanted)

    def test_a_damaged_file_is_named_and_the_others_are_not_harmed(self):
        folder, v = self.recording()
        broken = folder / "scan_ch0_stack0001_488nm.tif"
        broken.write_bytes(broken.read_bytes()[:200])
        self.refused("slice", folder, "--at", "t=1,c=0,z=4", "-o", "-", says=["scan_ch0_stack0001_488nm.tif"])
        np.testing.assert_array_equal(self.slice(folder, "--at", "t=1,c=1,z=4"), v[1, 1, 4])

    def test_more_than_the_memory_budget_is_refused_with_both_numbers(self):
        folder, v = self.recording(shape=(4, 2, 8, 512, 512))
        self.refused("slice", folder, "--all", "-o", self.folder / "out.npy", "--memory", "16M", says=["MB", "--memory"])
        np.testing.assert_array_equal(self.slice(folder, "--at", "t=3,c=1,z=0", "--memory", "16M"), v[3, 1, 0])


if __name__ == "__main__":
    program.main()
