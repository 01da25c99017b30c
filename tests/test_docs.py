"""The documentation is run: commands and Python of each page in order, in an empty folder, and the output shown is the output got.

In a page, ```console holds commands behind `$ ` and what they print (both streams); a line `...`, or `...` within a line, stands for anything.
```python is run as a script; a ```text block right behind it is what it prints. A block behind "Save this as `NAME`" is written to that file.
"""

import itertools
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from attrs import frozen

import coder
from coder.__main__ import command_line
from coder.codebook import chosen_examples, codebook

ROOT = Path(__file__).parent.parent
DOCS = Path(coder.__file__).parent / "docs"
PAGES = [ROOT / "README.md", ROOT / "README.ar.md", ROOT / "dictionaries" / "README.md", *sorted(DOCS.glob("*.md"))]
WITH_PARSER = {"README.md", "README.ar.md", "tutorial.md", "dictionary-guide.md", "petrarch.md"}  # of README.md the one of the root
_saved = re.compile(r"(?:Save this as|احفظ هذا باسم) `([\w.\-/]+)`")
_fence = re.compile(r"^```(\w*)$")


@frozen
class Block:
    """A fenced block with its language, the line it begins at, and the line of text before it."""

    language: str
    text: str
    line: int
    before: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    lines, before, start, language = page.read_text(encoding="utf-8").splitlines(), "", -1, ""
    for number, line in enumerate(lines):
        fence = _fence.match(line)
        if fence and start < 0:
            start, language = number, fence[1]
        elif fence:
            yield Block(language, "\n".join(lines[start + 1 : number]) + "\n", start + 1, before)
            before, start = "```", -1
        elif start < 0 and line and not line.startswith("<"):  # the Arabic page turns its direction in between
            before = line


def commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines shown behind it."""
    command, shown = "", list[str]()
    for line in text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, shown
            command, shown = line[2:], []
        elif command.endswith("\\"):
            command = command[:-1] + line.strip()
        else:
            shown.append(line.rstrip())
    if command:
        yield command, shown


def alike(shown: list[str], got: str) -> bool:
    """Whether the output is the one shown, but for the number of blanks, by which libraries fill columns."""
    pattern = "".join("(?s:.*)" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + "\n" for line in map(_few_blanks, shown))
    return re.fullmatch(pattern, "".join(_few_blanks(line) + "\n" for line in got.splitlines())) is not None


def _few_blanks(line: str) -> str:
    return re.sub(" +", " ", line).strip()


@pytest.fixture
def shell(tmp_path: Path):
    """Runs a command line in an empty folder, with `waqai` and `python` on the path, and gives what it prints."""
    folder, programs = tmp_path / "work", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    for name, arguments in (("waqai", " -m coder"), ("python", "")):
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)}{arguments} "$@"\n', encoding="utf-8")
        (programs / name).chmod(0o755)
    paths = [str(Path(coder.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    more = {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHONPATH": ":".join(filter(None, paths)), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}

    def run(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=os.environ | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )

    run.folder = folder
    return run


def run_page(page: Path, shell) -> int:
    """Follow a page to the letter; returns how many commands and scripts ran."""
    ran, found = 0, list(blocks(page))
    for block, after in itertools.zip_longest(found, found[1:]):
        where, name = f"{page.name}:{block.line}", _saved.search(block.before)
        if name:
            path = shell.folder / name[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command, shown in commands(block.text):
                done = shell(command)
                assert "Traceback" not in done.stdout and done.returncode in (0, 1), f"{where}: {command}\n{done.stdout}"
                assert done.returncode == 0 or shown, f"{where}: {command} fails\n{done.stdout}"
                assert not shown or alike(shown, done.stdout), f"{where}: {command} prints\n{done.stdout}"
                ran += 1
        elif block.language == "python":
            (shell.folder / "script.py").write_text(block.text, encoding="utf-8")
            done = shell("python script.py")
            assert done.returncode == 0, f"{where}\n{done.stdout}"
            if after and after.language == "text" and after.before == "```":
                assert alike(after.text.splitlines(), done.stdout), f"{where} prints\n{done.stdout}"
            ran += 1
    return ran


def _needs_parser(page: Path) -> bool:
    return page.name in WITH_PARSER and page.parent.name != "dictionaries"


def _runs(page: Path) -> bool:
    return any(block.language in ("console", "python") for block in blocks(page))


@pytest.mark.parametrize("page", [p for p in PAGES if _runs(p) and not _needs_parser(p)], ids=lambda p: p.name)
def test_commands_and_output_of_a_page(page: Path, shell):
    """Pages whose commands parse nothing."""
    assert run_page(page, shell) > 0


@pytest.mark.parser
@pytest.mark.parametrize("page", [p for p in PAGES if _needs_parser(p)], ids=lambda p: p.name)
def test_commands_and_output_of_a_page_with_the_parser(page: Path, shell):
    """The tutorial, the five steps of the dictionary guide, and other pages that parse."""
    assert run_page(page, shell) > 0


def test_a_wrong_output_or_command_is_found(tmp_path: Path, shell):
    """The runner of this file fails where the documentation is wrong."""
    page = tmp_path / "page.md"
    page.write_text("```console\n$ waqai codes 190\n191 ...\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="prints"):
        run_page(page, shell)
    page.write_text("```console\n$ waqai cods 190\n```\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="cods"):
        run_page(page, shell)
    page.write_text("Save this as `a/b.txt`:\n\n```\nx\n```\n\n```console\n$ cat a/b.txt\n...\n```\n", encoding="utf-8")
    assert run_page(page, shell) == 1
    assert alike(["a", "...", "d ... f"], "a\nb\nc\nd e f\n") and not alike(["a", "..."], "b\n")


def _app():
    return typer.main.get_command(command_line().app)


def _told() -> Iterator[tuple[str, str]]:
    """Every `waqai ...` in code of the pages, with where it stands."""
    for page in PAGES:
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            spans = re.findall(r"`(waqai [^`]*)`", line) if "`" in line else re.findall(r"^\$ (waqai .*)", line)
            for span in spans:
                yield f"{page.name}:{number}", span


def test_every_command_and_option_in_the_text_exists():
    """Also those that stand within sentences and are not run."""
    app, wrong, count = _app(), [], 0
    for where, text in _told():
        count += 1
        words = text.split()
        command = app.commands.get(words[1])
        known = {o for parameter in (command.params if command else []) for o in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
        asked = {option.rstrip("]),.=") for option in re.findall(r"(?<![\w-])--[\w-]+", text)}
        if command is None and words[1] != "--help" or asked - known - {"--help"}:
            wrong.append(f"{where}: {text}")
    assert not wrong
    assert count > 60


def test_every_command_is_in_both_readmes():
    """Nobody has to guess that a command is there."""
    for page in PAGES[:2]:
        text = page.read_text(encoding="utf-8")
        assert [name for name in _app().commands if f"`waqai {name}" not in text] == []


def test_every_link_leads_somewhere():
    """Links to files of the repository; links of pages that ship in the wheel to pages beside them."""
    dead = []
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http") and not (page.parent / target).exists():
                dead.append(f"{page.name}: {target}")
    assert dead == []


def test_every_module_is_in_the_architecture():
    """The page for maintainers names each module once at least."""
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert [p.stem for p in sorted(DOCS.parent.glob("*.py")) if p.stem not in ("__init__", "__main__", "cli") and f"`{p.stem}`" not in text] == []


def test_the_codebook_is_current(tables):
    """`python -m coder.codebook > coder/docs/codebook.md` after a change of the tables."""
    assert (DOCS / "codebook.md").read_text(encoding="utf-8") == codebook(tables), "run: python -m coder.codebook > coder/docs/codebook.md"


def test_every_code_has_an_example_but_two(tables):
    """Two codes are reached by a topic alone; a root has no sentence of its own."""
    examples = chosen_examples(tables)
    assert {code for code in tables.codes if len(code) > 2} - set(examples) <= {"033", "103"}


def test_the_citation_has_the_version_of_the_code():
    """CITATION.cff, pyproject.toml and the package agree."""
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert re.search(r"^version: (.+)$", citation, re.M)[1] == project["version"] == coder.__version__
    assert {"cff-version", "message", "title", "authors", "license"} <= set(re.findall(r"^([\w-]+):", citation, re.M))


def test_every_file_of_the_licence_table_is_there():
    """The table of licences names files that exist, and every licence of the metadata."""
    text = (DOCS / "licences.md").read_text(encoding="utf-8")
    table = [line for line in text.splitlines() if line.startswith("|")]
    paths = [path for line in table for path in re.findall(r"`([\w./*-]+)`", line) if path not in ("coder/tables/", "source")]
    assert len(paths) > 8 and all(list(ROOT.glob(path)) for path in paths)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] in text
