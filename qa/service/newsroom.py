"""A server for several people: who they are, and what those with a role may do more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fastapi import FastAPI

from citadel.qa.service.accounts import Accounts
from citadel.qa.service.removals import Removals


class SigningIn(Protocol):
    """What signs people in."""

    def add_to(self, api: FastAPI) -> None:
        """Add the routes of signing in and out to the API."""


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Accounts, and what is there because of them.

    Attributes:
        accounts: What distinguishes users.
        index_dir: The folder of the index, with the audit log that admins may read.
        removals: What removes and restores articles; None where nothing may be changed.
        login: What signs people in; None where a proxy does.

    """

    accounts: Accounts
    index_dir: Path
    removals: Removals | None = None
    login: SigningIn | None = None
