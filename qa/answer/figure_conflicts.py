"""Where sentences give other numbers, durations, ages or times of day for what is asked. Pure.

A figure is put next to another only where one sentence counts once more what a sentence near it
does, or where two say the same of the same, apart from the figure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from citadel.index.corpus.layout import Span
from citadel.qa.answer.answers import Account, Citation, Claim, Named
from citadel.qa.answer.compared_sentences import (
    NEAR_THE_LEAD,
    NEXT_TO,
    Place,
    Sentences,
    clash,
    lines_after,
)
from citadel.qa.answer.figures import Figure, Kind, figures
from citadel.qa.answer.months import ENGLISH as MONTHS
from citadel.qa.answer.months import month_number
from citadel.qa.answer.recounting import ENDS, GIVES_MONEY, GIVES_TIME, RECOUNTS
from citadel.qa.answer.same_thing import (
    DEATH,
    GROUPS,
    PEOPLE,
    asked_figure,
    counts_the_dead,
    lives_on,
    may_be_the_dead,
    qualifiers,
    same_counted,
    telling_terms,
)
from citadel.qa.answer.timeline import Calendar, timeline
from citadel.qa.answer.told_apart import Apart, told_apart

_QUOTED = 3
_NEAR_THE_BEST = 5.0
_NEAR_IF_ALL_IS_SAID = 8.0

_WHICH = re.compile(
    r"\b(?:first|second|third|fourth|fifth|next|other|last(?!\W*$|\s(?:for|in)\b))\b", re.IGNORECASE
)
_PRONOUN = re.compile(
    r"^\W*(?:it|he|she|they|this|that|these|those|of|its|his|her|their)\b", re.IGNORECASE
)
_KIN = re.compile(
    r"(?:His|Her|Its) (?:[a-z]+ )?(?:sister|brother|mother|father|son|daughter|wife|husband|widow"
    r"|widower|family|lawyer|doctor|spokesman|spokeswoman|biographer|union|ministry|owner)\b"
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b")


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the sentences that were found.

    Attributes:
        sentences: These.
        times: What reads durations, ages or times of day, where those are asked for.

    """

    sentences: Sentences
    times: Callable[[str], tuple[Figure, ...]] | None

    def differing(self, citations: Sequence[Citation]) -> tuple[Claim, ...]:
        """Return the first figure that others differ from, with those others, or nothing."""
        quoted = {(each.passage.source, each.span) for each in citations[:_QUOTED]}
        near = [
            each
            for each, below in self.sentences.ranked
            if (each.passage.source, each.span) not in quoted
            and each.passage.source in {source for source, _ in quoted}
            and (
                below <= _NEAR_THE_BEST
                or (below <= _NEAR_IF_ALL_IS_SAID and self._says_all_asked(each))
            )
        ]
        for place, lead in enumerate([*citations[:_QUOTED], *near]):
            if not self._is_of_the_same(lead) or self._is_of_another_date(lead):
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
                return self.sentences.claims([(lead, figure.start, figure.end), *others])
            at_dates = self._at_dates(lead, figure) if place == 0 else ()
            if at_dates:
                return at_dates
        return ()

    def _at_dates(self, lead: Citation, figure: Figure) -> tuple[Claim, ...]:
        """Return figures for the same thing at different dates, each with its date."""
        dated = self.sentences.only_date(lead)
        if dated is None:
            return ()
        places = [(lead, figure.start, figure.end)]
        dates = {(lead.passage.source, lead.span): dated[0]}
        for other, start, end in self._restated(lead, figure, at_another_date=True):
            when = self.sentences.only_date(other)
            if when is not None:
                places.append((other, start, end))
                dates[other.passage.source, other.span] = when[0]
        return tuple(
            replace(claim, dated=dates[claim.citation.passage.source, claim.citation.span])
            for claim in self.sentences.claims(places)
        )

    def _asked(self, sentence: str, *, alone: bool) -> Figure | None:
        """Return the value of a sentence that answers the question; None where it is not plain."""
        if self.times is None:
            return asked_figure(self.sentences.question, sentence, alone=alone)
        found, asked = self.times(sentence), telling_terms(self.sentences.question)
        shared = len(asked & telling_terms(sentence))
        return found[0] if len(found) == 1 and 2 * shared >= max(len(asked), 2) else None

    def _values(self, sentence: str) -> tuple[Figure, ...]:
        return figures(sentence) if self.times is None else self.times(sentence)

    def _within(self, lead: Citation, *, alone: bool) -> tuple[Claim, ...]:
        """Return the two values that a sentence itself gives, each with its speaker."""
        [told] = self.sentences.told([lead])
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
            return _claim(told, figure, apart.first_speaker), _claim(told, other, apart.speaker)
        return ()

    def _may_be_of_two(self, figure: Figure, apart: Apart, sentence: str) -> bool:
        """Return whether two values of a sentence may be of two things.

        That is so where another value stands between them, or somebody gave money.
        """
        between = [
            each
            for each in self._values(sentence)
            if figure.end <= each.start < apart.head and not each.part
        ]
        gave = GIVES_MONEY.search(sentence[apart.head : apart.figure.start])
        return bool(between) or (figure.kind is Kind.MONEY and gave is not None)

    def _counted_again(self, lead: Citation, figure: Figure) -> Iterator[Place]:
        """Yield the figures of “The ministry acknowledges 18” near “WDI counts 43 deaths”."""
        for other, _ in self.sentences.ranked:
            apart = lines_after(lead, other)
            if not 0 < abs(apart) <= NEXT_TO or (
                _PRONOUN.match(other.quote) and not _KIN.match(other.quote)
            ):
                continue
            own = telling_terms(lead.quote) | telling_terms(other.quote)
            fitting = [
                each for each in self._values(other.quote) if self._fits(figure, each, other.quote)
            ]
            if len(fitting) != 1 or not telling_terms(self.sentences.question) & own:
                continue
            [found] = fitting
            if found.kind is figure.kind and not found.differs(figure):
                continue
            if self._is_recount(lead, figure, other, found, after=apart > 0):
                yield other, found.start, found.end

    def _is_recount(
        self, lead: Citation, figure: Figure, other: Citation, found: Figure, *, after: bool
    ) -> bool:
        """Return whether somebody else counts the same, of the same time."""
        accounts = [cited.account for cited in self.sentences.told([lead, other])]
        if accounts[0] is None or accounts[1] is None:
            return False
        speakers = [account.speaker for account in accounts if account is not None]
        if speakers[0] == speakers[1] != "" or not (after or found.counted or all(speakers)):
            return False
        before = other.quote[: found.start]
        verb = (RECOUNTS if self.times is None else GIVES_TIME).search(before)
        if verb is None and not (found.counted and accounts[1].reported):
            return False
        if figure.kind is not Kind.COUNT and GIVES_MONEY.search(before):
            return False
        counting = other.quote[verb.start() if verb else 0 :]
        return qualifiers(counting) <= qualifiers(lead.quote)

    def _fits(self, figure: Figure, other: Figure, sentence: str) -> bool:
        """Return whether a figure may count once more what another does."""
        if other.part:
            return False
        if self.times is not None:
            return True
        if not other.counted:
            ends = ENDS.match(sentence[other.end :]) is not None
            return ends and other.kind in (figure.kind, Kind.COUNT)
        asked = telling_terms(self.sentences.question) - PEOPLE
        if self._is_of_others(figure, other, sentence):
            return False
        same = bool(other.counted & (asked | figure.counted - PEOPLE))
        if same_counted(figure, other):
            same = same or bool(asked & telling_terms(sentence))
        if DEATH in asked and may_be_the_dead(figure):
            same = same or counts_the_dead(other, sentence)
        return same and other.kind is figure.kind

    def _is_of_others(self, figure: Figure, other: Figure, sentence: str) -> bool:
        """Return whether one counts women and another all, or those who live where the dead do."""
        groups = GROUPS & figure.counted != GROUPS & other.counted and bool(figure.counted)
        asks_for_dead = DEATH in telling_terms(self.sentences.question)
        return groups or (asks_for_dead and lives_on(other, sentence))

    def _restated(
        self, lead: Citation, figure: Figure, *, at_another_date: bool = False
    ) -> Iterator[Place]:
        """Yield the figures of sentences about the same thing, wherever they stand."""
        for other, below in self.sentences.ranked:
            own, others = self.sentences.shared(lead), self.sentences.shared(other)
            if below > NEAR_THE_LEAD or own != others or not own - figure.counted:
                continue
            if _in_another_line(lead, other):
                continue
            fitting = [
                each
                for each in self._values(other.quote)
                if not each.part
                and each.kind is figure.kind
                and (each.kind is not Kind.COUNT or same_counted(figure, each))
                and not self._is_of_others(figure, each, other.quote)
            ]
            differs = len(fitting) == 1 and fitting[0].differs(figure)
            if not differs or self._at_other_dates(lead, other) is not at_another_date:
                continue
            if at_another_date or qualifiers(lead.quote) == qualifiers(other.quote):
                yield other, fitting[0].start, fitting[0].end

    def _at_other_dates(self, lead: Citation, other: Citation) -> bool:
        """Return whether each of two sentences has one date, and these differ."""
        one, two = self.sentences.only_date(lead), self.sentences.only_date(other)
        return one is not None and two is not None and clash(one[1], two[1])

    def _is_of_the_same(self, cited: Citation) -> bool:
        """Return whether a sentence is about “the first batch”, where that is asked about.

        The first sentence of its paragraph may say so, if it says nothing of the kind itself.
        """
        asked, own = _which(self.sentences.question), _which(cited.quote)
        passage = cited.passage
        return asked <= (own or _which(passage.quote(passage.sentences[0])))

    def _is_of_another_date(self, cited: Citation) -> bool:
        """Return whether a year or month is asked for, and its paragraph has other dates only.

        A report on a year may name that in its title alone, and the days without it.
        """
        year, month, day = _month_asked_for(self.sentences.question)
        asked = (0 if str(year) in cited.passage.title else year, month, day)
        article = self.sentences.articles[cited.passage.source]
        dates = [each.when for each in timeline(article, [cited.passage])]
        return bool(dates) and all(clash(asked, when) for when in dates)

    def _says_all_asked(self, cited: Citation) -> bool:
        """Return whether a sentence has all words that its title leaves to be asked."""
        asked = telling_terms(self.sentences.question) - PEOPLE - telling_terms(cited.passage.title)
        said = telling_terms(cited.quote)
        return asked <= said and bool((telling_terms(self.sentences.question) - PEOPLE) & said)


def _claim(cited: Citation, figure: Figure, speaker: str) -> Claim:
    """Return a value of a sentence that also gives another one, with its speaker."""
    account = Account(True, speaker, Named.HERE) if speaker else None
    value = Span(cited.span.start + figure.start, cited.span.start + figure.end)
    return Claim(replace(cited, account=account), value)


def _month_asked_for(question: str) -> Calendar:
    """Return the year and the month that a question names; 0 for what it leaves open."""
    years = [int(year) for year in _YEAR.findall(question)]
    months = [month_number(month) for month in _MONTH.findall(question)]
    return years[0] if len(years) == 1 else 0, months[0] if len(months) == 1 else 0, 0


def _which(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WHICH.findall(text))


def _in_another_line(lead: Citation, other: Citation) -> bool:
    """Return whether two sentences are lines of one list: it counts things apart, week by week."""
    if lead.passage != other.passage:
        return False
    first, second = sorted((lead.span, other.span), key=lambda span: span.start)
    return "\n" in lead.passage.between(first, second)
