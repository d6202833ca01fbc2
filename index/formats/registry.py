"""Which format a file is in, by the end of its name, and who reads it."""

from __future__ import annotations

from pathlib import PurePosixPath

from index.formats.document import Reader
from index.formats.json_lines import read_json_lines
from index.formats.text_files import read_markdown, read_web_text

READERS: dict[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_web_text,
    ".text": read_web_text,
    ".jsonl": read_json_lines,
}


def suffix(name: str) -> str:
    """Return what tells the format of a file: “.pdf” for “Report.PDF”."""
    return PurePosixPath(name).suffix.lower()
