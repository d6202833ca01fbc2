"""Reads the files that are text themselves: Markdown, and text copied from a web page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from citadel.index.corpus.bylines import byline_notes
from citadel.index.corpus.decoding import Decoded, decode, is_binary, notes_on_removed, visible
from citadel.index.corpus.formats.document import Document, FileContents, check_length
from citadel.index.corpus.formats.markdown import parse_markdown, without_struck
from citadel.index.corpus.formats.web_text import parse_web_text
from citadel.index.corpus.languages import detect_language
from citadel.index.corpus.layout import Layout
from citadel.index.errors import CitadelError


def read_markdown(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read a Markdown file; the stored text is the file itself, front matter included.

    What is struck out is not in it.
    """
    decoded = readable_text(data, source)
    text, notes = without_struck(decoded.text)
    return _read(Decoded(text, (*decoded.notes, *notes)), source, known, parse_markdown)


def read_web_text(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read plain text; the stored text is the file itself, with what is not the article's."""
    return _read(readable_text(data, source), source, known, parse_web_text)


def readable_text(data: bytes, source: str) -> Decoded:
    """Decode a file and take out what nobody could see in it.

    Raises:
        CitadelError: It is empty, binary, or in no encoding that is known.

    """
    decoded = decode(data, source)
    if is_binary(decoded.text):
        raise CitadelError(f"{source} is a binary file, not text; save it as UTF-8 text.")
    text = visible(decoded.text)
    if not text.strip():
        raise CitadelError(f"{source} is empty; write the article into it or remove it.")
    return Decoded(text, (*decoded.notes, *notes_on_removed(decoded.text)))


def _read(
    decoded: Decoded, source: str, known: Mapping[str, str], parse: Callable[[str], Layout]
) -> FileContents:
    check_length(decoded.text, source)
    layout = parse(decoded.text)
    metadata = {**layout.metadata, **known}
    if "language" not in metadata:
        metadata["language"] = detect_language(
            "\n".join(block.span.of(decoded.text) for block in layout.blocks)
        )
    notes = (*decoded.notes, *byline_notes(layout.bylines, known), *layout.notes)
    layout = Layout(metadata, layout.header, layout.blocks)
    return FileContents((Document(decoded.text, layout, notes=notes),))
