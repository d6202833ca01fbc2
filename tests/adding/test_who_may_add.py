"""Adding articles over HTTP: who may, from where, and how much at once."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from citadel.index.snapshots.audit_log import read_log
from citadel.index.snapshots.publishing import build_lock
from tests.adding.place import BYTES, LOCAL, PASSWORD, RAFT, Place
from tests.visitor import problem


def test_only_so_many_wait(place: Place) -> None:
    with build_lock(place.index_dir):
        place.send("raft.md", RAFT)
        said = [place.send(f"{number}.md", b"x") for number in range(12)]
        refused = [each for each in said if "id" not in each]
        assert refused
        assert refused[0] == problem(
            503, "Service Unavailable", "Many files wait to be added; send this one later."
        )


def test_larger_files_than_are_taken(tmp_path: Path) -> None:
    place = Place(tmp_path, upload_bytes=100)
    assert place.send("raft.md", b"x" * 101)["detail"] == "A request can have up to 100 bytes."
    assert place.files == {"ferry.md"}
    place.additions.close()


def test_no_more_files_arrive_at_once_than_memory_bears(tmp_path: Path) -> None:
    place = Place(tmp_path, uploads_at_once=0)
    assert place.send("raft.md", RAFT) == problem(
        503, "Service Unavailable", "Other files are arriving; send this one later."
    )
    place.additions.close()


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"]
)
def test_a_form_of_another_site_adds_nothing(place: Place, content_type: str) -> None:
    sent = place.client.post(
        "/api/articles",
        params={"name": "raft.md"},
        content=RAFT,
        headers={"Host": "localhost", "Content-Type": content_type},
    )
    assert sent.json() == problem(
        415,
        "Unsupported Media Type",
        "Send the file as it is, with “Content-Type: application/octet-stream”.",
    )
    assert place.files == {"ferry.md"}


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "localhost.evil.example"])
def test_without_a_password_only_this_machine_adds(place: Place, host: str) -> None:
    def post(client: TestClient, **more: Any) -> int:
        headers = {**BYTES, "Host": host}
        return client.post(
            "/api/articles", params={"name": "raft.md"}, content=RAFT, headers=headers, **more
        ).status_code

    assert post(place.client) == 403
    assert place.files == {"ferry.md"}
    assert post(place.visit(PASSWORD)) == 401
    assert post(place.visit(PASSWORD), auth=("", "correct horse")) == 202


def test_without_accounts_the_log_says_by_what_somebody_got_in(place: Place) -> None:
    assert place.add("raft.md", RAFT)["stage"] == "added"
    sent = place.visit(PASSWORD).post(
        "/api/articles",
        params={"name": "mill.md"},
        content=b"The mill grinds.\n",
        headers=BYTES,
        auth=("ann", "correct horse"),
    )
    place.outcome(sent.json())
    lines = [each for each in read_log(place.index_dir) if each and each.what == "add"]
    assert [(each.who, each.known_by, each.change, each.article) for each in lines] == [
        ("", "this machine", "added", "raft.md"),
        ("", "password", "added", "mill.md"),
    ]


def test_without_accounts_nothing_is_removed_over_the_network(place: Place) -> None:
    for method, path in (
        ("DELETE", "/api/articles/ferry.md"),
        ("GET", "/api/removed"),
        ("POST", "/api/removed/ferry.md"),
        ("GET", "/api/audit"),
        ("GET", "/auth/login"),
    ):
        assert place.client.request(method, path, headers=LOCAL).status_code in (404, 405)
    assert place.served == ["ferry.md"]


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "[::1]:7860", "localhost"])
def test_the_names_of_this_machine(place: Place, host: str) -> None:
    sent = place.client.post(
        "/api/articles", params={"name": "raft.md"}, content=RAFT, headers={**BYTES, "Host": host}
    )
    assert sent.status_code == 202


def test_nothing_else_is_opened(place: Place) -> None:
    for path in ("/gradio_api/upload", "/api/articles/raft.md", "/api/additions/x"):
        sent = place.client.post(path, content=b"x" * 20_000, headers=LOCAL)
        assert sent.status_code in (404, 405, 413)
    assert place.client.get("/api/additions/unknown").json() == problem(
        404,
        "Not Found",
        "Nothing is known of this file any more; look for it in the list of articles.",
    )
