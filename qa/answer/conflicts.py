"""Where sentences of the collection give different values for what is asked. Pure.

A table of such values says that the sources disagree, and has to be right. So two values are put
next to each other only where one sentence counts or dates once more what a sentence near it does,
or where two say the same of the same, apart from the value. No value is preferred. Signs of
English.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.retrieval.answer_types import ANSWER_TYPES, asked_types
from citadel.index.retrieval.hits import Hit
from citadel.qa.answer.answers import Account, Citation, Claim, Named
from citadel.qa.answer.figures import Figure, Kind, figures
from citadel.qa.answer.finding import split_question
from citadel.qa.answer.office_holders import Role, role_asked_for
from citadel.qa.answer.same_thing import (
    PEOPLE,
    asked_figure,
    qualifiers,
    same_counted,
    spread,
    telling_terms,
)
from citadel.qa.answer.timeline import Calendar, timeline
from citadel.qa.answer.told_apart import Apart, told_apart
from citadel.qa.answer.told_times import times_asked_for

Told = Callable[[Sequence[Citation]], tuple[Citation, ...]]
"""Returns citations with their accounts."""

_QUOTED = 3
_PAIR = 2
_NEXT_TO = 2
"""A sentence counts once more what one so many sentences before it does."""

_NEAR_THE_BEST = 5.0
_NEAR_IF_ALL_IS_SAID = 8.0
_NEAR_THE_LEAD = 8.0
_SCALE = 12.0
"""The score of a hit is an exponential of that of the ranking over this."""

_MOSTLY = 0.75
_APART = 2

_NOT_ASKED = re.compile(
    r"^\W*(?:why|list|how (?:do|does|did|is|are|was|were|can|could))\b"
    r"|\bhow (?:far|often)\b|\bhow many (?:\w+ )?times\b"
    r"|\b(?:each|both|compare[sd]?|respectively)\b"
    # What one of them says is no matter of the others.
    r"|\baccording to\b|\b(?:do|does|did)\b.*\b(?:say|report|claim|estimate|count|give|admit"
    r"|acknowledge|announce|document|put|think|reckon)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"\b(?:first|second|third|fourth|fifth|next|other|last(?!\W*$|\s(?:for|in)\b))\b", re.IGNORECASE
)
_COUNTS = (
    r"\b(?:count(?:s|ed)?|speaks? of|spoke of|spoken of|makes? it|made it|reckons?|arrived at"
    r"|comes to|document(?:s|ed)|record(?:s|ed)|register(?:s|ed)|estimate[sd]?|claim(?:s|ed)?"
    r"|mentions?|mentioned|announced|recogni[sz]e[sd]?|suggests?|figures? (?:of|is|was)"
    r"|acknowledge[sd]?|admit(?:s|ted)?|report(?:s|ed)?|found|wrote down|says?|said"
    r"|puts? (?:\S+ ){0,6}?(?:at|as)|has it at|gives?|gave|accepts?"
    r"|(?i:according to) [^.;]*? (?:it|they|there) (?:is|are|was|were))"
)
_RECOUNTS = re.compile(rf"{_COUNTS}(?: that)?(?: \S+){{0,5}}? ?$")
_TELLS_TIME = re.compile(
    rf"{_COUNTS}(?: that)?(?: (?:it|he|she|they|the \w+))?"
    r"(?: (?:is|was|were|lasted|took|fell|came|had been|has been|happened|turned|about|only|just"
    r"|for|at|aged))* ?$"
)
_GIVES_MONEY = re.compile(r"\b(?:gives?|gave|accepts?|put)\b")
_ENDS = re.compile(
    r"^(?:\s(?:in (?:total|all)|altogether|for the (?:same|whole) \w+))?"
    r"(?:\s*[,.;:)”\"]|\s(?:according|and|because|since|as|but|while|when|although|though|by)\b|\s*$)"
)
_DATES_IT = re.compile(
    r"\b(?:says|gives|gave|(?:is|was) dated|dates? \w+ (?:to|from)|puts? (?:it|(?:the|its) \w+)"
    r" (?:at|in|on|to|as)|has it)(?: it was)?(?: (?:in|on|at))?\s*$"
)
_PRONOUN = re.compile(
    r"^\W*(?:it|he|she|they|this|that|these|those|of|its|his|her|their)\b", re.IGNORECASE
)
_KIN = re.compile(
    r"(?:His|Her|Its) (?:[a-z]+ )?(?:sister|brother|mother|father|son|daughter|wife|husband|widow"
    r"|widower|family|lawyer|doctor|spokesman|spokeswoman|biographer|union|ministry|owner)\b"
)


def conflicts(
    question: str,
    citations: Sequence[Citation],
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
    told: Told,
) -> tuple[Claim, ...]:
    """Return the different values that sentences give for what is asked.

    Args:
        question: As it was searched for.
        citations: What is quoted, best first.
        hits: The best passages, best first.
        articles: All of them, by their file names.
        told: Adds to citations whose account they are.

    Returns:
        In reading order, two or more; none where no two differ for sure.

    """
    if not citations or _NOT_ASKED.search(question):
        return ()
    parts = split_question(question)
    if len(parts) > 1:
        # “Where was he buried, and how old was he when he died?”: the sources differ on one.
        timed = (part for part in parts if times_asked_for(part) is not None)
        own = (_of_one(part, citations, hits, articles, told) for part in timed)
        return next((claims for claims in own if claims), ())
    return _of_one(question, citations, hits, articles, told)


def _of_one(
    question: str,
    citations: Sequence[Citation],
    hits: Sequence[Hit],
    articles: Mapping[str, Article],
    told: Told,
) -> tuple[Claim, ...]:
    """Return the different values for a question that asks one thing."""
    types = dict(zip(ANSWER_TYPES, asked_types(question), strict=True))
    found = _Found(question, hits, articles, told, times_asked_for(question))
    claims: Sequence[Claim] = ()
    role = role_asked_for(question)
    if role is not None:
        claims = found.holders(citations, role)
    elif found.times is None and types["date"]:
        claims = found.dates(citations[0])
    elif found.times is not None or types["number"]:
        claims = found.figures(citations)
    return tuple(sorted(claims, key=lambda each: (each.citation.passage.source, each.value.start)))


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question, to be compared sentence by sentence."""

    question: str
    hits: Sequence[Hit]
    articles: Mapping[str, Article]
    told: Told
    times: Callable[[str], tuple[Figure, ...]] | None
    """What reads durations, ages or times of day, where those are asked for."""

    def figures(self, citations: Sequence[Citation]) -> tuple[Claim, ...]:
        """Return the first figure that others differ from, with those; none where there is none."""
        quoted = {(each.passage.source, each.span) for each in citations[:_QUOTED]}
        near = [
            each
            for each, below in self._ranked()
            if (each.passage.source, each.span) not in quoted
            and each.passage.source in {source for source, _ in quoted}
            and (
                below <= _NEAR_THE_BEST
                or (below <= _NEAR_IF_ALL_IS_SAID and self._says_all_asked(each))
            )
        ]
        for place, lead in enumerate([*citations[:_QUOTED], *near]):
            if not self._is_of_the_same(lead):
                continue
            within = self._within(lead, alone=place == 0)
            if within:
                return within
            figure = self._asked(lead.quote, alone=place == 0)
            if figure is None:
                continue
            others = [*self._counted_again(lead, figure)]
            if place == 0:
                others += self._restated(lead, figure)
            if others:
                return self._claims([(lead, figure.start, figure.end), *others])
            at_dates = self._at_dates(lead, figure) if place == 0 else ()
            if at_dates:
                return at_dates
        return ()

    def _at_dates(self, lead: Citation, figure: Figure) -> tuple[Claim, ...]:
        """Return figures that say the same of the same at different dates, each with its date."""
        dated = self._only_date(lead)
        if dated is None:
            return ()
        places = [(lead, figure.start, figure.end)]
        dates = {(lead.passage.source, lead.span): dated[0]}
        for other, start, end in self._restated(lead, figure, at_another_date=True):
            when = self._only_date(other)
            if when is not None:
                places.append((other, start, end))
                dates[other.passage.source, other.span] = when[0]
        return tuple(
            replace(claim, dated=dates[claim.citation.passage.source, claim.citation.span])
            for claim in self._claims(places)
        )

    def _asked(self, sentence: str, *, alone: bool) -> Figure | None:
        """Return the value of a sentence that answers the question; None where none plainly is."""
        if self.times is None:
            return asked_figure(self.question, sentence, alone=alone)
        found, asked = self.times(sentence), telling_terms(self.question)
        shared = len(asked & telling_terms(sentence))
        return found[0] if len(found) == 1 and 2 * shared >= max(len(asked), 2) else None

    def _values(self, sentence: str) -> tuple[Figure, ...]:
        return figures(sentence) if self.times is None else self.times(sentence)

    def _within(self, lead: Citation, *, alone: bool) -> tuple[Claim, ...]:
        """Return the two values that a sentence gives itself, each with whose it is."""
        [told] = self.told([lead])
        if told.account is None:
            return ()
        for apart in told_apart(lead.quote, self._values(lead.quote)):
            figure = self._asked(lead.quote[: apart.head], alone=alone)
            other = apart.figure
            if figure is None or not self._fits(figure, other, lead.quote):
                continue
            if figure.kind is other.kind and not figure.differs(other):
                continue
            if self._may_be_of_two(figure, apart, lead.quote):
                continue
            return (
                _claim(told, figure, apart.first_speaker),
                _claim(told, other, apart.speaker),
            )
        return ()

    def _may_be_of_two(self, figure: Figure, apart: Apart, sentence: str) -> bool:
        """Tell whether two values of a sentence may be of two things.

        That is so where another value stands between them, or somebody gave money.
        """
        between = [
            each
            for each in self._values(sentence)
            if figure.end <= each.start < apart.head and not each.part
        ]
        gave = _GIVES_MONEY.search(sentence[apart.head : apart.figure.start])
        return bool(between) or (figure.kind is Kind.MONEY and gave is not None)

    def dates(self, lead: Citation) -> tuple[Claim, ...]:
        """Return the date of a quoted sentence with those that others give; none where none do."""
        own = self._only_date(lead)
        if own is None:
            return ()
        claims = [(lead, *_place(lead, own[0]))]
        for other, below in self._ranked():
            date = self._only_date(other)
            if date is None or not _clash(own[1], date[1]):
                continue
            start, end = _place(other, date[0])
            again = 0 < _lines_after(lead, other) <= _NEXT_TO and bool(
                _DATES_IT.search(other.quote[:start])
            )
            if again or (below <= _NEAR_THE_LEAD and self._same_event(lead, other)):
                claims.append((other, start, end))
        return self._claims(claims)

    def holders(self, citations: Sequence[Citation], role: Role) -> tuple[Claim, ...]:
        """Return the names that a quoted sentence and another one give for the same; or none.

        One of the two has to be somebody's account, or they have to be of two articles: what an
        article tells in its own words it doesn't contradict itself.
        """
        for lead in citations[:_QUOTED]:
            own = role.holder(lead.quote)
            if own is None:
                continue
            claims = [(lead, own.start, own.end)]
            for other, below in self._ranked():
                found = role.holder(other.quote)
                if found is None or below > _NEAR_IF_ALL_IS_SAID or not own.differs(found):
                    continue
                if qualifiers(lead.quote) == qualifiers(other.quote) and self._of_two(lead, other):
                    claims.append((other, found.start, found.end))
            return self._claims(claims)
        return ()

    def _of_two(self, lead: Citation, other: Citation) -> bool:
        """Tell whether two sentences are of two articles, or one is what somebody says."""
        accounts = [cited.account for cited in self.told([lead, other])]
        if lead.passage.source != other.passage.source:
            return True
        speakers = [each.speaker if each.reported else "" for each in accounts if each is not None]
        return len(speakers) == _PAIR and speakers[0] != speakers[1]

    def _claims(self, places: Sequence[tuple[Citation, int, int]]) -> tuple[Claim, ...]:
        """Return what several sentences claim, each once; none of what is in other languages."""
        unique = {(cited.passage.source, cited.span): (cited, a, b) for cited, a, b in places}
        told = self.told([cited for cited, _, _ in unique.values()])
        claims = tuple(
            Claim(
                _without_wrong_account(cited, cited.quote[:start]),
                Span(cited.span.start + start, cited.span.start + end),
            )
            for cited, (_, start, end) in zip(told, unique.values(), strict=True)
            if cited.account is not None
        )
        return claims if len(claims) > 1 else ()

    def _ranked(self) -> list[tuple[Citation, float]]:
        """Return all sentences, best first, with how far each is below the best."""
        found = [
            (Citation(number, hit.passage, each.span), each.score)
            for number, hit in enumerate(self.hits, start=1)
            for each in hit.sentences
            if each.score > 0
        ]
        best = max((score for _, score in found), default=1.0)
        found.sort(key=lambda each: -each[1])
        return [(cited, _SCALE * math.log(best / score)) for cited, score in found]

    def _counted_again(self, lead: Citation, figure: Figure) -> Iterator[tuple[Citation, int, int]]:
        """Yield the figures of “The ministry acknowledges 18” near “WDI counts 43 deaths”."""
        for other, _ in self._ranked():
            apart = _lines_after(lead, other)
            if not 0 < abs(apart) <= _NEXT_TO or (
                _PRONOUN.match(other.quote) and not _KIN.match(other.quote)
            ):
                continue
            own = telling_terms(lead.quote) | telling_terms(other.quote)
            fitting = [
                each for each in self._values(other.quote) if self._fits(figure, each, other.quote)
            ]
            if len(fitting) != 1 or not telling_terms(self.question) & own:
                continue
            [found] = fitting
            if found.kind is figure.kind and not found.differs(figure):
                continue
            if self._is_recount(lead, figure, other, found, after=apart > 0):
                yield other, found.start, found.end

    def _is_recount(
        self, lead: Citation, figure: Figure, other: Citation, found: Figure, *, after: bool
    ) -> bool:
        """Tell whether somebody else counts the same, of the same time."""
        accounts = [cited.account for cited in self.told([lead, other])]
        if accounts[0] is None or accounts[1] is None:
            return False
        speakers = [account.speaker for account in accounts if account is not None]
        if speakers[0] == speakers[1] != "" or not (after or found.counted or all(speakers)):
            return False
        before = other.quote[: found.start]
        verb = (_RECOUNTS if self.times is None else _TELLS_TIME).search(before)
        if verb is None and not (found.counted and accounts[1].reported):
            return False
        if figure.kind is not Kind.COUNT and _GIVES_MONEY.search(before):
            return False
        counting = other.quote[verb.start() if verb else 0 :]
        return qualifiers(counting) <= qualifiers(lead.quote)

    def _fits(self, figure: Figure, other: Figure, sentence: str) -> bool:
        """Tell whether a figure may count once more what another does."""
        if other.part:
            return False
        if self.times is not None:
            return True
        if not other.counted:
            ends = _ENDS.match(sentence[other.end :]) is not None
            return ends and other.kind in (figure.kind, Kind.COUNT)
        asked = telling_terms(self.question) - PEOPLE
        same = bool(other.counted & (asked | figure.counted - PEOPLE))
        if same_counted(figure, other):
            same = same or bool(asked & telling_terms(sentence))
        return same and other.kind is figure.kind

    def _restated(
        self, lead: Citation, figure: Figure, *, at_another_date: bool = False
    ) -> Iterator[tuple[Citation, int, int]]:
        """Yield the figures of what says the same of the same, wherever it stands."""
        for other, below in self._ranked():
            own, others = self._shared(lead), self._shared(other)
            if below > _NEAR_THE_LEAD or own != others or not own - figure.counted:
                continue
            if _in_another_line(lead, other):
                continue
            fitting = [
                each
                for each in self._values(other.quote)
                if not each.part
                and each.kind is figure.kind
                and (each.kind is not Kind.COUNT or same_counted(figure, each))
            ]
            differs = len(fitting) == 1 and fitting[0].differs(figure)
            if not differs or self._at_other_dates(lead, other) is not at_another_date:
                continue
            if at_another_date or qualifiers(lead.quote) == qualifiers(other.quote):
                yield other, fitting[0].start, fitting[0].end

    def _at_other_dates(self, lead: Citation, other: Citation) -> bool:
        """Tell whether each of two sentences has one date, and these differ."""
        one, two = self._only_date(lead), self._only_date(other)
        return one is not None and two is not None and _clash(one[1], two[1])

    def _same_event(self, lead: Citation, other: Citation) -> bool:
        """Tell whether two dated sentences have the words of the question, and close together."""
        asked, own = telling_terms(self.question), self._shared(lead)
        if len(own) < max(2.0, _MOSTLY * len(asked)) or own != self._shared(other):
            return False
        return spread(other.quote, own) <= len(own) + _APART

    def _is_of_the_same(self, cited: Citation) -> bool:
        """Tell whether a sentence is about “the first batch”, where that is asked about.

        The first sentence of its paragraph may say so, if it says nothing of the kind itself.
        """
        asked, own = _which(self.question), _which(cited.quote)
        passage = cited.passage
        return asked <= (own or _which(passage.quote(passage.sentences[0])))

    def _says_all_asked(self, cited: Citation) -> bool:
        """Tell whether a sentence has all words that its title leaves to be asked."""
        asked = telling_terms(self.question) - PEOPLE - telling_terms(cited.passage.title)
        said = telling_terms(cited.quote)
        return asked <= said and bool((telling_terms(self.question) - PEOPLE) & said)

    def _shared(self, cited: Citation) -> frozenset[str]:
        return telling_terms(self.question) & telling_terms(cited.quote)

    def _only_date(self, cited: Citation) -> tuple[str, Calendar] | None:
        article = self.articles[cited.passage.source]
        dated = [each for each in timeline(article, [cited.passage]) if each.span == cited.span]
        return (dated[0].written, dated[0].when) if len(dated) == 1 else None


