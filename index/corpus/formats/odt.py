"""Reads documents of word processors in the form of OpenDocument."""

from __future__ import annotations

from collections.abc import Mapping

from citadel.index.corpus.formats.archives import Archive
from citadel.index.corpus.formats.document import FileContents, contents_of
from citadel.index.corpus.formats.left_out import LeftOut
from citadel.index.corpus.formats.odt_blocks import OdtWalk
from citadel.index.corpus.formats.odt_styles import OdtStyles
from citadel.index.corpus.formats.story import first_heading
from citadel.index.corpus.formats.xml_names import children
from citadel.index.corpus.metadata import plausible_metadata
from citadel.index.errors import CitadelError

_ENCRYPTED = b"manifest:encryption-data"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def read_odt(data: bytes, source: str, known: Mapping[str, str]) -> FileContents:
    """Read headings, paragraphs, lists, tables and notes; of tracked changes the text as changed.

    Raises:
        CitadelError: It is no such document, is locked, or unpacks to more than is read.

    """
    archive = Archive(data, source, "an OpenDocument text")
    if _ENCRYPTED in (archive.read("META-INF/manifest.xml") or b""):
        raise CitadelError(f"{source} is locked with a password; save it without one.")
    content = archive.xml("content.xml")
    body = None if content is None else next(children(content, "body"), None)
    story = None if body is None else next(children(body, "text"), None)
    if content is None or story is None:
        raise archive.broken("it holds no text document")
    page_styles = archive.xml("styles.xml")
    left_out = LeftOut()
    walk = OdtWalk(OdtStyles.of([page_styles, content]), left_out)
    parts = list(walk.parts(story))
    heading = first_heading(parts)
    parts += walk.notes()
    if page_styles is not None:
        walk.leave_out_margins(page_styles)
    told = plausible_metadata({"title": walk.title or _stated_title(archive) or heading})
    return contents_of(parts, {**told, **known}, left_out.notes())


def _stated_title(archive: Archive) -> str:
    meta = archive.xml("meta.xml")
    title = None if meta is None else next(meta.iter(_TITLE), None)
    return "" if title is None else title.text or ""
