import unicodedata
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Block, BlockKind, Span
from citadel.index.corpus.sandbox.files import read_file
from citadel.index.errors import CitadelError
from tests.reading_here import read_article

NOTE = "The ferry\n\nThe ferry crosses the river every half hour, from seven in the morning.\n"


def write(folder: Path, name: str, content: str | bytes = NOTE) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    text = (
        "---\n"
        "title: The Ferry\n"
        "subtitle: A Small Boat\n"
        "author: M. Olsen\n"
        "publisher: The Herald\n"
        "date: 2021-03-04\n"
        "language: en-GB\n"
        "origin: by hand\n"
        "url: https://herald.example/ferry\n"
        "---\n"
        "# The Ferry\n"
        "\n"
        "## Why\n"
        "\n"
        "Because 🌊 of the flood.\n"
    )
    article = read_article(write(tmp_path, "ferry.md", text))
    assert article == Article(
        source="ferry.md",
        text=text,
        title="The Ferry",
        subtitle="A Small Boat",
        author="M. Olsen",
        publisher="The Herald",
        date="2021-03-04",
        language="en",
        origin="by hand",
        header=Span(4, 165),
        blocks=(
            Block(BlockKind.HEADING, Span(186, 189)),
            Block(BlockKind.PARAGRAPH, Span(191, 214)),
        ),
        url="https://herald.example/ferry",
    )
    assert article.text[4:165].splitlines()[::7] == [
        "title: The Ferry",
        "url: https://herald.example/ferry",
    ]
    assert article.text[186:189] == "Why"
    assert article.text[191:214] == "Because 🌊 of the flood."


def test_plain_text(tmp_path: Path) -> None:
    assert read_article(write(tmp_path, "ferry.txt")) == Article(
        source="ferry.txt",
        text=NOTE,
        title="The ferry",
        subtitle="",
        author="",
        publisher="",
        date="",
        language="en",
        origin="",
        header=Span(0, 9),
        blocks=(Block(BlockKind.PARAGRAPH, Span(11, 82)),),
    )


def test_an_article_without_a_title_has_its_file_name(tmp_path: Path) -> None:
    article = read_article(write(tmp_path, "no title.md", "Only this.\n"))
    assert (article.title, article.header) == ("no title.md", None)


@pytest.mark.parametrize(
    ("data", "stored", "notes"),
    [
        (b"Title\r\n\r\nText.\r\n", "Title\n\nText.\n", ()),
        (b"Title\r\rText.", "Title\n\nText.", ()),
        (b"\xef\xbb\xbfTitle\n\nText.", "Title\n\nText.", ()),
        (
            "Title\n\n\ufeffTe\u00adxt.".encode(),
            "Title\n\nText.",
            ("1 invisible soft hyphen taken out", "1 invisible character without width taken out"),
        ),
        ("Title\n\nTe\u0301xt\u2028.".encode(), "Title\n\nTe\u0301xt\u2028.", ()),
        (
            "Title\n\nمی\u200cخواهم \u202eText\u202c.".encode(),
            "Title\n\nمی\u200cخواهم Text.",
            ("2 invisible direction marks taken out",),
        ),
        (
            b"Title\n\nA text with one stray \0, as old word processors leave them in.",
            "Title\n\nA text with one stray , as old word processors leave them in.",
            ("1 invisible control character taken out",),
        ),
        (
            "Title\n\nمدينة.".encode("utf-16"),
            "Title\n\nمدينة.",
            ("read as Unicode text (UTF-16), not UTF-8",),
        ),
        (
            "Title\n\nçé ".encode() + b"\xff end.",
            "Title\n\nçé \ufffd end.",
            ("1 place is not UTF-8 and shown as \ufffd, the first in line 3",),
        ),
    ],
    ids=[
        "windows",
        "old mac",
        "byte order mark",
        "mark inside",
        "composed and line separator",
        "bidi",
        "nul",
        "utf-16",
        "damaged",
    ],
)
def test_the_stored_text(tmp_path: Path, data: bytes, stored: str, notes: tuple[str, ...]) -> None:
    article = read_article(write(tmp_path, "a.txt", data))
    assert (article.text, article.notes) == (stored, notes)


def test_the_name_is_composed(tmp_path: Path) -> None:
    path = write(tmp_path, unicodedata.normalize("NFD", "é.txt"))
    assert read_article(path).source == unicodedata.normalize("NFC", "é.txt")


def test_metadata_next_to_a_file_win(tmp_path: Path) -> None:
    write(tmp_path, "ferry.txt.yaml", 'title: Ferries\ndate: "2016-12"\nlanguage: fr\n')
    article = read_article(write(tmp_path, "ferry.txt"))
    assert (article.title, article.date, article.language) == ("Ferries", "2016-12", "fr")


