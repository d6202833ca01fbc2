"""Which lines are bylines, and which only begin like one. All names are invented."""

from pathlib import Path

import pytest

from citadel.index.corpus.bylines import byline_notes, find_bylines, is_person, read_byline
from citadel.index.corpus.formats.document import Part, compose
from citadel.index.corpus.layout import BlockKind
from citadel.qa.answer.metadata_questions import field_spans
from tests.reading_here import read_article

DAY = "2016-11-19"
DAYS = ("19 November 2016", "19 Nov 2016")


@pytest.mark.parametrize(
    ("line", "author", "date"),
    [
        ("By Jane Reporter, 19 November 2016", "Jane Reporter", DAY),
        ("By Jane Reporter", "Jane Reporter", ""),
        ("BY JANE REPORTER", "JANE REPORTER", ""),
        ("Jane Reporter | 19 Nov 2016", "Jane Reporter", DAY),
        ("Jane Reporter, 19 November 2016", "Jane Reporter", DAY),
        ("19 Nov 2016 · Jane Reporter", "Jane Reporter", DAY),
        ("By Jane Reporter and John Writer", "Jane Reporter and John Writer", ""),
        (
            "By Jane Reporter, John Writer and Ann Third, November 19, 2016",
            "Jane Reporter, John Writer and Ann Third",
            DAY,
        ),
        ("By Jane Reporter in Aleppo", "Jane Reporter", ""),
        ("By Jane Reporter in Aleppo, 19 November 2016", "Jane Reporter", DAY),
        ("By Jane Reporter, BBC News, Aleppo", "Jane Reporter", ""),
        ("By Jane Reporter, special correspondent | 19 Nov 2016", "Jane Reporter", DAY),
        ("By Jane Reporter on November 19th, 2016", "Jane Reporter", DAY),
        ("*By Jane Reporter*", "Jane Reporter", ""),
        ("**By Jane Reporter** — _19 November 2016_", "Jane Reporter", DAY),
        ("By Jane Reporter\nPublished: 19 November 2016", "Jane Reporter", DAY),
        ("Author: Jane Reporter", "Jane Reporter", ""),
        ("Written by: M. Olsen | 19 Nov 2016", "M. Olsen", DAY),
        ("By Dr. Maryam al-Khatib", "Dr. Maryam al-Khatib", ""),
        ("By Ludwig van der Berg", "Ludwig van der Berg", ""),
        ("By John Writer Jr.", "John Writer Jr.", ""),
        ("Par Jean Dupont, le 19 novembre 2016", "Jean Dupont", DAY),
        ("Von Anna Schmidt, 19. November 2016", "Anna Schmidt", DAY),
        ("بقلم مريم الخطيب", "مريم الخطيب", ""),
        ("Published: 19 November 2016", "", DAY),
        ("Published on Saturday 19 November 2016, 14:30 GMT", "", DAY),
        ("Published 2016-11-19T14:30:00Z", "", DAY),
        ("Published: November 2016", "", "2016-11"),
        ("Published: 19 Nov 2016 | Updated: 21 Nov 2016", "", DAY),
        ("Updated: 21 Nov 2016 | Published: 19 Nov 2016", "", DAY),
        ("Date: 19/11/2016", "", DAY),
        ("Publié le 19 novembre 2016", "", DAY),
        ("نشر في 19 نوفمبر 2016", "", DAY),
        ("19 November 2016", "", DAY),
        ("Enab Baladi | 19 Nov 2016", "", DAY),
        ("The Christian Herald | 19 Nov 2016", "", DAY),
    ],
)
def test_a_byline(line: str, author: str, date: str) -> None:
    told = {name: value for name, value in (("author", author), ("date", date)) if value}
    assert read_byline(line) == told


@pytest.mark.parametrize(
    "line",
    [
        "",
        "By Monday, 300 had left.",
        "By Monday, 300 had left",
        "By Monday",
        "By Monday Night",
        "By Saturday 19 November 2016",
        "By 19 November 2016 all had left",
        "By the river",
        "By Royal decree",
        "By land and by sea",
        "By Land and Sea",
        "By December 2016 the Army Had Come",
        "By John Smith’s account, 300 had left.",
        "By Jane Reporter’s count 300 people had left on 19 November 2016",
        "By Jane Reporter, who was there when it began",
        "By The Herald Staff",
        "By Jane",
        "Published in Paris",
        "Published: yesterday",
        "Published: 31 June 2016",
        "December 2016",
        "19 November 2016: the army entered the city",
        "19 November 2016, 14:30 the army entered",
        "The ferry at dawn, 4 March 2021 (M. Olsen)",
        "The ferry at dawn, 4 March 2021",
        "The battle of 19 November 2016",
        "Clashes in Aleppo on 19 November 2016",
        "The Herald, 4 March 2021",
        "Photo by Jane Reporter",
        "Jane Reporter",
        "Jane Reporter and John Writer",
        "Hananu district, 28 November 2016",
        "Jane Reporter has written about the city since 2011. She lives in Berlin | 19 Nov 2016",
    ],
)
def test_no_byline(line: str) -> None:
    assert read_byline(line) == {}


