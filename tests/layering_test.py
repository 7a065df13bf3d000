#!/usr/bin/env python3
"""Fails where a room includes a header, or links a library, of a room that is not below it (docs/architecture.md)."""

import re
import sys
import tempfile
from pathlib import Path

# What each room may use. `program` is src/cli/program, which joins the command line and the window and is no room.
ALLOWED = {
    "core": set(),
    "io": {"core"},
    "compute": {"core"},
    "graph": {"core"},
    "ops": {"graph", "compute", "core"},
    "view": {"graph", "core"},
    "pipeline": {"ops", "graph", "io", "core"},
    "render": {"view", "core"},
    "batch": {"pipeline", "ops", "graph", "io", "core"},
    "gui": {"render", "batch", "view", "pipeline", "ops", "graph", "io", "compute", "core"},
    "cli": {"render", "batch", "view", "pipeline", "ops", "graph", "io", "compute", "core"},
    "program": {"cli", "gui"},
}
QT_ROOMS = {"gui", "program"}
VTK_ROOMS = {"render", "gui", "program"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
LINK = re.compile(r"lazulite::(\w+)")
QT_HEADER = re.compile(r"^(Qt?[A-Z]\w*(/.*)?|q[a-z]+\.h)$")
VTK_HEADER = re.compile(r"^vtk\w+(\.h)?$")


def room_of(path):
    """The room that a path relative to the repository belongs to, or None."""
    parts = path.parts
    if parts[:3] == ("src", "cli", "program"):
        return "program"
    if parts[:1] == ("src",) and len(parts) > 2:
        return parts[1]
    if parts[:2] == ("include", "lazulite") and len(parts) > 3:
        return parts[2]
    return None


def target_of(root, source, quote, name):
    """The room that an #include leads to, or None for a library's header."""
    if name.startswith("lazulite/"):
        return room_of(Path("include") / name)
    if quote == '"':
        beside = (source.parent / name).resolve()
        if beside.is_relative_to(root) and beside.exists():
            return room_of(beside.relative_to(root))
        if name.startswith("../"):
            return f"unknown file {name}"
    return None


def violations(root):
    root = root.resolve()
    found = []
    files = sorted(path for top in ("src", "include/lazulite") for path in (root / top).rglob("*") if path.is_file())
    for source in files:
        relative = source.relative_to(root)
        room = room_of(relative)
        if room is None:
            continue
        if room not in ALLOWED:
            found.append(f"{relative}: '{room}' is no room of docs/architecture.md")
            continue
        allowed = ALLOWED[room] | {room}
        text = source.read_text(encoding="utf-8", errors="replace") if source.suffix in {".h", ".cpp", ".cmake", ".txt", ".cu"} else ""
        if source.suffix in {".cmake", ".txt"}:
            for target in LINK.findall(text):
                if target not in allowed and target in ALLOWED:
                    found.append(f"{relative}: links lazulite::{target}, which is not below {room}")
            continue
        for match in INCLUDE.finditer(text):
            quote, name = match.groups()
            where = f"{relative}:{text.count(chr(10), 0, match.start(2)) + 1}"
            target = target_of(root, source, quote, name)
            if target is not None and target not in allowed:
                found.append(f"{where}: includes {name} of {target}, which is not below {room}")
            if QT_HEADER.match(name) and room not in QT_ROOMS:
                found.append(f"{where}: includes Qt's {name}; Qt belongs in gui")
            if VTK_HEADER.match(name) and room not in VTK_ROOMS:
                found.append(f"{where}: includes VTK's {name}; VTK belongs in render and gui")
    return found


def self_test():
    """Each planted violation must be found, and nothing else."""
    planted = {
        "src/io/up.cpp": '#include "lazulite/graph/executor.h"\n',
        "src/io/sideways.cpp": "// io and compute share a floor\n#include <lazulite/compute/kernel.h>\n",
        "src/view/private.cpp": '#include "../gui/window.h"\n',
        "src/view/qt.cpp": "#  include <QString>\n",
        "src/graph/vtk.cpp": "#include <vtkImageData.h>\n",
        "include/lazulite/core/up.h": '#include "lazulite/io/file_series.h"\n',
        "src/cli/sideways.cpp": '#include "lazulite/gui/application.h"\n',
        "src/ops/CMakeLists.txt": "lazulite_room(ops USES lazulite::view)\n",
    }
    fine = {
        "src/gui/window.h": '#include <QWidget>\n#include <vtkRenderer.h>\n#include "lazulite/view/viewer.h"\n',
        "src/gui/window.cpp": '#include "window.h"\n',
        "src/io/down.cpp": '#include "lazulite/core/axis.h"\n#include <queue>\n#include "lazulite/io/tiff_file.h"\n',
        "src/cli/program/main.cpp": '#include "lazulite/gui/application.h"\n#include "lazulite/cli/cli.h"\n',
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (planted | fine).items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        found = violations(Path(folder))
    problems = [f"self-test: the violation in {name} was not found" for name in planted if not any(line.startswith(name) for line in found)]
    problems += [f"self-test: found what is no violation: {line}" for line in found if line.split(":")[0] in fine]
    return problems


def main():
    problems = self_test() + violations(Path(__file__).resolve().parent.parent)
    for problem in problems:
        print(problem)
    print("layering: " + (f"{len(problems)} violation(s)" if problems else "every #include points down"))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
