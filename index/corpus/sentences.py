"""Where the sentences of a paragraph begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from itertools import islice, pairwise

import sentencex

from citadel.index.corpus.layout import Span, trim

SENTENCEX_VERSION: str = version("sentencex")

_OPENING = "“‘«„‚「『(["
_CLOSING = "”’»」』)]"
_QUOTES = '“”«»„「」『』"'
_EMPHASIS = "*_~`"
_STOPS = ".!?…。؟۔।"
_MARKER = r"[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+"
_RULE = r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?=\n|\Z)"
_BREAK = re.compile(
    rf"\n\s*\n(?:{_MARKER})? | (?:\A|\n){_MARKER} | \n{_RULE}\n? | \n(?=[ \t]*\|)", re.VERBOSE
)
"""A blank line, the marker of a list item, a row of a table or the rule under its head: no
sentence goes on after any of them."""

_FULL_WIDTH_STOPS = "。！？"
"""After these no space stands, and no number goes on."""

_CLOSED = re.compile(
    rf"(?<=[{_STOPS}])[{re.escape(_CLOSING + _EMPHASIS)}\"¹²³⁰⁴-⁹]+"
    rf"(?=\s|[{re.escape(_EMPHASIS)}]|\Z)"
    rf"|(?<=[{_FULL_WIDTH_STOPS}])[）】]+"
)
"""What closes after the end of a sentence, and so belongs to it: emphasis, brackets, quotation
marks, and the raised number of a note."""

_NUMBER_AFTER_STOP = re.compile(rf"(?<=[{_FULL_WIDTH_STOPS}])\d")

_OPENED = re.compile(rf"(?:(?<=\s)|\A|(?<=[{re.escape(_OPENING)}]))[{re.escape(_EMPHASIS)}]+(?=\S)")
_BRACKETS = {")": "(", "]": "[", "）": "（", "】": "【"}

_LONGEST = 120
"""Words in a sentence that is quoted whole; a longer one is a list, or text without stops."""

_LONGEST_WITHOUT_SPACES = 1200
"""Code points, where words are not separated by spaces."""

_PLACES = tuple(
    re.compile(form)
    for form in (
        r"(?<=[;:؛；：])\s+|\s+(?=[|–—])",
        r"(?<=[,،，、]['’”»\"])\s+|(?<=[,،，])\s+(?=(?:and|or|but|which|who|while|when)\b)",
        r"(?<=[,،，])\s+|(?<=[、，；])",
        r"\s+",
    )
)
"""Where a longer one is cut, the best places first."""

_LOOKED_AHEAD = 8
"""More code points than any of these places is looked at for."""

_TITLES = {
    "ar": "أ د ف م",
    "de": "Fr Hr St",
    "en": (
        "Adm Amb Asst Brig Capt Cdr Cllr Cmdr Col Const Cpl Dep Det Flt Gen Gnr Gov Hon Insp Lt "
        "Maj Msgr Pfc Pte Pvt Rep Rev Rfn Sen Sgt Spc Spr Sqn Supt Tpr Wg"
    ),
    "es": "Dr Dra Excmo Sr Sra Srta",
    "fr": "Dr M MM Me Mgr St Ste",
    "it": "Dott Prof Sig",
    "ru": "г им",
    "tr": "Alb Arş Av Bnb Bul Cad Doç Dr Gör Mah Op Org Öğr Prof Sn Sok Uzm Yrd Yzb",
}
_BEFORE_NUMBERS = {
    "ar": "ت ص ط ف ق م هـ",
    "de": "Abb Abs Art Bd Kap Nr Tab",
    "en": "approx Approx cf ch Ch fig Fig no No p pp sec Sec vol",
    "es": "aprox art cap núm pág págs",
    "fr": "approx art av avr cap cf ch chap déc env fig févr h janv juil n nov oct p pp réf sept",
    "it": "art cap n pag pagg",
    "ru": "гг ок р с см ст стр",
    "tr": "Bkz bkz No S s Ö",
}
"""What ends in a full stop within a sentence, besides what sentencex knows."""

_BEFORE_BRACKETS = frozenset({"al", "cit", "ed", "eds", "ibid", "etc"})
_REFERENCE = re.compile(r"\b(?:al|cit|eds?|ibid)\.,?\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*$")
"""“Yan et al. [2004]”, after which the sentence goes on."""

_CLOCK = re.compile(r"(?:^|[\s\d(])[ap]\.m\.\s*$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s\d|(?:UTC|GMT|[A-Z]{1,3}[SD]?T)\b|[A-Z]\w+\s(?:[Tt]ime|[Ss]tandard|[Dd]aylight)\b|[([])"
)
"""What continues a time after “5 p.m.”: the day, the month with a day, the zone."""

_LAST_PART = re.compile(r"[.-]+")
_SPACED_WORD = re.compile(r"\S+")
_BEFORE_BOUNDARY = re.compile(r"(?:^|[\s.(«“„‘’\"'])(?P<word>[^\s.(«“„‘’\"']+)\.\s*$")


def sentence_spans(text: str, start: int, end: int, language: str) -> tuple[Span, ...]:
    """Cut ``text[start:end]`` into sentences.

    Every character that is neither white space nor the marker of a list item nor the rule under
    the head of a table falls into exactly one sentence, in order. The items of a list and the rows
    of a table are sentences of their own. What closes after a full stop, as emphasis and brackets
    do, stays with the sentence that it closes. A sentence of more than 120 words is cut, best
    after a semicolon, into pieces of no more. Sentences inside a quotation are separated, too, each
    keeping the quotation mark that opens or closes it: a quote of three sentences can then be
    cited by the one that answers.

    Args:
        text: The stored text of an article.
        start: First code point of the paragraph.
        end: One past its last code point.
        language: ISO 639-1 code; an unknown one is cut by the rules for English.

    """
    spans: list[Span] = []
    for line_start, line_end in _items(text, start, end):
        row = text.startswith("|", line_start)
        found = [] if row else _boundaries(text, line_start, line_end, language)
        cuts = [line_start, *found, line_end]
        for left, right in pairwise(cuts):
            spans += _quotable(text, left, right)
    return tuple(spans)


def _quotable(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield a sentence, or the pieces of one that is too long to be quoted."""
    rest = trim(text, start, end)
    while rest is not None and (cut := _cut(text, rest)) is not None:
        yield Span(rest.start, cut)
        rest = trim(text, cut, rest.end)
    if rest is not None:
        yield rest


