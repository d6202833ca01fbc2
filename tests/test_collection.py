import logging
from pathlib import Path

import pytest

from citadel.index.build.report import report_lines
from citadel.index.corpus.corpus import Corpus, FileReport, read_articles, read_corpus
from citadel.index.errors import CitadelError

WORDS = " ".join(f"Boat {number} crosses the river at {number * 7}." for number in range(90))

NOT_JSON = "is not JSON; write one JSON object on each line"


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """A folder in which all that can happen to a file happens to one."""
    write(tmp_path, "a.md", f"# A\n\nThe ferry \u202ecrosses.\n\n{WORDS}\n")
    write(tmp_path, "b.txt", f"Heading\n\nThe ferry crosses.\n\n{WORDS}\n")
    write(tmp_path, "c.md", f"# C\n\n{WORDS} and more.\n")
    write(tmp_path, "d.md", "")
    lines = '{"_id": "1", "text": "One."}\nno JSON\n{"_id": "2", "text": "Deux.", "language": "fr"}'
    write(tmp_path, "e.jsonl", lines)
    for number in range(4):
        write(tmp_path, f"picture-{number}.png", "")
    write(tmp_path, "sheet.xls", "")
    return read_corpus(tmp_path)


def test_the_articles(corpus: Corpus) -> None:
    assert [article.source for article in corpus.articles] == [
        "a.md",
        "c.md",
        "e.jsonl#1",
        "e.jsonl#2",
    ]
    assert corpus.articles[1].notes == ("99% the same as a.md",)


def test_a_report_for_every_file(corpus: Corpus) -> None:
    assert corpus.reports == (
        FileReport("a.md", 1, 2, ("en",), ("1 invisible direction mark taken out",), ()),
        FileReport("b.txt", 0, 0, (), ("is left out: it has the text of a.md",), ()),
        FileReport("c.md", 1, 1, ("en",), ("99% the same as a.md",), ()),
        FileReport(
            "d.md", 0, 0, (), (), ("d.md is empty; write the article into it or remove it.",)
        ),
        FileReport("e.jsonl", 2, 2, ("en", "fr"), (), (f"e.jsonl, line 2 {NOT_JSON}",)),
        *(
            FileReport(f"picture-{n}.png", 0, 0, (), ("is left out: .png files are not read",), ())
            for n in range(4)
        ),
        FileReport("sheet.xls", 0, 0, (), ("is left out: .xls files are not read",), ()),
    )


def test_the_report_in_words(corpus: Corpus) -> None:
    assert list(report_lines(corpus)) == [
        "a.md: 1 invisible direction mark taken out.",
        "c.md: 99% the same as a.md.",
        "b.txt is left out: it has the text of a.md.",
        "picture-0.png and 3 other files: each is left out: .png files are not read.",
        "sheet.xls is left out: .xls files are not read.",
        "Read 4 articles of 5 paragraphs from 3 files (en, fr); left out 6 files; "
        "2 files could not be read, or not in full.",
    ]


def test_paragraphs_of_other_articles_are_told(tmp_path: Path) -> None:
    about = "The Lake News has told of the lake and of those who live there since 1931."
    for name in ("a.md", "b.md", "c.md"):
        write(tmp_path, name, f"The day of {name} was like no other one.\n\n{about}")
    assert list(report_lines(read_corpus(tmp_path))) == [
        "b.md: 1 paragraph stands in a.md, too.",
        "c.md: 1 paragraph stands in a.md, too.",
        "Read 3 articles of 6 paragraphs from 3 files (en).",
    ]


def test_what_can_not_be_read_is_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path, "a.md", "Text.")
    write(tmp_path, "b.md", "")
    with caplog.at_level(logging.WARNING):
        articles = read_articles(tmp_path)
    assert [article.source for article in articles] == ["a.md"]
    assert caplog.messages == ["b.md is empty; write the article into it or remove it."]


def test_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "gone"
    with pytest.raises(CitadelError) as caught:
        read_articles(path)
    assert str(caught.value) == f"There is no folder of sources at {path}; name one with --sources."


@pytest.mark.parametrize(("name", "text"), [("README.md", "About."), ("a.md", "")])
def test_a_folder_without_articles(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, name, text)
    with pytest.raises(CitadelError) as caught:
        read_articles(tmp_path)
    assert str(caught.value).startswith(
        f"The sources folder {tmp_path} holds no article that can be read; put one into it (.md"
    )
