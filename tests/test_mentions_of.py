"""All mentions of a name or of words: resolved, in order, by article, as records and as files."""

import csv
import io
import json
from dataclasses import replace

import pytest

from citadel.index.corpus.scope import Scope
from citadel.index.errors import CitadelError
from citadel.qa.answer.mention_records import COLUMNS, Format, exported, mention_record
from citadel.qa.answer.mentions_of import AllMentions, MentionFinder
from tests.mentioning import BAKERY, SIEGE, KnowsNothing
from tests.small_index import articles_of, indexed_by


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> MentionFinder:
    articles = articles_of(tmp_path_factory.mktemp("mentions"), a=SIEGE, b=BAKERY)
    return MentionFinder(indexed_by(KnowsNothing(), "gen-1", articles))


def quotes(found: AllMentions) -> list[tuple[str, list[str]]]:
    return [
        (
            f"{each.passage.source}:{each.passage.paragraph}",
            [each.passage.quote(span) for span in each.spans],
        )
        for each in found.passages()
    ]


@pytest.mark.parametrize("asked", ["Hanano", "Who is Hananu?", "what’s hananu"])
def test_a_name_stands_for_all_its_mentions(finder: MentionFinder, asked: str) -> None:
    found = finder.find(asked)
    assert found.name is not None
    assert (found.name.text, found.words) == ("Hananu", ())
    assert quotes(found) == [("a.md:1", ["Hananu", "Hanano"]), ("b.md:1", ["Hananu"])]
    assert [(article.source, count) for article, count in found.by_article] == [
        ("a.md", 1),
        ("b.md", 1),
    ]
    assert found.written == (("Hananu", 2), ("Hanano", 1))


def test_letters_stand_for_the_whole_name(finder: MentionFinder) -> None:
    assert quotes(finder.find("HRW")) == [
        ("a.md:1", ["Human Rights Watch", "HRW"]),
        ("a.md:2", ["HRW"]),
    ]
    assert quotes(finder.find("HRW", words_only=True)) == [
        ("a.md:1", ["HRW"]),
        ("a.md:2", ["HRW"]),
    ]


def test_other_words_stand_for_the_passages_that_have_them(finder: MentionFinder) -> None:
    found = finder.find("Who left?")
    assert (found.name, found.words) == (None, ("left",))
    assert quotes(found) == [("a.md:1", ["left"]), ("a.md:2", ["left"])]


def test_passages_come_in_pages(finder: MentionFinder) -> None:
    found = finder.find("Hananu")
    assert len(found) == 2
    assert found.passages(1, 1) == found.passages()[1:]
    assert found.passages(2, 1) == ()


def test_a_scope_holds_some_articles_only(finder: MentionFinder) -> None:
    scope = Scope(only=frozenset({"b.md"}))
    assert quotes(finder.find("Hananu", scope)) == [("b.md:1", ["Hananu"])]
    assert quotes(finder.find("baked", scope)) == [("b.md:1", ["baked"])]
    with pytest.raises(CitadelError, match="No article is like that"):
        finder.find("Hananu", Scope(only=frozenset({"gone.md"})))


def test_what_is_nothing_or_too_long_is_refused(finder: MentionFinder) -> None:
    with pytest.raises(CitadelError, match="The name is empty"):
        finder.find("  ")
    with pytest.raises(CitadelError, match="up to 500 characters"):
        finder.find("x" * 501)


def test_a_record_names_the_place_by_offsets(finder: MentionFinder) -> None:
    found = finder.find("HRW")
    article = found.by_article[0][0]
    record = mention_record(found.passages()[1], article)
    start = SIEGE.index("=SUM")
    at = SIEGE.index("HRW on")
    assert record == {
        "id": "a.md:2",
        "source": "a.md",
        "title": "The Siege",
        "publisher": "The Courier",
        "date": "2016-12",
        "url": "https://example.org/siege",
        "section": "After",
        "paragraph": 2,
        "page": None,
        "place": None,
        "start": start,
        "end": len(SIEGE) - 1,
        "text": SIEGE[start:-1],
        "mentions": [{"start": at, "end": at + 3, "text": "HRW"}],
    }


def test_json_lines_hold_the_records(finder: MentionFinder) -> None:
    found = finder.find("HRW")
    lines = list(exported(found, Format.JSON_LINES))
    article = found.by_article[0][0]
    assert [json.loads(line) for line in lines] == [
        mention_record(each, article) for each in found.passages()
    ]
    assert all(line.endswith("\n") for line in lines)


def test_a_spreadsheet_calculates_nothing_that_a_source_says(finder: MentionFinder) -> None:
    rows = list(csv.reader(io.StringIO("".join(exported(finder.find("HRW"), Format.CSV)))))
    assert tuple(rows[0]) == COLUMNS
    start, at = SIEGE.index("=SUM"), SIEGE.index("HRW on")
    assert rows[2] == [
        "a.md", "The Siege", "The Courier", "2016-12", "https://example.org/siege", "After", "2",
        "", "", "a.md:2", str(start), str(len(SIEGE) - 1), f"'{SIEGE[start:-1]}", "1", "HRW",
        f"{at}-{at + 3}", "",
    ]  # fmt: skip
    assert rows[1][13:15] == ["2", "Human Rights Watch; HRW"]


def test_what_is_printed_on_a_page_is_told_where_that_is_not_its_number(
    finder: MentionFinder,
) -> None:
    every = finder.find("HRW")
    found, article = every.passages()[0], every.by_article[0][0]
    paged = replace(found, passage=replace(found.passage, page=2, page_labels=("i", "ii")))
    assert mention_record(paged, article)["page_label"] == "ii"
    numbered = replace(found, passage=replace(found.passage, page=2, page_labels=("1", "2")))
    assert "page_label" not in mention_record(numbered, article)


def test_what_is_not_there_is_an_empty_file(finder: MentionFinder) -> None:
    found = finder.find("kangaroo")
    assert list(exported(found, Format.JSON_LINES)) == []
    assert list(exported(found, Format.CSV)) == [",".join(COLUMNS) + "\n"]
