"""Puts accounts together from what a command line and the environment give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from citadel.index.errors import CitadelError
from citadel.qa.service.accounts import Accounts, HeaderAccounts
from citadel.qa.service.additions import Additions
from citadel.qa.service.newsroom import Newsroom, SigningIn
from citadel.qa.service.removals import Removals
from citadel.qa.service.roles import Role, Roles, read_roles


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """What is given about accounts; "" and None for what is not.

    Attributes:
        user_header: In which a trusted proxy names the user.
        groups_header: In which it names the groups of the user.
        issuer: The address of a provider of OpenID Connect.
        client_id: By which the provider knows this server.
        client_secret: What proves that.
        user_claim: What of an ID token names the user.
        groups_claim: What of it names the groups.
        roles: The file of roles.
        has_password: Whether everybody is asked for one password.
        trusted_proxies: Those whose headers are believed.
        allow_adding: Whether articles may be added.

    """

    user_header: str
    groups_header: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    user_claim: str
    groups_claim: str
    roles: Path | None
    has_password: bool
    trusted_proxies: Sequence[str]
    allow_adding: bool

    def open(self) -> OpenedAccounts | None:
        """Return the accounts; None for none.

        Raises:
            CitadelError: Something given is wrong, or does not go with the rest.

        """
        if not self._distinguishes_users():
            return None
        roles = Roles({}, {}) if self.roles is None else read_roles(self.roles)
        if self.allow_adding and not _has_editor(roles):
            raise CitadelError(
                "With --allow-adding editors add articles, and nobody is one; name some in a "
                "file, and give it with --roles."
            )
        if not self.user_header:
            return self._signing_in(roles)
        accounts = HeaderAccounts.of(roles, self.user_header, self.groups_header)
        return OpenedAccounts(accounts, accounts.headers)

    def _distinguishes_users(self) -> bool:
        if not self.user_header and not self.issuer:
            if self.roles is not None or self.groups_header or self.client_id:
                raise CitadelError(
                    "Roles are for users, and nothing distinguishes these; give --user-header or "
                    "--oidc-issuer, see docs/deploying.md."
                )
            return False
        if self.user_header and self.issuer:
            raise CitadelError(
                "Users are told apart by --user-header or by --oidc-issuer; leave out one of them."
            )
        if self.has_password:
            raise CitadelError(
                "Users sign in by accounts of their own, and everybody by CITADEL_PASSWORD_HASH; "
                "leave out one of both."
            )
        if self.user_header and not self.trusted_proxies:
            raise CitadelError(
                "--user-header is believed of a proxy only that is trusted; give its address with "
                "--trusted-proxy."
            )
        return True

    def _signing_in(self, roles: Roles) -> OpenedAccounts:
        try:
            from citadel.qa.service.login import Login  # noqa: PLC0415
            from citadel.qa.service.oidc import Provider, Relation  # noqa: PLC0415
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in ("authlib", "httpx2", "joserfc"):
                raise
            raise CitadelError(
                "This needs the extra “accounts”; run “pip install 'citadel-qa[accounts]'”."
            ) from error
        provider = Provider.of(
            self.issuer, self.client_id, self.client_secret, self.user_claim, self.groups_claim
        )
        login = Login.of(roles, Relation(provider))
        return OpenedAccounts(login, login=login)


@dataclass(frozen=True, slots=True)
class OpenedAccounts:
    """What distinguishes users.

    Attributes:
        accounts: Names who asks.
        headers: What is believed of a trusted proxy only.
        login: What signs people in; None where a proxy does.

    """

    accounts: Accounts
    headers: frozenset[bytes] = frozenset()
    login: SigningIn | None = None

    def newsroom(self, index_dir: Path, additions: Additions | None) -> Newsroom:
        """Return them with what they are for: the articles of an index."""
        removals = Removals(additions.rebuilding) if additions is not None else None
        return Newsroom(self.accounts, index_dir, removals, self.login)


def _has_editor(roles: Roles) -> bool:
    given = (*roles.users.values(), *roles.groups.values(), roles.default)
    return any(role is not None and role.includes(Role.EDITOR) for role in given)
