from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Block, BlockKind, Span
from citadel.index.corpus.passages import Passage, header_passage, split_article
from tests.reading_here import read_article

TEXT = """\
---
title: The Ferry
publisher: The Herald
---
Above. The 🌊 first.

## Why

- a
- b

### How

Below.
"""


def test_an_article_is_split_by_its_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "ferry.md"
    path.write_text(TEXT, "utf-8")
    article = read_article(path)
    assert split_article(article) == (
        Passage(
            source="ferry.md",
            title="The Ferry",
            section="The Ferry",
            paragraph=1,
            start=47,
            end=66,
            text="Above. The 🌊 first.",
            sentences=(Span(47, 53), Span(54, 66)),
        ),
        Passage(
            source="ferry.md",
            title="The Ferry",
            section="Why",
            paragraph=2,
            start=76,
            end=83,
            text="- a\n- b",
            sentences=(Span(78, 79), Span(82, 83)),
        ),
        Passage(
            source="ferry.md",
            title="The Ferry",
            section="How",
            paragraph=3,
            start=94,
            end=100,
            text="Below.",
            sentences=(Span(94, 100),),
        ),
    )
    header = header_passage(article)
    assert header is not None
    assert (header.paragraph, header.section, header.start, header.end) == (0, "The Ferry", 4, 42)
    assert header.text == "title: The Ferry\npublisher: The Herald"
    assert header_passage(replace(article, header=None)) is None


PASSAGE = Passage(
    source="a.txt",
    title="A",
    section="B",
    paragraph=2,
    start=10,
    end=16,
    text="C d. E",
    sentences=(Span(10, 14), Span(15, 16)),
)


def test_a_quote_is_sliced() -> None:
    assert [PASSAGE.quote(span) for span in PASSAGE.sentences] == ["C d.", "E"]


@pytest.mark.parametrize(
    ("end", "sentences", "message"),
    [
        (17, PASSAGE.sentences, "a.txt, paragraph 2: 6 code points of text for the range 10 to 17"),
        (16, (), "a.txt, paragraph 2 has no sentence"),
        (16, (Span(9, 14),), "a.txt, paragraph 2: the sentence 9 to 14 is outside 10 to 16"),
        (16, (Span(10, 17),), "a.txt, paragraph 2: the sentence 10 to 17 is outside 10 to 16"),
    ],
)
def test_a_passage_that_contradicts_itself(
    end: int, sentences: tuple[Span, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        replace(PASSAGE, end=end, sentences=sentences)


def test_pages_of_passages_and_quotes() -> None:
    text = "One. Two.\n\nThree.\n"
    article = Article(
        source="a.pdf",
        text=text,
        title="A",
        subtitle="",
        author="",
        publisher="",
        date="",
        language="en",
        origin="",
        header=None,
        blocks=(Block(BlockKind.PARAGRAPH, Span(0, 9)), Block(BlockKind.PARAGRAPH, Span(11, 17))),
        pages=(0, 5, 11, 11),
    )
    first, second = split_article(article)
    assert (first.page, first.page_breaks) == (1, (5,))
    assert [first.page_of(span) for span in first.sentences] == [1, 2]
    assert (second.page, second.page_breaks) == (4, ())
    assert second.page_of(Span(11, 17)) == 4


def test_what_has_no_pages() -> None:
    assert PASSAGE.page_of(PASSAGE.sentences[0]) is None
