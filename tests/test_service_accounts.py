"""Users whom a proxy names: who is believed, and what each role may do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from citadel.index.corpus.describing import describe
from citadel.index.errors import CitadelError
from citadel.index.snapshots.audit_entries import Doer
from citadel.qa.service.accounts import HeaderAccounts, Visitor
from citadel.qa.service.entrance import Entrance
from citadel.qa.service.roles import Role, Roles
from tests.accounts_place import ENTRANCE, HEADERS, PROXY, ROLES, NewsroomPlace
from tests.small_index import refusal
from tests.visitor import problem

FERRY = "# The ferry\n\nThe ferry crosses the river.\n"
MILL = "# The mill\n\nThe mill grinds rye.\n"
RAFT = "# The raft\n\nThe raft floats on the lake.\n"
UNNAMED = problem(
    401,
    "Unauthorized",
    "The proxy before this server says who asks, and did not; open the page by the address of "
    "the proxy, and sign in there.",
)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[NewsroomPlace]:
    made = NewsroomPlace(tmp_path, ferry=FERRY, mill=MILL)
    yield made
    made.close()


def for_others(name: str, role: str, needed: str) -> dict[str, Any]:
    return problem(
        403,
        "Forbidden",
        f"{name} is {role} here, and this is for {needed}s; ask who runs the server.",
    )


def test_the_name_is_believed_of_a_trusted_proxy_only(place: NewsroomPlace) -> None:
    named = {"X-Remote-User": "eve"}
    assert place.client.get("/api/audit", headers=named).status_code == 200
    for address in ("10.0.0.2", "127.0.0.1", "203.0.113.7"):
        client = place.visit(address)
        for path in ("/", "/api/articles", "/api/audit", "/config", "/metrics"):
            assert client.get(path, headers=named).json() == UNNAMED
        forwarded = {**named, "X-Forwarded-For": PROXY}
        assert client.get("/api/audit", headers=forwarded).json() == UNNAMED
    assert place.page.scopes == []


def test_what_a_proxy_passes_on_of_others_does_not_name_anybody(place: NewsroomPlace) -> None:
    assert place.client.get("/api/articles").json() == UNNAMED
    assert place.client.get("/api/articles", headers={"X-Remote-User": ""}).json() == UNNAMED
    for spelling in ("X_Remote_User", "Remote-User", "X-Remote-User2"):
        assert place.client.get("/api/articles", headers={spelling: "eve"}).json() == UNNAMED
    twice = [("X-Remote-User", "eve"), ("x-remote-user", "ann")]
    assert place.client.get("/api/articles", headers=twice).json() == problem(
        400,
        "Bad Request",
        "The header with the name of the user came more than once; let the proxy replace the one "
        "that a client sends.",
    )


@pytest.mark.parametrize("name", ["a\u202eb", "a" * 201, "a\x7fb", "\u00ad"])
def test_a_name_that_is_none(place: NewsroomPlace, name: str) -> None:
    said = place.client.get("/api/articles", headers={b"x-remote-user": name.encode()})
    assert said.json() == problem(
        400,
        "Bad Request",
        "The name of the user is no line of visible characters; look at the proxy.",
    )


def test_the_page_does_not_see_the_headers_of_accounts(place: NewsroomPlace) -> None:
    headers = {"X-Remote-User": "ann", "X-Remote-Groups": "desk"}
    assert place.client.get("/", headers=headers).text == "The page."
    assert {b"x-remote-user", b"x-remote-groups"}.isdisjoint(place.page.headers[0])
    assert place.page.scopes[0]["citadel.visitor"] == Visitor("ann", "account", Role.EDITOR)


def test_what_keeps_the_server_running_needs_no_account(place: NewsroomPlace) -> None:
    client = place.visit("203.0.113.7")
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200


def test_no_cache_keeps_what_one_user_got(place: NewsroomPlace) -> None:
    headers = {"X-Remote-User": "ann"}
    for path in ("/", "/api/articles"):
        said = place.client.get(path, headers=headers).headers["cache-control"]
        assert said == "private, no-store"


EDITING = [
    ("POST", "/api/articles?name=raft.md"),
    ("PATCH", "/api/articles/ferry.md"),
    ("DELETE", "/api/articles/ferry.md"),
    ("GET", "/api/removed"),
    ("POST", "/api/removed/ferry.md"),
    ("GET", "/api/additions/x"),
    ("GET", "/api/changes/x"),
]


def test_readers_read(place: NewsroomPlace) -> None:
    for name in ("mal", "dora"):
        assert place.ask("GET", "/api/articles", name)["index"]
        asked = place.ask("POST", "/api/ask", name, json={"question": "What does the mill grind?"})
        assert {each["source"] for each in asked["passages"]} == {"ferry.md", "mill.md"}
        for method, path in EDITING:
            assert place.ask(method, path, name) == for_others(name, "a reader", "editor")
        assert place.ask("GET", "/api/audit", name) == for_others(name, "a reader", "admin")
    assert place.served == ["ferry.md", "mill.md"]


def test_editors_add_remove_and_restore_and_admins_read_the_log_too(place: NewsroomPlace) -> None:
    assert place.add("raft.md", RAFT)["stage"] == "added"
    assert place.ask("GET", "/api/audit") == for_others("ann", "an editor", "admin")
    assert place.remove("mill.md", "eve")["stage"] == "done"
    assert place.served == ["ferry.md", "raft.md"]
    by_group = {"X-Remote-Groups": "others, desk"}
    assert place.ask("GET", "/api/removed", "dora", headers=by_group) == {
        "removed": [{"kept": "mill.md", "name": "mill.md"}]
    }
    assert place.restore("mill.md")["stage"] == "done"
    assert place.served == ["ferry.md", "mill.md", "raft.md"]
    lines = place.ask("GET", "/api/audit?first=3", "eve")["lines"]
    assert [(each["who"], each["known_by"], each["what"], each["article"]) for each in lines] == [
        ("ann", "account", "add", "raft.md"),
        ("eve", "account", "remove", "mill.md"),
        ("ann", "account", "restore", "mill.md"),
    ]


def test_a_correction_is_logged_as_one(place: NewsroomPlace) -> None:
    begun = place.ask("PATCH", "/api/articles/mill.md", json={"author": "Anna Lind"})
    while place.ask("GET", f"/api/additions/{begun['id']}")["stage"] != "added":
        pass
    (line,) = place.ask("GET", "/api/audit?first=3", "eve")["lines"]
    told = [line[name] for name in ("who", "known_by", "what", "change", "article")]
    assert told == ["ann", "account", "describe", "changed", "mill.md"]


def correct(place: NewsroomPlace, name: str, who: str, author: str) -> dict[str, Any]:
    return place.ask("PATCH", f"/api/articles/{name}", who, json={"author": author})


def logged(place: NewsroomPlace) -> list[tuple[str, str, str, str]]:
    lines = place.ask("GET", "/api/audit?first=3", "eve")["lines"]
    return [(each["who"], each["what"], each["change"], each["article"]) for each in lines]


@pytest.mark.parametrize("by", ["an upload", "a removal"])
def test_a_correction_that_another_change_takes_in_names_who_corrected(
    place: NewsroomPlace, by: str
) -> None:
    place.additions.rebuilding.described.write(
        "mill.md",
        Doer("ann", "account", "describe"),
        lambda: describe(place.sources, "mill.md", {"author": "Anna Lind"}),
    )
    if by == "an upload":
        assert place.add("raft.md", RAFT, "eve")["stage"] == "added"
        other = ("eve", "add", "added", "raft.md")
    else:
        assert place.remove("ferry.md", "eve")["stage"] == "done"
        other = ("eve", "remove", "removed", "ferry.md")
    assert logged(place) == sorted(
        [other, ("ann", "describe", "changed", "mill.md")], key=lambda line: line[3]
    )


def test_two_editors_correct_an_article_one_after_the_other(place: NewsroomPlace) -> None:
    with place.additions.rebuilding.turn():
        begun = [correct(place, "mill.md", "ann", "Anna Lind")]
        assert correct(place, "mill.md", "eve", "Eva Lind") == problem(
            503, "Service Unavailable", "ann corrects mill.md just now; do so soon."
        )
        begun.append(correct(place, "mill.md", "ann", "Anna Lund"))
        begun.append(correct(place, "ferry.md", "eve", "Jo Berg"))
    for each in begun:
        while place.ask("GET", f"/api/additions/{each['id']}")["stage"] != "added":
            pass
    assert logged(place) == [
        ("eve", "describe", "changed", "ferry.md"),
        ("ann", "describe", "changed", "mill.md"),
    ]
    last = correct(place, "mill.md", "eve", "Eva Lind")
    while place.ask("GET", f"/api/additions/{last['id']}")["stage"] != "added":
        pass
    assert logged(place)[2:] == [("eve", "describe", "changed", "mill.md")]


def test_a_correction_that_is_refused_is_in_nobody_s_way(place: NewsroomPlace) -> None:
    assert place.ask("PATCH", "/api/articles/mill.md", json={"date": "someday"})["status"] == 422
    assert correct(place, "mill.md", "eve", "Eva Lind")["stage"] == "waiting"


def test_who_has_no_role_gets_nothing(tmp_path: Path) -> None:
    accounts = HeaderAccounts.of(Roles({"ann": Role.EDITOR}, {}, None), "X-Remote-User", "")
    place = NewsroomPlace(tmp_path, accounts, ferry=FERRY)
    assert place.ask("GET", "/api/articles", "ann")["index"]
    for path in ("/", "/api/articles", "/config", "/metrics"):
        assert place.ask("GET", path, "dora") == problem(
            403,
            "Forbidden",
            "dora has no role on this server; ask who runs it to add the name to the file of "
            "roles.",
        )
    place.close()


def test_a_page_of_another_site_changes_nothing(place: NewsroomPlace) -> None:
    for method, path in (("DELETE", "/api/articles/ferry.md"), ("POST", "/api/removed/x.md")):
        said = place.ask(method, path, headers={"Sec-Fetch-Site": "cross-site"})
        assert said["status"] == 403
    assert place.served == ["ferry.md", "mill.md"]


def test_the_log_by_lines_and_what_is_wrong_with_it(place: NewsroomPlace) -> None:
    audit = place.ask("GET", "/api/audit?first=2&most=1", "eve")
    path = place.index_dir / "audit.jsonl"
    (line,) = audit["lines"]
    assert line == {
        "number": 2,
        "when": line["when"],
        "who": line["who"],
        "known_by": "system",
        "what": "build",
        "change": "added",
        "article": "mill.md",
        "sha256": place.live_index.current.articles.all[1].file_sha256,
        "snapshot": place.live_index.current.articles.snapshot,
        "is_intact": True,
    }
    assert (audit["fault"], len(audit["last_sha256"])) == ("", 64)
    path.write_bytes(path.read_bytes().replace(b"mill", b"boat"))
    audit = place.ask("GET", "/api/audit", "eve")
    assert audit["fault"] == (
        f"{path}, line 2, is not as it was written; compare it with a copy of the log."
    )
    assert [each["is_intact"] for each in audit["lines"]] == [True, False]


@pytest.mark.parametrize("name", ["X Remote User", "Host", "cookie", "X_User", "Ü", "a:b"])
def test_a_header_that_no_proxy_adds(name: str) -> None:
    assert refusal(HeaderAccounts.of, ROLES, name, "") == (
        "--user-header takes a header that the proxy adds, such as X-Remote-User, and not "
        f"{name!r}."
    )
    assert refusal(HeaderAccounts.of, ROLES, "X-User", name) == (
        "--groups-header takes a header that the proxy adds, such as X-Remote-User, and not "
        f"{name!r}."
    )


def test_names_travel_in_both_encodings(place: NewsroomPlace) -> None:
    for encoding in ("utf-8", "latin-1"):
        said = place.client.get("/api/removed", headers={b"x-remote-user": "zoé".encode(encoding)})
        assert said.json() == for_others("zoé", "a reader", "editor")


def test_an_entrance_without_accounts_takes_no_header_away() -> None:
    assert Entrance.of("127.0.0.1").account_headers == frozenset()
    assert ENTRANCE.account_headers == HEADERS.headers == {b"x-remote-user", b"x-remote-groups"}
    with pytest.raises(CitadelError):
        HeaderAccounts.of(ROLES, "origin", "")
