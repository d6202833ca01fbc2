"""Adding articles over HTTP: what is taken, what is refused, and that nothing is lost."""

import shutil
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from citadel.index.build.recording import recorded_rollback
from citadel.index.corpus.articles import Article
from citadel.index.corpus.duplicates import Sketch, sketch
from citadel.index.corpus.sandbox.files import ParsedFile
from citadel.index.corpus.sandbox.processes import Request, read_files
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.publishing import build_lock
from citadel.qa.service import rebuilding as rebuilding_module
from tests.adding.place import LOCAL, RAFT, Place
from tests.small_index import contents
from tests.visitor import problem, visit


def refusal(place: Place, name: str, data: bytes, **known: str) -> str:
    """Why a file is refused; nothing has changed then."""
    files, served = contents(place.sources), place.live_index.current
    told = place.send(name, data, **known)
    if "id" in told:
        told = place.outcome(told)
        assert told["stage"] == "refused"
    assert contents(place.sources) == files
    assert place.live_index.current is served
    detail: str = told["detail"]
    return detail


def test_a_file_is_added_and_answers(place: Place) -> None:
    begun = place.send(
        "raft.md", RAFT, publisher="Lake News", date="2021-03", url="https://a.org/r"
    )
    assert (begun["stage"], begun["name"]) == ("waiting", "raft.md")
    told = place.outcome(begun)
    assert told == {
        "id": begun["id"],
        "name": "raft.md",
        "stage": "added",
        "detail": "",
        "done": 3,
        "total": 3,
        "articles": [
            {
                "source": "raft.md",
                "title": "The raft",
                "subtitle": "",
                "author": "",
                "publisher": "Lake News",
                "date": "2021-03",
                "language": "en",
                "url": "https://a.org/r",
                "origin": "",
                "paragraphs": 1,
            }
        ],
        "notes": [],
        "failures": [],
        "index": place.live_index.current.articles.snapshot,
    }
    assert place.served == ["ferry.md", "raft.md"]
    asked = place.client.post("/api/ask", json={"question": "Who steers the raft?"}).json()
    assert asked["passages"][0]["source"] == "raft.md"
    assert (place.sources / "raft.md").read_bytes() == RAFT
    assert (place.sources / "raft.md.yaml").read_text("utf-8") == (
        "date: 2021-03\npublisher: Lake News\nurl: https://a.org/r\n"
    )


def test_what_was_left_out_is_told(place: Place) -> None:
    lines = '{"_id": "1", "text": "A \u202eraft."}\nnonsense\n'
    told = place.add("notes.jsonl", lines.encode())
    assert [article["source"] for article in told["articles"]] == ["notes.jsonl#1"]
    assert told["notes"] == ["#1: 1 invisible direction mark taken out"]
    assert told["failures"] == [
        "notes.jsonl, line 2 is not JSON; write one JSON object on each line"
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../raft.md",
        "/etc/raft.md",
        "..",
        "",
        ".raft.md",
        "a\\raft.md",
        "raft\n.md",
        "raft\u202e.md",
        "raft\x00.md",
        "a#raft.md",
        "C:raft.md",
        "<raft>.md",
    ],
)
def test_a_name_that_leads_elsewhere_or_hides(place: Place, name: str) -> None:
    assert refusal(place, name, RAFT) == (
        "The name of the file can't be kept; give it one without / \\ : * ? \" < > | # and "
        "invisible characters, that does not begin with a dot."
    )


def test_names_that_are_none_of_an_article(place: Place) -> None:
    assert refusal(place, "README.md", RAFT) == (
        "README.md is the name of a file that is no article; give it another one."
    )
    assert refusal(place, "raft.exe", RAFT).startswith("raft.exe is in no format that is read (")
    assert refusal(place, "raft.md.yaml", RAFT).startswith("raft.md.yaml is in no format")
    assert refusal(place, f"{'é' * 100}.md", RAFT) == (
        "The name of the file is longer than 200 bytes; shorten it."
    )


def test_a_name_that_is_taken_and_a_text_that_is_there(place: Place) -> None:
    assert refusal(place, "Ferry.MD", RAFT) == (
        "There is another ferry.md among the articles; send this one under another name."
    )
    assert refusal(place, "ferry.md", b"The ferry crosses the river.\n") == (
        "ferry.md is among the articles already, word for word."
    )
    assert refusal(place, "copy.txt", b"The\n\nThe ferry -- crosses the river!\n") == (
        "copy.txt has the text of ferry.md, which is there already."
    )


def test_what_is_no_article(place: Place) -> None:
    assert refusal(place, "empty.md", b" \n") == (
        "empty.md is empty; write the article into it or remove it."
    )
    assert refusal(place, "scan.pdf", b"%PDF-1.4 nonsense").startswith(
        "scan.pdf can't be opened as a PDF"
    )
    assert refusal(place, "raft.md", RAFT, date="yesterday") == (
        "raft.md: the date 'yesterday' is none; write 2016, 2016-12 or 2016-12-05."
    )
    assert refusal(place, "raft.md", RAFT, titel="The raft") == (
        "There is no parameter “titel”; there are name, title, author, publisher, date, language, "
        "url."
    )
    assert refusal(place, "raft.md", RAFT, url="javascript:alert(1)") == (
        "raft.md: the url 'javascript:alert(1)' is none; write one that begins with https:// or "
        "http://."
    )


