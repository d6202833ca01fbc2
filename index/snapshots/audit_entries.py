"""A line of the audit log: who changed which article, how and when; as it is written and read."""

from __future__ import annotations

import json
import os
import pwd
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime

from citadel.index.disk import record_of

CUT_OFF = "cut off"
"""What stands in a line after one that a kill or a loss of power broke off."""

UNLOGGED = "not logged"
"""What stands in a line about a snapshot that no line before names."""

_SEAL = "sha256_of_this"


@dataclass(frozen=True, slots=True)
class Doer:
    """Who changes articles, and by what.

    Attributes:
        who: The name of a user; "" where users are not distinguished.
        known_by: What says so: “account”, “system” for the operating system, or, where anybody
            may be meant, “password” or “this machine”.
        what: “add”, “remove”, “restore”, “describe”, “build” or “rollback”.

    """

    who: str
    known_by: str
    what: str


@dataclass(frozen=True, slots=True)
class Happening:
    """What became of one file; or of none, where a snapshot has the articles of the one before.

    Attributes:
        doer: Who did it.
        change: “added”, “changed” or “removed”; "" where no article is another one.
        article: The file, by its path in the folder of the articles.
        sha256: Of the file, as it is now, or was before it was removed; "" where none was kept.

    """

    doer: Doer
    change: str = ""
    article: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log, without the SHA-256 of itself.

    Attributes:
        when: UTC, ISO 8601, to the second.
        who: As of ``Doer``.
        known_by: As of ``Doer``.
        what: As of ``Doer``; or ``CUT_OFF`` or ``UNLOGGED``.
        change: As of ``Happening``.
        article: As of ``Happening``.
        sha256: As of ``Happening``.
        snapshot: What was published with it.
        before: The SHA-256 of the line before it; "" in the first.

    """

    when: str
    who: str
    known_by: str
    what: str
    change: str
    article: str
    sha256: str
    snapshot: str
    before: str

    @classmethod
    def of(cls, snapshot: str, happening: Happening, last: bytes | None) -> Entry:
        """Return what stands in the log of a happening, after the last line, if there is one."""
        doer = happening.doer
        return cls(
            _now(),
            doer.who,
            doer.known_by,
            doer.what,
            happening.change,
            happening.article,
            happening.sha256,
            snapshot,
            "" if last is None else record_of(last).sha256,
        )

    @classmethod
    def read(cls, line: bytes) -> Entry | None:
        """Return a line as it was written; None for one that is not as ``line`` wrote it."""
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            return None
        if not isinstance(record, dict) or list(record) != [*_NAMES, _SEAL]:
            return None
        if not all(isinstance(value, str) for value in record.values()):
            return None
        entry = cls(**{name: record[name] for name in _NAMES})
        return entry if entry.line() == line else None

    def line(self) -> bytes:
        """Return it as it is written, without the end of the line."""
        record = asdict(self)
        return _json(record | {_SEAL: record_of(_json(record)).sha256})

    def __str__(self) -> str:
        who = f"{self.who} ({self.known_by})" if self.who else self.known_by or "nobody known"
        what = " ".join(filter(None, (self.what, self.article)))
        told = (f"{self.when}  {who}: {what}", self.change, self.sha256, self.snapshot)
        return ", ".join(filter(None, told))


_NAMES = [field.name for field in fields(Entry)]


def system_user(what: str) -> Doer:
    """Return the user of the operating system that this process belongs to, who does something."""
    number = os.getuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        name = str(number)  # In a container nobody need have a name.
    return Doer(name, "system", what)


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _json(record: dict[str, str]) -> bytes:
    # The name of a file may have a byte that is no UTF-8: it becomes an escape, as JSON has it.
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace")
