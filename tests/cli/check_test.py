"""`lazulite check`: every mistake at its place, or what the chain makes of the data."""

import json

import numpy as np
import tifffile

import program
from program import ProgramTest

GOOD = """
[[step]]
op = "crop"
z = "1:"

[[step]]
op = "smooth"
enabled = false

[[step]]
op = "background"
percentile = 10
label = "haze"
"""


class Check(ProgramTest):
    def config(self, text, name="p.toml"):
        path = self.folder / name
        path.write_text(text)
        return path

    def test_a_good_config_alone(self):
        path = self.config(GOOD)
        self.assertIn(b"3 step(s), no mistake", self.ok("check", path).out)
        self.assertEqual(json.loads(self.ok("check", path, "--json").out), {"ok": True, "messages": [], "stages": []})

    def test_a_good_config_on_data_tells_each_stage(self):
        folder, _ = self.recording()
        path = self.config(GOOD)
        ran = self.ok("check", path, folder, "--json")
        self.assertEqual(ran.err, "")
        checked = json.loads(ran.out)
        self.assertTrue(checked["ok"])
        titles = [stage["title"] for stage in checked["stages"]]
        self.assertEqual(titles, ["raw data", "step 1: crop", "step 2: smooth", "step 3: background (haze)"])
        self.assertEqual([stage["enabled"] for stage in checked["stages"]], [True, True, False, True])
        raw, crop, _, background = checked["stages"]
        self.assertEqual([axis["size"] for axis in raw["axes"]], [3, 2, 5, 20, 30])
        self.assertEqual([axis["size"] for axis in crop["axes"]], [3, 2, 4, 20, 30])
        self.assertEqual(crop["dtype"], "uint16")
        self.assertEqual(crop["bytes"], 3 * 2 * 4 * 20 * 30 * 2)
        self.assertEqual(crop["block"], [1, 1, 1, 20, 30])
        self.assertEqual((crop["slice"]["files"], crop["slice"]["pages"], crop["slice"]["bytes"]), (1, 1, 20 * 30 * 2))
        self.assertEqual((crop["volume"]["files"], crop["volume"]["pages"]), (1, 4))
        self.assertEqual((background["slice"]["files"], background["slice"]["pages"]), (1, 4))
        self.assertGreater(background["slice"]["memory"], crop["slice"]["memory"])

    def test_what_it_foretells_is_what_a_slice_reads(self):
        folder, _ = self.recording()
        stage = json.loads(self.ok("check", self.config("[[step]]\nop = 'crop'\nz = '2:'\n"), folder, "--json").out)["stages"][0]
        ledger = json.loads(self.ok("slice", folder, "-o", self.folder / "out.npy", "--ledger").err)
        self.assertEqual((stage["slice"]["files"], stage["slice"]["pages"]), (ledger["files_opened"], ledger["pages_read"]))

    def test_text_for_people(self):
        folder, _ = self.recording()
        text = self.ok("check", self.config(GOOD), folder, "--voxel", "0.3,0.1,0.1").out.decode()
        self.assertIn("step 1: crop\n  shape    t 3, c 2, z 4, y 20, x 30 of uint16 (28.8 kB)\n", text)
        self.assertIn("voxel    z 0.3 um, y 0.1 um, x 0.1 um", text)
        self.assertIn("slice    reads 1 page of 1 file (1.2 kB), takes ", text)
        self.assertIn("step 2: smooth, switched off\n", text)

    def test_every_mistake_is_told_at_its_place(self):
        folder, _ = self.recording()
        path = self.config("[[step]]\nop = 'crop'\nz = '5:'\n\n[[step]]\nop = 'rescale'\ngian = 2\n\n[[step]\n")
        ran = self.refused("check", path, folder)
        self.assertEqual(ran.err.splitlines(), [
            f'{path}:3:5: `z` = "5:" leaves nothing: the axis has 5 elements here, 0 to 4',
            f'{path}:7:1: unknown key `gian` of the step "rescale"; did you mean `gain`?',
            f"{path}:9:8: this is not TOML: expected ']', saw '\\n'",
        ])
        self.assertEqual(ran.out, b"")
        listed = json.loads(self.refused("check", path, folder, "--json").out)
        self.assertFalse(listed["ok"])
        self.assertEqual([(m["line"], m["column"]) for m in listed["messages"]], [(3, 5), (7, 1), (9, 8)])
        self.assertEqual((listed["messages"][1]["step"], listed["messages"][1]["key"]), (1, "gian"))
        alone = self.refused("check", path)
        self.assertEqual(len(alone.err.splitlines()), 2)

    def test_files_are_beside_the_config(self):
        folder, _ = self.recording()
        (self.folder / "steps").mkdir()
        flat = np.ones((20, 30), np.float32)
        tifffile.imwrite(self.folder / "steps" / "flat.tif", flat)
        path = self.config("[[step]]\nop = 'flat-field'\nflat = 'flat.tif'\n", "steps/p.toml")
        checked = json.loads(self.ok("check", path, folder, "--json", cwd="/").out)
        self.assertEqual(checked["sources"], [str(self.folder / "steps" / "flat.tif")])
        self.refused("check", self.config("[[step]]\nop = 'flat-field'\nflat = 'flat.tif'\n"), folder,
                     says=["p.toml:3:8: `flat`: there is no file \"flat.tif\" in"])

    def test_the_schema_is_what_the_documentation_says(self):
        text = self.ok("check", "--schema").out.decode()
        self.assertIn("### deconvolve\n", text)
        self.assertIn("| `iterations` | whole number, 1 to 1000 | `10` |", text)

    def test_what_is_no_config(self):
        self.refused("check", says=["name a pipeline config"])
        self.refused("check", self.folder / "none.toml", says=["none.toml", "no such pipeline config"])
        self.refused("check", self.folder, says=["is a folder"])
        binary = self.folder / "binary.toml"
        binary.write_bytes(b"II*\0\x08\0\0\0")
        self.refused("check", binary, says=["binary.toml:1:4:", "binary data"])
        self.refused("check", self.config(GOOD), self.folder / "nowhere", says=["nowhere"])


if __name__ == "__main__":
    program.main()
