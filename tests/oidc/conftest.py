"""A provider of OpenID Connect, and a place whose users sign in by it."""

from collections.abc import Iterator

import pytest

from tests.accounts_place import NewsroomPlace
from tests.oidc.provider import OidcProvider, oidc_provider
from tests.oidc.sign_in import login_of, signing_in_by


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[OidcProvider]:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with oidc_provider() as running:
        yield running


@pytest.fixture(scope="module")
def shared_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewsroomPlace]:
    """A place of which nothing is changed but who signs people in."""
    made = NewsroomPlace(tmp_path_factory.mktemp("place"), ferry="The ferry crosses the river.\n")
    yield made
    made.close()


@pytest.fixture
def place(shared_place: NewsroomPlace, provider: OidcProvider) -> NewsroomPlace:
    return signing_in_by(shared_place, login_of(provider))
