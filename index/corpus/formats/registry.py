"""Which format a file is in, by the end of its name, and who reads it."""

from __future__ import annotations

from importlib import import_module
from pathlib import PurePosixPath
from typing import cast

from citadel.index.corpus.formats.document import Reader

FORMATS = {
    ".md": "text_files.read_markdown",
    ".markdown": "text_files.read_markdown",
    ".txt": "text_files.read_web_text",
    ".text": "text_files.read_web_text",
    ".html": "html.read_html",
    ".htm": "html.read_html",
    ".xhtml": "html.read_html",
    ".mhtml": "mhtml.read_mhtml",
    ".mht": "mhtml.read_mhtml",
    ".eml": "eml.read_eml",
    ".msg": "msg.read_msg",
    ".pdf": "pdf.read_pdf",
    ".epub": "epub.read_epub",
    ".odt": "odt.read_odt",
    ".rtf": "rtf.read_rtf",
    ".docx": "docx.read_docx",
    ".jsonl": "json_lines.read_json_lines",
    ".csv": "csv_files.read_csv",
    ".tsv": "csv_files.read_csv",
    ".srt": "subtitles.read_subtitles",
    ".vtt": "subtitles.read_subtitles",
    ".xlsx": "xlsx.read_xlsx",
    ".xlsm": "xlsx.read_xlsx",
}
"""The function of this package that reads the files whose names end so."""


def suffix(name: str) -> str:
    """Return what shows the format of a file: “.pdf” for “Report.PDF”."""
    return PurePosixPath(name).suffix.lower()


def reader(name: str) -> Reader:
    """Return what reads a file; its libraries are imported only now, some take a second."""
    module, _, function = FORMATS[suffix(name)].partition(".")
    return cast(Reader, getattr(import_module(f"citadel.index.corpus.formats.{module}"), function))
