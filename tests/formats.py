"""What a reader of some format made of a file, for tests to compare whole."""

import io
import zipfile
from bisect import bisect_right
from collections.abc import Mapping

from citadel.index.corpus.formats.document import Document
from citadel.index.corpus.formats.registry import reader
from citadel.index.corpus.layout import BlockKind


def read(data: bytes, name: str, **known: str) -> Document:
    """The only document of a file of this name."""
    contents = reader(name)(data, name, known)
    assert contents.failures == ()
    [document] = contents.documents
    return document


def blocks(document: Document) -> list[tuple[str, str]]:
    """Its headings (“h”) and paragraphs (“p”) with their texts."""
    kinds = {BlockKind.HEADING: "h", BlockKind.PARAGRAPH: "p"}
    return [(kinds[b.kind], b.span.of(document.text)) for b in document.layout.blocks]


def placed(document: Document) -> list[tuple[str, str]]:
    """Each line of its paragraphs, after the place that it stands at."""
    starts = [place.start for place in document.places]
    found = []
    for block in document.layout.blocks:
        if block.kind is BlockKind.PARAGRAPH:
            offset = block.span.start
            for line in block.span.of(document.text).split("\n"):
                found.append((document.places[bisect_right(starts, offset) - 1].name, line))
                offset += len(line) + 1
    return found


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()
