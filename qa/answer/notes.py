"""What a reader should know beside the quotes, a sentence each. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from citadel.index.corpus.languages import ENGLISH, main_script
from citadel.index.retrieval.spellings import Correction
from citadel.qa.answer.quoting import Quotation


def spelling_notes(correction: Correction) -> tuple[str, ...]:
    """Tell which words were read in the collection's spelling."""
    return tuple(f"Also matched: “{m.found}” for “{m.asked}”." for m in correction.matches)


def mention_notes(names: Sequence[str], articles: int) -> tuple[str, ...]:
    """Tell which names of a question no article mentions."""
    if not names:
        return ()
    *before, last = names
    listed = f"{', '.join(before)} or {last}" if before else last
    subject = "This article doesn't" if articles == 1 else "These articles don't"
    return (f"{subject} mention {listed}.",)


def withheld_notes(withheld: str, articles: int) -> tuple[str, ...]:
    """Tell what of the question the quoted sentence doesn't say: who, when, how many."""
    if not withheld:
        return ()
    if articles == 1:
        return (f"The article mentions this, but doesn't say {withheld}.",)
    return (f"The articles mention this, but don't say {withheld}.",)


def script_notes(question: str) -> tuple[str, ...]:
    """Tell that a question is in a script that the model does not read."""
    return (f"This search works best in English. You asked in {main_script(question)}.",)


_FROM_ENGLISH = {
    "ar": "الاقتباس من مقال بالإنكليزية.",
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
    """Tell, in the language of a question, that the quotes are in another one.

    Args:
        asked: The ISO 639-1 code of the question's language; "" for one that is not known, which
            is told in English.
        quoted: Those of the articles that are quoted.

    """
    if asked == ENGLISH or set(quoted) <= {asked}:
        return ()
    if set(quoted) <= {asked, ENGLISH}:
        return (_FROM_ENGLISH.get(asked, "Quoted from an article in English."),)
    return (_FROM_ANOTHER.get(asked, "Quoted from an article in another language."),)


def missing_notes(parts: Sequence[str]) -> tuple[str, ...]:
    """Tell which parts of a question were not found."""
    return tuple(f"Not found: “{part.rstrip('?').strip()}”." for part in parts)


def difference_notes(quotation: Quotation) -> tuple[str, ...]:
    """Tell when the first two quotes give different figures for much the same."""
    if not quotation.sources_differ:
        return ()
    return ("The sources give different figures: compare the quotes and their dates.",)


def scope_notes(searched: int, articles: int) -> tuple[str, ...]:
    """Tell how many of the articles were searched, unless all were."""
    return () if searched == articles else (f"Searched in {searched} of {articles} articles.",)


def overview_notes(shown: int, articles: int) -> tuple[str, ...]:
    """Tell how many of several articles an overview looks into, and how to have one of one."""
    of_how_many = f"each of {articles}" if shown == articles else f"the first {shown} of {articles}"
    return (f"This looks into {of_how_many} articles; name one, or choose it, for more of it.",)


def section_notes(shown: int, sections: int) -> tuple[str, ...]:
    """Tell that an overview leaves sections out, where it does."""
    if sections <= shown:
        return ()
    return (f"The article has {sections} sections; the {shown} longest are quoted from.",)


def dates_notes(shown: int, dated: int) -> tuple[str, ...]:
    """Tell where all dates are."""
    all_of_them = "these dates, in order" if shown == dated else f"all {dated} dated sentences"
    return (f"The Timeline tab has {all_of_them}.",)
