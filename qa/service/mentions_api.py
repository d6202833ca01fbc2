"""The part of the HTTP API that finds all mentions of a name, and lists the names there are."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.corpus.scope_names import check_names
from citadel.index.errors import CitadelError
from citadel.index.retrieval.name_index import IndexedName
from citadel.index.retrieval.written_names import NameKind
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.intent import MAX_QUESTION
from citadel.qa.answer.mention_records import Format, exported, mention_record
from citadel.qa.answer.mentions_of import AllMentions
from citadel.qa.service.parameters import require_known
from citadel.qa.service.problems import DescribedProblems
from citadel.qa.service.service import Service

MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON_LINES: "application/jsonl; charset=utf-8",
}
_BYTE_ORDER_MARK = {Format.CSV: "\ufeff", Format.JSON_LINES: ""}
"""Without it spreadsheets read a CSV file as if it were not UTF-8."""

_TEXT = {"schema": {"type": "string"}}
_OFFSET = "How many to leave out before."
_LIMIT = "How many to list at most."

Kind = Literal["person", "organisation", "place", "name"]


class PlaceRecord(BaseModel):
    """Where a name or a word stands in the stored text of its source, in code points."""

    start: int
    end: int
    text: str


class MentionRecord(BaseModel):
    """A passage that mentions what was asked for."""

    id: str
    source: str
    title: str
    publisher: str
    date: str
    url: str
    section: str
    paragraph: int
    page: int | None
    page_label: str | None = None
    place: str | None
    start: int
    end: int
    text: str
    doubts: list[str] | None = None
    mentions: list[PlaceRecord]


class WrittenRecord(BaseModel):
    """A way of writing something, and how often it stands in the collection."""

    text: str
    count: int


class ArticleCount(BaseModel):
    """How many passages of an article mention something."""

    source: str
    title: str
    passages: int


class MentionsRecord(BaseModel):
    """The passages that mention a name or have some words: so many from ``offset`` on."""

    asked: str
    name: str = Field(description="The name that it was taken for; empty for words.")
    kind: Kind | None = Field(description="Of the name; null for words.")
    words: list[str] = Field(description="The words that were looked for; none for a name.")
    corrected: str = Field(description="How it was read, where it does not stand there as typed.")
    missing: list[str] = Field(description="The words that stand in none of the passages.")
    written: list[WrittenRecord]
    articles: list[ArticleCount]
    total: int = Field(description="How many passages there are in all.")
    offset: int
    passages: list[MentionRecord]
    index: str


class NameRecord(BaseModel):
    """A person, an organisation or a place, or a name of which no article says what it is."""

    name: str
    kind: Kind
    written: list[WrittenRecord]
    mentions: int
    passages: int
    articles: int

    @classmethod
    def of(cls, name: IndexedName) -> NameRecord:
        """Describe a name."""
        return cls(
            name=name.text,
            kind=name.kind.value,
            written=_written(name.spellings),
            mentions=name.mentions,
            passages=len(name.passages),
            articles=name.articles,
        )


class NamesRecord(BaseModel):
    """The names of the collection, the most frequent first: so many from ``offset`` on."""

    total: int
    offset: int
    names: list[NameRecord]
    index: str


def add_mentions(api: FastAPI, service: Service, problems: DescribedProblems) -> None:
    """Let the API find mentions and list names."""
    _add_finding(api, service, problems)
    _add_names(api, service, problems)


def _add_finding(api: FastAPI, service: Service, problems: DescribedProblems) -> None:
    @api.get(
        "/api/mentions",
        summary="Find every mention of a name",
        response_model=MentionsRecord,
        responses={200: {"content": dict.fromkeys(MEDIA_TYPES.values(), _TEXT)}, **problems},
        # A misspelt “only” must not look into everything.
        dependencies=[Depends(require_known)],
    )
    async def mentions(
        name: Annotated[
            str, Query(max_length=MAX_QUESTION, description="A name, in any spelling.")
        ] = "",
        words: Annotated[
            str,
            Query(
                max_length=MAX_QUESTION,
                description="Words instead; those in quotation marks have to follow one another.",
            ),
        ] = "",
        only: Annotated[
            list[str], Query(max_length=200, description="File names of the articles to look into.")
        ] = [],  # noqa: B006
        offset: Annotated[int, Query(ge=0, description=_OFFSET)] = 0,
        limit: Annotated[int, Query(ge=1, le=500, description=_LIMIT)] = 50,
        format: Annotated[
            Literal["json", "csv", "jsonl"],
            Query(description="“csv” and “jsonl” give all the passages as a file."),
        ] = "json",
    ) -> MentionsRecord | Response:
        """Return every passage that mentions a name, in order, whatever it is spelt like."""
        answerer = service.live_index.current.answerer

        def answer() -> MentionsRecord | Response:
            found = _find(answerer, name, words, only)
            if format == "json":
                return _record(found, answerer.index.snapshot, offset, limit)
            return _file(found, Format(format))

        return await service.searches.run_async(answer)


def _add_names(api: FastAPI, service: Service, problems: DescribedProblems) -> None:
    @api.get(
        "/api/names",
        summary="List the names",
        responses=problems,
        dependencies=[Depends(require_known)],
    )
    async def names(
        kind: Annotated[Kind | None, Query(description="Only those of a kind.")] = None,
        contains: Annotated[
            str, Query(max_length=100, description="A part of the name, in any spelling.")
        ] = "",
        offset: Annotated[int, Query(ge=0, description=_OFFSET)] = 0,
        limit: Annotated[int, Query(ge=1, le=500, description=_LIMIT)] = 100,
    ) -> NamesRecord:
        """List people, organisations and places, the most frequent first."""
        answerer, of_kind = service.live_index.current.answerer, NameKind(kind) if kind else None
        chosen = await service.searches.run_async(
            lambda: answerer.finder.names.like(contains, of_kind)
        )
        listed = [NameRecord.of(each) for each in chosen[offset : offset + limit]]
        snapshot = answerer.index.snapshot
        return NamesRecord(total=len(chosen), offset=offset, names=listed, index=snapshot)


def _find(answerer: Answerer, name: str, words: str, only: list[str]) -> AllMentions:
    if bool(name) == bool(words):
        raise CitadelError("Give either “name” or “words”.")
    scope = Scope(only=frozenset(only)) if only else EVERYTHING
    check_names(scope, answerer.index.articles)
    return answerer.finder.find(name or words, scope, words_only=bool(words))


def _record(found: AllMentions, snapshot: str, offset: int, limit: int) -> MentionsRecord:
    articles = {article.source: article for article, _ in found.by_article}
    return MentionsRecord(
        asked=found.asked,
        name="" if found.name is None else found.name.text,
        kind=None if found.name is None else found.name.kind.value,
        words=list(found.words),
        corrected=found.corrected,
        missing=list(found.missing),
        written=_written(found.written),
        articles=[
            ArticleCount(source=article.source, title=article.title, passages=count)
            for article, count in found.by_article
        ],
        total=len(found),
        offset=offset,
        passages=[
            MentionRecord(**mention_record(each, articles[each.passage.source]))
            for each in found.passages(offset, limit)
        ],
        index=snapshot,
    )


def _written(spellings: tuple[tuple[str, int], ...]) -> list[WrittenRecord]:
    return [WrittenRecord(text=text, count=count) for text, count in spellings]


def _file(found: AllMentions, form: Format) -> Response:
    text = _BYTE_ORDER_MARK[form] + "".join(exported(found, form))
    return Response(
        text.encode("utf-8", "replace"),
        media_type=MEDIA_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="mentions.{form.value}"'},
    )
