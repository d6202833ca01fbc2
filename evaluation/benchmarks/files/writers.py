"""The writers of known texts: each for one format, as one program would write it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from citadel.evaluation.benchmarks.files import archive_writers as archives
from citadel.evaluation.benchmarks.files import library_writers as libraries
from citadel.evaluation.benchmarks.files import text_writers as texts
from citadel.evaluation.benchmarks.files.truth import Look, Truth

_ALL = frozenset(Look)
_NONE = frozenset({Look.PLAIN})
_PRINTED = frozenset({Look.PLAIN, Look.BOLD, Look.MARK, Look.POWER})
_MARKDOWN = frozenset({Look.PLAIN, Look.STRUCK})


@dataclass(frozen=True, slots=True)
class Writer:
    """How a text becomes a file.

    Attributes:
        suffix: The end of the file's name, which shows its format.
        write: Returns the bytes of the file.
        looks: Those that it can write.
        tables: Whether it writes the table.
        unicode: Whether it writes letters beyond those of Western Europe.
        sentences: Whether it writes the sentences, and not the table alone.
        how: What distinguishes its files from others of the format, "" for nothing.

    """

    suffix: str
    write: Callable[[Truth], bytes]
    looks: frozenset[Look] = _NONE
    tables: bool = True
    unicode: bool = True
    sentences: bool = True
    how: str = ""

    @property
    def name(self) -> str:
        """What its files are called in the table."""
        return f"{self.suffix}, {self.how}" if self.how else self.suffix

    def fitted(self, truth: Truth) -> Truth:
        """Return what of a text it can write."""
        return truth.fitted(self.looks, tables=self.tables, unicode=self.unicode)


WRITERS = (
    Writer(".md", texts.markdown, _MARKDOWN),
    Writer(".md", texts.wrapped_markdown, _MARKDOWN),
    Writer(".txt", texts.text, tables=False),
    Writer(".txt", texts.western_text, tables=False, unicode=False),
    Writer(".jsonl", texts.json_lines, tables=False),
    Writer(".html", texts.page, _ALL),
    Writer(".html", texts.page_of_divisions, _ALL),
    Writer(".mhtml", texts.archived_page, _ALL),
    Writer(".pdf", libraries.fpdf_pdf, _PRINTED, unicode=False),
    Writer(".pdf", libraries.reportlab_pdf, _PRINTED, unicode=False),
    Writer(".pdf", libraries.reportlab_columns, _PRINTED, unicode=False),
    Writer(".pdf", libraries.reportlab_three_columns, _PRINTED, unicode=False),
    Writer(".docx", archives.word, _ALL),
    Writer(".docx", archives.word_of_whole_runs, _ALL),
    Writer(".odt", archives.open_document, _ALL),
    Writer(".rtf", texts.rich_text, _ALL),
    Writer(".epub", archives.book, _ALL),
    Writer(".eml", texts.plain_mail, tables=False),
    Writer(".eml", texts.html_mail, _ALL),
    Writer(".msg", texts.outlook_mail, tables=False),
    Writer(".msg", texts.outlook_html_mail, _ALL),
    Writer(".csv", texts.comma_table, tables=False),
    Writer(".csv", texts.semicolon_table, tables=False),
    Writer(".tsv", texts.tab_table, tables=False),
    Writer(".xlsx", archives.workbook, sentences=False),
    Writer(".xlsx", libraries.excel_workbook),
    Writer(".srt", texts.subrip, tables=False),
    Writer(".vtt", texts.webvtt, tables=False),
)

SCANS = Writer(".pdf", libraries.scanned_pdf, tables=False, unicode=False, how="scanned")
"""What only Tesseract reads."""