def test_two_people_at_once(place: Place) -> None:
    """Both are added; a second of the same name, or the same text, is refused and says so."""
    sent = [
        place.send("raft.md", RAFT),
        place.send("mill.md", b"The mill grinds.\n"),
        place.send("raft.md", b"Another raft.\n"),
        place.send("copy.md", RAFT),
    ]
    told = [place.outcome(each) for each in sent]
    assert [each["stage"] for each in told] == ["added", "added", "refused", "refused"]
    assert told[2]["detail"] == (
        "There is another raft.md among the articles; send this one under another name."
    )
    assert "raft.md" in told[3]["detail"]
    assert place.served == ["ferry.md", "mill.md", "raft.md"]
    assert {"copy.md"}.isdisjoint(place.files)


def test_only_the_file_that_is_added_is_read_and_compared_anew(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place.add("raft.md", RAFT)["stage"] == "added"
    read: list[str] = []
    sketched: list[str] = []

    def read_few(root: Path, requests: Sequence[Request]) -> Iterator[ParsedFile | CitadelError]:
        read.extend(request.name for request in requests)
        return read_files(root, requests)

    def sketch_few(article: Article) -> Sketch:
        sketched.append(article.source)
        return sketch(article)

    monkeypatch.setattr("citadel.index.corpus.corpus.read_files", read_few)
    monkeypatch.setattr("citadel.index.corpus.parse_cache.sketch", sketch_few)
    assert place.add("mill.md", b"The mill grinds.\n")["stage"] == "added"
    assert (read, sketched) == (["mill.md"], ["mill.md"])
    assert refusal(place, "copy.md", RAFT) == (
        "copy.md has the text of raft.md, which is there already."
    )
    assert (read, sketched) == (["mill.md"], ["mill.md"])


def test_a_build_of_somebody_else_is_waited_for(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding_module, "_PAUSE", 0.01)
    with build_lock(place.index_dir):
        begun = place.send("raft.md", RAFT)
        while True:
            told = place.client.get(f"/api/additions/{begun['id']}").json()
            if told["detail"]:
                break
            time.sleep(0.01)
        assert (told["stage"], told["detail"]) == (
            "waiting",
            "The sources are being read anew; this file comes after that.",
        )
        asked = place.client.post("/api/ask", json={"question": "Where is the ferry?"})
        assert asked.json()["passages"][0]["source"] == "ferry.md"
    assert place.outcome(begun)["stage"] == "added"


def test_a_build_that_does_not_end_is_given_up(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding_module, "_PATIENCE", 0.0)
    with build_lock(place.index_dir):
        assert refusal(place, "raft.md", RAFT) == (
            "Another build is running in the folder of the index; wait for it or choose another "
            "--index-dir."
        )


def test_no_room_for_the_index(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> PassageIndex:
        raise CitadelError("There is no room; make some.")

    monkeypatch.setattr(rebuilding_module, "build_index", full)
    assert refusal(place, "raft.md", RAFT) == "There is no room; make some."
    monkeypatch.undo()
    assert place.add("raft.md", RAFT)["stage"] == "added"


def test_a_folder_that_is_gone(place: Place) -> None:
    shutil.rmtree(place.sources)
    told = place.add("raft.md", RAFT)
    assert told["stage"] == "refused"
    assert place.served == ["ferry.md"]


def test_a_defect_gets_a_code(
    place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> PassageIndex:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(rebuilding_module, "build_index", broken)
    said = refusal(place, "raft.md", RAFT)
    code = caplog.records[-1].getMessage().removeprefix("Adding failed, code ").rstrip(".")
    assert said == f"It could not be added. Give this code: {code}."


def test_an_article_that_can_not_be_read_any_more_is_not_lost(place: Place) -> None:
    (place.sources / "ferry.md").write_text("")
    assert refusal(place, "raft.md", RAFT) == (
        "Nothing can be added until ferry.md can be read or is gone."
    )


def test_a_file_that_was_left_in_the_folder_is_indexed(place: Place) -> None:
    """A server that was stopped between copying and building leaves it there."""
    (place.sources / "raft.md").write_bytes(RAFT)
    assert place.add("raft.md", RAFT)["stage"] == "added"
    assert place.served == ["ferry.md", "raft.md"]


def test_what_was_rolled_back_stays_so_when_something_is_added(place: Place) -> None:
    assert place.add("raft.md", RAFT)["stage"] == "added"
    with build_lock(place.index_dir):
        recorded_rollback(place.index_dir, None)
    assert place.add("mill.md", b"The mill grinds.\n")["stage"] == "added"
    assert place.served == ["ferry.md", "mill.md"]
    assert (place.sources / ".removed" / "raft.md").read_bytes() == RAFT


def test_a_closed_server_takes_nothing(place: Place) -> None:
    closed = visit(place.service)
    sent = closed.post("/api/articles", params={"name": "a.md"}, content=RAFT, headers=LOCAL)
    assert sent.json() == problem(
        405, "Method Not Allowed", "This address does not take that method; /api/docs tells which."
    )
    large = closed.post("/api/articles", content=b"x" * 16_385, headers=LOCAL)
    assert large.status_code == 413
    assert "/api/additions/{id}" not in closed.get("/api/openapi.json").json()["paths"]
    assert "/api/additions/{id}" in place.client.get("/api/openapi.json").json()["paths"]
    assert "POST /api/articles" in place.client.get("/api/docs").text
