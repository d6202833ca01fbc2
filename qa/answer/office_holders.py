"""Who holds an office or leads something, as English sentences say: “led by Anna Holm”. Pure.

Signs are narrow: an office passes from one to another, and two names for it may both be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from citadel.index.retrieval.transliterations import spelling_keys
from citadel.qa.answer.person_names import PERSON, is_group
from citadel.qa.answer.same_thing import telling_terms

_VERBS = {
    "led": "led|leads|leading",
    "headed": "headed|heads|heading",
    "commanded": "commanded|commands|commanding",
    "chaired": "chaired|chairs|chairing",
    "founded": "founded|founding",
    "built": "built",
    "designed": "designed",
    "wrote": "wrote|written",
    "painted": "painted",
    "discovered": "discovered",
    "killed": "killed|shot",
    "ordered": "ordered",
    "signed": "signed",
    "owns": "owned|owns",
    "won": "won",
}
_PAST = {"wrote": "written", "owns": "owned"}
_ASKS_DOING = re.compile(
    rf"^\W*who\s+(?P<verb>{'|'.join(_VERBS.values())})\s+(?P<what>[^,;]+?)\W*$", re.IGNORECASE
)
_ASKS_DONE = re.compile(
    rf"^\W*who\s+(?:is|was|were)\s+(?P<what>[^,;]+?)\s+(?P<verb>{'|'.join(_VERBS.values())})\s+by\W*$",
    re.IGNORECASE,
)
_OFFICES = (
    r"commander|leader|chair|chairman|chairwoman|chairperson|head|director|president|captain"
    r"|founder|mayor|owner|governor|chief|secretary|secretary-general|manager|editor|coach|author"
    r"|architect|designer|winner|spokesman|spokeswoman|spokesperson|minister|engineer|pilot"
)
_ASKS_OFFICE = re.compile(
    rf"^\W*who\s+(?:is|was)\s+(?:the\s+)?(?P<office>(?:[a-z-]+\s)?(?:{_OFFICES}))\s(?:of|at|for)\s+"
    r"(?P<what>[^,;]+?)\W*$",
    re.IGNORECASE,
)
_PASSES_ON = re.compile(
    r"\b(?:former\w*|ex|successors?|succeed\w*|predecessors?|replac\w+|resign\w*|retir\w+|deput\w+"
    r"|acting|interim|then|new|newly|next|since|until|till|took over|takes over|elected|appointed"
    r"|named|first|second|third|last|later|earlier|previous\w*|before|after|now|sons?|daughters?"
    r"|brothers?|sisters?|widows?|wife|husband|with|together|along|jointly|both|co)\b",
    re.IGNORECASE,
)
_NO_PERSON = frozenset(
    {"the", "it", "he", "she", "they", "but", "and", "in", "on", "at", "this", "that", "a", "an"}
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A name that a sentence gives for who does something, or holds an office.

    Attributes:
        start: Its first code point in the sentence.
        end: One past its last.
        name: The words themselves.

    """

    start: int
    end: int
    name: str

    def differs(self, other: Holder) -> bool:
        """Return whether two names are of two people: no part is in both, in whatever spelling."""
        return not _keys(self.name) & _keys(other.name)


@dataclass(frozen=True, slots=True)
class Role:
    """What a question asks for that wants to know who does or holds it.

    Attributes:
        forms: Patterns of sentences that give a name for it, each with a group “name”.
        terms: The words that say of what: all have to be in the sentence.

    """

    forms: tuple[re.Pattern[str], ...]
    terms: frozenset[str]

    def holder(self, sentence: str) -> Holder | None:
        """Return who a sentence says it is; None where it isn't plain, or may have passed on."""
        if not self.terms <= telling_terms(sentence) or _PASSES_ON.search(sentence):
            return None
        found = {(each.start, each.end): each for each in self._holders(sentence)}
        return next(iter(found.values())) if len(found) == 1 else None

    def _holders(self, sentence: str) -> Iterator[Holder]:
        for form in self.forms:
            for match in form.finditer(sentence):
                start, end = match.span("name")
                name = match["name"]
                if name.split(maxsplit=1)[0].lower() not in _NO_PERSON and not is_group(name):
                    yield Holder(start, end, name)


def role_asked_for(question: str) -> Role | None:
    """Return what a question asks who does or holds it; None for any other question."""
    doing = _ASKS_DOING.match(question) or _ASKS_DONE.match(question)
    if doing is not None:
        base, forms = next(
            (base, forms)
            for base, forms in _VERBS.items()
            if re.fullmatch(forms, doing["verb"], re.IGNORECASE)
        )
        return _role(_doing(base, forms), doing["what"])
    held = _ASKS_OFFICE.match(question)
    return None if held is None else _role(_holding(held["office"]), held["what"])


def _role(forms: tuple[str, ...], what: str) -> Role | None:
    terms = telling_terms(what)
    return Role(tuple(map(re.compile, forms)), terms) if terms else None


def _doing(base: str, forms: str) -> tuple[str, ...]:
    done = _PAST.get(base, forms.split("|", maxsplit=1)[0])
    return (
        rf"\b{done}\sby\s(?:the\s(?:[a-z]+\s){{0,2}})?(?P<name>{PERSON})",
        rf"(?P<name>{PERSON})\s(?:who\s)?(?:{forms})\s",
    )


def _holding(office: str) -> tuple[str, ...]:
    role = re.escape(office)
    return (
        rf"(?P<name>{PERSON}),\s(?:the\s)?(?i:{role})\sof\b",
        rf"(?P<name>{PERSON})\s(?:is|was|as)\s(?:the\s|its\s)?(?i:{role})\b",
        rf"\b(?:the\s|its\s|under\s)?(?i:{role})\s(?:of\s[^,;]{{2,60}}?)?(?:,\s|is\s|was\s)(?P<name>{PERSON})",
    )


def _keys(name: str) -> frozenset[str]:
    parts = [part for part in re.split(r"[\W_]+", name) if len(part) > 2]
    return frozenset(key for part in parts for key in spelling_keys(part))
