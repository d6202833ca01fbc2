from collections.abc import Mapping

import pytest

from citadel.index.corpus.formats.document import Document
from citadel.index.corpus.formats.html import read_html
from citadel.index.corpus.layout import BlockKind
from citadel.index.errors import CitadelError

PROSE = (
    "The ferry crosses the river every half hour, from seven in the morning, and it takes "
    "ten minutes to reach the other side."
)
PAGE = f"""<!DOCTYPE html>
<html lang="en-GB"><head>
<title>The Ferry - The Herald</title>
<meta property="og:title" content="The Ferry">
<meta property="og:site_name" content="The Herald">
<meta name="author" content="Marit Olsen">
<meta property="article:published_time" content="2021-03-04T10:00:00Z">
<link rel="canonical" href="https://herald.example/ferry">
<script>document.write("not text")</script>
</head><body>
<nav><a href="/">Home</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>
<article><h1>The Ferry</h1>
<p>{PROSE}<br>It is <b>fr</b>ee.</p>
<h2>Why it exists</h2>
<p>Because of the flood that destroyed the bridge in 1998, nobody could cross the river.</p>
<ul><li>a boat</li><li>a <i>raft</i><ul><li>of wood</li></ul></li></ul>
<table><tr><th>Year</th><th>Trips</th></tr><tr><td>1999</td><td><p>1,200</p><p>a day</p></td></tr>
</table>
<blockquote><p>We never stop, whatever the weather on the river is.</p></blockquote>
</article>
<footer>© The Herald. Subscribe to our newsletter.</footer>
</body></html>"""


def read(page: str | bytes, known: Mapping[str, str] | None = None) -> Document:
    data = page.encode() if isinstance(page, str) else page
    [document] = read_html(data, "ferry.html", known or {}).documents
    return document


def test_a_saved_page() -> None:
    document = read(PAGE)
    kinds = {BlockKind.HEADING: "h", BlockKind.PARAGRAPH: "p"}
    assert [(kinds[b.kind], b.span.of(document.text)) for b in document.layout.blocks] == [
        ("p", f"{PROSE}\nIt is free."),
        ("h", "Why it exists"),
        (
            "p",
            "Because of the flood that destroyed the bridge in 1998, nobody could cross the river.",
        ),
        ("p", "- a boat\n- a raft\n  - of wood"),
        ("p", "| Year | Trips |\n| 1999 | 1,200 a day |"),
        ("p", "We never stop, whatever the weather on the river is."),
    ]
    header = document.layout.header
    assert header is not None
    assert header.of(document.text) == (
        "title: The Ferry\nauthor: Marit Olsen\npublisher: The Herald\ndate: 2021-03-04\n"
        "language: en\nurl: https://herald.example/ferry"
    )
    assert document.notes == ("40 of 328 letters belong to the page, not to the article",)


def test_what_stands_beside_the_file_wins() -> None:
    metadata = read(PAGE, {"title": "Ferries", "language": "nl"}).layout.metadata
    assert (metadata["title"], metadata["language"]) == ("Ferries", "nl")


@pytest.mark.parametrize(
    ("told", "date"),
    [
        ('<meta property="article:published_time" content="2016-12">', "2016-12"),
        ('<meta property="article:published_time" content="2016-12-05T08:00:00Z">', "2016-12-05"),
        ("<time datetime='2016-12-05'>yesterday</time>", "2016-12-05"),
        ("", None),
    ],
)
def test_a_date_is_as_exact_as_the_page_says(told: str, date: str | None) -> None:
    page = f"<html><head>{told}</head><body><p>{PROSE}</p><p>{PROSE.upper()}</p></body></html>"
    assert read(page).layout.metadata.get("date") == date


def test_addresses_that_are_none_are_not_taken() -> None:
    page = PAGE.replace("https://herald.example/ferry", "javascript:alert(1)")
    assert "url" not in read(page).layout.metadata


ARABIC = "تعبر العبّارة النهر كل نصف ساعة ابتداء من السابعة صباحا حتى المساء، ولا يدفع أحد شيئا."


@pytest.mark.parametrize("encoding", ["windows-1256", "utf-16", "utf-8"])
def test_the_encoding_that_a_page_declares(encoding: str) -> None:
    page = (
        f'<html><head><meta charset="{encoding}"></head><body><p>{ARABIC}</p><p>{ARABIC} '
        f"مرة أخرى.</p></body></html>"
    )
    document = read(page.encode(encoding))
    assert [block.span.of(document.text) for block in document.layout.blocks] == [
        ARABIC,
        f"{ARABIC} مرة أخرى.",
    ]
    assert document.layout.metadata == {"language": "ar"}


def test_code_within_a_sentence_is_part_of_it() -> None:
    document = read(
        f"<p>{PROSE}</p><p>Run <code>ferry</code>, then <q>wait</q>.</p><pre>a = 1\nb = 2</pre>"
    )
    assert [block.span.of(document.text) for block in document.layout.blocks][1] == (
        "Run ferry, then wait."
    )


def test_deep_nesting() -> None:
    document = read("<div>" * 500 + f"<p>{PROSE}</p>" + "</div>" * 500)
    assert [block.span.of(document.text) for block in document.layout.blocks] == [PROSE]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("", "ferry.html is empty; save the page again or remove it."),
        (
            "<p></p>",
            "ferry.html has no article that can be told from the page around it; "
            "copy the article's text into a .txt file.",
        ),
        (
            "<div>" * 3000 + PROSE,
            "ferry.html has no article that can be told from the page around it (nested too "
            "deeply: the text inside is lost); copy the article's text into a .txt file.",
        ),
    ],
    ids=["empty", "no text", "nested too deeply"],
)
def test_pages_without_an_article(page: str, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read(page)
    assert str(caught.value) == message
