"""Who asks: a user by name with a role, or, on a server without accounts, anybody who gets in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from starlette.responses import Response
from starlette.types import Scope

from citadel.index.corpus.decoding import visible
from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_entries import Doer
from citadel.qa.service.entrance import Arrival
from citadel.qa.service.problems import Problem
from citadel.qa.service.roles import Role, Roles

_VISITOR = "citadel.visitor"
"""Where a scope of ASGI has who asks."""

_LONGEST_NAME = 200
_MOST_GROUPS = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks.

    Attributes:
        name: Of the user; "" where users are not distinguished.
        known_by: “account”; or, without accounts, “password” or “this machine”.
        role: What they may do; None for nothing.

    """

    name: str
    known_by: str
    role: Role | None

    def may(self, role: Role) -> bool:
        """Whether they may do what a role may."""
        return self.role is not None and self.role.includes(role)

    def doing(self, what: str) -> Doer:
        """Return who the audit log is to name for something that they do."""
        return Doer(self.name, self.known_by, what)

    def refusal(self, needed: Role) -> Problem | None:
        """Return why they may not do what takes a role; None if they may."""
        if self.may(needed):
            return None
        if self.role is None:
            return Problem(
                403,
                f"{self.name} has no role on this server; ask who runs it to add the name to the "
                "file of roles.",
            )
        return Problem(
            403,
            f"{self.name} is {_with_article(self.role)} here, and this is for {needed}s; ask who "
            "runs the server.",
        )


NOBODY = Visitor("", "", None)
"""Who asks for what is open to everybody."""

OF_PASSWORD = Visitor("", "password", Role.EDITOR)
OF_THIS_MACHINE = Visitor("", "this machine", Role.EDITOR)
"""Who may get in on a server without accounts may do all that it lets be done."""


def with_visitor(scope: Scope, visitor: Visitor) -> Scope:
    """Return a scope that has who asks."""
    return {**scope, _VISITOR: visitor}


def visitor_of(scope: Scope) -> Visitor:
    """Return who asks, as ``with_visitor`` put it there."""
    visitor: Visitor = scope[_VISITOR]
    return visitor


class Accounts(Protocol):
    """What distinguishes users."""

    def identify(self, arrival: Arrival) -> Visitor | Problem:
        """Return who asks, or why that is not known."""

    def invitation(self, scope: Scope) -> Response | None:
        """Return what leads a person who opens the page to where they sign in; None for nothing."""


@dataclass(frozen=True, slots=True)
class HeaderAccounts:
    """Users as a trusted proxy names them.

    Attributes:
        roles: What they may do.
        user_header: What names a user, in lower case.
        groups_header: What names their groups, with commas between them; "" for none.

    """

    roles: Roles
    user_header: str
    groups_header: str = ""

    @classmethod
    def of(cls, roles: Roles, user_header: str, groups_header: str) -> HeaderAccounts:
        """Read what a command line gives.

        Raises:
            CitadelError: One is no name of a header that a proxy could add.

        """
        for option, name in (("--user-header", user_header), ("--groups-header", groups_header)):
            if name and (_HEADER.fullmatch(name) is None or name.lower() in _OTHERS):
                raise CitadelError(
                    f"{option} takes a header that the proxy adds, such as X-Remote-User, and not "
                    f"{name!r}."
                )
        return cls(roles, user_header.lower(), groups_header.lower())

    @property
    def headers(self) -> frozenset[bytes]:
        """What is believed of a trusted proxy only."""
        named = filter(None, (self.user_header, self.groups_header))
        return frozenset(name.encode() for name in named)

    def identify(self, arrival: Arrival) -> Visitor | Problem:
        """Return the user that a trusted proxy names."""
        names = arrival.said(self.user_header)
        if not names or names == [""]:
            return _NAMED_BY_NOBODY
        if len(names) > 1:
            return _NAMED_TWICE
        groups = [
            group.strip()
            for value in arrival.said(self.groups_header)
            for group in value.split(",")
        ]
        return user(self.roles, names[0], groups)

    def invitation(self, _scope: Scope) -> Response | None:
        """Return nothing: the proxy signs people in before they get here."""
        return None


def user(roles: Roles, name: str, groups: list[str]) -> Visitor | Problem:
    """Return a user of some name and groups, if the name can be one."""
    if not is_name(name):
        return Problem(
            400, "The name of the user is no line of visible characters; look at the proxy."
        )
    return Visitor(name, "account", roles.of(name, groups[:_MOST_GROUPS]))


def is_name(name: str) -> bool:
    """Whether this can be the name of a user: it stands in pages and in lines of a log."""
    return (
        0 < len(name) <= _LONGEST_NAME
        and name == name.strip()
        and name.isprintable()
        and visible(name) == name
    )


_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")
_OTHERS = frozenset({"authorization", "connection", "content-type", "cookie", "host", "origin"})
"""Headers that mean something else."""

_NAMED_BY_NOBODY = Problem(
    401,
    "The proxy before this server says who asks, and did not; open the page by the address of "
    "the proxy, and sign in there.",
)
_NAMED_TWICE = Problem(
    400,
    "The header with the name of the user came more than once; let the proxy replace the one that "
    "a client sends.",
)


def _with_article(role: Role) -> str:
    return f"an {role}" if role[0] in "ae" else f"a {role}"
