"""Questions near one that the sources don't answer, made of what the articles say themselves. Pure.

Somebody who asks how old a person is may want to know who that is; and a heading that asks
something is the article's own question. Whether the sources answer them, a search has to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from citadel.index.corpus.articles import Article
from citadel.index.corpus.languages import ENGLISH
from citadel.index.retrieval.hits import Hit
from citadel.index.retrieval.lexical import content_words, fold, words
from citadel.qa.answer.person_names import introduction, is_group
from citadel.qa.answer.same_thing import telling_terms

_NEAR = 3
"""How many of the nearest passages are looked at."""

_SHARED = 2
_SHORTEST_NAME = 4


def near_questions(
    question: str, hits: Sequence[Hit], articles: Mapping[str, Article]
) -> tuple[str, ...]:
    """Return questions near one, the likeliest first.

    Args:
        question: What was searched for.
        hits: The passages that come nearest, best first.
        articles: All of them, by their file names.

    """
    near = [hit for hit in hits[:_NEAR] if articles[hit.passage.source].language == ENGLISH]
    found = [*_headings(question, near), *_people(question, near, articles)]
    return tuple(each for each in dict.fromkeys(found) if fold(each) != fold(question.strip()))


def _headings(question: str, hits: Sequence[Hit]) -> Iterator[str]:
    """Yield the headings that ask about what is asked about."""
    asked = telling_terms(question)
    for hit in hits:
        heading = hit.passage.section
        shared = asked & telling_terms(heading)
        if heading.endswith("?") and len(shared) >= max(_SHARED, len(asked) / 2):
            yield heading


def _people(question: str, hits: Sequence[Hit], articles: Mapping[str, Article]) -> Iterator[str]:
    """Yield “Who is …?” for those who are named in the question, and introduced by an article."""
    asked = {fold(each.surface) for each in content_words(words(question, ENGLISH))}
    for hit in hits:
        text = articles[hit.passage.source].text
        for word in words(hit.passage.text, ENGLISH):
            name = word.surface.removesuffix("'s").removesuffix("’s")
            if len(name) < _SHORTEST_NAME or not name[0].isupper() or fold(name) not in asked:
                continue
            introduced = introduction(name, text, len(text))
            full, role, _ = introduced.of(text).partition(",") if introduced else ("", "", "")
            if role and not is_group(full):
                yield f"Who is {full}?"
