"""The strings that people read, found in the sources, and the catalogues that translate them.

``python -m tests.catalogue`` brings the catalogues up to date: what is new is added untranslated,
what is gone is taken out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from citadel.qa.page.static_files import SAID

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "qa" / "page" / "languages"
_KEYWORDS: dict[str, tuple[int, ...]] = {
    "say": (1,), "html": (1,), "message": (1,), "counted": (1, 2),
}  # fmt: skip

Words = str | tuple[str, ...]
"""A string, or its singular and plural."""


def strings_of_sources() -> list[tuple[str, Words]]:
    """Return every string for people, with the file that it stands in."""
    paths = [
        path
        for part in ("index", "qa")
        for suffix in ("*.py", "*.js", "*.html")
        for path in sorted((ROOT / part).rglob(suffix))
    ]
    return [
        (str(path.relative_to(ROOT)), words)
        for path in paths
        for words in _strings(path.suffix, path.read_text("utf-8"))
    ]


@cache
def _strings(kind: str, text: str) -> tuple[Words, ...]:
    """Return the strings of a file of a kind; every catalogue is compared with all of them."""
    return tuple(_found(kind, text))


def _found(kind: str, text: str) -> Iterator[Words]:
    if kind == ".html":
        yield from SAID.findall(text)
        return
    if kind == ".py":
        # Babel's own reader does not look into f-strings.
        nodes = ast.walk(ast.parse(text))
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        for call in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
            yield from _said(call)
        return
    options = {"parse_template_string": True}
    source = BytesIO(text.encode())
    for _, words, _, _ in extract("javascript", source, _KEYWORDS, options=options):
        yield words


def _said(call: ast.Call) -> Iterator[Words]:
    """Yield the string that is said by a call; one that is put together is none of a catalogue."""
    function = call.func
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    places = _KEYWORDS.get(called, ())
    words = tuple(
        argument.value
        for argument in call.args[: len(places)]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )
    if places and len(words) == len(places):
        yield words if len(words) > 1 else words[0]


def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language."""
    return read_po(BytesIO((CATALOGUES / f"{language}.po").read_bytes()), language)


def _template() -> Catalog:
    template = Catalog(project="Citadel", charset="utf-8")
    for file, words in strings_of_sources():
        template.add(words, locations=[(file, 0)])
    return template


def main() -> None:
    """Bring every catalogue up to date."""
    template = _template()
    for path in sorted(CATALOGUES.glob("*.po")):
        updated = catalogue(path.stem)
        updated.update(template, no_fuzzy_matching=True)
        write(updated, path)


def write(messages: Catalog, path: Path) -> None:
    """Write a catalogue, under the header that its file has."""
    header, _, _ = path.read_text("utf-8").partition("\n\n")
    written = BytesIO()
    write_po(written, messages, 100, omit_header=True, ignore_obsolete=True, include_lineno=False)
    path.write_text(f"{header}\n\n{written.getvalue().decode('utf-8').strip()}\n", "utf-8")


if __name__ == "__main__":
    main()
