"""Texts that are known word by word, with what a reader of files is known to stumble over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from citadel.index.corpus.articles import Article
from citadel.index.corpus.passages import Passage, split_article


class Look(Enum):
    """How a piece of text looks."""

    PLAIN = "plain"
    BOLD = "bold"
    MARK = "the mark of a note"
    POWER = "an exponent"
    STRUCK = "struck through"
    HIDDEN = "hidden"


WITHDRAWN = frozenset({Look.STRUCK, Look.HIDDEN})
"""Looks of text that nobody may quote."""

NOTE = "See the county."
"""What every footnote says."""

RUNNING_HEAD = "The Herald, special edition"
"""What stands above pages that have a running head; on one page nothing sets it apart."""

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one look."""

    text: str
    look: Look = Look.PLAIN


@dataclass(frozen=True, slots=True)
class TrueSentence:
    """A sentence as its author wrote it."""

    pieces: tuple[Piece, ...]

    @property
    def looks(self) -> frozenset[Look]:
        """The looks of its pieces."""
        return frozenset(piece.look for piece in self.pieces)

    @property
    def withdrawn(self) -> bool:
        """Whether nobody may quote it."""
        return bool(self.looks & WITHDRAWN)

    def readings(self) -> tuple[str, ...]:
        """Return the texts that say what it says; a mark may be left out, or stand in brackets."""
        return tuple(dict.fromkeys("".join(self._read(brackets=b)) for b in (False, True)))

    def _read(self, *, brackets: bool) -> Iterator[str]:
        for piece in self.pieces:
            if piece.look is Look.POWER:
                yield piece.text.translate(_SUPERSCRIPTS)
            elif piece.look is not Look.MARK:
                yield piece.text
            elif brackets:
                yield f"[{piece.text}]"


@dataclass(frozen=True, slots=True)
class TrueBlock:
    """A heading or a paragraph."""

    sentences: tuple[TrueSentence, ...]
    heading: bool = False


@dataclass(frozen=True, slots=True)
class TrueTable:
    """A table: the headings of its columns, and its rows."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """A text that is known word by word."""

    title: str
    author: str
    date: str
    blocks: tuple[TrueBlock, ...]
    table: TrueTable | None

    def sentences(self) -> Iterator[TrueSentence]:
        """Yield all sentences, headings among them."""
        return (sentence for block in self.blocks for sentence in block.sentences)

    def fitted(self, looks: frozenset[Look], *, tables: bool, unicode: bool) -> Truth:
        """Return what of it a writer can write: without other looks, tables or letters."""
        blocks: list[TrueBlock] = []
        for block in self.blocks:
            kept = tuple(
                sentence
                for sentence in block.sentences
                if sentence.looks <= looks | {Look.PLAIN} and (unicode or _is_western(sentence))
            )
            if kept:
                blocks.append(replace(block, sentences=kept))
        return replace(self, blocks=tuple(blocks), table=self.table if tables else None)


_STUMBLING_BLOCKS = (
    (
        (Piece("The county counted 412"), Piece("3", Look.MARK), Piece(" closures.")),
        (Piece("The marsh covers 30 km"), Piece("2", Look.POWER), Piece(" of land.")),
        (Piece("Nobody "), Piece("ever", Look.BOLD), Piece(" measured it again.")),
    ),
    (
        (Piece("The bridge was built by a single man.", Look.STRUCK),),
        (Piece("Ask the lawyers before this line is printed.", Look.HIDDEN),),
        (Piece("The council met twice, and nobody spoke."),),
    ),
    (
        (Piece("Der Fährmann aus Łódź schwieg, weil „Größe“ nichts gilt."),),
        (Piece("Паром идёт через реку каждый день."),),
        (Piece("يعبر القارب النهر كل يوم منذ عام ألفين."),),
    ),
)
_TABLE = TrueTable(
    ("District", "Killed", "Wounded"),
    (("Marjeh", "12", "40"), ("Hananu", "1,203", "77"), ("Sukkari", "5", "none")),
)


def truths(articles: Sequence[Article], paragraphs: int) -> list[Truth]:
    """Turn each article into a text with this many of its paragraphs, and what is hard to read."""
    return [_truth(article, paragraphs) for article in articles]


def plain_truth(article: Article) -> Truth:
    """Make a text of an article as it is: its headings, and the sentences of its paragraphs."""
    blocks = _blocks(article, split_article(article))
    return Truth(article.title, article.author, article.date, tuple(blocks), None)


def _truth(article: Article, paragraphs: int) -> Truth:
    blocks = _blocks(article, split_article(article)[:paragraphs])
    middle = next((n for n in range(2, len(blocks)) if not blocks[n - 1].heading), len(blocks))
    blocks[middle:middle] = [
        TrueBlock(tuple(map(TrueSentence, sentences))) for sentences in _STUMBLING_BLOCKS
    ]
    return Truth(article.title, article.author, article.date, tuple(blocks), _TABLE)


def _blocks(article: Article, passages: Sequence[Passage]) -> list[TrueBlock]:
    """Return some passages of an article, each section below its heading."""
    sections = {passage.section for passage in passages if passage.section != article.title}
    blocks: list[TrueBlock] = []
    for passage in passages:
        if passage.section in sections:
            sections.discard(passage.section)
            blocks.append(TrueBlock((_plain(passage.section),), heading=True))
        texts = (" ".join(passage.quote(span).split()) for span in passage.sentences)
        blocks.append(TrueBlock(tuple(map(_plain, texts))))
    return blocks


def _plain(text: str) -> TrueSentence:
    return TrueSentence((Piece(text),))


def _is_western(sentence: TrueSentence) -> bool:
    text = "".join(piece.text for piece in sentence.pieces)
    return text.encode("cp1252", "ignore").decode("cp1252") == text
