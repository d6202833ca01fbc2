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


BYLINES = f"""<html><body><main><article><h1>The Ferry</h1>
<p>By Jane Reporter and John Writer</p><p>{PROSE}</p>
<p>Because of the flood that destroyed the bridge in 1998, nobody could cross the river.</p>
<p>By Ann Third</p></article></main></body></html>"""


def test_a_byline_that_only_the_page_shows() -> None:
    document = read(BYLINES)
    assert document.layout.metadata["author"] == "Jane Reporter and John Writer"
    assert document.notes[-1] == (
        "the author Jane Reporter and John Writer read from the line "
        "“By Jane Reporter and John Writer”"
    )
    stated = read(BYLINES, {"author": "Marit Olsen"})
    assert stated.layout.metadata["author"] == "Marit Olsen"
    assert not any("read from" in note for note in stated.notes)


def test_what_stands_next_to_the_file_wins() -> None:
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


@pytest.mark.parametrize("deep", ["<div>" * 500, "<table><tr><td>" * 50])
def test_an_article_next_to_what_is_nested_deeply(deep: str) -> None:
    document = read(PAGE.replace("</article>", f"</article><div class='ads'>{deep}Buy</div>"))
    [whole] = read_html(PAGE.encode(), "ferry.html", {}).documents
    assert document.layout.blocks == whole.layout.blocks


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


def article(body: str, head: str = "") -> str:
    return (
        f'<html lang="en"><head><title>The bridge</title>{head}</head><body><article>'
        f"<h1>The bridge</h1><p>{PROSE}</p>{body}<p>{LAST}</p></article></body></html>"
    )


LAST = (
    "Residents of the eastern bank had to walk for almost an hour to reach the market, and several "
    "shops lost most of their customers."
)


