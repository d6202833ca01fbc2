"""What a sentence says of another thing than the one that is asked about. Pure.

“Conti was arrested in May” reads like an answer to “When was Quiroga arrested?”. Signs of English,
narrow on purpose, since they keep a sentence from being called an answer: of 8,800 questions of the
newsroom and about the siege, 6 are answered by one that looks like this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from citadel.index.corpus.languages import ENGLISH
from citadel.index.retrieval.lexical import content_terms, fold, stop_words
from citadel.qa.answer.answers import Citation
from citadel.qa.answer.months import ENGLISH as MONTHS
from citadel.qa.answer.subjects import leading_subject

_ARTICLE = 2
"""The length of “al”."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ORDINAL = re.compile(
    r"\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final)\s+([a-z]+)"
)
_SAME_ORDINAL = {"final": "last"}
_NUMBERED = re.compile(
    r"\b(?P<noun>[A-Z][A-Za-z]*|phase|week|block|unit|part|chapter|article|page)"
    r"(?:[ -]?(?P<number>\d{1,3})| (?P<roman>I{1,3}|IV|VI{0,3}|IX|X))\b"
)
_ASKS_OF = re.compile(
    r"^\W*(?i:when|why|where|how|what|in (?:what|which) year)\b.*?"
    r"\b(?:(?P<doing>did|does|do)|was|were|is|has|are|had)\s+(?:the\s+)?"
    r"(?P<name>(?:[a-z]{2,3} )?[A-Z][\w’'-]*[a-z][\w’'-]*"
    r"(?: (?:(?:van|von|de|der|al|bin) )?[A-Z][\w’'-]*)*)"
    r"\s+(?P<verb>(?(doing)[a-z]+|[a-z]+(?:ed|[ewo]n|ing|ght|ut|ade|aid|old|eld)))\b"
)
_NAME_AND_VERB = re.compile(
    r"\W*(?P<name>[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*)"
    r" (?:(?:was|were|is|are|has|had) )?(?P<verb>[a-z]+)"
)
_PRONOUN = re.compile(r"^\W*(?:he|she|it|they|his|her|its|their|i|we)\b", re.IGNORECASE)
_WHO_DID_IT_TO = re.compile(
    r"\W*whom?\s+(?P<verb>[a-z]+ed|led|beat|sued|hit)\s+(?:the\s+)?(?P<name>\w[\w ’'-]*?)\W*$",
    re.IGNORECASE,
)
_WHOM_DID_IT = re.compile(
    r"\W*whom?\s+did\s+(?:the\s+)?(?P<name>\S.*?)\s+(?P<verb>[a-z]+)\W*$", re.IGNORECASE
)
_OPPOSITES = {
    "younger": "older|elder",
    "older": "younger",
    "elder": "younger",
    "youngest": "oldest|eldest",
    "oldest": "youngest",
    "eldest": "youngest",
    "fewest": "most|largest|highest",
    "most": "fewest|least|lowest|smallest",
    "highest": "lowest",
    "lowest": "highest",
    "smallest": "largest|biggest",
    "largest": "smallest",
    "voted for": "voted against",
    "voted against": "voted for",
}
_DIMENSIONS = {
    "high": "high|height|tall|altitude|elevation",
    "tall": "tall|height|high",
    "wide": "wide|width|broad|across",
    "long": "long|length|from end to end|for|until|since|lasted|takes?|took",
}
_HOW_LARGE = re.compile(r"\bhow\s+(?P<asked>high|tall|wide|long)\b", re.IGNORECASE)
_SO_LARGE = re.compile(r"\d[\d.,]*\s+\w+\s+(?:high|tall|wide|deep|long)\b", re.IGNORECASE)
_GROUPS = {
    "women": r"wom[ae]n|females?|girls?|mothers?|wives|wife|nuns?|sisters?|daughters?",
    "children": r"child(?:ren)?|kids?|infants?|bab(?:y|ies)|minors?|pupils?|sons?|daughters?"
    r"|boys?|girls?",
    "girls": r"girls?|daughters?|schoolgirls?|wom[ae]n|sisters?",
    "boys": r"boys?|sons?|schoolboys?|m[ae]n|brothers?",
    "civilians": r"civilians?",
}
_HOW_MANY_OF = re.compile(rf"\bhow\s+many\s+(?P<group>{'|'.join(_GROUPS)})\b", re.IGNORECASE)
_ASKS_OF_ONE = re.compile(
    r"\b(?:did|was|is|has|had|does|will|would|could|can)\s+(?P<asked>he|she)\b(?!\s+and\b)",
    re.IGNORECASE,
)
_BEGINS_WITH_ONE = re.compile(r"\W*(?P<said>he|she)\b", re.IGNORECASE)


def mismatched(question: str, citation: Citation) -> bool:
    """Return whether a quote answers another question than the one that is asked.

    Args:
        question: As it is searched for.
        citation: The quote, with what is read before it.

    """
    quote = citation.quote
    before = " ".join(lead.text for lead in citation.before)
    return (
        _counts_another(question, quote)
        or _speaks_of_another(question, quote, before)
        or _turns_it_round(question, quote)
        or _says_the_opposite(question, quote)
        or _measures_another(question, quote)
        or _counts_others(question, f"{before} {quote}")
        or _is_of_the_other_sex(question, quote)
    )


