"""Wrong input, no room, no display: exit codes, messages, and nothing half-written."""

import os
import subprocess

import numpy as np

import program
from program import ProgramTest, run


class WrongInput(ProgramTest):
    def test_a_path_that_is_none(self):
        for command in (["info"], ["slice", "-o", "-"]):
            self.refused(command[0], self.folder / "nowhere", *command[1:], says=["nowhere"])
        empty = self.folder / "empty"
        empty.mkdir()
        self.refused("info", empty, says=["empty"])
        (empty / "notes.txt").write_text("no image")
        self.refused("info", empty, says=["empty"])
        (empty / "zero.tif").touch()
        self.refused("info", empty / "zero.tif", says=["zero.tif"])

    def test_axes_and_indices_that_do_not_exist(self):
        folder, _ = self.recording()
        out = self.folder / "out.npy"
        rows = [
            (["--at", "q=3"], ["'q'", "t, c, z, y, x"]),
            (["--at", "T=1"], ["did you mean 't'"]),
            (["--at", "t=3"], ["t=3", "0 to 2"]),
            (["--at", "z=-6"], ["0 to 4"]),
            (["--at", "t=one"], ["'one'"]),
            (["--at", "y=3"], ["--region"]),
            (["--region", "y=20:"], ["0 to 19"]),
            (["--region", "y=5"], ["y=FIRST:END"]),
            (["--region", "t=0:1"], ["--at"]),
            (["--plane", "yq"], ["'q'"]),
        ]
        for arguments, says in rows:
            with self.subTest(arguments=arguments):
                self.refused("slice", folder, *arguments, "-o", out, says=says)
                self.assertFalse(out.exists())

    def test_commands_and_options_that_do_not_exist(self):
        folder, _ = self.recording()
        self.refused("info", folder, "--jsn", says=["--jsn"])
        self.refused("slice", folder, says=["--output"])
        self.refused("slice", folder, "-o", self.folder / "out.png", says=[".tif", ".npy"])

    def test_help_and_version(self):
        self.assertIn(b"info", self.ok("--help").out)
        version = self.ok("--version").out.decode()
        for part in ("lazulite ", "LIBTIFF", "oneTBB", "libdeflate", "zstd", "fmt", "backends: cpu"):
            self.assertIn(part, version)


class NoRoom(ProgramTest):
    def limited(self, *arguments):
        """Runs the program where no file can grow past 8 kB, as on a full disk."""
        return subprocess.run(["bash", "-c", 'trap "" XFSZ; ulimit -f 8; exec "$@"', "limited", program.PROGRAM, *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60)

    def test_a_file_that_does_not_fit_leaves_nothing(self):
        folder, _ = self.recording()
        for name in ("out.npy", "out.tif"):
            done = self.limited("slice", folder, "--all", "-o", self.folder / name)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(name.encode(), done.stderr)
            self.assertEqual(os.listdir(self.folder), ["data"])

    def test_a_recording_that_does_not_fit_leaves_nothing(self):
        for size in ("10,64,64", "10,16,16"):  # the first stack is too large, or only the point spread
            done = self.limited("sample", self.folder / "deep" / "new", "--timepoints", "1", "--size", size)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(b".tif", done.stderr)
            self.assertEqual(os.listdir(self.folder), [])

    def test_standard_output_that_is_full(self):
        folder, _ = self.recording()
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program.PROGRAM, "slice", folder, "-o", "-"], stdin=subprocess.DEVNULL, stdout=full,
                                  stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"standard output", done.stderr)

    def test_a_folder_that_is_missing_or_an_input_that_would_be_lost(self):
        folder, v = self.recording()
        self.refused("slice", folder, "-o", self.folder / "none" / "out.npy", says=["none"])
        target = folder / "scan_ch0_stack0000_488nm.tif"
        before = target.read_bytes()
        self.refused("slice", folder, "-o", target, says=["read"])
        self.assertEqual(target.read_bytes(), before)

    def test_a_file_that_is_there_already_is_replaced_whole(self):
        folder, v = self.recording()
        out = self.folder / "out.npy"
        out.write_bytes(b"x" * 100000)
        self.ok("slice", folder, "--at", "t=0,c=0,z=0", "-o", out)
        np.testing.assert_array_equal(np.load(out), v[0, 0, 0])


class Messages(ProgramTest):
    def test_piped_there_is_no_progress_bar(self):
        folder, _ = self.recording()
        ran = self.ok("slice", folder, "--all", "-o", self.folder / "out.npy")
        self.assertEqual(ran.err, "")

    def test_quiet_verbose_and_log_file(self):
        folder, _ = self.recording()
        log = self.folder / "log.txt"
        self.assertEqual(self.ok("info", folder, "--quiet").err, "")
        self.assertIn("6 files", self.ok("info", folder, "--verbose").err)
        self.assertEqual(self.ok("info", folder, "--log-file", log).err, "")
        self.assertIn("6 files", log.read_text())
        self.refused("info", self.folder / "nowhere", "--log-file", log)
        self.assertIn("nowhere", log.read_text())
        self.refused("info", folder, "--log-file", folder, says=["--log-file"])


class Window(ProgramTest):
    def test_view_without_a_display_says_so(self):
        folder, _ = self.recording()
        if b"built without the window" in run("--version").out:
            self.refused("view", folder, says=["without the window"])
            return
        self.refused("view", folder, code=3, says=["display"])
        self.refused(folder, code=3, says=["display"])
        self.refused("render", folder, "-o", self.folder / "out.png", code=3, says=["display"])
        self.refused("view", folder, code=3, says=["display"], env={"DISPLAY": ":987"})

    def test_a_wrong_path_or_axis_comes_before_the_display(self):
        folder, _ = self.recording()
        self.refused("view", self.folder / "nowhere")
        self.refused("view", folder, "--at", "q=1")
        self.refused("render", folder, "--at", "t=99", "-o", self.folder / "out.png")


if __name__ == "__main__":
    program.main()
