"""An article in other formats: as saved web pages, and as PDFs with running heads and hyphens."""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import matplotlib as mpl
from fpdf import FPDF

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import BlockKind

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


COOKIES = (
    '<div class="cookie-banner" role="dialog"><p>We and our 312 partners store and access '
    "information on your device to show you advertisements that fit. You can change your choice "
    "at any time in our privacy policy.</p><button>Accept all</button><button>Settings</button>"
    "</div>"
)
COMMENTS = (
    '<section id="comments"><h2>3 comments</h2><ol class="comment-list">'
    + "".join(
        f'<li class="comment"><p class="author">{name} says:</p><p>{text}</p></li>'
        for name, text in (
            ("Reader 71", "I have read this twice now and still think that it leaves much open."),
            ("Old hand", "My grandfather told it otherwise, and he was there when it happened."),
            ("nobody", "First! Does anybody know where the pictures were taken?"),
        )
    )
    + '</ol><form><p>Leave a reply. Your address will not be published.</p><input type="email">'
    "</form></section>"
)


def as_crowded_html(article: Article) -> str:
    """The article as a page that asks, advertises and is commented upon between its paragraphs."""
    advert = '<aside class="ad"><p>Advertisement</p><a href="/offer">Half the price</a></aside>'
    related = (
        '<div class="related"><p>Read also: <a href="/3">What else happened on that day</a></p>'
        "</div>"
    )
    pieces = []
    for number, (kind, text) in enumerate(contents(article)):
        tag = "h2" if kind is BlockKind.HEADING else "p"
        pieces.append(f"<{tag}>{escape(text)}</{tag}>")
        pieces.append({3: advert, 7: related}.get(number % 10, ""))
    share = '<ul class="share"><li><a href="#">Share</a></li><li><a href="#">Tweet</a></li></ul>'
    return (
        f'<!DOCTYPE html><html lang="{article.language}"><head><meta charset="utf-8">'
        f"<title>{escape(article.title)}</title></head><body>{COOKIES}"
        f'<div id="wrapper"><div class="top"><ul class="menu">{MENU}</ul></div>'
        f'<div class="content"><h1>{escape(article.title)}</h1>{share}{"".join(pieces)}{share}'
        f"</div>{COMMENTS}</div>{FOOT}</body></html>"
    )


def as_booklet(article: Article, path: Path) -> None:
    """The article on small pages, its long words hyphenated, the page's number above the text."""
    page = _Booklet(format=(148, 210))
    page.set_margin(18)
    for style, file in (("", "DejaVuSerif.ttf"), ("B", "DejaVuSerif-Bold.ttf")):
        page.add_font("DejaVu", style, FONTS / file)
    page.set_title(article.title)
    page.add_page()
    page.set_font("DejaVu", "B", 15)
    page.multi_cell(0, 8, article.title, align="L", new_x="LMARGIN", new_y="NEXT")
    page.ln(4)
    for kind, text in contents(article):
        page.set_font("DejaVu", "B" if kind is BlockKind.HEADING else "", 10)
        page.multi_cell(0, 5, _hyphenated(text), align="J", new_x="LMARGIN", new_y="NEXT")
        page.ln(2.5)
    page.output(str(path))


def _hyphenated(text: str) -> str:
    """Allow a hyphen in the middle of every long word."""
    return re.sub(r"\b([a-z]{5})([a-z]{4,})\b", "\\1\u00ad\\2", text)


class _Booklet(FPDF):
    def header(self) -> None:
        self.set_font("DejaVu", "", 8)
        self.cell(0, 5, str(self.page_no()), align="C", new_x="LMARGIN", new_y="NEXT")
        self.ln(4)


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
