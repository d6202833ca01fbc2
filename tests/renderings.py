"""An article in other formats: as a saved web page, and as a PDF with running heads and hyphens."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

import matplotlib as mpl
from fpdf import FPDF

from index.articles import Article
from index.layout import BlockKind

FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"

MENU = "".join(
    f'<li><a href="/{name}">{name}</a></li>'
    for name in ("Home", "News", "Opinion", "Culture", "Sport", "About us", "Contact")
)
FOOT = (
    "<aside><h3>Related articles</h3><ul><li><a href='/1'>Another story of this week</a></li>"
    "<li><a href='/2'>What happened elsewhere</a></li></ul></aside>"
    "<footer><p>© All rights reserved. <a href='/s'>Subscribe to our newsletter</a></p></footer>"
)


def as_html(article: Article) -> str:
    """The article as a page of a newspaper, with its menus and appeals."""
    body = "".join(
        f"<h2>{escape(text)}</h2>" if kind is BlockKind.HEADING else f"<p>{escape(text)}</p>"
        for kind, text in contents(article)
    )
    return (
        f'<!DOCTYPE html><html lang="{article.language}"><head><meta charset="utf-8">'
        f"<title>{escape(article.title)} | {escape(article.publisher)}</title>"
        f'<meta property="og:title" content="{escape(article.title)}">'
        f'<meta property="og:site_name" content="{escape(article.publisher)}">'
        f'<meta property="article:published_time" content="{article.date}">'
        "<style>p { margin: 1em }</style><script>var tracked = true;</script></head><body>"
        f"<header><nav><ul>{MENU}</ul></nav></header><main><article>"
        f"<h1>{escape(article.title)}</h1>{body}</article></main>{FOOT}</body></html>"
    )


def as_pdf(article: Article, path: Path) -> None:
    """The article as a printed report: justified lines, running heads, page numbers."""
    page = _Report(article.publisher)
    for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        page.add_font("DejaVu", style, FONTS / file)
    page.set_title(article.title)
    page.add_page()
    page.set_font("DejaVu", "B", 18)
    page.multi_cell(0, 9, article.title, align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(5)
    for kind, text in contents(article):
        if kind is BlockKind.HEADING:
            page.ln(2)
            page.set_font("DejaVu", "B", 13)
            page.multi_cell(0, 7, text, align="L", new_x="LMARGIN", new_y="NEXT")
        else:
            page.set_font("DejaVu", "", 11)
            page.multi_cell(0, 5.5, text, align="J", new_x="LMARGIN", new_y="NEXT")
        page.ln(3)
    page.output(str(path))


class _Report(FPDF):
    def __init__(self, publisher: str) -> None:
        super().__init__()
        self._publisher = publisher
        self.set_margin(20)

    def header(self) -> None:
        self.set_font("DejaVu", "", 8)
        self.cell(0, 6, f"{self._publisher} – Report", align="R", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("DejaVu", "", 8)
        self.cell(0, 6, f"Page {self.page_no()} of {{nb}}", align="C")


def contents(article: Article) -> Iterator[tuple[BlockKind, str]]:
    """The headings and paragraphs of an article, each as one line."""
    for block in article.blocks:
        yield block.kind, " ".join(block.span.of(article.text).split())
