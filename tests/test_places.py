from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Place, Span
from citadel.index.corpus.passages import Passage, split_article
from citadel.qa.answer.answers import Citation
from citadel.qa.answer.locators import (
    page_name,
    place_names,
    place_words,
    quoted_from,
    reference_parts,
)
from citadel.qa.cli.plain_text import place
from citadel.qa.page.article import render_article
from citadel.qa.page.locales import Locale
from tests.reading_here import read_article


@pytest.fixture
def article(tmp_path: Path) -> Article:
    (tmp_path / "report.md").write_text(
        "---\ntitle: A Report\nauthor: M. Olsen\npublisher: The Paper\ndate: 2021-03-04\n"
        "url: https://paper.example/?a=1&b=2\n---\nOne. Two.\n"
    )
    return read_article(tmp_path / "report.md")


@pytest.fixture
def passage(article: Article) -> Passage:
    [found] = split_article(article)
    return replace(found, page=7, page_breaks=(found.sentences[1].start,))


def test_a_reference_gives_page_and_address(article: Article, passage: Passage) -> None:
    articles = {article.source: article}
    told = "M. Olsen, A Report, The Paper, 4 March 2021, p. {}, paragraph 1, {}"
    assert ", ".join(reference_parts(passage, articles)) == told.format(7, article.url)
    assert ", ".join(reference_parts(passage, articles, passage.sentences[1])) == told.format(
        8, article.url
    )
    assert ", ".join(reference_parts(passage, {})) == "A Report, p. 7, paragraph 1"


ROWS = (Place(0, "sheet Dead, row 2"), Place(5, "sheet Dead, row 3"))


def test_a_quote_from_a_sheet_has_its_row() -> None:
    spans = (Span(0, 4), Span(5, 9))
    passage = Passage("a.xlsx", "A", "Dead", 1, 0, 9, "One. Two.", spans, places=ROWS)
    assert [page_name(passage, span) for span in spans] == [place.name for place in ROWS]
    assert page_name(passage) == "sheet Dead, row 2"
    assert place_names(passage, spans[1]) == ("", "sheet Dead, row 3", "paragraph 1")
    assert place_names(replace(passage, section="Homs")) == ("Homs", ROWS[0].name, "paragraph 1")
    assert ", ".join(reference_parts(passage, {}, spans[1])) == "A, sheet Dead, row 3, paragraph 1"


@pytest.mark.parametrize(
    ("place", "arabic", "french"),
    [
        ("row 12", "الصف 12", "ligne 12"),
        ("sheet Dead, row 2, row 3", "الورقة Dead, row 2، الصف 3", "feuille Dead, row 2, ligne 3"),
        ("at 0:01:23", "عند 0:01:23", "à 0:01:23"),
        ("slide 3", "slide 3", "slide 3"),
        ("", "", ""),
    ],
)
def test_rows_and_times_are_named_in_the_language_of_the_reader(
    place: str, arabic: str, french: str
) -> None:
    said = place_words(place)
    assert said == place
    assert (Locale("ar").told(said), Locale("fr").told(said)) == (arabic, french)


def test_the_rows_above_a_paragraph_are_named_so(article: Article) -> None:
    [plain] = split_article(article)
    start = plain.sentences[0].start
    placed = replace(article, places=(Place(start, "row 2"), Place(start + 5, "row 3")))
    passages = split_article(placed)
    assert page_name(passages[0]) == "row 2"
    assert "الصف 2 – الصف 3" in render_article(placed, passages, "gen-1", Locale("ar"))
    alone = replace(article, places=(Place(start, "row 2"),))
    shown = render_article(alone, split_article(alone), "gen-1", Locale("fr"))
    assert '<p class="page-mark" dir="auto">ligne 2</p>' in shown


def test_the_places_of_an_article_are_those_of_its_passages(article: Article) -> None:
    [plain] = split_article(article)
    one, two = plain.sentences
    places = (Place(one.start, "at 0:01"), Place(two.start, "at 0:07"), Place(9_999, "at 0:09"))
    placed = replace(article, places=places)
    [passage] = split_article(placed)
    assert passage == replace(plain, places=places[:2])
    assert [passage.place_of(span) for span in passage.sentences] == ["at 0:01", "at 0:07"]
    assert plain.place_of(one) == ""
    assert (
        '<p class="page-mark" dir="auto">at 0:01 – at 0:07</p><div class="paragraph'
        in render_article(placed, [passage], "gen-1")
    )
    assert "page-mark" not in render_article(article, [plain], "gen-1")
    assert place(passage) == (
        f"A Report · at 0:01 · paragraph 1 (report.md, {passage.start} to {passage.end})"
    )


def test_what_has_no_pages(passage: Passage) -> None:
    assert page_name(replace(passage, page=None), Span(1, 2)) == ""


def test_the_reading_view_leads_to_the_address(article: Article) -> None:
    html = render_article(article, split_article(article), "gen-1")
    assert (
        '<a class="published" href="https://paper.example/?a=1&amp;b=2" target="_blank" '
        'rel="noopener noreferrer" lang="en">As published</a>'
    ) in html


def test_what_is_quoted_from_is_counted_once() -> None:
    def passage(source: str, start: int) -> Passage:
        spans = (Span(start, start + 2), Span(start + 3, start + 5))
        return Passage(source, "T", "T", 1, start, start + 5, "A. B.", spans)

    def cited(source: str, start: int, sentence: int) -> Citation:
        of = passage(source, start)
        return Citation(1, of, of.sentences[sentence])

    one = cited("a.md", 0, 0)
    assert quoted_from([one]) == "1 article (1 passage)"
    assert quoted_from([one, cited("a.md", 0, 1)]) == "1 article (1 passage)"
    assert quoted_from([one, cited("a.md", 9, 0)]) == "1 article (2 passages)"
    assert quoted_from([one, cited("b.md", 0, 0)]) == "2 articles (2 passages)"
