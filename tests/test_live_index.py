import gc
import threading
import weakref
from pathlib import Path

import pytest

from citadel.index.retrieval.passage_index import PassageIndex
from citadel.qa.answer.answering import Answerer
from citadel.qa.page.library import article_list, article_view
from citadel.qa.service.live_index import LiveIndex, ServedIndex
from tests.small_index import articles_of, cheap_index

GONE = "This article is no longer among the sources."
CHANGED = "This answer came from an older version of the sources, which is no longer kept."


def index(snapshot: str, folder: Path, **texts: str) -> PassageIndex:
    return cheap_index(snapshot, articles_of(folder / snapshot, **texts))


@pytest.fixture
def live_index(tmp_path: Path) -> LiveIndex:
    return LiveIndex.of(Answerer(index("gen-1", tmp_path, a="One ferry.\n", b="In 1999.\n")))


def renew(live_index: LiveIndex, snapshot: str, folder: Path, **texts: str) -> None:
    live_index.swap(live_index.current.answerer.over(index(snapshot, folder, **texts)))


def test_an_answer_is_read_in_the_snapshot_that_it_came_from(
    live_index: LiveIndex, tmp_path: Path
) -> None:
    before = article_view(live_index.current, "a.md")
    assert "One ferry." in before[0]
    renew(live_index, "gen-2", tmp_path, a="Two ferries.\n")
    now = article_view(live_index.current, "a.md")
    assert "Two ferries." in now[0]
    assert article_view(live_index.current, "a.md", "gen-1") == before
    assert article_view(live_index.current, "a.md", "gen-2") == now
    assert "In 1999." in article_view(live_index.current, "b.md", "gen-1")[1]
    assert GONE in article_view(live_index.current, "b.md")[0]
    assert GONE in article_view(live_index.current, "b.md")[1]


def test_an_answer_of_a_snapshot_that_is_not_kept_says_so(
    live_index: LiveIndex, tmp_path: Path
) -> None:
    for name in ("gen-2", "gen-3", "gen-4"):
        renew(live_index, name, tmp_path, a="Two ferries.\n")
    now = article_view(live_index.current, "a.md")
    assert [articles.snapshot for articles in live_index.current.former] == ["gen-3", "gen-2"]
    article, dates = article_view(live_index.current, "a.md", "gen-1")
    assert CHANGED in article
    assert article.endswith(now[0])
    assert dates == now[1]
    assert GONE in article_view(live_index.current, "b.md", "gen-1")[0]


def test_the_index_that_is_left_is_not_kept(live_index: LiveIndex, tmp_path: Path) -> None:
    left = weakref.ref(live_index.current.answerer)
    vectors = weakref.ref(live_index.current.answerer.index.piece_counts)
    renew(live_index, "gen-2", tmp_path, a="Two ferries.\n")
    gc.collect()
    assert (left(), vectors()) == (None, None)


def test_followers_are_told(live_index: LiveIndex, tmp_path: Path) -> None:
    seen: list[ServedIndex] = []
    live_index.follow(seen.append)
    renew(live_index, "gen-2", tmp_path, a="Two ferries.\n")
    assert seen == [live_index.current]
    assert "1 article" in article_list(seen[0].articles)


def test_no_answer_is_made_of_two_snapshots(live_index: LiveIndex, tmp_path: Path) -> None:
    """Questions are asked while snapshots come and go; each answer is wholly of one."""
    said = {"gen-1": "One ferry.", "gen-2": "Two ferries."}
    others = [
        live_index.current.answerer,
        live_index.current.answerer.over(index("gen-2", tmp_path, a="Two ferries.\n")),
    ]
    answered: list[tuple[str, str, bool]] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            served = live_index.current
            answer = served.answerer.answer("ferry ferries")
            text = answer.hits[0].passage.text
            shown = text in article_view(served, "a.md", answer.snapshot)[0]
            answered.append((answer.snapshot, text, shown))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for turn in range(50):
        live_index.swap(others[turn % 2])
    while len(answered) < 200:
        live_index.swap(others[len(answered) % 2])
    done.set()
    for thread in threads:
        thread.join()
    assert set(answered) <= {(name, text, True) for name, text in said.items()}