def texts(page: str) -> list[str]:
    """The paragraphs of a page between those that make it an article."""
    document = read(page)
    found = [block.span.of(document.text) for block in document.layout.blocks]
    assert (found[0], found[-1]) == (PROSE, LAST)
    return found[1:-1]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<p>The flood killed 12<sup>3</sup> people on the 4<sup>th</sup>, over 30 "
            "km<sup>2</sup>.<sup><a href='#n1'>1</a></sup></p>",
            ["The flood killed 12[3] people on the 4th, over 30 km²."],
        ),
        (
            "<figure><img src=a><figcaption>Seen from the mill. Photo: J. Wolek.</figcaption>"
            "</figure><aside><p>Correction: it has four pillars, not five.</p></aside>",
            ["Seen from the mill. Photo: J. Wolek.", "Correction: it has four pillars, not five."],
        ),
        (
            "<dl><dt>Length</dt><dd>212 metres</dd><dt>Architects</dt><dd>Nora Heikal</dd>"
            "<dd>Jan Wolek</dd></dl>",
            ["- Length: 212 metres\n- Architects: Nora Heikal; Jan Wolek"],
        ),
        (
            "<table><caption>Ferries</caption><tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td>"
            "<td><ul><li>at 7:15</li><li>at 18:40</li></ul></td></tr></table>",
            ["Ferries\n| Day | Hours |\n| Monday | at 7:15; at 18:40 |"],
        ),
        (
            "<table><tr><th>District</th><th>Killed</th><th>Wounded</th></tr><tr><td rowspan=2>"
            "Marjeh</td><td>12</td><td>40</td></tr><tr><td colspan=2>of these, two later</td></tr>"
            "</table>",
            [
                "| District | Killed | Wounded |\n| Marjeh | Killed: 12 | Wounded: 40 |\n"
                "| Marjeh | of these, two later |"
            ],
        ),
        (
            "<table><tr><td>Clinic</td><td><table><tr><td>Surgeon</td><td>Lina Haddad</td></tr>"
            "<tr><td>Nurse</td><td>Omar Zein</td></tr></table></td></tr></table>",
            ["| Clinic | Surgeon, Lina Haddad; Nurse, Omar Zein |"],
        ),
        (
            "<div><time>00:15</time><h3>Mill</h3><p>The water reached the mill.</p></div>"
            "<div><h3>Rescue</h3><p>Two were rescued.</p><time>02:15</time></div>",
            ["Mill", "00:15 The water reached the mill.", "Rescue", "02:15 Two were rescued."],
        ),
        (
            "<p>It opened on <time datetime='1788-05-05'>5 May 1788</time> at noon.</p>",
            ["It opened on 5 May 1788 at noon."],
        ),
        (
            "<ol><li><p>One boat.</p><p>It sank.</p></li><li>Two rafts<ul><li>of wood</li></ul>"
            "</li></ol>",
            ["- One boat. It sank.\n- Two rafts\n  - of wood"],
        ),
        (
            "<aside>It takes ten minutes to reach the other side</aside><p>Update: it sank.</p>",
            ["Update: it sank."],
        ),
        ("<p>One line.<br><br>Another one.</p>", ["One line.", "Another one."]),
    ],
    ids=[
        "raised",
        "caption and correction",
        "definitions",
        "list in a cell",
        "merged cells",
        "table in a table",
        "live blog",
        "time in a sentence",
        "lists",
        "pull quote and update",
        "breaks",
    ],
)
def test_nothing_inside_an_article_is_lost(body: str, expected: list[str]) -> None:
    assert texts(article(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected", "note"),
    [
        (
            "<p>It has <s>five</s> four pillars.</p>",
            ["It has four pillars."],
            "struck text left out: “five”",
        ),
        (
            "<p>It has <span style='text-decoration: line-through'>five</span> pillars.</p>",
            ["It has pillars."],
            "struck text left out: “five”",
        ),
        (
            "<p>It is old.<span style='display:none'> The mayor resigned.</span></p>",
            ["It is old."],
            "hidden text left out: “The mayor resigned.”",
        ),
        (
            "<p>It is old.</p><p class='secret'>The mayor resigned.</p>",
            ["It is old."],
            "hidden text left out: “The mayor resigned.”",
        ),
        (
            "<h2>History<span class='mw-editsection'>[<a>edit</a>]</span></h2>"
            "<p>It is old.<sup>[<i>citation needed</i>]</sup></p>",
            ["History", "It is old."],
            "left out as the page's own: “[edit]”, “[citation needed]”",
        ),
        (
            "<p>It is old.[citation needed]</p>",
            ["It is old."],
            "left out as the page's own: “[citation needed]”",
        ),
        (
            "<p>Please enable JavaScript to view the comments.</p>",
            [],
            "left out as the page's own: “Please enable JavaScript to view the comments.”",
        ),
        (
            "<aside class='newsletter'><p>Every week all news by mail.</p></aside>",
            [],
            "left out as the page's own: “Every week all news by mail.”",
        ),
        ("<p>It is old.<sup>*</sup></p>", ["It is old."], "raised marks left out: “*”"),
    ],
)
def test_what_is_not_quoted_is_named(body: str, expected: list[str], note: str) -> None:
    page = article(body, "<style>.secret, #x { display: none }</style>")
    assert texts(page) == expected
    assert note in read(page).notes


def test_a_table_that_lays_out_a_page_is_none() -> None:
    page = (
        "<html><head><title>Gears</title></head><body><table><tr><td class='sidebar'><a href='/'>"
        f"Home</a></td><td><h1>Gears</h1><p>{PROSE}</p><p>{LAST}</p></td></tr></table></body></html>"
    )
    document = read(page)
    assert [block.span.of(document.text) for block in document.layout.blocks] == [PROSE, LAST]


@pytest.mark.parametrize(
    "page",
    [
        "<body><div id='root'></div><noscript>You need to enable JavaScript to run this app."
        "</noscript></body>",
        "<body><div>Loading</div><div>This site requires JavaScript, enable it.</div></body>",
        "<body><div>Please enable JavaScript in your browser to read this page.</div></body>",
    ],
)
def test_a_page_that_needs_scripts_is_refused(page: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read(f"<html><head><title>News app</title></head>{page}</html>")
    assert str(caught.value).startswith(
        "ferry.html has no article that can be told from the page around it"
    )
