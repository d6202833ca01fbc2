"""Two collections that answer the same questions differently, to judge a folder by."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from citadel.index.build.build import build_index, index_articles
from citadel.index.corpus.articles import Article
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.search import Query, search
from citadel.index.snapshots.loading import load_current, verify
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of

OLD = {"a": "One ferry crosses.\n\nIt takes an hour.\n", "b": "The bridge fell in May.\n"}
NEW = {"a": "Two ferries cross.\n\nThey take minutes.\n", "c": "The bridge stands again.\n"}
QUESTIONS = ("How does one cross?", "What of the bridge?", "How long does it take?")

Answers = tuple[tuple[tuple[str, float], ...], ...]


def cheap(_model: str) -> Encoder:
    return FakeEncoder()


def no_progress(_done: int, _total: int) -> None:
    """Show nothing."""


def answers(index: PassageIndex) -> Answers:
    """What an index finds for each question, with every score."""
    return tuple(
        tuple((hit.passage.text, hit.score) for hit in search(index, Query(question), 5).hits)
        for question in QUESTIONS
    )


@dataclass(frozen=True)
class Collections:
    """The articles of both, and what each answers.

    Attributes:
        old: Those that are served at first.
        new: Those that a build brings.
        answers: What each must answer.

    """

    old: tuple[Article, ...]
    new: tuple[Article, ...]
    answers: dict[str, Answers]

    @classmethod
    def at(cls, folder: Path) -> "Collections":
        """Write both into a folder and read them."""
        old, new = articles_of(folder / "old", **OLD), articles_of(folder / "new", **NEW)
        said = {
            name: answers(index_articles("gen-0", articles, FakeEncoder(), no_progress))
            for name, articles in (("old", old), ("new", new))
        }
        return cls(old, new, said)

    def build(self, name: str, folder: Path) -> None:
        """Build one of them into a folder."""
        build_index(getattr(self, name), folder, FakeEncoder(), no_progress)

    def served(self, folder: Path) -> str:
        """Which of them a folder serves, from its first to its last answer; else what is wrong."""
        try:
            said = answers(load_current(folder, cheap))
        except CitadelError as error:
            return f"lost: {error}"
        names = [name for name, expected in self.answers.items() if said == expected]
        return names[0] if names else "mixed"

    def sound(self, folder: Path) -> bool:
        """Whether nothing in a folder is damaged."""
        return not refusal(lambda: verify(folder, cheap))


def refusal(call: Callable[[], object]) -> str:
    """The sentence with which a call is refused; "" when it is not. Other errors go through."""
    try:
        call()
    except CitadelError as error:
        return str(error)
    return ""