def test_people_are_known_by_their_given_names() -> None:
    people = ["Jane Reporter", "Maryam al-Khatib"]
    others = ["Enab Baladi", "Christian Science Monitor", "Jane", "jane reporter"]
    assert [name for name in (*people, *others) if is_person(name)] == people


def test_bylines_stand_at_the_head() -> None:
    lines = ("A Title", "By Jane Reporter", "19 November 2016", "It rained.", "By John Writer")
    found = find_bylines(lines)
    assert [(each.fields, each.place) for each in found] == [
        ({"author": "Jane Reporter"}, 1),
        ({"date": DAY}, 2),
    ]
    assert list(byline_notes(found)) == [
        "the author Jane Reporter read from the line “By Jane Reporter”",
        f"the date {DAY} read from the line “19 November 2016”",
    ]
    assert list(byline_notes(found, ["author"])) == [
        f"the date {DAY} read from the line “19 November 2016”"
    ]


@pytest.mark.parametrize("sentence", ["It rained.", "x" * 121])
def test_what_stands_after_a_sentence_is_no_byline(sentence: str) -> None:
    assert find_bylines(("A Title", sentence, "By Jane Reporter")) == ()


def test_what_stands_far_down_is_no_byline() -> None:
    assert find_bylines((*["A Line"] * 8, "By Jane Reporter")) == ()


def test_the_days_of_a_chronicle_are_no_dates_of_its_publication() -> None:
    lines = ("A Chronicle", "19 November 2016", "It rained.", "20 November 2016", "It snowed.")
    assert find_bylines(lines) == ()
    labelled = ("A Chronicle", "Published: 1 December 2016", *lines[1:])
    assert [each.fields for each in find_bylines(labelled)] == [{"date": "2016-12-01"}]


def test_the_first_byline_wins() -> None:
    lines = ("By Jane Reporter, 19 November 2016", "By John Writer, 1 December 2016")
    assert [each.fields for each in find_bylines(lines)] == [
        {"author": "Jane Reporter", "date": DAY}
    ]


ARTICLE = "# The Ferry\n\nBy Jane Reporter, 19 November 2016\n\nIt crosses the river.\n"
NOTE = "read from the line “By Jane Reporter, 19 November 2016”"


@pytest.mark.parametrize("name", ["ferry.md", "ferry.txt"])
@pytest.mark.parametrize(
    ("sidecar", "author", "date", "notes"),
    [
        ("", "Jane Reporter", DAY, (f"the author Jane Reporter and the date {DAY} {NOTE}",)),
        ("author: Ann Third\n", "Ann Third", DAY, (f"the date {DAY} {NOTE}",)),
        ("author: Ann Third\ndate: 2016-12\n", "Ann Third", "2016-12", ()),
    ],
)
def test_what_is_stated_wins_and_what_was_recognised_is_named(
    tmp_path: Path, name: str, sidecar: str, author: str, date: str, notes: tuple[str, ...]
) -> None:
    text = ARTICLE.replace("# ", "") if name.endswith(".txt") else ARTICLE
    (tmp_path / name).write_text(text, "utf-8")
    if sidecar:
        (tmp_path / f"{name}.yaml").write_text(sidecar, "utf-8")
    article = read_article(tmp_path / name)
    assert (article.title, article.author, article.date) == ("The Ferry", author, date)
    assert [block.span.of(article.text) for block in article.blocks] == ["It crosses the river."]
    assert article.notes == notes


def test_a_byline_of_a_file_that_is_no_text() -> None:
    parts = [
        Part(BlockKind.HEADING, "The Ferry"),
        Part(BlockKind.PARAGRAPH, "By Jane Reporter, 19 November 2016"),
        Part(BlockKind.PARAGRAPH, "It crosses."),
    ]
    document = compose({"title": "The Ferry", "date": "2016-12"}, parts)
    assert document.text == (
        "title: The Ferry\nauthor: Jane Reporter\ndate: 2016-12\n\nThe Ferry\n\n"
        "By Jane Reporter, 19 November 2016\n\nIt crosses.\n"
    )
    assert [block.span.of(document.text) for block in document.layout.blocks] == ["It crosses."]
    assert document.notes == (f"the author Jane Reporter {NOTE}",)


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Reporter, 19 November 2016",
        "Jane Reporter | 19 Nov 2016, 14:30",
        "19 November 2016",
    ],
)
def test_questions_about_the_source_are_answered_from_the_byline(tmp_path: Path, line: str) -> None:
    path = tmp_path / "ferry.md"
    path.write_text(f"# The Ferry\n\n{line}\n\nIt crosses.\n", "utf-8")
    article = read_article(path)
    spans = [*field_spans(article, "author"), *field_spans(article, "date")]
    quoted = [span.of(article.text) for span in spans]
    assert quoted == [each for each in ("Jane Reporter", *DAYS) if each in line]