def _cut(text: str, sentence: Span) -> int | None:
    """Return where the first piece of a sentence ends, at the best place in its second half."""
    words = _SPACED_WORD.finditer(text, sentence.start, sentence.end)
    ends = [word.end() for word in islice(words, _LONGEST + 1)]
    longest = sentence.start + _LONGEST_WITHOUT_SPACES
    if len(ends) <= _LONGEST and sentence.end <= longest:
        return None
    last = min(longest, ends[_LONGEST - 1] if len(ends) > _LONGEST else sentence.end)
    middle = sentence.start + (last - sentence.start) // 2
    for place in _PLACES:
        places = place.finditer(text, middle, min(last + _LOOKED_AHEAD, sentence.end))
        found = [match.start() for match in places if match.start() <= last]
        if found:
            return found[-1]
    return last


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges between breaks: the whole paragraph when there is none."""
    cursor = start
    for gap in _BREAK.finditer(text[start:end]):
        yield cursor, start + gap.start()
        cursor = start + gap.end()
    yield cursor, end


def _boundaries(text: str, start: int, end: int, language: str) -> list[int]:
    """Return the positions in ``start..end`` at which a new sentence begins.

    sentencex keeps a quotation whole, however many sentences it holds, and what stands in
    brackets; emphasis that closes it takes for the next sentence. Hiding these marks behind
    spaces of the same length lets it see them; a mark that opens a sentence is then moved over
    to it.
    """
    masked = _without_marks(text[start:end])
    # A line break within a paragraph ends no sentence.
    masked = masked.replace("\n", " ").replace("\r", " ")
    # sentencex takes this month alone for an abbreviation, after which a sentence goes on.
    masked = masked.replace(" May. ", " Day. ")
    # Before a digit it takes every stop for a decimal point.
    masked = _NUMBER_AFTER_STOP.sub("一", masked)
    positions: list[int] = []
    cursor = 0
    for piece in sentencex.segment(language or "en", masked):
        cursor += len(piece)
        boundary = start + cursor
        if boundary >= end:
            break
        if not (_quotation_runs_on(text, boundary) or _sentence_runs_on(text, boundary, language)):
            floor = positions[-1] if positions else start
            positions.append(_before_opening_marks(text, boundary, floor, spaced=language == "fr"))
    return positions


def _without_marks(text: str) -> str:
    """Hide quotation marks, and what opens or closes a whole sentence, behind as many spaces."""
    hidden = [" " if char in _QUOTES else char for char in text]
    for match in (*_CLOSED.finditer(text), *_OPENED.finditer(text)):
        for position in range(*match.span()):
            hidden[position] = " "
            opening = _BRACKETS.get(text[position])
            begin = text.rfind(opening, 0, position) if opening else -1
            if begin != -1:
                hidden[begin] = " "
    return "".join(hidden)


def _quotation_runs_on(text: str, boundary: int) -> bool:
    """Return whether the sentence goes on after a quotation, as in “Is it?” he asked."""
    before = text[max(0, boundary - 8) : boundary].rstrip()[-1:]
    following = text[boundary : boundary + 8].lstrip()[:1]
    return before in tuple(_CLOSING + _EMPHASIS + '"') and following.islower()


def _sentence_runs_on(text: str, boundary: int, language: str) -> bool:
    """Recognise a full stop that ends no sentence: of an abbreviation, or before a small letter."""
    near = text[max(0, boundary - 24) : boundary]
    if _REFERENCE.search(near):
        return True
    before = _BEFORE_BOUNDARY.search(near)
    if before is None:
        return False
    following = text[boundary : boundary + 1]
    if _CLOCK.search(near) and _AFTER_CLOCK.match(text, boundary):
        return True
    if following in ("(", "[") and before["word"] in _BEFORE_BRACKETS:
        return True
    if not text[boundary - 1].isspace() and following.isalnum():
        return True
    kinds = (_TITLES, _BEFORE_NUMBERS) if following.isdigit() else (_TITLES,)
    word = _LAST_PART.split(before["word"])[-1]
    return following.islower() or any(
        each in _words(kind, language) for kind in kinds for each in (before["word"], word)
    )


def _words(kind: Mapping[str, str], language: str) -> list[str]:
    return kind.get(language, "").split()


def _before_opening_marks(text: str, boundary: int, floor: int, *, spaced: bool) -> int:
    """Move a boundary left over marks that open the sentence after it, to the floor at most.

    Where they are ``spaced``, a space may stand after such a mark, as in « Oui ».
    """
    position = boundary
    while position > floor:
        marks = text[floor:position].rstrip() if spaced else text[floor:position]
        if not marks or not _opens(text, floor + len(marks) - 1):
            break
        position = floor + len(marks) - 1
    return position


def _opens(text: str, position: int) -> bool:
    char = text[position]
    if char in _OPENING:
        return True
    if char in _EMPHASIS:
        return position == 0 or text[position - 1].isspace() or _opens(text, position - 1)
    if char == '"':
        after = text[position + 1 : position + 2]
        return (
            bool(after) and not after.isspace() and (position == 0 or text[position - 1].isspace())
        )
    return False
