"""What is known about an article is corrected over HTTP, where adding is allowed."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from citadel.index.build.recording import recorded_rollback
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.publishing import build_lock
from citadel.qa.service import rebuilding
from tests.adding.place import LOCAL, PASSWORD, RAFT, Place
from tests.visitor import problem, visit

JSON = {**LOCAL, "Content-Type": "application/json"}


def patch(client: TestClient, name: str, known: dict[str, Any], **more: Any) -> Any:
    headers = {**JSON, **more.pop("headers", {})}
    return client.patch(f"/api/articles/{name}", json=known, headers=headers, **more)


def about(place: Place) -> list[tuple[str, str, str]]:
    return [
        (article.title, article.author, article.date)
        for article in place.live_index.current.articles.all
    ]


def test_a_correction_is_kept_next_to_the_file_and_indexed(place: Place) -> None:
    before = place.live_index.current.articles.all[0]
    sent = patch(place.client, "ferry.md", {"author": "Jo Berg", "date": "3 May 2024"})
    assert sent.status_code == 202
    told = place.outcome(sent.json())
    assert (told["name"], told["stage"], told["detail"]) == ("ferry.md", "added", "")
    assert told["index"] == place.live_index.current.articles.snapshot
    assert about(place) == [(before.title, "Jo Berg", "2024-05-03")]
    assert (place.sources / "ferry.md.yaml").read_text("utf-8") == (
        "author: Jo Berg\ndate: '2024-05-03'\n"
    )
    back = place.outcome(patch(place.client, "ferry.md", {"author": "", "date": ""}).json())
    assert back["stage"] == "added"
    assert about(place) == [(before.title, before.author, before.date)]
    assert place.files == {"ferry.md"}


@pytest.mark.parametrize(
    ("name", "known", "why"),
    [
        ("ferry.md", {}, "Say what is to be corrected: title, author, publisher, date or url."),
        (
            "ferry.md",
            {"date": "someday"},
            "The date 'someday' is none that can be told; write 2016, 2016-12 or 2016-12-05.",
        ),
        (
            "ferry.md",
            {"author": "x" * 1001},
            "The author has 1,001 characters, and 1,000 are kept at most; shorten it.",
        ),
    ],
)
def test_what_the_command_refuses_is_refused(
    place: Place, name: str, known: dict[str, str], why: str
) -> None:
    assert patch(place.client, name, known).json() == problem(422, HTTPStatus(422).phrase, why)
    assert place.files == {"ferry.md"}


def test_an_article_that_is_not_there_is_not_corrected(place: Place) -> None:
    told = patch(place.client, "../raft.md", {"author": "Jo"})
    assert told.status_code in (404, 405, 422)
    told = patch(place.client, "raft.md", {"author": "Jo"})
    assert told.status_code == 422
    assert told.json()["detail"] == (
        "There is no file raft.md among the articles; look at their list again."
    )
    assert place.files == {"ferry.md"}


def test_what_was_rolled_back_stays_so_when_something_is_corrected(place: Place) -> None:
    assert place.add("raft.md", RAFT)["stage"] == "added"
    with build_lock(place.index_dir):
        recorded_rollback(place.index_dir, None)
    told = place.outcome(patch(place.client, "ferry.md", {"author": "Jo Berg"}).json())
    assert told["stage"] == "added"
    assert place.served == ["ferry.md"]
    assert (place.sources / ".removed" / "raft.md").read_bytes() == RAFT


def test_only_who_may_add_may_correct(place: Place) -> None:
    known = {"author": "Jo"}
    other = {"headers": {"Host": "evil.example"}}
    assert patch(place.client, "ferry.md", known, **other).json() == problem(
        403,
        "Forbidden",
        "Without a password articles can be added from this machine only, by its name "
        "localhost; set CITADEL_PASSWORD_HASH.",
    )
    guarded = place.visit(PASSWORD)
    assert patch(guarded, "ferry.md", known, **other).status_code == 401
    closed = visit(place.service)
    assert patch(closed, "ferry.md", known).status_code in (404, 405)
    assert place.files == {"ferry.md"}
    given = {**other, "auth": ("", "correct horse")}
    assert patch(guarded, "ferry.md", known, **given).status_code == 202


def test_a_page_of_another_site_corrects_nothing(place: Place) -> None:
    foreign = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert patch(place.client, "ferry.md", {"author": "Jo"}, headers=foreign).status_code == 403
    for media_type, body in (
        ("text/plain", b'{"author": "Jo"}'),
        ("application/x-www-form-urlencoded", b"author=Jo"),
    ):
        sent = place.client.patch(
            "/api/articles/ferry.md",
            content=body,
            headers={**LOCAL, "Content-Type": media_type},
        )
        assert sent.json() == problem(
            415,
            "Unsupported Media Type",
            "Send the corrections as JSON, with “Content-Type: application/json”.",
        )
    assert place.files == {"ferry.md"}


def test_no_more_corrections_arrive_at_once_than_files(tmp_path: Path) -> None:
    place = Place(tmp_path, uploads_at_once=0)
    assert patch(place.client, "ferry.md", {"author": "Jo"}).status_code == 503
    place.additions.close()


def test_where_no_index_can_be_built_the_correction_stays_and_that_is_said(place: Place) -> None:
    (place.sources / "ferry.md").write_bytes(b"\x00\x01")
    told = place.outcome(patch(place.client, "ferry.md", {"author": "Jo"}).json())
    assert told["stage"] == "refused"
    assert told["detail"].endswith(
        "The correction is kept next to the file, and goes into the next index."
    )
    assert place.files == {"ferry.md", "ferry.md.yaml"}


def test_why_no_index_can_be_built_names_no_folder_of_the_server(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> PassageIndex:
        raise CitadelError(f"{place.index_dir}/x can't be written; make room.")

    monkeypatch.setattr(rebuilding, "build_index", full)
    told = place.outcome(patch(place.client, "ferry.md", {"author": "Jo"}).json())
    assert told["detail"] == (
        "x can't be written; make room. The correction is kept next to the file, and goes into "
        "the next index."
    )