def _counts_another(question: str, quote: str) -> bool:
    """Recognise the first exchange where the second is asked about, and LV-3 where LV-2 is.

    It is none if what is asked for stands somewhere in the sentence.
    """
    asked, said = _counted(question), _counted(quote)
    words = {_SAME_ORDINAL.get(word, word) for word in re.findall(r"[^\W_]+", quote.lower())}
    both = asked.keys() & said.keys()
    return any((words | said[noun]).isdisjoint(asked[noun]) for noun in both)


def _counted(text: str) -> Mapping[str, set[str]]:
    """Return the ordinals and numbers of each noun: of a word, that is, that is no stop word."""
    counted: dict[str, set[str]] = {}
    pairs = [(noun, number) for number, noun in _ORDINAL.findall(text.lower())]
    pairs += [
        (each["noun"], each["number"] or each["roman"])
        for each in _NUMBERED.finditer(text)
        if each["noun"] not in MONTHS
    ]
    for noun, number in pairs:
        if fold(noun) not in stop_words():
            numbers = counted.setdefault(noun.lower().rstrip("s"), set())
            numbers.add(_SAME_ORDINAL.get(number, number.lower()))
    return counted


def _speaks_of_another(question: str, quote: str, before: str) -> bool:
    """Recognise what somebody else did: the same verb, and another one as its subject."""
    asks = _ASKS_OF.match(question)
    if asks is None or asks["name"] in MONTHS:
        return False
    named, verb = _bare_words(asks["name"]), content_terms(asks["verb"], ENGLISH)
    if named & _bare_words(quote) or not verb & content_terms(quote, ENGLISH):
        return False
    begins = _subject(quote, verb)
    if _PRONOUN.match(begins):
        return before != "" and not named & _bare_words(before)
    return any(
        word[0].isupper() for word in _WORD.findall(begins) if fold(word) not in stop_words()
    )


def _subject(quote: str, verb: frozenset[str]) -> str:
    """Return what a sentence begins with: one name may stand right before the verb; "" for none."""
    subject = leading_subject(quote)
    if subject is not None:
        return quote[slice(*subject)]
    name = _NAME_AND_VERB.match(quote)
    return name["name"] if name is not None and verb & content_terms(name["verb"], ENGLISH) else ""


def _turns_it_round(question: str, quote: str) -> bool:
    """Recognise “The army accused the rebels” where it is asked who accused the army."""
    asks = _WHO_DID_IT_TO.match(question)
    if asks is not None:
        name = re.escape(asks["name"].split()[-1])
        did = rf"\b{name}\s+(?:then |also |later |had |has )?{asks['verb']}\b(?! by\b)"
        return re.search(did, quote, re.IGNORECASE) is not None
    asks = _WHOM_DID_IT.match(question)
    if asks is None:
        return False
    name, verb = re.escape(asks["name"].split()[-1]), rf"\b{re.escape(asks['verb'].rstrip('e'))}\w*"
    turned = re.search(rf"{verb}\b(?! by\b).*\b{name}\b", quote, re.IGNORECASE)
    return turned is not None and not re.search(rf"\b{name}\b.*{verb}", quote, re.IGNORECASE)


def _says_the_opposite(question: str, quote: str) -> bool:
    return any(
        _has(asked, question) and not _has(asked, quote) and _has(opposite, quote)
        for asked, opposite in _OPPOSITES.items()
    )


def _measures_another(question: str, quote: str) -> bool:
    """Recognise how high something is, where it is asked how long."""
    asks = _HOW_LARGE.search(question)
    if asks is None or _SO_LARGE.search(quote) is None:
        return False
    return not _has(_DIMENSIONS[asks["asked"].lower()], quote)


def _counts_others(question: str, text: str) -> bool:
    """Recognise how many people there are, where it is asked how many women."""
    asks = _HOW_MANY_OF.search(question)
    return asks is not None and not _has(_GROUPS[asks["group"].lower()], text)


def _is_of_the_other_sex(question: str, quote: str) -> bool:
    """Recognise “She was 88” where it is asked how old he was."""
    asks, begins = _ASKS_OF_ONE.search(question), _BEGINS_WITH_ONE.match(quote)
    if asks is None or begins is None:
        return False
    return asks["asked"].lower() != begins["said"].lower()


def _has(words: str, text: str) -> bool:
    return re.search(rf"\b(?:{words})\b", text, re.IGNORECASE) is not None


def _bare_words(text: str) -> set[str]:
    """Return the words of a text, folded, without “’s”, and the parts of those with a hyphen.

    The “al” of Arabic names, which many of them have, is no such part.
    """
    words = [re.sub(r"['’]s?$", "", word) for word in _WORD.findall(text)]
    parts = [part for word in words for part in word.split("-") if len(part) > _ARTICLE]
    return {fold(word) for word in (*words, *parts)} - stop_words()
