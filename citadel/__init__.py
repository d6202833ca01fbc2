"""Citadel: answers quoted from your own articles, each with its place, or an honest no.

    from citadel import Citadel

The public names are here, and those alone follow Semantic Versioning; docs/library.md shows them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from citadel.index.corpus.scope import Scope
    from citadel.index.errors import CitadelError
    from citadel.index.retrieval.name_index import IndexedName
    from citadel.library import Citadel
    from citadel.qa.answer.answers import Answer, Citation, Status
    from citadel.qa.answer.mentions_of import AllMentions

__all__ = [
    "AllMentions",
    "Answer",
    "Citadel",
    "CitadelError",
    "Citation",
    "IndexedName",
    "Scope",
    "Status",
]

_MODULES = {
    "AllMentions": "citadel.qa.answer.mentions_of",
    "Answer": "citadel.qa.answer.answers",
    "Citadel": "citadel.library",
    "CitadelError": "citadel.index.errors",
    "Citation": "citadel.qa.answer.answers",
    "IndexedName": "citadel.index.retrieval.name_index",
    "Scope": "citadel.index.corpus.scope",
    "Status": "citadel.qa.answer.answers",
}

# Type checkers see the imports above; with this they would take any name for one of the package.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for.

        Every process that reads a file in the sandbox imports this package, and should wait
        neither for numpy nor for FAISS.
        """
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_MODULES[name]), name)
        return value

    def __dir__() -> list[str]:
        """Name what is not imported yet, too."""
        return sorted({*globals(), *__all__})
