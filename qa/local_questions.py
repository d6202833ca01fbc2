"""Questions to a server that runs already, from the same person on the same machine.

A server has loaded what ``ask`` would take a second to load. It listens for ``ask`` at a socket in
a folder that nobody else can enter, and answers what it would be asked there as ``ask`` itself
would: from the same index, on the same terms. Not by HTTP: at a port that a server has left,
another person's program may listen; and passwords, limits and proxies are for strangers.

A question and a reply are a line of JSON each. Before the reply comes a line that tells whether
there will be one. Nothing large is imported here: that is the time to be saved.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import socket
import stat
import sys
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import platformdirs

from index.errors import CitadelError
from index.pointer import CURRENT, parse_pointer
from index.scope import Scope

_log = logging.getLogger(__name__)

ACCEPTED, DECLINED = b"yes\n", b"no\n"
SUFFIX = ".sock"

_PATIENCE = 1.0
"""Seconds for a server to say whether it will answer: it does nothing else meanwhile."""

_LONGEST = 15.0
"""Seconds for its answer; a server gives up sooner."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What must be the same for two processes to give the same answer from the same index.

    Attributes:
        program: The code that runs, see ``program``.
        index_dir: The folder of the index, absolute.
        model: As ``--model`` names it; None for the index's own.
        reranker: As ``--reranker`` names it, absolute if it is a folder; None for none.
        backend: As ``--backend`` names it; None for the fastest.
        store: As ``--store`` names it.
        store_url: As ``--store-url`` gives it; None for none.

    """

    program: str
    index_dir: str
    model: str | None
    reranker: str | None
    backend: str | None
    store: str
    store_url: str | None

    @classmethod
    def of(
        cls,
        index_dir: Path,
        model: str | None,
        reranker: str | None,
        backend: str | None,
        store: str,
        store_url: str | None,
    ) -> Terms:
        """Take the options of a command, which runs this program."""
        folder = str(index_dir.resolve())
        if reranker is not None and Path(reranker).exists():
            reranker = str(Path(reranker).resolve())
        return cls(program(), folder, model, reranker, backend, store, store_url)


@dataclass(frozen=True, slots=True)
class LocalQuestion:
    """What a server is asked.

    Attributes:
        question: As the person typed it.
        history: The earlier questions, oldest first.
        passages: How many passages to list at most.
        scope: Which articles to look into.
        as_json: Whether the answer is wanted as JSON instead of text.
        terms: Those of whoever asks.

    """

    question: str
    history: tuple[str, ...]
    passages: int
    scope: Scope
    as_json: bool
    terms: Terms


def ask_running_server(asked: LocalQuestion) -> str | None:
    """Return what ``ask`` is to print, from a server; None where no server answers.

    Raises:
        CitadelError: What the server found wrong with the question.

    """
    generation = _current_generation(Path(asked.terms.index_dir))
    if generation is None or not hasattr(socket, "AF_UNIX"):
        return None
    try:
        places = places_of(meeting_folder(), asked.terms.index_dir)
    except OSError as error:
        _log.debug("No server is looked for: %s", error)
        return None
    for place in places:
        try:
            reply = _reply(place, question_line(asked, generation))
        except (OSError, ValueError) as error:
            _log.debug("The server at %s does not answer: %s", place, error)
            continue
        if "refused" in reply:
            raise CitadelError(reply["refused"])
        if "printed" in reply:
            return reply["printed"]
    return None


def question_line(asked: LocalQuestion, generation: str) -> bytes:
    """Return what is sent to a server, which must answer from the generation."""
    chosen = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(asked.scope).items()
    }
    record = {**asdict(asked), "scope": chosen, "generation": generation}
    return json.dumps(record).encode("ascii") + b"\n"


def parse_question(line: bytes) -> tuple[LocalQuestion, str]:
    """Read back what ``question_line`` was given.

    Raises:
        ValueError: Another version of Citadel made it.

    """
    try:
        record = json.loads(line)
        generation = str(record.pop("generation"))
        record["terms"] = Terms(**record["terms"])
        record["scope"] = Scope.of(record["scope"])
        record["history"] = tuple(record["history"])
        return LocalQuestion(**record), generation
    except (KeyError, TypeError, AttributeError, CitadelError) as error:
        raise ValueError(f"no question of this version: {error}") from error


def program() -> str:
    """Tell this program from another version of it, and from one with other libraries.

    A server may be older than the code that it was started from: an update replaces that code.
    """
    root = Path(__file__).resolve().parent.parent
    newest = max(
        entry.stat().st_mtime_ns for name in ("index", "qa") for entry in _files(root / name)
    )
    return f"{sys.prefix} {root} {newest}"


def meeting_folder() -> Path:
    """Return the folder where servers of this person and whoever asks them find each other.

    Raises:
        OSError: It can't be made, or somebody else could enter it.

    """
    with warnings.catch_warnings():
        # Where the session has no such folder, there is one among the temporary files. That it is
        # this person's own is seen to there and below.
        warnings.simplefilter("ignore", platformdirs.RuntimeDirWarning)
        folder = platformdirs.user_runtime_path("citadel", appauthor=False, ensure_exists=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder that only this user can enter")
    return folder


def places_of(folder: Path, index_dir: str) -> list[Path]:
    """Return the sockets of the servers of an index, of which some may have ended."""
    return sorted(folder.glob(f"{place_prefix(index_dir)}*{SUFFIX}"))


def place_prefix(index_dir: str) -> str:
    """Return how the names of these sockets begin. Their paths can't be long: 100 bytes or so."""
    return f"{hashlib.sha256(os.fsencode(index_dir)).hexdigest()[:16]}-"


def _current_generation(index_dir: Path) -> str | None:
    """Return the generation to be asked; None where something is to be built or to be told."""
    try:
        pointer = parse_pointer((index_dir / CURRENT).read_bytes())
    except OSError:
        return None
    return pointer.generation if pointer is not None else None


def _reply(place: Path, question: bytes) -> dict[str, str]:
    """Return a server's reply; an empty one if it will not answer.

    Raises:
        OSError, ValueError: There is no server, or it does not say anything that makes sense.

    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE)
        connection.connect(str(place))
        connection.sendall(question)
        with connection.makefile("rb") as replies:
            said = replies.readline(len(ACCEPTED))
            if said == DECLINED:
                return {}
            if said != ACCEPTED:
                raise ValueError(f"it said {said!r}")
            connection.settimeout(_LONGEST)
            reply = json.loads(replies.readline())
    if not isinstance(reply, dict) or not all(isinstance(text, str) for text in reply.values()):
        raise ValueError("it said something else than an answer")
    return reply


def _files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the files of a folder and those in it, but for what Python made of them."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                yield entry
            elif entry.name != "__pycache__":
                yield from _files(Path(entry.path))
