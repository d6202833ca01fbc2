"""Has files read by processes of their own, which are replaced when they break down."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Self

import citadel
from citadel.index.corpus.articles import article_from_record
from citadel.index.corpus.formats.page_pictures import PagePicture
from citadel.index.corpus.sandbox import MEMORY_BYTES, SECONDS
from citadel.index.corpus.sandbox.files import ParsedFile
from citadel.index.errors import CitadelError

_IMPORTED_FROM = Path(citadel.__file__).parent.parent

_COMMAND = (sys.executable, "-m", "citadel.index.corpus.sandbox")

_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?::|$)")
"""The line of a traceback that names the exception; its message may have more lines."""

_FILES_A_PROCESS = 8
"""Starting another process takes as long as reading about this many files."""


@dataclass(frozen=True, slots=True)
class Request:
    """A file to read: its path below the sources folder, and whether metadata stand next to it."""

    name: str
    sidecar: bool


def read_files(root: Path, requests: Sequence[Request]) -> Iterator[ParsedFile | CitadelError]:
    """Read files side by side; yield what became of each, in order.

    A file that can't be read yields the error that names it.

    Args:
        root: The sources folder.
        requests: The files.

    """
    count = min(_cores(), 1 + len(requests) // _FILES_A_PROCESS)
    idle: SimpleQueue[_Process] = SimpleQueue()
    with ExitStack() as stack:
        for _ in range(count):
            idle.put(stack.enter_context(_Process(root.resolve())))

        def read(request: Request) -> ParsedFile | CitadelError:
            process = idle.get()
            try:
                return process.read(request)
            except CitadelError as error:
                return error
            finally:
                idle.put(process)

        yield from stack.enter_context(ThreadPoolExecutor(count)).map(read, requests)


def picture_of_page(folder: Path, name: str, called: str, page: int, quote: str) -> PagePicture:
    """Return the picture of a page of a PDF, drawn by a process of its own, the quote marked.

    Args:
        folder: Where the file is.
        name: The file's path below it.
        called: What the file is called in errors.
        page: The page, from 1.
        quote: What to mark; "" for nothing.

    Raises:
        CitadelError: It can't be drawn, or takes too much time or memory.

    """
    with _Process(folder.resolve()) as process:
        request = {"name": name, "called": called, "page": page, "quote": quote}
        reply = process.reply(request, called)
    return PagePicture(b64decode(reply["png"]), reply["is_marked"])


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Process:
    """A process that reads one file after another, started when it is first needed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[str] | None = None
        self._stderr: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._end(kill=True)

    def read(self, request: Request) -> ParsedFile:
        """Read one file.

        Raises:
            CitadelError: It can't be read, or the process broke down on it.

        """
        asked = {"name": request.name, "sidecar": request.sidecar}
        reply = self.reply(asked, request.name)
        return ParsedFile(
            tuple(article_from_record(record) for record in reply["articles"]),
            tuple(reply["failures"]),
            reply["sha256"],
        )

    def reply(self, request: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Return the reply to a request about a file of a name.

        Raises:
            CitadelError: It is refused, or the process broke down on it.

        """
        reply = self._ask(request)
        if reply is None:
            raise CitadelError(self._why_it_ended(name))
        if reply["last"]:
            self._end(kill=False)
        if "error" in reply:
            raise CitadelError(reply["error"])
        return reply

    def _ask(self, request: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the reply to a request; None when the process ended instead."""
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        message = {"root": str(self._root), **request}
        try:
            process.stdin.write(json.dumps(message) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            return None
        line = process.stdout.readline()
        if not line.endswith("\n"):
            return None
        reply: dict[str, Any] = json.loads(line)
        return reply

    def _start(self) -> subprocess.Popen[str]:
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            _COMMAND,
            cwd=_IMPORTED_FROM,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            encoding="utf-8",
        )
        return self._process

    def _end(self, *, kill: bool) -> tuple[int, str]:
        """End the process; return its exit status and the exception that it ended with."""
        process, stderr = self._process, self._stderr
        self._process = self._stderr = None
        if process is None or stderr is None:
            return 0, ""
        if kill:
            process.kill()
        process.communicate()
        with stderr:
            stderr.seek(0)
            lines = stderr.read().decode("utf-8", errors="replace").split("\n")
        named = (line for line in reversed(lines) if _EXCEPTION.match(line))
        return process.returncode, next(named, "no reason told")

    def _why_it_ended(self, name: str) -> str:
        status, complaint = self._end(kill=False)
        if status == -signal.SIGALRM:
            return f"{name} takes longer than {SECONDS} s to read; save it in another format."
        if complaint.startswith("MemoryError"):
            return (
                f"{name} takes more than {MEMORY_BYTES / 1e9:.0f} GB of memory to read; "
                "split it or save it in another format."
            )
        why = signal.Signals(-status).name if status < 0 else complaint
        return f"{name} is broken, its reader failed ({why}); save it in another format."