def test_json_lines_are_articles(tmp_path: Path) -> None:
    lines = (
        '{"_id": "a", "title": "The Ferry", "text": "It crosses.\\n\\nIt \\u202ereturns.",'
        ' "url": "javascript:alert(1)", "date": "2016"}\n'
        "not JSON\n"
        "\n"
        '{"_id": 7, "text": "No title."}\n'
        '{"_id": "a", "text": "Again."}\n'
        '{"_id": "", "text": "Nameless."}\n'
        '{"_id": "e", "text": " "}\n'
        "[1]\n"
    )
    write(tmp_path, "corpus.jsonl", lines)
    reading = read_file(tmp_path, "corpus.jsonl", sidecar=False)
    ferry, seven = reading.articles
    assert ferry == Article(
        source="corpus.jsonl#a",
        text="title: The Ferry\ndate: 2016\nlanguage: en\n\nIt crosses.\n\nIt returns.\n",
        title="The Ferry",
        subtitle="",
        author="",
        publisher="",
        date="2016",
        language="en",
        origin="",
        header=Span(0, 40),
        blocks=(Block(BlockKind.PARAGRAPH, Span(42, 53)), Block(BlockKind.PARAGRAPH, Span(55, 66))),
    )
    assert (seven.source, seven.title) == ("corpus.jsonl#7", "corpus.jsonl#7")
    assert reading.failures == (
        "line 2 is not JSON; write one JSON object on each line",
        "line 5 has the _id 'a' of a line before; give it another one",
        "line 6 has no “_id”; give each line one of its own",
        "line 7 has no “text”; write the article into it or take the line out",
        "line 8 is not a JSON object; write {“_id”: …, “text”: …}",
    )


@pytest.mark.parametrize(
    ("count", "more"),
    [
        (1030, "1,010 more lines are no articles; mend these first"),
        (21, "1 more line is no article; mend these first"),
    ],
)
def test_of_many_lines_that_are_no_articles_some_are_told(
    tmp_path: Path, count: int, more: str
) -> None:
    write(tmp_path, "corpus.jsonl", '{"_id": "a", "text": "One."}\n' + "no\n" * count)
    reading = read_file(tmp_path, "corpus.jsonl", sidecar=False)
    assert reading.failures == (
        *(
            f"line {number} is not JSON; write one JSON object on each line"
            for number in range(2, 22)
        ),
        more,
    )


def test_a_long_repeated_paragraph_is_left_out(tmp_path: Path) -> None:
    appeal = "Read our weekly letter about all that happens on and along and under the river, free."
    text = f"# A\n\n{appeal}\n\nNo.\n\nNo.\n\n{appeal.upper()}\n"
    article = read_article(write(tmp_path, "a.md", text))
    assert [block.span.of(text) for block in article.blocks] == [appeal, "No.", "No."]
    assert article.notes == ("1 repeated paragraph left out",)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "", "a.txt is empty; write the article into it or remove it."),
        ("a.md", "\ufeff \n\t\n", "a.md is empty; write the article into it or remove it."),
        ("a.txt", b"A\0b", "a.txt is a binary file, not text; save it as UTF-8 text."),
        (
            "a.md",
            "---\ntitle: A\n---\n# A\n\n![a picture](a.png)\n",
            "a.md has no paragraph to quote from; add the article's text.",
        ),
        (
            "a.md",
            "# Only a title\n",
            "a.md has no paragraph to quote from; add the article's text.",
        ),
        (
            "a.txt",
            "Title\n\n" + "word " * 1_000_000,
            "a.txt has 5,000,007 characters of text, and 5,000,000 are read at most; split it.",
        ),
    ],
)
def test_what_is_no_article(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read_article(write(tmp_path, name, content))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("field", "note"),
    [
        (
            "date: last year",
            "the date 'last year' can't be read and is left out; write 2016, 2016-12 or 2016-12-05",
        ),
        (
            "date: 2016-13",
            "the date '2016-13' can't be read and is left out; write 2016, 2016-12 or 2016-12-05",
        ),
        (
            "language: English",
            "the language 'English' can't be read and is left out; write a code such as en or ar",
        ),
        (
            "url: 'javascript:alert(1)'",
            "the url 'javascript:alert(1)' can't be read and is left out; "
            "write one that begins with https:// or http://",
        ),
    ],
)
def test_a_field_that_can_not_be_read_costs_no_article(
    tmp_path: Path, field: str, note: str
) -> None:
    article = read_article(write(tmp_path, "a.md", f"---\ntitle: A\n{field}\n---\nText.\n"))
    assert (article.title, article.date, article.language, article.url, article.notes) == (
        "A",
        "",
        "en",
        "",
        (note,),
    )


def test_wrong_metadata_next_to_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "a.txt")
    write(tmp_path, "a.txt.yaml", "title: a: b\ndate: soon\n")
    article = read_article(path)
    assert (article.title, article.date, article.notes) == (
        "a: b",
        "",
        (
            "in a.txt.yaml, the date 'soon' can't be read and is left out; "
            "write 2016, 2016-12 or 2016-12-05",
        ),
    )
