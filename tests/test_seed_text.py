"""The article as it was supplied, a page's text as copied, reads like the bundled one."""

from dataclasses import replace
from pathlib import Path

from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import Passage, header_passage, split_article
from tests.reading_here import read_article

BUNDLED = read_article(BUNDLED_SOURCES / "enab-baladi-end-of-aleppo.md")
COPIED = read_article(Path(__file__).parent / "data" / "end-of-aleppo-as-copied.txt")


def without_place(article: Article) -> list[Passage]:
    """The passages of an article as if it stood alone, counted from its own first paragraph."""
    return [
        replace(
            passage,
            source="",
            start=0,
            end=passage.end - passage.start,
            sentences=tuple(
                replace(span, start=span.start - passage.start, end=span.end - passage.start)
                for span in passage.sentences
            ),
        )
        for passage in split_article(article)
    ]


def test_both_give_the_same_passages() -> None:
    assert without_place(COPIED) == without_place(BUNDLED)


def test_the_offsets_are_those_of_the_copied_text() -> None:
    for passage in split_article(COPIED):
        assert COPIED.text[passage.start : passage.end] == passage.text


def test_both_tell_the_same_of_themselves() -> None:
    assert (COPIED.title, COPIED.subtitle, COPIED.publisher, COPIED.language) == (
        BUNDLED.title,
        BUNDLED.subtitle,
        BUNDLED.publisher,
        BUNDLED.language,
    )
    header = header_passage(COPIED)
    assert header is not None
    assert header.text.splitlines()[::12] == [BUNDLED.subtitle, BUNDLED.publisher]


def test_the_sections_and_their_paragraphs() -> None:
    counts: dict[str, int] = {}
    for passage in split_article(COPIED):
        counts[passage.section] = counts.get(passage.section, 0) + 1
    assert counts == {
        BUNDLED.title: 4,
        "How Did Al-Assad and His Allies Prepare to Regain Eastern Aleppo?": 8,
        "“Some of the militias participating in the battle for Aleppo": 5,
        "Failed Battles Exhaust the Opposition and Residents": 8,
        "Situation on the Ground After Taking the Northern Part of Eastern Aleppo": 6,
        "Jaish Halab: The Opposition Seeks Solutions": 10,
        "Aid Is Paralyzed… Demands to Transfer the Issue to the General Assembly": 10,
        "International Meetings and Conferences… Aimed at \u00a0Peace or Evacuation?": 8,
    }


def test_nothing_of_the_page_is_quoted() -> None:
    quoted = "\n".join(passage.text for passage in split_article(COPIED))
    page = ("A A A", "Related Articles", "Syria needs free media", "Click here", "النسخة")
    assert [words for words in page if words not in COPIED.text] == []
    assert [words for words in page if words in quoted] == []