def _claim(cited: Citation, figure: Figure, speaker: str) -> Claim:
    """Return a value of a sentence that gives another one, too, with whose it is."""
    account = Account(True, speaker, Named.HERE) if speaker else None
    value = Span(cited.span.start + figure.start, cited.span.start + figure.end)
    return Claim(replace(cited, account=account), value)


def _which(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WHICH.findall(text))


def _without_wrong_account(cited: Citation, before: str) -> Citation:
    """Leave out whose account a sentence is where it reads “The UN spoke of 85,000”.

    It is narrated, and still not the article's own figure.
    """
    counted = _RECOUNTS.search(before) or _DATES_IT.search(before)
    narrated = cited.account is not None and not cited.account.reported
    return replace(cited, account=None) if narrated and counted else cited


def _lines_after(lead: Citation, other: Citation) -> int:
    """Return how many sentences after another one stands in its passage; 0 for other passages."""
    if lead.passage != other.passage:
        return 0
    spans = lead.passage.sentences
    return spans.index(other.span) - spans.index(lead.span)


def _in_another_line(lead: Citation, other: Citation) -> bool:
    """Tell whether two sentences are lines of one list: it counts things apart, week by week."""
    if lead.passage != other.passage:
        return False
    first, second = sorted((lead.span, other.span), key=lambda span: span.start)
    return "\n" in lead.passage.between(first, second)


def _clash(one: Calendar, other: Calendar) -> bool:
    return any(a != b for a, b in zip(one, other, strict=True) if a and b)


def _place(cited: Citation, written: str) -> tuple[int, int]:
    start = cited.quote.index(written)
    return start, start + len(written)
