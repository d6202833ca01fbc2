"""An answer, and the record of it that other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.index.retrieval.hits import Hit

NOTHING_KNOWN = {"publisher": "", "date": "", "url": ""}


def publication(article: Article) -> dict[str, str]:
    """Return what a citation names besides the title; what is not known is empty."""
    return {name: getattr(article, name) for name in NOTHING_KNOWN}


class Status(StrEnum):
    """How sure an answer is."""

    ANSWERED = "answered"
    POSSIBLE = "possible"
    NOT_FOUND = "not_found"
    SMALL_TALK = "small_talk"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sources say about a question; one that they don't answer has an Answer, too.

    Attributes:
        question: As it was asked.
        searched_for: What was searched for: the question itself, or what a follow-up stands for.
        status: Whether there is an answer.
        confidence: The probability that the sources answer the question, 0 to 1.
        citations: Best first; empty unless the status is answered or possible.
        hits: The best passages, best first; none for small talk. ``citation.number`` counts them
            from 1.
        notes: What the reader should know besides the quotes, a sentence each: another spelling
            that was matched, a language that the model does not read.
        snapshot: The identifier of the index that answered.
        elapsed_ms: Time taken, in milliseconds.
        sources: The SHA-256 of the stored text of each article among the hits, by its file name.
        about: Who published it, when and where, as ``publication`` gives it, by its file name.
        conflicts: What sentences give as different values of what is asked, in reading order: two
            or more, or none.
        nearest: Where there is no answer, a question near it that the sources do answer, or "".
        leans_on: The earlier questions without which a follow-up would be another one.

    """

    question: str
    searched_for: str
    status: Status
    confidence: float
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    notes: tuple[str, ...]
    snapshot: str
    elapsed_ms: float
    sources: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    conflicts: tuple[Claim, ...] = ()
    nearest: str = ""
    leans_on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an answer that contradicts itself."""
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"a confidence lies between 0 and 1, got {self.confidence}")
        if bool(self.citations) != (self.status in (Status.ANSWERED, Status.POSSIBLE)):
            raise ValueError(f"{len(self.citations)} citations do not go with {self.status}")
        for citation in (*self.citations, *(claim.citation for claim in self.conflicts)):
            if self.hits[citation.number - 1].passage != citation.passage:
                raise ValueError(f"citation {citation.number} names another passage than its own")


def answer_record(answer: Answer) -> dict[str, Any]:
    """Return an answer as the JSON object that ``ask --json`` and ``ask --batch`` write.

    The keys and their meaning are a contract that other programs build on.
    """
    return {
        "question": answer.question,
        "searched_for": answer.searched_for,
        "status": answer.status.value,
        "confidence": round(answer.confidence, 4),
        "answers": [_quoted(citation) for citation in answer.citations],
        "conflicts": [
            {
                "value": claim.written,
                "value_start": claim.value.start,
                "value_end": claim.value.end,
                **({"value_dated": claim.dated} if claim.dated else {}),
                **_quoted(claim.citation),
            }
            for claim in answer.conflicts
        ],
        "nearest_question": answer.nearest,
        "passages": [
            {
                "rank": rank,
                "source": hit.passage.source,
                "title": hit.passage.title,
                "section": hit.passage.section,
                "paragraph": hit.passage.paragraph,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": round(hit.score, 4),
                **answer.about.get(hit.passage.source, NOTHING_KNOWN),
                **_page(hit.passage, Span(hit.passage.start, hit.passage.end)),
                **_doubts(hit.passage, Span(hit.passage.start, hit.passage.end)),
            }
            for rank, hit in enumerate(answer.hits, start=1)
        ],
        "sources": dict(answer.sources),
        "index": answer.snapshot,
        "elapsed_ms": round(answer.elapsed_ms, 1),
    }


def _quoted(citation: Citation) -> dict[str, Any]:
    return {
        "quote": citation.quote,
        "source": citation.passage.source,
        "start": citation.span.start,
        "end": citation.span.end,
        "passage": citation.number,
        **_page(citation.passage, citation.span),
        **_doubts(citation.passage, citation.span),
        **_account(citation),
    }


def _page(passage: Passage, span: Span) -> dict[str, int | str]:
    """Return the page, and what it is called if not by its number; else the row or time, if any."""
    page, place = passage.page_of(span), passage.place_of(span)
    if page is not None:
        label = passage.printed_page_of(span)
        return {"page": page, "page_label": label} if label else {"page": page}
    return {"place": place} if place else {}


def _doubts(passage: Passage, span: Span) -> dict[str, list[str]]:
    """Return why a text may be otherwise than it was written, where it may."""
    doubts = passage.doubts_about(span)
    return {"doubts": [doubt.value for doubt in doubts]} if doubts else {}


def _account(citation: Citation) -> dict[str, Any]:
    """Return whose account a quote is and what to read before it, where that is known."""
    account = citation.account
    if account is None:
        return {}
    return {
        "reported": account.reported,
        "speaker": account.speaker,
        "speaker_named": account.named.value,
        "before": [
            {"quote": lead.text, "start": lead.span.start, "end": lead.span.end}
            for lead in citation.before
        ],
    }


class Named(StrEnum):
    """Where the speaker of a quote is named."""

    HERE = "here"
    EARLIER = "earlier"
    LATER = "later"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account a quote is.

    Attributes:
        reported: Whether it is what somebody said or wrote, rather than the article's own words.
        speaker: Who that is, as the article introduces them; "" where it isn't plain.
        named: Where they are named: in the quote, or before or after it.

    """

    reported: bool
    speaker: str
    named: Named


