import logging
import unicodedata
from pathlib import Path

import pytest

from index.articles import Article, read_article, read_articles
from index.errors import CitadelError
from index.layout import Block, BlockKind, Span

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
        header=Span(4, 131),
        blocks=(
            Block(BlockKind.HEADING, Span(152, 155)),
            Block(BlockKind.PARAGRAPH, Span(157, 180)),
        ),
    )
    assert article.text[4:131].splitlines()[::6] == ["title: The Ferry", "origin: by hand"]
    assert article.text[152:155] == "Why"
    assert article.text[157:180] == "Because 🌊 of the flood."


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
    ("data", "stored"),
    [
        (b"Title\r\n\r\nText.\r\n", "Title\n\nText.\n"),
        (b"Title\r\rText.", "Title\n\nText."),
        (b"\xef\xbb\xbfTitle\n\nText.", "Title\n\nText."),
        ("Title\n\n\ufeffText.".encode(), "Title\n\n\ufeffText."),
        ("Title\n\nTe\u0301xt\u2028.".encode(), "Title\n\nTe\u0301xt\u2028."),
    ],
    ids=["windows", "old mac", "byte order mark", "mark inside", "composed and line separator"],
)
def test_the_stored_text(tmp_path: Path, data: bytes, stored: str) -> None:
    assert read_article(write(tmp_path, "a.txt", data)).text == stored


def test_the_name_is_composed(tmp_path: Path) -> None:
    path = write(tmp_path, unicodedata.normalize("NFD", "é.txt"))
    assert read_article(path).source == unicodedata.normalize("NFC", "é.txt")


def test_a_folder_is_read_in_the_order_of_names(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name in (
        "z/a.md",
        "b.TXT",
        "a/c.markdown",
        "d.text",
        ".hidden.md",
        ".git/e.md",
        "README.md",
        "a/Sources.md",
        "license.md",
        "examples.yaml",
        "f.pdf",
    ):
        write(tmp_path, name)
    (tmp_path / "folder.md").mkdir()
    with caplog.at_level(logging.WARNING):
        articles = read_articles(tmp_path)
    assert [article.source for article in articles] == ["a.md", "b.TXT", "c.markdown", "d.text"]
    assert caplog.messages == [
        f"{tmp_path / 'f.pdf'} is left out: only .md and .txt files are read."
    ]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "", "{path} is empty; write the article into it or remove it."),
        ("a.md", "\ufeff \n\t\n", "{path} is empty; write the article into it or remove it."),
        ("a.txt", b"A\0b", "{path} is a binary file, not text; save it as UTF-8 text."),
        (
            "a.txt",
            "مدينة".encode("utf-16"),
            "{path}, line 1: byte 0 is not UTF-8; save the file as UTF-8.",
        ),
        (
            "a.txt",
            b"\xef\xbb\xbfone\ntwo\ncaf\xe9 three\n",
            "{path}, line 3: byte 14 is not UTF-8; save the file as UTF-8.",
        ),
        (
            "a.md",
            "---\ndate: last year\n---\nText.\n",
            "a.md: the date 'last year' is none; write 2016, 2016-12 or 2016-12-05.",
        ),
        (
            "a.md",
            "---\ndate: 2016-13\n---\nText.\n",
            "a.md: the date '2016-13' is none; write 2016, 2016-12 or 2016-12-05.",
        ),
        (
            "a.md",
            "---\nlanguage: English\n---\nText.\n",
            "a.md: the language 'English' is none; write a code such as en or ar.",
        ),
        (
            "a.md",
            "---\ntitle: A\n---\n# A\n\n![a picture](a.png)\n",
            "a.md has no paragraph to quote from; add the article's text.",
        ),
        (
            "a.txt",
            "Only a title\n",
            "a.txt has no paragraph to quote from; add the article's text.",
        ),
    ],
)
def test_what_is_no_article(tmp_path: Path, name: str, content: str | bytes, message: str) -> None:
    path = write(tmp_path, name, content)
    with pytest.raises(CitadelError) as caught:
        read_articles(tmp_path)
    assert str(caught.value) == message.format(path=path)


def test_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.symlink_to(tmp_path / "gone.md")
    with pytest.raises(CitadelError) as caught:
        read_articles(tmp_path)
    assert str(caught.value) == (
        f"{path} can't be read (No such file or directory); check the file and its rights."
    )


def test_a_link_that_leads_out(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside.md")
    path = write(tmp_path, "sources/b.md").with_name("a.md")
    path.symlink_to(outside)
    with pytest.raises(CitadelError) as caught:
        read_articles(tmp_path / "sources")
    assert str(caught.value) == (
        f"{path} is a link that leads out of the sources folder; "
        "put a copy of the file in its place."
    )


def test_a_folder_that_is_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path, "real/a.md")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert [article.source for article in read_articles(tmp_path / "link")] == ["a.md"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("x/a.md", "y/a.md"), ("x/A.md", "y/a.MD"), ("x/é.md", "y/e\u0301.md")],
    ids=["equal", "but for case", "but for composition"],
)
def test_two_sources_with_one_name(tmp_path: Path, first: str, second: str) -> None:
    paths = [write(tmp_path, name) for name in (first, second)]
    one, other = sorted(paths, key=lambda path: (path.name, path))
    with pytest.raises(CitadelError) as caught:
        read_articles(tmp_path)
    assert str(caught.value) == f"Two sources have one name: {one} and {other}; rename one of them."


def test_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "gone"
    with pytest.raises(CitadelError) as caught:
        read_articles(path)
    assert str(caught.value) == f"There is no folder of sources at {path}; name one with --sources."


def test_an_empty_folder(tmp_path: Path) -> None:
    write(tmp_path, "README.md")
    with pytest.raises(CitadelError) as caught:
        read_articles(tmp_path)
    assert str(caught.value) == (
        f"The sources folder {tmp_path} holds no article; put a .md or .txt file into it."
    )
