"""Questions whether the sources disagree about something: “conflicting figures on fees”. Pure.

They are recognised by closed vocabularies, word for word from their beginning to what they are
about, which is searched for. Signs of English.
"""

from __future__ import annotations

import re

from citadel.index.retrieval.answer_types import ANSWER_TYPES, asked_types

_WHO = (
    r"(?:sources?|articles?|accounts?|reports?|texts?|figures?|numbers?|dates?|versions?|counts?)"
)
_DISPUTE = re.compile(
    rf"^\W*(?:(?:do|does|did|are|is|there|any|the|these|those|all|where|how|what|which|show|me"
    rf"|find)\s+)*(?:{_WHO}\s+)?(?:disagree(?:ments?)?|differ(?:ent|ences?|ing)?|conflict(?:s|ing)?"
    rf"|contradict(?:ions?|ory|ing)?|discrepanc(?:y|ies)|inconsisten(?:t|cies))"
    rf"(?:\s+(?:in|among|between|the|these|{_WHO}))*?\s+(?:about|on|over|for|of|regarding|as to|in)"
    r"\s+(?:the\s+)?(?P<topic>\w.*?)\W*$",
    re.IGNORECASE,
)
_TOLL = re.compile(r"^(?:(?:death )?tolls?|deaths)\b", re.IGNORECASE)
_ABOUT_SOURCES = re.compile(rf"\b{_WHO}\b", re.IGNORECASE)


def disputed(question: str) -> str:
    """Return what to search for if a question asks whether the sources disagree about something.

    Returns:
        A question for a value: “number of casualties”; "" for any other question.

    """
    found = _DISPUTE.match(question)
    if found is None or not _ABOUT_SOURCES.search(question[: found.start("topic")]):
        return ""
    # An article seldom calls the number of the dead a toll.
    topic = _TOLL.sub("number of people killed", found["topic"])
    types = dict(zip(ANSWER_TYPES, asked_types(topic), strict=True))
    return topic if types["date"] or types["number"] else f"number of {topic}"
