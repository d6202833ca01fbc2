"""How a request comes in: the names that the server answers to, and what a proxy says of others.

A site elsewhere can let a name of its own lead to this machine (DNS rebinding); to a browser a
script of it then counts as one of ours. So a server answers to its own names only. And any
client can write any header: what a proxy would say of a request is believed only of a trusted one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

from citadel.index.errors import CitadelError
from citadel.qa.service.problems import Problem

Network = IPv4Network | IPv6Network

_OTHER_NAME = Problem(
    421,
    "This server does not answer to that name; if it is one of its own, start it with "
    "--allowed-host and the name.",
)
_NO_PREFIX = Problem(
    400, "What the proxy gives as X-Forwarded-Prefix is no path; such as “/citadel” is one."
)

_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^\s:/@\[\]]+?)\.?(?::\d{1,5})?", re.IGNORECASE)
_PATH = re.compile(r"(/[\w.~-]+)+", re.ASCII)
_OF_A_PROXY = re.compile(rb"forwarded|via|x-forwarded-.+|x-real-ip|x-gradio-server")
"""What a proxy adds; the last is read by Gradio like X-Forwarded-Host."""

_OLD_HTTP = "1.0"
"""What nginx speaks to a server behind it by default, adding no header."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request as it came in.

    Attributes:
        scope: Of ASGI, with what a trusted proxy says of client, scheme, host and prefix, and
            without the headers of proxies and of accounts; its path has no prefix.
        is_local: Whether the server was called by a name that only this machine has, and by
            nobody in between.
        account: What a trusted proxy says of who asks: headers of accounts; none of anybody else.

    """

    scope: Scope
    is_local: bool
    account: tuple[tuple[bytes, bytes], ...] = ()

    def said(self, header: str) -> list[str]:
        """Return the values that a trusted proxy gave to a header of accounts."""
        return [_text(value).strip() for name, value in self.account if name == header.encode()]


@dataclass(frozen=True, slots=True)
class Entrance:
    """The names of a server, the proxies before it, and the path that it stands under.

    Attributes:
        names: What it answers to besides the names of loopback, in lower case.
        any_address: Whether it listens at every address of the machine, and so answers to any.
            An address can't be given to another machine as a name can.
        trusted_proxies: Whose headers are believed.
        root_path: What a proxy takes away from the beginning of each path, such as “/citadel”.
        account_headers: In which trusted proxies name who asks; of others they are taken away.

    """

    names: frozenset[str]
    any_address: bool = False
    trusted_proxies: tuple[Network, ...] = ()
    root_path: str = ""
    account_headers: frozenset[bytes] = frozenset()

    @classmethod
    def of(
        cls,
        host: str,
        allowed_hosts: Iterable[str] = (),
        trusted_proxies: Iterable[str] = (),
        root_path: str = "",
        account_headers: frozenset[bytes] = frozenset(),
    ) -> Entrance:
        """Read what a command line gives.

        Raises:
            CitadelError: One is no host name, no address or network, or no path.

        """
        for name in allowed_hosts:
            if name_of(name) != name.lower():
                raise CitadelError(
                    f"--allowed-host takes a name without port, such as citadel.example.org, "
                    f"and not {name!r}."
                )
        root_path = root_path.rstrip("/")
        if root_path and _PATH.fullmatch(root_path) is None:
            raise CitadelError(f"--root-path takes a path such as /citadel, and not {root_path!r}.")
        listening = _address(host)
        return cls(
            frozenset({host.lower(), *map(str.lower, allowed_hosts)}),
            listening is not None and listening.is_unspecified,
            tuple(map(_network, trusted_proxies)),
            root_path,
            account_headers,
        )

    def admit(self, scope: Scope) -> Arrival | Problem:
        """Return how a request came in, or why it is refused."""
        proxied = scope["http_version"] == _OLD_HTTP or any(
            _OF_A_PROXY.fullmatch(name) for name, _ in scope["headers"]
        )
        root_path = self.root_path
        seen = {
            **scope,
            "headers": [pair for pair in scope["headers"] if not self._takes_away(pair[0])],
        }
        account: tuple[tuple[bytes, bytes], ...] = ()
        if self._trusts(scope["client"]):
            account = tuple(pair for pair in scope["headers"] if pair[0] in self.account_headers)
            self._believe(scope, seen)
            prefix = _last(scope, b"x-forwarded-prefix")
            if prefix is not None:
                root_path = prefix.rstrip("/")
                if root_path and _PATH.fullmatch(root_path) is None:
                    return _NO_PREFIX
        seen["root_path"] = root_path
        hosts = [value for name, value in seen["headers"] if name == b"host"]
        name = name_of(hosts[0].decode("latin-1")) if len(hosts) == 1 else None
        if name is None or not self._answers_to(name):
            return _OTHER_NAME
        return Arrival(seen, is_loopback(name) and not proxied, account)

    def _takes_away(self, header: bytes) -> bool:
        return _OF_A_PROXY.fullmatch(header) is not None or header in self.account_headers

    def _believe(self, scope: Scope, seen: Scope) -> None:
        """Take over what a trusted proxy says."""
        host = _last(scope, b"x-forwarded-host")
        if host is not None:
            others = [pair for pair in seen["headers"] if pair[0] != b"host"]
            seen["headers"] = [*others, (b"host", host.encode("latin-1"))]
        if (scheme := _last(scope, b"x-forwarded-proto")) in ("http", "https"):
            seen["scheme"] = scheme
        # Each proxy adds the address that it was asked from: before the first one that is not
        # trusted, anything may stand.
        for value in reversed(_all(scope, b"x-forwarded-for")):
            address = _address(_without_port(value))
            if address is None:
                return
            seen["client"] = (str(address), 0)
            if not self._trusts(seen["client"]):
                return

    def _trusts(self, client: tuple[str, int] | None) -> bool:
        address = _address(client[0]) if client else None
        return address is not None and any(address in each for each in self.trusted_proxies)

    def _answers_to(self, name: str) -> bool:
        if name in self.names or is_loopback(name):
            return True
        return self.any_address and _address(name) is not None


def name_of(host: str) -> str | None:
    """Return the name or address of a Host header, in lower case; None where it is none."""
    found = _HOST.fullmatch(host.strip())
    return None if found is None else found["name"].strip("[]").lower()


def is_loopback(name: str) -> bool:
    """Whether only this machine has a name."""
    address = _address(name)
    return name == "localhost" if address is None else address.is_loopback


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, that of IPv4 where IPv6 carries one; None where it is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise CitadelError(
            f"--trusted-proxy takes an address or network, such as 127.0.0.1 or 10.0.0.0/8, "
            f"and not {text!r}."
        ) from error


def _text(value: bytes) -> str:
    """Read a header as proxies write names: in UTF-8, or else in Latin-1."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _without_port(text: str) -> str:
    bracketed = re.fullmatch(r"\[(.+)\](:\d+)?", text)
    if bracketed is not None:
        return bracketed[1]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _last(scope: Scope, wanted: bytes) -> str | None:
    """Return what the nearest proxy says in a header."""
    return next(reversed(_all(scope, wanted)), None)


def _all(scope: Scope, wanted: bytes) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]
    return [part.strip() for value in values for part in value.split(",")]
