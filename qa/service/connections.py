"""What a connection is held to until its request has come: the only module that knows uvicorn.

uvicorn waits for the head of a request as long as it takes, and answers in plain text what is no
HTTP. Connections on which nothing comes, or a letter now and then, are closed here: after
some seconds, or at once when others need the place.
"""

from __future__ import annotations

import asyncio
import os
import resource
import socket
from functools import partial
from typing import Any

import h11
from uvicorn import Server
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from citadel.qa.service.limits import Limits, network_of
from citadel.qa.service.problems import Problem

_LATE = Problem(408, "The request took too long to arrive; send it again.")
_NO_HTTP = Problem(400, "This is no HTTP/1.1 request, or its first lines are too long.")

_OTHER_FILES = 200
"""How many more files a server has open: the index, pipes, what it reads just now."""


def allow_open_files(limits: Limits) -> None:
    """Let this process hold as many connections as the limits allow, if the system lets it."""
    needed = limits.unfinished + limits.requests_at_once + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        most = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


_LAST_CALL = 0.5
"""Seconds that a server which stops gives a request to arrive on a connection that is open."""


def guard_connections(server: Server, limits: Limits) -> None:
    """Hold all connections that a running server takes to the limits, also when it stops."""
    # uvicorn asks for the class at each connection; it has no other way in besides its command.
    server.config.http_protocol_class = partial(  # type: ignore[assignment]
        Connection, limits=limits, unfinished=Unfinished(limits)
    )
    shut_down = server.shutdown

    async def shut_down_last(sockets: list[socket.socket] | None = None) -> None:
        await _take_all_that_wait(server)
        await shut_down(sockets)

    server.shutdown = shut_down_last  # type: ignore[method-assign]


async def _take_all_that_wait(server: Server) -> None:
    """Stop listening, but take the connections that the system has taken already.

    They would be reset: their clients have connected and asked.
    """
    loop = asyncio.get_running_loop()
    for listener in server.servers:
        # Another handle of the same socket: it listens on when the server has closed its own.
        others = [socket.socket(fileno=os.dup(each.fileno())) for each in listener.sockets]
        listener.close()
        for other in others:
            with other:
                for accepted in _waiting(other):
                    await loop.connect_accepted_socket(lambda: _connection(server), accepted)


def _waiting(listener: socket.socket) -> list[socket.socket]:
    """Take the connections that wait now; it is the last that the socket is good for."""
    listener.setblocking(False)
    taken = []
    while True:
        try:
            taken.append(listener.accept()[0])
        except BlockingIOError:
            listener.close()
            return taken


def _connection(server: Server) -> asyncio.Protocol:
    return server.config.http_protocol_class(  # type: ignore[call-arg]
        config=server.config, server_state=server.server_state, app_state=server.lifespan.state
    )


class Unfinished:
    """The connections whose next request has not come as a whole, the longest waiting first."""

    def __init__(self, limits: Limits) -> None:
        """Keep as many, of each address and in all, as the limits say."""
        self._limits = limits
        self._all: dict[Connection, str] = {}
        self._by_address: dict[str, dict[Connection, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def add(self, connection: Connection, address: str) -> None:
        """Wait for a request; the one that has waited longest makes room where there is none."""
        self.remove(connection)
        neighbours = self._by_address.setdefault(address, {})
        if len(neighbours) >= self._limits.unfinished_per_address:
            self._let_go(next(iter(neighbours)))
        elif len(self._all) >= self._limits.unfinished:
            self._let_go(next(iter(self._all)))
        # The client that was let go may have been the last of the address.
        self._by_address.setdefault(address, {})[connection] = None
        self._all[connection] = address

    def remove(self, connection: Connection) -> None:
        """Wait for it no more; no matter if nobody did."""
        address = self._all.pop(connection, None)
        if address is not None:
            neighbours = self._by_address[address]
            del neighbours[connection]
            if not neighbours:
                del self._by_address[address]

    def _let_go(self, connection: Connection) -> None:
        self.remove(connection)
        connection.let_go()


class Connection(H11Protocol):
    """One connection; each of its requests has to come within a time, and each response to go."""

    def __init__(
        self, *arguments: Any, limits: Limits, unfinished: Unfinished, **named: Any
    ) -> None:
        """Take one connection, as uvicorn reports it."""
        super().__init__(*arguments, **named)
        # Without uvicorn's own idea of which proxies to believe, see ``entrance``.
        self.app = self.config.app
        self._limits = limits
        self._unfinished = unfinished
        self._begun = False
        self._last_called = False
        self._head_timer: asyncio.TimerHandle | None = None
        self._stall_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request."""
        self._begun = True
        super().data_received(data)

    def handle_events(self) -> None:
        """Take what can be understood of a request so far."""
        earlier: RequestResponseCycle | None = self.cycle
        super().handle_events()
        asked: RequestResponseCycle | None = self.cycle
        if asked is not earlier:
            _disarm(self._head_timer)
            if asked is not None and self._last_called:
                self._answer_last(asked)
        if asked is not None and not asked.more_body and not asked.response_complete:
            self._unfinished.remove(self)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        if not self.transport.is_closing():
            self._wait()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        _disarm(self._head_timer)
        _disarm(self._stall_timer)
        self._unfinished.remove(self)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Give the reader of the response some time to read on."""
        super().pause_writing()
        self._stall_timer = self.loop.call_later(
            self._limits.seconds_per_read, self.transport.abort
        )

    def resume_writing(self) -> None:
        """Go on with the response."""
        _disarm(self._stall_timer)
        super().resume_writing()

    def send_400_response(self, _message: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(_NO_HTTP)

    def shutdown(self) -> None:
        """Answer what is asked, or is on its way, and close then."""
        self._last_called = True
        asked: RequestResponseCycle | None = self.cycle
        if asked is None or asked.response_complete:
            self.loop.call_later(_LAST_CALL, self._close_if_idle)
        else:
            self._answer_last(asked)

    def let_go(self) -> None:
        """Close it, for another one that needs its place."""
        self.transport.abort()

    def _should_upgrade(self) -> bool:
        # There are no WebSockets here. RFC 9110 lets a server ignore the wish; uvicorn would
        # write two lines to the log.
        return False

    def _close_if_idle(self) -> None:
        # What has begun is still waited for; ``_begun`` is False again when it is answered.
        if not self._begun and not self.transport.is_closing():
            super().shutdown()

    def _answer_last(self, cycle: RequestResponseCycle) -> None:
        """Let the response say that no other follows, unless it has begun, and close after it."""
        cycle.keep_alive = False
        cycle.default_headers = [*cycle.default_headers, (b"connection", b"close")]

    def _wait(self) -> None:
        assert self.client is not None
        self._begun = False
        self._unfinished.add(self, network_of(self.client[0]))
        _disarm(self._head_timer)
        self._head_timer = self.loop.call_later(self._limits.seconds_per_head, self._give_up)

    def _give_up(self) -> None:
        if self._begun:
            self._refuse(_LATE)
        else:
            self.transport.close()

    def _refuse(self, problem: Problem) -> None:
        """Answer without asking anybody, and close; only close where an answer has begun."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        response = problem.response()
        start = h11.Response(
            status_code=response.status_code,
            headers=[*response.raw_headers, (b"connection", b"close")],
        )
        for event in (start, h11.Data(data=bytes(response.body)), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event))
        self.transport.close()


def _disarm(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
