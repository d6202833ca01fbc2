"""Every route that the frameworks mount, and who may call it: as docs/deploying.md has it.

A release of Gradio or FastAPI that adds a route makes this fail until somebody has decided.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from citadel.qa.answer.answering import Answerer
from citadel.qa.page.app import start
from citadel.qa.service.additions import Additions
from citadel.qa.service.api import build_api
from citadel.qa.service.limits import DEFAULT_LIMITS
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.login import Login
from citadel.qa.service.newsroom import Newsroom
from citadel.qa.service.oidc import Provider, Relation
from citadel.qa.service.originals import Originals
from citadel.qa.service.rebuilding import SourceFolder
from citadel.qa.service.removals import Removals
from citadel.qa.service.roles import Roles
from citadel.qa.service.routes import (
    asks_question,
    belongs_to_api,
    corrects_article,
    is_for_this_site,
    is_open,
    needed_role,
    needs_no_password,
    session_of,
    signs_in,
    takes_file,
)
from citadel.qa.service.service import Service
from tests.command_line import ROOT
from tests.conftest import free_port
from tests.mounted import routes_of
from tests.small_index import articles_of, cheap_index
from tests.visitor import FakePage, problem, visit

DOCUMENT = (ROOT / "docs" / "deploying.md").read_text("utf-8")

Route = tuple[str, str]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder: Path = tmp_path_factory.mktemp("sources")
    live_index = LiveIndex.of(Answerer(cheap_index("gen-1", articles_of(folder, a="One ferry.\n"))))
    return Service(live_index, originals=Originals(folder / "originals", lambda: folder))


@pytest.fixture(scope="module")
def mounted(service: Service) -> Iterator[set[Route]]:
    """All routes of the page and of the API, where adding is allowed and users have accounts."""
    page: Any = start(service, "127.0.0.1", free_port())
    # Nothing is added here: the routes are looked at only.
    provider = Provider.of("https://login.example.org", "citadel", "", "email", "groups")
    login = Login.of(Roles({}, {}), Relation(provider))
    newsroom = Newsroom(login, Path(), cast("Removals", object()), login)
    additions = Additions(SourceFolder(Path(), Path()), service.live_index, lambda: None)
    api = build_api(service, additions, newsroom)
    yield {*routes_of(page.app), *routes_of(api)}
    page.close(verbose=False)


def address(path: str) -> str:
    """An address of a route: that of the one function that is offered, where it names one."""
    return re.sub(r"\{\w+(:\w+)?\}", "0", path.replace("{api_name}", "ask"))


def is_closed(route: Route) -> bool:
    method, path = route[0], address(route[1])
    return not belongs_to_api(path) and not is_open(method, path)


def rule(route: Route) -> tuple[str, str, str]:
    """What the code holds a route to: who may call it, for which page, and how often."""
    method, path = route[0], address(route[1])
    is_open_to_all = needs_no_password(path) or signs_in(path)
    who = "everybody" if is_open_to_all else f"{needed_role(method, path)}s"
    page = "its own page" if is_for_this_site(method, path) else "any page"
    if asks_question(method, path):
        often = f"{DEFAULT_LIMITS.questions_per_minute} a minute"
    elif session_of(path, b"") is not None:
        often = (
            f"{DEFAULT_LIMITS.streams_per_address} at once, "
            f"{DEFAULT_LIMITS.streams_per_session} of a session"
        )
    elif takes_file(method, path) or corrects_article(method, path):
        often = f"{DEFAULT_LIMITS.uploads_at_once} at once, of all"
    elif needs_no_password(path):
        often = "any"
    elif signs_in(path):
        often = f"{DEFAULT_LIMITS.sign_ins_per_minute} a minute"
    else:
        often = f"{DEFAULT_LIMITS.requests_per_address} at once"
    return who, page, often


def test_every_open_route_is_documented_as_it_is_held(mounted: set[Route]) -> None:
    rows = re.findall(
        r"^\| `([A-Z]+) (/\S*)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", DOCUMENT, re.MULTILINE
    )
    documented = {(method, path): tuple(rest) for method, path, *rest, _cost in rows}
    assert len(documented) == len(rows)
    assert documented == {route: rule(route) for route in mounted if not is_closed(route)}


def test_every_other_route_is_documented_as_closed(mounted: set[Route]) -> None:
    _, _, rest = DOCUMENT.partition("Closed, though Gradio mounts them:")
    listed = rest.partition("\n\n")[2].partition("\n\n")[0]
    closed = {tuple(each.split()) for each in re.findall(r"`([A-Z]+\s/\S*)`", listed)}
    assert closed == {route for route in mounted if is_closed(route)}


def test_what_is_closed_is_not_reached(service: Service, mounted: set[Route]) -> None:
    page = FakePage()
    client = visit(service, page)
    for method, path in filter(is_closed, mounted):
        response = client.request(method, address(path))
        if method != "HEAD":
            assert response.json() == problem(404, "Not Found", "There is nothing at this address.")
        assert response.status_code == 404
    assert page.scopes == []
