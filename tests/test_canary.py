from pathlib import Path

import pytest

from citadel.index.retrieval.canary import Canary, check_canary, choose_canary
from citadel.index.retrieval.passage_index import PassageIndex
from tests.small_index import articles_of, cheap_index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    sources: Path = tmp_path_factory.mktemp("sources")
    articles = articles_of(sources, a="One ferry.\n\nTwo bridges.\n\nThree long roads.\n")
    return cheap_index("gen-1", articles)


def test_the_question_that_is_found_most_clearly_is_chosen(index: PassageIndex) -> None:
    assert choose_canary(index) == Canary("Three long roads.", (2,))


def test_an_index_that_finds_what_it_found(index: PassageIndex) -> None:
    check_canary(index, Canary("Three long roads.", (2,)))
    check_canary(index, Canary("Two bridges, one ferry?", (0, 1)))


def test_an_index_that_finds_something_else(index: PassageIndex) -> None:
    with pytest.raises(ValueError, match=r"finds the passages 2 instead of 0$"):
        check_canary(index, Canary("Three long roads.", (0,)))


def test_a_collection_of_one_passage(tmp_path: Path) -> None:
    alone = cheap_index("gen-1", articles_of(tmp_path, a="One ferry.\n"))
    assert choose_canary(alone) == Canary("One ferry.", (0,))