NARRATED = Account(False, "", Named.NOWHERE)


@dataclass(frozen=True, slots=True)
class Lead:
    """A sentence to read before a quote, because it names what the quote points at.

    Attributes:
        span: The sentence, by its offsets in the stored text of the article of the quote.
        text: The slice itself.
        runs_on: Whether what is shown next follows it directly in the article.

    """

    span: Span
    text: str
    runs_on: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence quoted from a passage. The quote is sliced, so it can't be invented.

    Attributes:
        number: The rank of the passage among those shown, from 1: the “[1]” of the page.
        passage: The passage that holds the quote.
        span: The quote, by its offsets in the stored text of the article.
        date_warning: What is wrong with the quoted text itself, in one sentence, or "".
        repeats: Whether it says the same as the citation before it, from another article.
        account: Whose account it is; None where that is not known.
        before: What to read before it, in reading order.

    """

    number: int
    passage: Passage
    span: Span
    date_warning: str = ""
    repeats: bool = False
    account: Account | None = None
    before: tuple[Lead, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a quote that does not lie within its passage."""
        if self.span.start < self.passage.start or self.span.end > self.passage.end:
            raise ValueError(
                f"the quote {self.span.start} to {self.span.end} is outside its passage, "
                f"{self.passage.start} to {self.passage.end} in {self.passage.source}"
            )

    @property
    def quote(self) -> str:
        """The quoted text, character for character as it stands in the source."""
        return self.passage.quote(self.span)


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that a sentence gives for what is asked, where other sentences give other values.

    Attributes:
        citation: The sentence, with its account.
        value: The value, by its offsets in the stored text of the article.
        dated: The date that it is of, as the sentence writes it, where the values are of
            different dates and may all be right: a toll that rises; else "".

    """

    citation: Citation
    value: Span
    dated: str = ""

    def __post_init__(self) -> None:
        """Refuse a value that does not lie within its sentence."""
        sentence = self.citation.span
        if not sentence.start <= self.value.start < self.value.end <= sentence.end:
            raise ValueError(f"the value {self.value} is outside its sentence, {sentence}")

    @property
    def written(self) -> str:
        """The value, character for character as it stands in the source."""
        return self.citation.passage.quote(self.value)

    @property
    def labelled(self) -> str:
        """The value, with the date that it is of where that distinguishes it from the others."""
        return f"{self.written} ({self.dated})" if self.dated else self.written
