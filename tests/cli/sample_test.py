"""`lazulite sample`: what it writes is what its truth file says, and opens as what it is."""

import json
import math
import os

import numpy as np
import tifffile

import program
from program import ProgramTest

SIZE = (40, 128, 160)


class Sample(ProgramTest):
    def sample(self, name="sample", *arguments):
        folder = self.folder / name
        self.ok("sample", folder, "--timepoints", "2", "--size", ",".join(map(str, SIZE)), *arguments)
        return folder, json.loads((folder / "truth.json").read_text())

    def test_it_opens_as_two_channels_of_skewed_stacks(self):
        folder, _ = self.sample()
        info = self.info(folder)
        self.assertEqual([(a["name"], a["size"]) for a in info["axes"]], list(zip("tczyx", (2, 2, *SIZE))))
        self.assertEqual(info["dtype"], "uint16")
        self.assertEqual((info["files"], info["holes"]), (4, 0))
        labels = [a["labels"] for a in info["axes"] if a["name"] == "c"][0]
        self.assertTrue(labels[0].startswith("488") and labels[1].startswith("560"), labels)
        stack = tifffile.imread(folder / "sample_CamA_ch0_stack0001_488nm_0002500msec_0016969225msecAbs.tif")
        np.testing.assert_array_equal(self.slice(folder, "--at", "t=1,c=0", "--volume"), stack)
        spacing = {a["name"]: a["spacing"] for a in info["axes"]}
        self.assertAlmostEqual(spacing["x"], 0.104, places=3)
        text = self.ok("info", folder).out.decode()
        self.assertIn("31.5 degrees", text)
        self.assertIn("0.4 um", text)

    def test_beads_lie_where_the_truth_says(self):
        folder, truth = self.sample()
        self.assertGreaterEqual(len(truth["beads"]), 3)
        shift = truth["stage_step_um"] * math.cos(math.radians(truth["angle_deg"])) / truth["pixel_um"]
        for c, wavelength in enumerate((488, 560)):
            stack = self.slice(folder, "--at", f"t=0,c={c}", "--volume").astype(float)
            background = np.median(stack)
            for bead in truth["beads"]:
                z, y, x = (bead["raw"][n] for n in "zyx")
                zz, yy, xx = np.meshgrid(*map(np.arange, SIZE), indexing="ij", sparse=True)
                # A sheared box about the bead: planes shift along x.
                near = (abs(zz - z) < 6) & (abs(yy - y) < 6) & (abs(xx - x + shift * (zz - z)) < 6)
                weight = np.where(near, stack - background, 0)
                total = weight.sum()
                self.assertGreater(stack[round(z), round(y), round(x)], background + 300)
                self.assertAlmostEqual((weight * zz).sum() / total, z, delta=0.15)
                self.assertAlmostEqual((weight * yy).sum() / total, y, delta=0.15)
                self.assertAlmostEqual((weight * (xx + shift * (zz - z))).sum() / total, x, delta=0.2)

    def test_its_pipeline_fits_its_data(self):
        folder, _ = self.sample()
        checked = json.loads(self.ok("check", folder / "lattice.toml", folder, "--json").out)
        self.assertTrue(checked["ok"])
        self.assertEqual([stage["enabled"] for stage in checked["stages"]], [True, True, True, True, False])
        sizes = [{axis["name"]: axis["size"] for axis in stage["axes"]} for stage in checked["stages"]]
        self.assertGreater(sizes[1]["x"], sizes[0]["x"])
        self.assertEqual(sizes[3]["z"], sizes[2]["z"] - 2)
        self.assertEqual(sizes[3]["y"], sizes[2]["y"] - 2 * (SIZE[1] // 32))
        self.assertEqual(checked["stages"][1]["slice"]["pages"], 1)
        self.assertEqual(len(checked["sources"]), 2)
        small = self.folder / "small"
        self.ok("sample", small, "--timepoints", "1", "--size", "4,8,8")
        self.ok("check", small / "lattice.toml", small)

    def test_background_is_the_cameras(self):
        folder, truth = self.sample()
        stack = self.slice(folder, "--at", "t=0,c=1", "--volume").astype(float)
        expected = truth["camera"]["offset"] + 4 * truth["camera"]["counts_per_electron"]
        self.assertAlmostEqual(np.median(stack), expected, delta=3)

    def test_seeds_and_threads(self):
        one, _ = self.sample("one", "--threads", "1")
        same, _ = self.sample("same")
        other, _ = self.sample("other", "--seed", "2")
        for name in sorted(os.listdir(one)):
            if (one / name).is_file():
                self.assertEqual((one / name).read_bytes(), (same / name).read_bytes(), name)
        stack = "sample_CamA_ch0_stack0000_488nm_0000000msec_0016966725msecAbs.tif"
        self.assertNotEqual((one / stack).read_bytes(), (other / stack).read_bytes())

    def test_the_psf_is_of_the_same_optics(self):
        folder, truth = self.sample()
        psf = tifffile.imread(folder / "psf" / "psf_488nm.tif").astype(float) - 100
        self.assertEqual(np.unravel_index(psf.argmax(), psf.shape), tuple(n // 2 for n in psf.shape))
        line = psf[psf.shape[0] // 2, psf.shape[1] // 2].clip(0)
        offsets = (np.arange(line.size) - line.size // 2) * 0.1
        near = abs(offsets) < 0.6
        sigma = math.sqrt((line * offsets**2)[near].sum() / line[near].sum())
        self.assertAlmostEqual(sigma, truth["channels"][0]["sigma_lateral_um"], delta=0.01)

    def test_nothing_is_overwritten(self):
        folder, _ = self.sample()
        before = sorted(os.listdir(folder))
        self.refused("sample", folder, says=["not empty"])
        self.assertEqual(sorted(os.listdir(folder)), before)
        file = self.folder / "file"
        file.write_text("mine")
        self.refused("sample", file, says=["file"])
        self.assertEqual(file.read_text(), "mine")

    def test_what_cannot_be_written_is_refused(self):
        self.refused("sample", "/proc/nowhere/sample", says=["/proc"])
        self.refused("sample", self.folder / "big", "--timepoints", "100000", "--size", "1000,1000,1000", says=["free"])
        self.refused("sample", self.folder / "big", "--size", "100000,100000,100000", says=["--size"])
        self.assertEqual(os.listdir(self.folder), [])


if __name__ == "__main__":
    program.main()
