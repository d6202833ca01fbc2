"""What a reader should know besides the quotes, a sentence each. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from citadel.index.corpus.languages import ENGLISH, main_script
from citadel.index.retrieval.hits import Hit
from citadel.index.retrieval.name_counts import as_written
from citadel.index.retrieval.spellings import Correction
from citadel.index.wording import Message, counted, message, one_of
from citadel.qa.answer.answers import Claim
from citadel.qa.answer.quoting import Quotation


def spelling_notes(correction: Correction, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Report which words were read in the collection's spelling, as the passages found write it."""
    texts = [hit.passage.text for hit in hits] if correction.matches else []
    return tuple(
        message(
            "Also matched: “{found}” for “{asked}”.",
            found=as_written(match.found, texts),
            asked=match.asked,
        )
        for match in correction.matches
    )


def mention_notes(names: Sequence[str], articles: int) -> tuple[str, ...]:
    """Report which names of a question no article mentions."""
    if not names:
        return ()
    return (
        counted(
            "This article doesn't mention {names}.",
            "These articles don't mention {names}.",
            articles,
            names=one_of(names),
        ),
    )


def doubt_notes() -> tuple[str, ...]:
    """Report that nothing is known of the world but what the articles say."""
    return (message("The quotes are what the articles say; whether that is true, I can't judge."),)


def nothing_more_notes() -> tuple[str, ...]:
    """Report that all that was found for the question before has been quoted."""
    return (message("All that was found on this has been quoted."),)


_WITHHELD = {
    "who": message("who"),
    "how many": message("how many"),
    "how much": message("how much"),
    "when": message("when"),
    "where": message("where"),
    "why": message("why"),
    "which": message("which"),
}


def withheld_notes(withheld: str, articles: int) -> tuple[str, ...]:
    """Report what of the question the quoted sentence doesn't say: who, when, how many."""
    if not withheld:
        return ()
    return (
        counted(
            "The article mentions this, but doesn't say {what}.",
            "The articles mention this, but don't say {what}.",
            articles,
            what=_WITHHELD[withheld],
        ),
    )


_SCRIPTS = {
    "Arabic": message("Arabic"),
    "Hebrew": message("Hebrew"),
    "Cyrillic letters": message("Cyrillic letters"),
    "Greek": message("Greek"),
    "Chinese characters": message("Chinese characters"),
    "Japanese": message("Japanese"),
    "Korean": message("Korean"),
    "Devanagari letters": message("Devanagari letters"),
    "Latin letters": message("Latin letters"),
    "another script": message("another script"),
}


def script_notes(question: str) -> tuple[str, ...]:
    """Report that a question is in a script that the model does not read."""
    name = main_script(question)
    return (
        message(
            "This search works best in English. You asked in {script}.",
            script=_SCRIPTS.get(name, name),
        ),
    )


_FROM_ENGLISH = {
    "ar": "الاقتباس من مقال بالإنجليزية.",
    "de": "Zitiert aus einem Artikel auf Englisch.",
    "es": "Citado de un artículo en inglés.",
    "fr": "Cité d’un article en anglais.",
    "ru": "Цитата из статьи на английском языке.",
    "tr": "İngilizce bir makaleden alıntılandı.",
}
_FROM_ANOTHER = {
    "ar": "الاقتباس من مقال بلغة أخرى.",
    "de": "Zitiert aus einem Artikel in einer anderen Sprache.",
    "es": "Citado de un artículo en otro idioma.",
    "fr": "Cité d’un article dans une autre langue.",
    "ru": "Цитата из статьи на другом языке.",
    "tr": "Başka dilde bir makaleden alıntılandı.",
}


def language_notes(asked: str, quoted: Collection[str]) -> tuple[str, ...]:
    """Report, in the language of a question, that the quotes are in another one.

    Args:
        asked: The ISO 639-1 code of the question's language; "" for one that is not known, which
            is reported in English.
        quoted: Those of the articles that are quoted.

    """
    if asked == ENGLISH or set(quoted) <= {asked}:
        return ()
    if set(quoted) <= {asked, ENGLISH}:
        return (_FROM_ENGLISH.get(asked, "Quoted from an article in English."),)
    return (_FROM_ANOTHER.get(asked, "Quoted from an article in another language."),)


def missing_notes(parts: Sequence[str]) -> tuple[str, ...]:
    """Report which parts of a question were not found."""
    return tuple(message("Not found: “{part}”.", part=part.rstrip("?؟").strip()) for part in parts)


def difference_notes(quotation: Quotation) -> tuple[str, ...]:
    """Report that the first two quotes give different figures for much the same."""
    if not quotation.sources_differ:
        return ()
    return (message("The sources give different figures: compare the quotes and their dates."),)


def agreement_notes(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Report that no values differ, where the question is whether the sources disagree."""
    if claims:
        return ()
    return (message("No disagreement about this was recognised in the passages found."),)


def scope_notes(searched: int, articles: int) -> tuple[str, ...]:
    """Report how many of the articles were searched, unless all were."""
    if searched == articles:
        return ()
    return (
        counted(
            "Searched in {searched} of {count} articles.",
            "Searched in {searched} of {count} articles.",
            articles,
            searched=searched,
        ),
    )


def overview_notes(shown: int, articles: int) -> tuple[str, ...]:
    """Report how many articles of several an overview looks into, and how to have one of one."""
    return (_looked_into(shown, articles),)


def _looked_into(shown: int, articles: int) -> Message:
    if shown == articles:
        return counted(
            "This looks into each of {count} articles; name one, or choose it, for more of it.",
            "This looks into each of {count} articles; name one, or choose it, for more of it.",
            articles,
        )
    return counted(
        "This looks into the first {shown} of {count} articles; name one, or choose it, for more "
        "of it.",
        "This looks into the first {shown} of {count} articles; name one, or choose it, for more "
        "of it.",
        articles,
        shown=shown,
    )


def section_notes(shown: int, sections: int) -> tuple[str, ...]:
    """Report that an overview leaves sections out, where it does."""
    if sections <= shown:
        return ()
    return (
        counted(
            "The article has {count} sections; the {shown} longest are quoted from.",
            "The article has {count} sections; the {shown} longest are quoted from.",
            sections,
            shown=shown,
        ),
    )


def dates_notes(shown: int, dated: int) -> tuple[str, ...]:
    """Report where all dates are."""
    if shown == dated:
        return (message("The Timeline tab has these dates, in order."),)
    return (
        counted(
            "The Timeline tab has all {count} dated sentences.",
            "The Timeline tab has all {count} dated sentences.",
            dated,
        ),
    )
