"""`lazulite otf`: the file that LLSpy and cudadecon users have, beside its formulas in NumPy; and that such a file deconvolves."""

import numpy as np
import tifffile

import program
from program import ProgramTest


def bead(shape=(17, 64, 40), seed=3):
    random = np.random.default_rng(seed)
    z, y, x = np.meshgrid(*map(np.arange, shape), indexing="ij")
    light = 9000 * np.exp(-((z - 8.3) ** 2) / 8 - ((y - 35.6) ** 2 + (x - 19.8) ** 2) / 5)
    return (110 + light + random.normal(0, 4, shape)).round().astype(np.uint16)


def centre_along(before, here, behind):
    curve = before + behind - 2 * here
    place = 0.5 * (before - behind) / curve if curve != 0 else 0
    return place if abs(place) <= 1.5 else 0


def compatible_otf(stack, fix_origin=10):
    """The radial OTF with cudadecon's centre and its background, step by step."""
    volume = stack.astype(float)
    size = volume.shape
    peak = np.unravel_index(volume.argmax(), size)
    centre = []
    for axis in range(3):
        line = np.roll(volume, 1 - peak[axis], axis)[tuple(slice(0, 3) if a == axis else peak[a] for a in range(3))]
        centre.append(peak[axis] + centre_along(*line))
    centre[0] += 0.6
    rows = volume[int(centre[0]), : int(np.ceil(centre[1] - 20))]
    volume -= rows.sum() / ((centre[1] - 20) * size[2])
    spectrum = np.fft.rfftn(volume)
    kz, ky = (np.fft.fftfreq(n, 1 / n) for n in size[:2])
    kx = np.arange(size[2] // 2 + 1)
    phase = centre[0] * kz[:, None, None] / size[0] + centre[1] * ky[:, None] / size[1] + centre[2] * kx / size[2]
    spectrum *= np.exp(2j * np.pi * phase)
    ring = np.rint(np.hypot(ky[:, None], kx)).astype(int)
    otf = np.array([spectrum[:, ring == r].mean(axis=1) for r in range(len(kx))])
    mirrored = np.roll(otf[:, ::-1], 1, axis=1).conj()
    otf = (otf + mirrored) / 2
    while True:
        line = np.polynomial.polynomial.polyfit(np.arange(1, fix_origin + 1), otf[1 : fix_origin + 1], 1)[0]
        if abs(line[0]) > abs(otf[1, 0]):
            break
        fix_origin -= 1
    otf[0] = line
    otf /= abs(otf).max()
    return np.stack([otf.real, otf.imag], axis=-1).reshape(len(kx), -1)


class Otf(ProgramTest):
    def psf(self, stack, name="psf.tif"):
        path = self.folder / name
        tifffile.imwrite(path, stack, photometric="minisblack", metadata=None)
        return path

    def test_the_compatible_file_equals_the_formulas(self):
        stack = bead()
        self.ok("otf", self.psf(stack), "--compatible", "-o", self.folder / "otf.tif")
        otf = tifffile.imread(self.folder / "otf.tif")
        self.assertEqual((otf.shape, otf.dtype), ((21, 34), np.float32))
        np.testing.assert_allclose(otf, compatible_otf(stack), atol=1e-5)

    def test_by_itself_it_is_centred_where_the_bead_is(self):
        self.ok("otf", self.psf(bead()), "-o", self.folder / "otf.tif")
        otf = tifffile.imread(self.folder / "otf.tif").astype(float)
        self.assertLess(abs(otf[:, 1::2]).max(), 0.03, "a round bead at its centre has a real OTF")
        self.ok("otf", self.psf(bead()), "--compatible", "-o", self.folder / "otf.tif")
        otf = tifffile.imread(self.folder / "otf.tif").astype(float)
        self.assertGreater(abs(otf[:, 1::2]).max(), 0.1)

    def test_what_makes_no_otf_is_refused_with_the_reason(self):
        out = self.folder / "otf.tif"
        self.refused("otf", self.psf(bead()[0]), "-o", out, says=["one stack (z, y, x)"])
        self.refused("otf", self.psf(np.full((5, 50, 20), 7, np.uint16)), "-o", out, says=["nothing above its background"])
        broken = bead().astype(np.float32)
        broken[3, 4, 5] = np.nan
        self.refused("otf", self.psf(broken), "-o", out, says=["z 3, y 4, x 5"])
        self.refused("otf", self.psf(bead()), "-o", out, "--clean-up", says=["--voxel"])
        self.refused("otf", self.psf(bead()), "-o", out, "--clean-up", "--voxel", "0.1,0.1,0.1", "--na", "1.5", says=["aperture"])
        self.refused("otf", self.psf(bead()), "-o", self.folder / "otf.png", says=[".tif"])
        self.assertFalse(out.exists())

    def test_the_file_deconvolves_as_its_psf_does(self):
        stack = bead((17, 64, 64))
        psf = self.psf(stack)
        self.ok("otf", psf, "-o", self.folder / "otf.tif")
        data = self.folder / "data"
        data.mkdir()
        tifffile.imwrite(data / "scan_ch0_stack0000_488nm.tif", bead((12, 48, 40), 8), photometric="minisblack", metadata=None)
        results = []
        for name in (psf, self.folder / "otf.tif"):
            config = self.folder / "p.toml"
            config.write_text(
                f'[[step]]\nop = "deconvolve"\npsf = "{name}"\npsf-voxel = [0.1, 0.1, 0.1]\notf = "radial"\nbackground = 110\n'
            )
            results.append(self.slice(data, "--volume", "--voxel", "0.1,0.1,0.1", "--pipeline", config))
        self.assertGreater(results[0].max(), 20000)
        # The two find how far the light reaches on grids of their own, so that they interpolate the OTF elsewhere.
        np.testing.assert_allclose(results[1], results[0], atol=0.04 * results[0].max())
        self.assertAlmostEqual(results[1].sum() / results[0].sum(), 1, places=2)


if __name__ == "__main__":
    program.main()
