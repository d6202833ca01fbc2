"""The JSON of the HTTP API. An answer is what ``ask --json`` and ``ask --batch`` write.

pydantic checks what comes in; what goes out is made by ``answer_record`` and only described here.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.corpus.scope import Scope
from citadel.index.errors import CitadelError
from citadel.qa.answer.answers import publication
from citadel.qa.answer.intent import MAX_QUESTION
from citadel.qa.service.live_index import Articles

MAX_HISTORY = 20
"""How many earlier questions may come with one; a follow-up leans on the last few."""

# The form is described only: ``Scope`` refuses another one in words, not by a regular expression.
_Date = Annotated[
    str,
    Field(
        max_length=100,
        examples=["2016-12"],
        json_schema_extra={"pattern": r"^(\d{4}(-\d{2}(-\d{2})?)?)?$"},
    ),
]
_Names = Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=200)]


_UNKNOWN = "Empty where it is not known."
_PAGE = "From 1; left out or null for what has no pages."
_PAGE_LABEL = "What is printed on it, “iii”; left out or null where that is its number."
_PLACE = "The row or time, “sheet Deaths, row 12”; left out or null for what has neither."

_DOUBTS = (
    "Why the text may be otherwise than it was written, “layout uncertain”; left out, null or "
    "empty where nothing speaks for that."
)


class _Request(BaseModel):
    # A misspelt “scop” must not search in everything.
    model_config = ConfigDict(extra="forbid")


class ScopeRequest(_Request):
    """Which articles to search; what is left out asks for nothing."""

    only: _Names = Field(default=[], description="File names of the articles to search.")
    without: _Names = Field(default=[], description="File names of those to leave out.")
    publishers: _Names = Field(default=[], description="Who may have published it.")
    languages: _Names = Field(default=[], description="ISO 639-1 codes.")
    since: _Date = Field(default="", description="A year, month or day: articles from then on.")
    until: _Date = Field(default="", description="The same: articles up to then.")

    def scope(self) -> Scope:
        """Return what is searched.

        Raises:
            CitadelError: A date is not one.

        """
        return Scope.of(self.model_dump())


class AskRequest(_Request):
    """A question, as a line of ``ask --batch`` has it, without its “id”."""

    question: str = Field(
        min_length=1, max_length=MAX_QUESTION, examples=["Who leads Jaish Halab?"]
    )
    history: list[Annotated[str, Field(max_length=MAX_QUESTION)]] = Field(
        default=[], max_length=MAX_HISTORY, description="The earlier questions, oldest first."
    )
    scope: ScopeRequest = ScopeRequest()
    top_k: int = Field(
        default=5, ge=1, le=50, strict=True, description="How many passages to list."
    )


class LeadRecord(BaseModel):
    """A sentence to read before a quote, from ``start`` to ``end`` in the same stored text."""

    quote: str
    start: int
    end: int


class QuoteRecord(BaseModel):
    """A sentence of the stored text of its source, from ``start`` to ``end``, in code points."""

    quote: str
    source: str
    start: int
    end: int
    passage: int = Field(description="The rank of the passage that it stands in.")
    page: int | None = Field(default=None, description=_PAGE)
    page_label: str | None = Field(default=None, description=_PAGE_LABEL)
    place: str | None = Field(default=None, description=_PLACE)
    doubts: list[str] | None = Field(default=None, description=_DOUBTS)
    reported: bool | None = Field(
        default=None,
        description="Whether it is what somebody said or wrote, rather than the article's own "
        "words. Left out or null where that is not known: in other languages than English.",
    )
    speaker: str | None = Field(
        default=None,
        description="Who that is, as the article introduces them; empty where it isn't plain.",
    )
    speaker_named: Literal["here", "earlier", "later", "nowhere"] | None = Field(
        default=None, description="Whether they are named in the quote, before or after it."
    )
    before: list[LeadRecord] | None = Field(
        default=None,
        description="What to read before a quote that begins with “he” or “it”: none before one "
        "that stands alone.",
    )


class ClaimRecord(QuoteRecord):
    """A sentence that gives another value for what is asked than others do."""

    value: str = Field(description="As it stands in the sentence, “more than 600”.")
    value_start: int
    value_end: int
    value_dated: str | None = Field(
        default=None,
        description="The date that it is of, as the sentence has it, where the values are of "
        "different dates and may all be right: a toll that rises.",
    )


class HitRecord(BaseModel):
    """A passage that was found. ``source:paragraph`` is its id."""

    rank: int
    source: str
    title: str
    section: str
    paragraph: int
    start: int
    end: int
    text: str
    score: float = Field(description="Higher is better.")
    publisher: str = Field(description=_UNKNOWN)
    date: str = Field(description=f"Of publication: a year, month or day. {_UNKNOWN}")
    url: str = Field(description=f"Where the article is published. {_UNKNOWN}")
    page: int | None = Field(default=None, description=_PAGE)
    page_label: str | None = Field(default=None, description=_PAGE_LABEL)
    place: str | None = Field(default=None, description=_PLACE)
    doubts: list[str] | None = Field(default=None, description=_DOUBTS)


class AnswerRecord(BaseModel):
    """An answer, or that the sources don't answer."""

    question: str
    searched_for: str = Field(description="What a follow-up was understood as.")
    status: Literal["answered", "possible", "not_found", "small_talk"]
    confidence: float = Field(description="The probability that the sources answer, 0 to 1.")
    answers: list[QuoteRecord]
    conflicts: list[ClaimRecord] = Field(
        description="Different values that sentences give for what is asked, in reading order: "
        "none of them is preferred. Empty where no two are found to differ."
    )
    nearest_question: str = Field(
        description="Where there is no answer, a question near it that the sources do answer, or "
        "empty. It is no citation."
    )
    passages: list[HitRecord]
    sources: dict[str, str] = Field(description="The SHA-256 of the stored text of each source.")
    index: str = Field(description="The snapshot of the index that answered.")
    elapsed_ms: float


