"""What people say before they ask: “Hello, can you tell me who …”. Pure; English only.

It asks nothing, and a search for it finds sentences about “tell” and “know”.
"""

from __future__ import annotations

import re

_GREETING = r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day))(?: there| all| everyone)?"
_SOMEBODY = r"(?:you|any ?(?:one|body)|some ?(?:one|body))"
_REQUEST = (
    r"please|pls|kindly|sorry|excuse me"
    rf"|(?:can|could|would|will|do|does|might) {_SOMEBODY}(?: please| perhaps| maybe| happen to)?"
    r" (?:tell (?:me|us)|explain(?: to (?:me|us))?|say|know|remember|remind (?:me|us)|find out)"
    r"|tell (?:me|us)|remind (?:me|us)|any idea"
    r"|i(?:['’]d| would)? (?:just )?(?:like|love|want|need|wish|am trying|have) to (?:know|ask"
    r"|find out|learn|understand)"
    r"|i(?: am|['’]m| was|['’]ve been)? (?:just )?(?:wonder(?:ing)?|curious)(?: about)?"
    r"|i have a question|quick question|just a (?:quick )?question|my question is"
)
_QUESTION = (
    r"(?:(?:on|in|at|by|from|to|for|of|with) )?(?:who|whom|whose|what|when|where|which|why|how)"
    r"|if|whether|list|name|is|are|was|were|did"
)
_BEFORE = re.compile(
    rf"^\W*(?:{_GREETING}\b\W+(?:(?:{_REQUEST})\b\W+)*|(?:(?:{_REQUEST})\b\W+)+)"
    rf"(?=(?:{_QUESTION})\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:[\s,]+(?:please|pls)(?=\W*$)|(?<=[?.!])\s*(?:many )?(?:thanks|thank you)\W*$)",
    re.IGNORECASE,
)
_SHORTEST = 2


def without_courtesies(question: str) -> str:
    """Return what is asked, without what is said before and after it.

    What goes on without a word that asks stays as it is: “Can you tell me about the hospital”,
    and so does what would be too short to be searched for.
    """
    asked = _AFTER.sub("", _BEFORE.sub("", question))
    return asked if len(asked.split()) >= _SHORTEST else question
