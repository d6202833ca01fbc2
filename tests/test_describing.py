"""Corrections of what is known about an article, in the metadata next to its file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.describing import describe
from citadel.index.encoders.encoder import Encoder
from citadel.index.errors import CitadelError
from tests.command_line import Outcome, Run, index_caller
from tests.reading_here import read_article
from tests.small_index import refusal

FERRY = "---\ntitle: The Fery\nauthor: M. Olsen\n---\nIt crosses the river.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sources = tmp_path / "sources"
    (sources / "old").mkdir(parents=True)
    (sources / "ferry.md").write_text(FERRY, "utf-8")
    (sources / "old" / "raft.txt").write_text("It floats.\n", "utf-8")
    (sources / "many.jsonl").write_text('{"_id": "1", "text": "It rains."}\n', "utf-8")
    return sources


def about(article: Article) -> tuple[str, ...]:
    return article.title, article.author, article.publisher, article.date, article.url


def sidecar(folder: Path, name: str = "ferry.md") -> str | None:
    path = folder / f"{name}.yaml"
    return path.read_text("utf-8") if path.exists() else None


def test_a_correction_wins_over_what_the_file_says(folder: Path) -> None:
    kept = describe(
        folder,
        "ferry.md",
        {
            "title": " The \u202eFerry ",
            "publisher": "The Herald: a paper",
            "date": "5 December 2016",
            "url": "https://herald.example/ferry",
        },
    )
    assert kept == {
        "title": "The Ferry",
        "publisher": "The Herald: a paper",
        "date": "2016-12-05",
        "url": "https://herald.example/ferry",
    }
    assert about(read_article(folder / "ferry.md")) == (
        "The Ferry",
        "M. Olsen",
        "The Herald: a paper",
        "2016-12-05",
        "https://herald.example/ferry",
    )
    assert (folder / "ferry.md").read_text("utf-8") == FERRY


def test_what_else_stands_next_to_the_file_stays(folder: Path) -> None:
    path = folder / "old" / "raft.txt.yaml"
    path.write_text("authors: [A. B., C. D.]\ndate: 2016-12\ntags: [a, b]\nnumber: 007\n", "utf-8")
    describe(folder, "old/raft.txt", {"author": "Jane Reporter"})
    assert sidecar(folder, "old/raft.txt") == (
        "date: 2016-12\ntags:\n- a\n- b\nnumber: '007'\nauthor: Jane Reporter\n"
    )
    article = read_article(folder / "old" / "raft.txt")
    assert (article.author, article.date) == ("Jane Reporter", "2016-12")


def test_a_correction_is_taken_back(folder: Path) -> None:
    describe(folder, "ferry.md", {"author": "Jane Reporter", "date": "2016"})
    describe(folder, "ferry.md", {"author": ""})
    assert sidecar(folder) == "date: '2016'\n"
    assert read_article(folder / "ferry.md").author == "M. Olsen"
    describe(folder, "ferry.md", {"date": ""})
    assert sidecar(folder) is None
    describe(folder, "ferry.md", {"date": ""})
    assert sidecar(folder) is None


@pytest.mark.parametrize("date", ["yesterday", "05/12/2016", "2016-13", "31 June 2016", "Spring"])
def test_what_is_no_date_is_refused(folder: Path, date: str) -> None:
    assert refusal(describe, folder, "ferry.md", {"author": "Jane Reporter", "date": date}) == (
        f"The date {date!r} is none that can be told; write 2016, 2016-12 or 2016-12-05."
    )
    assert sidecar(folder) is None


def test_no_article_was_published_in_the_future(folder: Path) -> None:
    today = datetime.now(UTC).date()
    for written in ("3016", "3016-12", (today + timedelta(days=3)).isoformat()):
        assert refusal(describe, folder, "ferry.md", {"date": written}) == (
            f"ferry.md: the date '{written}' is in the future; "
            "write when the article was published."
        )
    assert sidecar(folder) is None
    # Further east it is tomorrow already.
    ahead = (today + timedelta(days=1)).isoformat()
    for written in (ahead, ahead[:7], ahead[:4]):
        assert describe(folder, "ferry.md", {"date": written}) == {"date": written}


def test_other_values_that_are_refused(folder: Path) -> None:
    assert refusal(describe, folder, "ferry.md", {"url": "javascript:alert(1)"}) == (
        "ferry.md: the url 'javascript:alert(1)' is none; write one that begins with https:// or "
        "http://."
    )
    assert refusal(describe, folder, "ferry.md", {"title": "x" * 1001}) == (
        "The title has 1,001 characters, and 1,000 are kept at most; shorten it."
    )
    assert sidecar(folder) is None


def test_names_that_are_none_of_a_file(folder: Path) -> None:
    for name in ("fery.md", "../ferry.md", "ferry.md.yaml", "old", "ferry.md#1"):
        said = refusal(describe, folder, name, {"title": "A"})
        if name == "ferry.md#1":
            assert said.startswith("ferry.md#1 is one of the articles in ferry.md;")
        else:
            assert said == f"There is no file {name} in {folder}, see “python -m index list”."
    assert refusal(describe, folder, "many.jsonl#1", {"title": "A"}) == (
        "many.jsonl#1 is one of the articles in many.jsonl; correct it there, and build the index."
    )


@pytest.mark.parametrize(
    "data", [b"author: a: b\n", b"- a\n- b\n", b"author\n", b"author: \xff\n", b"author: [a\n"]
)
def test_metadata_that_can_not_be_read_are_not_written_over(folder: Path, data: bytes) -> None:
    (folder / "ferry.md.yaml").write_bytes(data)
    assert refusal(describe, folder, "ferry.md", {"title": "The Ferry"}) == (
        "ferry.md.yaml can't be read as YAML; mend or remove it before something is corrected."
    )
    assert (folder / "ferry.md.yaml").read_bytes() == data


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text("title: A\n", "utf-8")
    (folder / "ferry.md.yaml").symlink_to(elsewhere)
    with pytest.raises(CitadelError, match=r"ferry\.md\.yaml is a link"):
        describe(folder, "ferry.md", {"title": "The Ferry"})
    assert elsewhere.read_text("utf-8") == "title: A\n"


@pytest.fixture
def index(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoder: Encoder
) -> Run:
    return index_caller(monkeypatch, capsys, encoder)


def test_a_correction_is_in_the_index_at_once(index: Run, folder: Path, tmp_path: Path) -> None:
    where = ("--sources", folder, "--index-dir", tmp_path / "index")
    index("build", *where)
    corrections = ("--title", "The Ferry", "--date", "Dec 5, 2016", "--author", "")
    done = index("describe", "ferry.md", *corrections, *where)
    assert (done.status, done.stdout.splitlines()[:3]) == (
        0,
        [
            "ferry.md: the title is The Ferry.",
            "ferry.md: the author is what the file tells.",
            "ferry.md: the date is 2016-12-05.",
        ],
    )
    listed = index("list", "--index-dir", tmp_path / "index").stdout
    assert "ferry.md: The Ferry · M. Olsen · 2016-12-05 · en · 1 paragraph\n" in listed


def test_nothing_to_correct(index: Run, folder: Path, tmp_path: Path) -> None:
    where = ("--sources", folder, "--index-dir", tmp_path / "index")
    assert index("describe", "ferry.md", *where) == Outcome(
        1,
        "",
        "citadel-index: Say what is to be corrected: --title, --author, --publisher, --date or "
        "--url.\n",
    )
