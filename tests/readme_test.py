#!/usr/bin/env python3
"""Fails where the documentation names a script, a command or an option that does not exist.

Usage: readme_test.py [PROGRAM]. Without the built program only scripts and files are looked for.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ["README.md", "docs/user-guide.md", "docs/pipelines.md", "docs/architecture.md", "docs/contributing.md", "docs/performance.md"]
FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
COMMANDS = {"view", "info", "check", "slice", "export", "otf", "render", "sample"}


def options_of(program, command):
    text = subprocess.run([program, *([command] if command else []), "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"(?<![\w-])--?[a-z0-9][\w-]*", text))


def check(document, program, known):
    text = document.read_text(encoding="utf-8")
    name = document.relative_to(ROOT)
    for target in LINK.findall(text):
        if not (document.parent / target).exists():
            yield f"{name}: links to {target}, which does not exist"
    for block in FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            words = line.split("#")[0].split()
            if not words:
                continue
            for word in words:
                script = ROOT / word
                if re.match(r"^(scripts|\.ci|tests)/[\w./-]+$", word) and not script.exists():
                    yield f"{name}: names {word}, which does not exist"
                elif word.startswith("scripts/") and script.exists() and not script.stat().st_mode & 0o100:
                    yield f"{name}: names {word}, which cannot be run"
            program_words = words[0].split("/")[-1]
            if program_words != "lazulite" or program is None:
                continue
            command = words[1] if len(words) > 1 and words[1] in COMMANDS else None
            if command is None and any(not word.startswith("-") for word in words[1:]):
                command = "view"
            if command not in known:
                try:
                    known[command] = options_of(program, command)
                except subprocess.CalledProcessError:
                    known[command] = None  # a build without the window
            if known[command] is None:
                continue
            for word in words[1:]:
                option = word.split("=")[0]
                if re.match(r"^--?[a-z0-9]", option) and option not in known[command] | known.setdefault(None, options_of(program, None)):
                    yield f"{name}: lazulite {command or ''} has no {option}"


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else None
    known = {}
    problems = []
    for document in DOCUMENTS:
        path = ROOT / document
        if path.exists():
            problems += check(path, program, known)
        else:
            problems.append(f"{document} is missing")
    for problem in problems:
        print(problem)
    print(f"documents: {len(problems)} problem(s)" if problems else "documents: every command, option and link exists")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
