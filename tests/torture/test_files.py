"""Hundreds of hostile files, and a thousand articles that come, change and go."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from citadel.index.build.build import build_index
from citadel.index.corpus.corpus import read_corpus
from citadel.index.corpus.passages import split_article
from citadel.index.corpus.source_folder import add_sources, remove_sources
from citadel.index.encoders.encoder import Encoder
from citadel.index.snapshots.loading import load, load_articles
from citadel.index.snapshots.snapshots import read_manifest
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Status
from tests.hostile_files import write_costly_files, write_hostile_files
from tests.test_hostile_files import check

pytestmark = [pytest.mark.torture, pytest.mark.timeout(3600)]

TOWNS = 1000
NAMES = ("Bera", "Calo", "Dimu", "Fosi", "Gune", "Halo", "Jipa", "Kero", "Lumi", "Nato")
"""Three of them in a row name a town: Beracalodimu."""


def test_hundreds_of_hostile_files_harm_no_other(tmp_path: Path) -> None:
    write_hostile_files(tmp_path, mutations=75)
    write_costly_files(tmp_path)
    check(tmp_path)


def town(number: int) -> str:
    parts = (NAMES[number // 10**place % 10] for place in (2, 1, 0))
    return "".join(parts).capitalize()


def article(number: int, people: int) -> str:
    name = town(number)
    return (
        f"---\ntitle: A year in {name}\ndate: 20{number % 20 + 10}-03\n---\n\n"
        f"The town of {name} lies on the river, {number + 3} kilometres from the sea.\n\n"
        f"## The ferry\n\nThe ferry of {name} carried {people} people in that year. "
        f"It was painted by a man from {town((number * 7 + 1) % TOWNS)}.\n"
    )


def write(folder: Path, numbers: Iterator[int] | range, people: int) -> list[str]:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number:04}.md").write_text(article(number, people + number), "utf-8")
    return [str(folder / f"{number:04}.md") for number in numbers]


def test_a_thousand_articles_come_change_and_go(tmp_path: Path, encoder: Encoder) -> None:
    sources, folder = tmp_path / "sources", tmp_path / "index"
    first = write(tmp_path / "first", range(TOWNS), 5000)
    assert len(add_sources(first, sources, replace=False).names) == TOWNS
    ask(build(sources, folder, encoder), folder, {17: 5017, 404: 5404, 999: 5999})
    changed = write(tmp_path / "changed", range(400, 500), 8000)
    assert len(add_sources(changed, sources, replace=True).names) == 100
    ask(build(sources, folder, encoder), folder, {17: 5017, 404: 8404, 999: 5999})
    assert len(remove_sources(["09*.md"], sources)) == 100
    answerer = build(sources, folder, encoder)
    assert read_manifest(folder).articles == 900
    ask(answerer, folder, {17: 5017, 404: 8404})
    gone = answerer.answer(f"How many people did the ferry of {town(999)} carry?", ())
    assert all("5999" not in citation.quote for citation in gone.citations)


def build(sources: Path, folder: Path, encoder: Encoder) -> Answerer:
    """Build an index; every passage and sentence of it is what stands in the stored text."""
    corpus = read_corpus(sources)
    assert corpus.failures == ()
    build_index(corpus.articles, folder, encoder, lambda _done, _total: None, sources)
    stored = load_articles(folder, read_manifest(folder))
    assert stored == corpus.articles
    for each in stored:
        assert each.text == (sources / each.source).read_text("utf-8")
        for passage in split_article(each):
            assert each.text[passage.start : passage.end] == passage.text
    return Answerer(load(folder, encoder))


def ask(answerer: Answerer, folder: Path, people: dict[int, int]) -> None:
    """Ask for what single articles say, and check each citation against the stored text."""
    texts = {each.source: each.text for each in load_articles(folder, read_manifest(folder))}
    for number, count in people.items():
        answer = answerer.answer(f"How many people did the ferry of {town(number)} carry?", ())
        # Of a thousand articles that say nearly the same, the right one is first; how sure the
        # answer then is depends on the weights.
        assert answer.status is not Status.NOT_FOUND
        assert answer.citations[0].passage.source == f"{number:04}.md"
        assert f"carried {count} people" in answer.citations[0].quote
        for citation in answer.citations:
            text = texts[citation.passage.source]
            assert text[citation.span.start : citation.span.end] == citation.quote