class PassageRecord(BaseModel):
    """A paragraph of an article; paragraph 0 is its header."""

    id: str
    index: str
    source: str
    title: str
    section: str
    paragraph: int
    start: int
    end: int
    text: str
    publisher: str = Field(description=_UNKNOWN)
    date: str = Field(description=f"Of publication: a year, month or day. {_UNKNOWN}")
    url: str = Field(description=f"Where the article is published. {_UNKNOWN}")
    page: int | None = Field(description=_PAGE)
    page_label: str | None = Field(description=_PAGE_LABEL)
    place: str | None = Field(description=_PLACE)
    doubts: list[str] = Field(description=_DOUBTS)

    @classmethod
    def of(cls, passage: Passage, article: Article, snapshot: str) -> PassageRecord:
        """Describe a passage of an article of a snapshot."""
        whole = Span(passage.start, passage.end)
        return cls(
            id=f"{passage.source}:{passage.paragraph}",
            index=snapshot,
            source=passage.source,
            title=passage.title,
            section=passage.section,
            paragraph=passage.paragraph,
            start=passage.start,
            end=passage.end,
            text=passage.text,
            **publication(article),
            page=passage.page_of(whole),
            page_label=passage.printed_page_of(whole) or None,
            place=passage.place_of(whole) or None,
            doubts=list(passage.doubts_about(whole)),
        )


class ArticleRecord(BaseModel):
    """What is known about an article; what is not known is empty."""

    source: str
    title: str
    subtitle: str
    author: str
    publisher: str
    date: str
    language: str
    url: str
    origin: str
    paragraphs: int

    @classmethod
    def of(cls, article: Article, paragraphs: int) -> ArticleRecord:
        """Describe an article of this many paragraphs."""
        known = cls.model_fields.keys() - {"paragraphs"}
        return cls(**{name: getattr(article, name) for name in known}, paragraphs=paragraphs)


class ArticlesRecord(BaseModel):
    """The articles of the snapshot that is served, in the order of their names."""

    index: str
    articles: list[ArticleRecord]


class AdditionRecord(BaseModel):
    """A file that was sent to be added, and what became of it so far."""

    id: str
    name: str
    stage: Literal["waiting", "reading", "embedding", "added", "refused"]
    detail: str = Field(description="Why it waits or was refused; else empty.")
    done: int = Field(description="How many texts of it and of what waits with it are embedded.")
    total: int = Field(description="How many have to be.")
    articles: list[ArticleRecord] = Field(description="What it gave to the collection.")
    notes: list[str] = Field(description="What was left out, mended or guessed.")
    failures: list[str] = Field(description="What in it could not be read.")
    index: str = Field(description="The snapshot that has it; empty before there is one.")


class CorrectionRequest(_Request):
    """What is known better about an article; what is left out stays, "" is what the file tells."""

    title: str | None = Field(default=None, description="Its title, as published.")
    author: str | None = Field(default=None, description="Who wrote it.")
    publisher: str | None = Field(default=None, description="Who published it.")
    date: str | None = Field(
        default=None, description="When: 2016, 2016-12, 2016-12-05 or “5 December 2016”."
    )
    url: str | None = Field(
        default=None, description="Where it is published, beginning with https://."
    )


class HealthRecord(BaseModel):
    """That the server runs."""

    status: Literal["ok"] = "ok"


class ReadyRecord(BaseModel):
    """That questions are answered as they were when the index was built."""

    status: Literal["ready"] = "ready"
    index: str
    behind: str = Field(
        description="Why this is not the newest snapshot, a sentence; empty where it is."
    )


class InvalidPart(BaseModel):
    """A part of a request that is wrong."""

    pointer: str = Field(description="A JSON pointer into the body.")
    detail: str


class ProblemRecord(BaseModel):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[InvalidPart] = []


class UnknownPassageError(CitadelError):
    """No passage has this id."""


def list_articles(articles: Articles) -> ArticlesRecord:
    """Describe all articles."""
    return ArticlesRecord(
        index=articles.snapshot,
        articles=[
            ArticleRecord.of(article, sum(p.paragraph > 0 for p in articles.passages(article)))
            for article in articles.all
        ],
    )


def find_passage(articles: Articles, identifier: str) -> PassageRecord:
    """Return the passage of an id, “source:paragraph”.

    Raises:
        UnknownPassageError: There is none.

    """
    source, _, paragraph = identifier.rpartition(":")
    article = articles.named(source)
    if article is not None:
        for passage in articles.passages(article):
            if str(passage.paragraph) == paragraph:
                return PassageRecord.of(passage, article, articles.snapshot)
    raise UnknownPassageError(
        "There is no such passage; an id is the source of an article, a colon and the number of "
        "a paragraph, such as “article.md:7”."
    )
