"""What a reader should know beside the quotes, a sentence each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from citadel.index.corpus.languages import main_script
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
