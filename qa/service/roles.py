"""What each user may do: read, edit or more, as a file of the server says."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from citadel.index.errors import CitadelError

_NOBODY = "none"
_KINDS = ("users", "groups")


class Role(StrEnum):
    """What somebody may do; each includes those before it."""

    READER = "reader"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether who has this role may do what the other one may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Roles:
    """Who has which role.

    Attributes:
        users: The roles of users, by their names; a user named here has no other role.
        groups: The roles of those who belong to groups; of several the highest counts.
        default: The role of everybody else; None for none.

    """

    users: Mapping[str, Role]
    groups: Mapping[str, Role]
    default: Role | None = Role.READER

    def of(self, name: str, groups: Collection[str]) -> Role | None:
        """Return the role of a user who belongs to some groups; None for who has none."""
        if name in self.users:
            return self.users[name]
        found = [self.groups[group] for group in groups if group in self.groups]
        return max(found, key=list(Role).index) if found else self.default


def read_roles(path: Path) -> Roles:
    """Read the roles from a file of TOML.

    It has a table for each role, with lists of “users” and “groups”, and may have a “default”.

    Raises:
        CitadelError: It can't be read, or something in it is wrong; the message names that.

    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CitadelError(
            f"{path}, the file of roles, can't be read ({error.strerror or error}); name another "
            "one with --roles."
        ) from error
    except ValueError as error:
        raise CitadelError(f"{path} is no TOML: {error}; mend it there.") from error
    _refuse_unknown(path, "", told, ["default", *Role])
    given: dict[str, dict[str, Role]] = {kind: {} for kind in _KINDS}
    for role in Role:
        table = told.get(role, {})
        if not isinstance(table, dict):
            raise CitadelError(
                f"{path}: {role} is no table; write [{role}], and users = […] under it."
            )
        _refuse_unknown(path, f" of [{role}]", table, _KINDS)
        for kind in _KINDS:
            for name in _names(path, role, kind, table.get(kind, [])):
                if name in given[kind]:
                    raise CitadelError(
                        f"{path}: {name!r} stands twice among the {kind}, for "
                        f"{given[kind][name]} and {role}; take one out."
                    )
                given[kind][name] = role
    return Roles(given["users"], given["groups"], _default(path, told.get("default", Role.READER)))


def _refuse_unknown(
    path: Path, where: str, table: Mapping[str, object], known: Collection[str]
) -> None:
    unknown = next((key for key in table if key not in known), None)
    if unknown is not None:
        raise CitadelError(
            f"{path}: nothing{where} is called {unknown!r}; there are {', '.join(known)}."
        )


def _names(path: Path, role: Role, kind: str, names: object) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise CitadelError(
            f'{path}: {kind} of [{role}] is no list of names; write {kind} = ["…", "…"].'
        )
    if not all(names):
        raise CitadelError(f"{path}: a name among the {kind} of [{role}] is empty; take it out.")
    return names


def _default(path: Path, default: object) -> Role | None:
    if default == _NOBODY:
        return None
    if default not in list(Role):
        raise CitadelError(
            f"{path}: the default {default!r} is no role; write {', '.join(Role)} or {_NOBODY}."
        )
    return Role(str(default))
