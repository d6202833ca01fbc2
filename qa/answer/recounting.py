"""The words by which somebody counts, dates or measures something, in English. Pure."""

from __future__ import annotations

import re

_COUNTS = (
    r"\b(?:count(?:s|ed)?|speaks? of|spoke of|spoken of|makes? it|made it|reckons?|arrived at"
    r"|comes to|document(?:s|ed)|record(?:s|ed)|register(?:s|ed)|estimate[sd]?|claim(?:s|ed)?"
    r"|mentions?|mentioned|announced|recogni[sz]e[sd]?|suggests?|figures? (?:of|is|was)"
    r"|acknowledge[sd]?|admit(?:s|ted)?|report(?:s|ed)?|found|wrote down|says?|said"
    r"|puts? (?:\S+ ){0,6}?(?:at|as)|has it at|gives?|gave|accepts?"
    r"|(?i:according to) [^.;]*? (?:it|they|there) (?:is|are|was|were))"
)
RECOUNTS = re.compile(rf"{_COUNTS}(?: that)?(?: \S+){{0,5}}? ?$")
"""“WDI counts”, “the ministry’s figure is”, before a number."""

GIVES_TIME = re.compile(
    rf"{_COUNTS}(?: that)?(?: (?:it|he|she|they|the \w+))?"
    r"(?: (?:is|was|were|lasted|took|fell|came|had been|has been|happened|turned|about|only|just"
    r"|for|at|aged))* ?$"
)
"""The same before a duration, an age or a time of day."""

GIVES_MONEY = re.compile(r"\b(?:gives?|gave|accepts?|put)\b")
"""Somebody may have given money, rather than a figure of it."""

ENDS = re.compile(
    r"^(?:\s(?:in (?:total|all)|altogether|for the (?:same|whole) \w+))?"
    r"(?:\s*[,.;:)”\"]|\s(?:according|and|because|since|as|but|while|when|although|though|by)\b|\s*$)"
)
"""How a clause goes on after a number that counts nothing more than is said before it."""

DATES_IT = re.compile(
    r"\b(?:says|gives|gave|(?:is|was) dated|dates? \w+ (?:to|from)|puts? (?:it|(?:the|its) \w+)"
    r" (?:at|in|on|to|as)|has it)(?: it was)?(?: (?:in|on|at))?\s*$"
)
"""“The report puts the founding in”, before a date."""
