"""The head of an article copied from a web page: which line is its title, and which its byline."""

import pytest

from citadel.index.corpus.formats.web_text import parse_web_text
from citadel.index.corpus.layout import Byline, Span
from tests.web_pages import TITLE, VOTE, WORK, header, outline, page


def test_a_page_that_repeats_its_title_and_captions() -> None:
    caption = "The ferry at dawn (M. Olsen)."
    text = page(
        TITLE,
        caption,
        "Blog",
        TITLE,
        "f t in",
        "The Herald",
        VOTE,
        "The old bridge, 1987 (archive)",
        "The old bridge, 1987 (archive)",
        WORK,
    )
    assert parse_web_text(text).metadata == {"title": TITLE, "publisher": "The Herald"}
    assert outline(text)[1:] == ["# Blog", VOTE, "The old bridge, 1987 (archive)", WORK]
    assert outline(text)[0] == caption


def test_a_page_with_a_repeated_kicker() -> None:
    text = page("Floods", TITLE, "Floods", TITLE, VOTE)
    assert parse_web_text(text).metadata == {"title": TITLE, "subtitle": "Floods"}
    assert outline(text) == [VOTE]


@pytest.mark.parametrize(
    ("byline", "found"),
    [
        ("The Herald", {"publisher": "The Herald"}),
        ("The Herald, 4 March 2021", {"publisher": "The Herald", "date": "2021-03-04"}),
        ("March 4th, 2021", {"date": "2021-03-04"}),
        ("Posted on 2021-03-04", {"date": "2021-03-04"}),
        ("Last updated: 4 Mar. 2021", {"date": "2021-03-04"}),
        ("Written by: M. Olsen | 4 March 2021", {"author": "M. Olsen", "date": "2021-03-04"}),
        ("بقلم مريم", {"author": "مريم"}),
        ("By Maria", {"author": "Maria"}),
        ("Jane Reporter | 4 March 2021", {"author": "Jane Reporter", "date": "2021-03-04"}),
        ("By Jane Reporter in Larkhaven", {"author": "Jane Reporter"}),
        ("Larkhaven Daily | 4 Mar 2021", {"publisher": "Larkhaven Daily", "date": "2021-03-04"}),
        ("By Monday Night", {}),
        ("By the old river", {}),
        ("31 June 2021", {"publisher": "31 June 2021"}),
        ("The ferry at dawn, 4 March 2021 (M. Olsen)", {}),
        ("By the river, people wait.", {}),
        ("Share on Facebook", {}),
        ("Print Email", {}),
    ],
)
def test_bylines(byline: str, found: dict[str, str]) -> None:
    metadata = parse_web_text(page(TITLE, byline, VOTE, WORK)).metadata
    assert metadata == {"title": TITLE, **found}


def test_short_sentences_above_a_long_paragraph_are_no_title() -> None:
    text = page("It rains. Two roads are closed.", "The mayor asked for help.", VOTE)
    assert parse_web_text(text).metadata == {}
    assert (header(text), outline(text)) == (None, text.strip().split("\n\n"))


def test_a_question_may_be_a_title() -> None:
    text = page("Who broke the bridge?", "It was the flood.", "Nobody else.")
    assert parse_web_text(text).metadata == {"title": "Who broke the bridge?"}


def test_a_single_department_before_the_title_is_taken_for_it() -> None:
    """A limit: one short line above a longer one may as well be a title, with more below it."""
    assert parse_web_text(page("Local News", TITLE, VOTE)).metadata["title"] == "Local News"


def test_a_byline_that_begins_a_note_is_not_its_title() -> None:
    line = "By Jane Reporter, 19 November 2016"
    text = f"{line}\n\nThe ferry sank on Monday.\n\nNobody was hurt.\n"
    told = parse_web_text(text)
    assert told.metadata == {"author": "Jane Reporter", "date": "2016-11-19"}
    assert told.header == Span(0, len(line))
    assert [block.span.of(text) for block in told.blocks] == [
        "The ferry sank on Monday.",
        "Nobody was hurt.",
    ]


def test_the_lines_that_are_bylines() -> None:
    text = page(TITLE, "By Jane Reporter", "The Herald, 4 March 2021", VOTE)
    assert parse_web_text(text).bylines == (
        Byline({"author": "Jane Reporter"}, 1, "By Jane Reporter"),
        Byline({"date": "2021-03-04", "publisher": "The Herald"}, 2, "The Herald, 4 March 2021"),
    )
