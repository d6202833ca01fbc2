"""Where the sentences of a paragraph begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from itertools import pairwise

import sentencex

from citadel.index.corpus.layout import Span, trim

SENTENCEX_VERSION: str = version("sentencex")

_OPENING = "“‘«„‚「『(["
_CLOSING = "”’»」』)]"
_QUOTES = '“”«»„「」『』"'
_MARKER = r"[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+"
_RULE = r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?=\n|\Z)"
_BREAK = re.compile(
    rf"\n\s*\n(?:{_MARKER})? | (?:\A|\n){_MARKER} | \n{_RULE}\n? | \n(?=[ \t]*\|)", re.VERBOSE
)
"""A blank line, the marker of a list item, a row of a table or the rule under its head: no
sentence goes on after any of them."""

_TITLES = {
    "ar": "أ د ف م",
    "de": "Fr Hr St",
    "es": "Dr Dra Excmo Sr Sra Srta",
    "fr": "Dr M MM Me Mgr St Ste",
    "it": "Dott Prof Sig",
    "ru": "г им",
    "tr": "Doç Dr Prof Sn",
}
_BEFORE_NUMBERS = {
    "ar": "ت ص ط ف ق م هـ",
    "de": "Abb Abs Art Bd Kap Nr Tab",
    "en": "approx Approx cf ch Ch fig Fig no No p pp sec Sec vol",
    "es": "aprox art cap núm pág págs",
    "fr": "approx art av avr cap cf ch chap déc env fig févr h janv juil n nov oct p pp réf sept",
    "it": "art cap n pag pagg",
    "ru": "гг ок р с см ст стр",
    "tr": "bkz s",
}
"""What ends in a full stop within a sentence, beside what sentencex knows."""

_BEFORE_BOUNDARY = re.compile(r"(?:^|[\s.(«“„‘’\"'])(?P<word>[^\s.(«“„‘’\"']+)\.\s*$")


def sentence_spans(text: str, start: int, end: int, language: str) -> tuple[Span, ...]:
    """Cut ``text[start:end]`` into sentences.

    Every character that is neither white space nor the marker of a list item nor the rule under
    the head of a table falls into exactly one sentence, in order. The items of a list and the rows
    of a table are sentences of their own. Sentences inside a quotation are told apart too, each
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
            trimmed = trim(text, left, right)
            if trimmed is not None:
                spans.append(trimmed)
    return tuple(spans)


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges between breaks: the whole paragraph when there is none."""
    cursor = start
    for gap in _BREAK.finditer(text[start:end]):
        yield cursor, start + gap.start()
        cursor = start + gap.end()
    yield cursor, end


def _boundaries(text: str, start: int, end: int, language: str) -> list[int]:
    """Return the positions in ``start..end`` at which a new sentence begins.

    sentencex keeps a quotation whole, however many sentences it holds. Hiding the quotation
    marks behind spaces of the same length lets it see them; a mark that opens a quotation is
    then moved over to the sentence that it opens.
    """
    masked = "".join(" " if char in _QUOTES else char for char in text[start:end])
    # A line break within a paragraph ends no sentence.
    masked = masked.replace("\n", " ").replace("\r", " ")
    # sentencex takes this month alone for an abbreviation, after which a sentence goes on.
    masked = masked.replace(" May. ", " Day. ")
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


def _quotation_runs_on(text: str, boundary: int) -> bool:
    """Tell a quotation that its sentence goes on after, as in “Is it?” he asked."""
    before = text[max(0, boundary - 8) : boundary].rstrip()[-1:]
    return before in tuple(_CLOSING + '"') and text[boundary : boundary + 1].islower()


def _sentence_runs_on(text: str, boundary: int, language: str) -> bool:
    """Tell a full stop that ends no sentence: of an abbreviation, or before a small letter."""
    before = _BEFORE_BOUNDARY.search(text[max(0, boundary - 24) : boundary])
    if before is None:
        return False
    following = text[boundary : boundary + 1]
    if not text[boundary - 1].isspace() and following.isalnum():
        return True
    kinds = (_TITLES, _BEFORE_NUMBERS) if following.isdigit() else (_TITLES,)
    return following.islower() or any(before["word"] in _words(kind, language) for kind in kinds)


def _words(kind: Mapping[str, str], language: str) -> list[str]:
    return kind.get(language, "").split()


def _before_opening_marks(text: str, boundary: int, floor: int, *, spaced: bool) -> int:
    """Move a boundary left over marks that open the sentence after it.

    Args:
        text: The text.
        boundary: Where the sentence begins without them.
        floor: Where the sentence before begins.
        spaced: Whether a space may stand after such a mark, as in « Oui ».

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
    if char == '"':
        after = text[position + 1 : position + 2]
        return (
            bool(after) and not after.isspace() and (position == 0 or text[position - 1].isspace())
        )
    return False
