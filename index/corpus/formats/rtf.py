"""Reads documents of word processors in the Rich Text Format."""

from __future__ import annotations

from collections.abc import Mapping

from citadel.index.corpus.formats.document import FileContents, check_length, contents_of
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.rtf_blocks import RtfBlocks
from citadel.index.corpus.formats.rtf_runs import RtfReader
from citadel.index.corpus.formats.story import first_heading
from citadel.index.corpus.metadata import plausible_metadata
from citadel.index.errors import CitadelError

_BEGINNING = b"{\\rtf"


def read_rtf(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read headings, paragraphs, lists, tables and notes; of tracked changes the text as changed.

    Raises:
        CitadelError: It is no such document, or is nested too deeply.

    """
    if not data.lstrip().startswith(_BEGINNING):
        raise CitadelError(f"{source} is no RTF; save it again as .rtf or by its own name.")
    left_out = LeftOut()
    blocks = RtfBlocks(left_out)
    parts = list(blocks.parts(RtfReader(source).runs(data)))
    heading = first_heading(parts)
    parts += blocks.notes()
    check_length("\n".join(part.text for part in parts), source)
    told = plausible_metadata({"title": blocks.title or heading})
    return contents_of(parts, {**told, **known}, left_out.notes())
