import gc
import threading
import weakref
from pathlib import Path

import pytest

from index.passage_index import PassageIndex
from qa.answering import Answerer
from qa.editions import Edition, Editions
from tests.small_index import articles_of, cheap_index

GONE = "This article is no longer among the sources."
CHANGED = "This answer came from an older version of the sources, which is no longer kept."


def index(generation: str, folder: Path, **texts: str) -> PassageIndex:
    return cheap_index(generation, articles_of(folder / generation, **texts))


@pytest.fixture
def editions(tmp_path: Path) -> Editions:
    return Editions.of(Answerer(index("gen-1", tmp_path, a="One ferry.\n", b="In 1999.\n")))


def renew(editions: Editions, generation: str, folder: Path, **texts: str) -> None:
    editions.renew(editions.current.answerer.over(index(generation, folder, **texts)))


def test_an_answer_is_read_in_the_generation_that_it_came_from(
    editions: Editions, tmp_path: Path
) -> None:
    before = editions.current.view("a.md")
    assert "One ferry." in before[0]
    renew(editions, "gen-2", tmp_path, a="Two ferries.\n")
    now = editions.current.view("a.md")
    assert "Two ferries." in now[0]
    assert editions.current.view("a.md", "gen-1") == before
    assert editions.current.view("a.md", "gen-2") == now
    assert "In 1999." in editions.current.view("b.md", "gen-1")[1]
    assert GONE in editions.current.view("b.md")[0]
    assert GONE in editions.current.view("b.md")[1]


def test_an_answer_of_a_generation_that_is_not_kept_says_so(
    editions: Editions, tmp_path: Path
) -> None:
    for name in ("gen-2", "gen-3", "gen-4"):
        renew(editions, name, tmp_path, a="Two ferries.\n")
    now = editions.current.view("a.md")
    assert [articles.generation for articles in editions.current.former] == ["gen-3", "gen-2"]
    article, dates = editions.current.view("a.md", "gen-1")
    assert CHANGED in article
    assert article.endswith(now[0])
    assert dates == now[1]
    assert GONE in editions.current.view("b.md", "gen-1")[0]


def test_the_index_that_is_left_is_not_kept(editions: Editions, tmp_path: Path) -> None:
    left = weakref.ref(editions.current.answerer)
    vectors = weakref.ref(editions.current.answerer.index.piece_counts)
    renew(editions, "gen-2", tmp_path, a="Two ferries.\n")
    gc.collect()
    assert (left(), vectors()) == (None, None)


def test_followers_are_told(editions: Editions, tmp_path: Path) -> None:
    seen: list[Edition] = []
    editions.follow(seen.append)
    renew(editions, "gen-2", tmp_path, a="Two ferries.\n")
    assert seen == [editions.current]
    assert "1 article" in seen[0].articles.list()


def test_no_answer_is_made_of_two_generations(editions: Editions, tmp_path: Path) -> None:
    """Questions are asked while generations come and go; each answer is wholly of one."""
    said = {"gen-1": "One ferry.", "gen-2": "Two ferries."}
    others = [
        editions.current.answerer,
        editions.current.answerer.over(index("gen-2", tmp_path, a="Two ferries.\n")),
    ]
    answered: list[tuple[str, str, bool]] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            edition = editions.current
            answer = edition.answerer.answer("ferry ferries")
            text = answer.hits[0].passage.text
            shown = text in edition.view("a.md", answer.generation)[0]
            answered.append((answer.generation, text, shown))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(50):
        editions.renew(others[turn % 2])
    while len(answered) < 200:
        editions.renew(others[len(answered) % 2])
    done.set()
    for thread in threads:
        thread.join()
    assert set(answered) <= {(name, text, True) for name, text in said.items()}
