"""Where a server answers ``ask`` of the same person on the same machine, see qa.local_questions."""

from __future__ import annotations

import json
import logging
import secrets
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingMixIn, UnixStreamServer
from threading import Thread
from typing import Any

from index.backends import fastest
from index.errors import CitadelError
from index.passage_index import PassageIndex
from qa.local_questions import (
    ACCEPTED,
    DECLINED,
    SUFFIX,
    Terms,
    meeting_folder,
    parse_question,
    place_prefix,
    places_of,
)
from qa.plain_text import printed
from qa.service.searches import BusyError
from qa.service.service import Service

_log = logging.getLogger(__name__)

_LONGEST_QUESTION = 1 << 20
"""In bytes, with the earlier questions and the names of all articles that are chosen."""

_PATIENCE = 10.0
"""Seconds for a question to come, or for the reply to be taken."""


@contextmanager
def answering_locally(service: Service, terms: Terms) -> Iterator[None]:
    """Answer, while the context lasts, questions that are asked on the terms of this server.

    Where that can't be, the log says so, and every ``ask`` answers by itself.
    """
    try:
        place = _new_place(terms.index_dir)
        server = _Server(place, service, terms)
    except OSError as error:
        _log.info("Questions of the command line are not answered here: %s.", error)
        yield
        return
    with server:
        Thread(target=server.serve_forever, name="local questions", daemon=True).start()
        try:
            yield
        finally:
            place.unlink(missing_ok=True)
            server.shutdown()


def _new_place(index_dir: str) -> Path:
    """Return where a new server is to listen; remove what servers have left that were killed."""
    folder = meeting_folder()
    for place in places_of(folder, index_dir):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PATIENCE)
            try:
                connection.connect(str(place))
            except ConnectionRefusedError:
                place.unlink(missing_ok=True)
            except OSError as error:
                _log.debug("%s stays: %s", place, error)
    return folder / f"{place_prefix(index_dir)}{secrets.token_hex(4)}{SUFFIX}"


def _answers_alike(index: PassageIndex, own: Terms, asked: Terms) -> bool:
    """Tell whether whoever asks would load the same index and answer from it in the same way."""
    return (
        replace(asked, model=own.model, backend=own.backend) == own
        and asked.model in (None, index.encoder.name)
        and _computes_alike(index.encoder.backend, own.backend, asked.backend)
    )


def _computes_alike(used: str, own: str | None, asked: str | None) -> bool:
    """Tell whether the backend that is asked for would be the one that is used here.

    Whoever names none gets the fastest that is installed. That is found out here, where it is
    loaded: to whoever asks, who runs the same installation, it would cost what is to be saved.
    """
    if asked is None:
        return own in (None, fastest())
    return asked in (own, used)


class _Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, place: Path, service: Service, terms: Terms) -> None:
        self.service = service
        self.terms = terms
        # It gets its name when it listens: until then it would seem to be one that was left over.
        partial = place.with_suffix(".new")
        super().__init__(str(partial), _Conversation)
        partial.chmod(0o600)
        partial.rename(place)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Report a defect of ours; that somebody has gone, or was not understood, is none."""
        error = sys.exception()
        if isinstance(error, OSError | ValueError):
            _log.debug("A question of the command line was left: %s", error)
        else:
            _log.error("A question of the command line failed.", exc_info=error)


class _Conversation(StreamRequestHandler):
    server: _Server
    timeout = _PATIENCE

    def handle(self) -> None:
        asked, generation = parse_question(self.rfile.readline(_LONGEST_QUESTION))
        service = self.server.service
        answerer = service.editions.current.answerer
        index = answerer.index
        if generation != index.generation or not _answers_alike(
            index, self.server.terms, asked.terms
        ):
            self.wfile.write(DECLINED)
            return
        self.wfile.write(ACCEPTED)
        try:
            answer = service.ask(
                answerer, asked.question, asked.history, asked.passages, asked.scope
            )
        except BusyError:
            return  # Whoever asks is not told to wait, but answers alone.
        except CitadelError as error:
            reply = {"refused": str(error)}
        else:
            reply = {"printed": printed(answer, as_json=asked.as_json)}
        self.wfile.write(json.dumps(reply).encode("ascii") + b"\n")
