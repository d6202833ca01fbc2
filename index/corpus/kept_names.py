"""Under what names removed files are kept, where several had the same one.

What a file is kept as says by itself what it was called: no other file has to be there for that.
Earlier versions kept the second “report.pdf” as “report.2.pdf”, which may as well be a name of its
own; it is read as that, so that no file comes back in the place of another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Self

from citadel.index.corpus.source_files import name_key

_NUMBERED = re.compile(
    r"(?P<stem>.+)\.removed-(?P<number>[2-9]|[1-9][0-9]+)(?P<suffix>\.[^./]+)",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class KeptName:
    """What a removed file is kept as.

    Attributes:
        name: Its path in the sources folder, where it was.
        number: How many of its name were removed with it, 1 for the first.

    """

    name: str
    number: int

    @classmethod
    def of(cls, kept: str) -> Self:
        """Read it from a path below the folder of the removed files."""
        numbered = _NUMBERED.fullmatch(kept)
        if numbered is None:
            return cls(kept, 1)
        return cls(numbered["stem"] + numbered["suffix"], int(numbered["number"]))

    @classmethod
    def free(cls, name: str, taken: Iterable[str]) -> Self:
        """Return where a file can be kept: after all others of its name, in any case.

        Args:
            name: Its path in the sources folder.
            taken: The paths of those that are kept already.

        """
        kept = [cls.of(each) for each in taken]
        numbers = [each.number for each in kept if name_key(each.name) == name_key(name)]
        # An article may itself be called “report.removed-2.pdf”; it is not kept as that.
        first = 1 if _NUMBERED.fullmatch(name) is None else 2
        return cls(name, max(numbers, default=first - 1) + 1)

    @property
    def path(self) -> str:
        """Its path below the folder of the removed files: “report.removed-2.pdf” for a second."""
        if self.number == 1:
            return self.name
        named = PurePosixPath(self.name)
        return str(named.with_name(f"{named.stem}.removed-{self.number}{named.suffix}"))
