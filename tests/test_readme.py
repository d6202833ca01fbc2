"""README.md and the command line agree: what it shows exists, and what exists it shows."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from citadel.evaluation import cli as evaluation_cli
from citadel.index.cli import commands as index_commands
from citadel.qa.cli import commands as qa_commands
from tests.documents import DOCUMENTS

ROOT = Path(__file__).resolve().parent.parent

SCRIPTS = {"citadel": "qa", "citadel-index": "index", "citadel-evaluate": "evaluation"}


@dataclass(frozen=True)
class Program:
    """What a program, or a Makefile, understands: options of its own, and subcommands'."""

    options: frozenset[str] = frozenset({"--help"})
    subcommands: dict[str, frozenset[str]] = field(default_factory=dict)


def program(app: typer.Typer) -> Program:
    """The program that a typer application makes."""
    command = get_command(app)
    return Program(
        options_of(command),
        {name: options_of(each) for name, each in getattr(command, "commands", {}).items()},
    )


def options_of(command: Any) -> frozenset[str]:
    """Every spelling of every option of a command, whose type typer keeps to itself."""
    return frozenset({"--help"}).union(
        *(
            [*parameter.opts, *parameter.secondary_opts]
            for parameter in command.params
            if parameter.param_type_name == "option"
        )
    )


def makefile_targets(makefile: str) -> Program:
    """The targets of a Makefile, each without options."""
    names = re.findall(r"^([a-z]+):(?!=)", makefile, flags=re.MULTILINE)
    return Program(frozenset(), {name: frozenset() for name in names})


def console_blocks(markdown: str) -> Iterator[str]:
    """The text of each block fenced as ``console`` or ``bash``."""
    fenced = r"^( *)```(?:console|bash)\n(.*?)^\1```"
    for block in re.finditer(fenced, markdown, flags=re.MULTILINE | re.DOTALL):
        yield block[2]


def shown_commands(markdown: str) -> list[list[str]]:
    """The commands of the blocks, as words: without prompt, comment, pipe and output.

    A block with a prompt ``$`` holds output on its other lines; one without holds
    commands only.
    """
    commands = []
    for block in console_blocks(markdown):
        lines = [line.strip() for line in block.replace("\\\n", " ").splitlines()]
        prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        for line in prompted or lines:
            lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            command: list[str] = []
            for word in [*lexer, ";"]:
                if word.strip("();<>|&"):
                    command.append(word)
                elif command:
                    commands.append(command)
                    command = []
    return commands


def invocation(words: list[str]) -> tuple[str, list[str]] | None:
    """The project's program that a command runs, and its arguments; None for others' programs."""
    while words and re.fullmatch(r"\w+=.*", words[0]):
        words = words[1:]
    name = Path(words[0]).name if words else ""
    if name in SCRIPTS:
        return SCRIPTS[name], words[1:]
    if name == "make":
        return "make", words[1:]
    if re.fullmatch(r"python[\d.]*", name) and words[1:2] == ["-m"]:
        module = words[2] if len(words) > 2 else ""
        if module in SCRIPTS.values():
            return module, words[3:]
    return None


def expand_arguments(name: str, arguments: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The calls that one command comes to: ``make serve ARGS=...`` is also one of qa."""
    yield name, [word for word in arguments if name != "make" or "=" not in word]
    if name == "make":
        passed = [word.removeprefix("ARGS=") for word in arguments if word.startswith("ARGS=")]
        behind = {
            "serve": ("qa", "serve"),
            "index": ("index", "build"),
            "evaluate": ("evaluation",),
        }
        for target in set(arguments) & set(behind):
            module, *subcommand = behind[target]
            yield module, [*subcommand, *shlex.split(" ".join(passed))]


def disagreements(markdown: str, programs: dict[str, Program]) -> list[str]:
    """Every name in the README's commands that no program knows, and every subcommand unshown."""
    unknown, shown = unknown_commands(markdown, programs)
    silent = [
        f"README.md shows no {name} {subcommand}"
        for name, known in programs.items()
        for subcommand in known.subcommands
        if (name, subcommand) not in shown
    ]
    return unknown + silent


def unknown_commands(
    markdown: str, programs: dict[str, Program]
) -> tuple[list[str], set[tuple[str, str]]]:
    """Every name in a document's commands that no program knows; and the subcommands it shows."""
    unknown = []
    shown = set()
    for words in shown_commands(markdown):
        called = invocation(words)
        if called is None:
            continue
        for name, arguments in expand_arguments(*called):
            known = programs[name]
            subcommand = None
            for word in arguments:
                option = word.split("=")[0]
                if word.startswith("-") and word != "-":
                    options = known.subcommands[subcommand] if subcommand else known.options
                    if option not in options:
                        where = f"{name} {subcommand}" if subcommand else name
                        unknown.append(f"{shlex.join(words)}: {where} has no option {option}")
                elif known.subcommands and (subcommand is None or name == "make"):
                    if word not in known.subcommands:
                        unknown.append(f"{shlex.join(words)}: {name} has no {word}")
                        break
                    subcommand = word
                    shown.add((name, word))
    return unknown, shown


def all_programs() -> dict[str, Program]:
    """The project's own programs, and its Makefile."""
    return {
        "qa": program(qa_commands.app),
        "index": program(index_commands.app),
        "evaluation": program(evaluation_cli.app),
        "make": makefile_targets((ROOT / "Makefile").read_text("utf-8")),
    }


def test_the_readme_and_the_programs_agree() -> None:
    assert disagreements((ROOT / "README.md").read_text("utf-8"), all_programs()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_that_a_document_shows_exists(document: Path) -> None:
    assert unknown_commands(document.read_text("utf-8"), all_programs())[0] == []


def test_the_walk_finds_what_is_missing() -> None:
    app = typer.Typer()

    @app.command()
    def build(texts: Path, *, force: bool = False) -> None: ...

    @app.command()
    def show() -> None: ...

    single = typer.Typer()

    @single.command()
    def evaluate(split: str = "test") -> None: ...

    programs = {
        "qa": Program(),
        "index": program(app),
        "evaluation": program(single),
        "make": makefile_targets("python := x\nindex: stamp ## build\n\tls\nclean:\n"),
    }
    readme = """
```console
$ make index ARGS="--force --later"
# A comment of the console's output, with make clean in it.
$ citadel-index build source_texts --no-force --turbo | citadel-index sweep  # and a comment
```

- in a list:

  ```bash
  CUDA_VISIBLE_DEVICES= .venv/bin/python3 -m evaluation --split=dev --pace \\
      --help && make polish
  git clone --depth 1 citadel
  ```

```python
make("nothing")
```
"""
    assert disagreements(readme, programs) == [
        "make index 'ARGS=--force --later': index build has no option --later",
        "citadel-index build source_texts --no-force --turbo: index build has no option --turbo",
        "citadel-index sweep: index has no sweep",
        "CUDA_VISIBLE_DEVICES= .venv/bin/python3 -m evaluation --split=dev --pace --help: "
        "evaluation has no option --pace",
        "make polish: make has no polish",
        "README.md shows no index show",
        "README.md shows no make clean",
    ]


def test_every_make_target_is_read() -> None:
    assert set(makefile_targets((ROOT / "Makefile").read_text("utf-8")).subcommands) == {
        "benchmark",
        "catalogues",
        "check",
        "clean",
        "dist",
        "docs",
        "evaluate",
        "help",
        "index",
        "serve",
        "soak",
        "test",
        "torture",
    }
