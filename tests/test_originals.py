"""The files of the articles: kept as they were read, handed out to be saved and never shown."""

import hashlib
import logging
import unicodedata
from http import HTTPStatus
from pathlib import Path

import pytest
from fpdf import FPDF

from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import read_articles
from citadel.qa.answer.answering import Answerer
from citadel.qa.page.library import article_asked_for, first_article
from citadel.qa.page.locales import Locale
from citadel.qa.service.live_index import LiveIndex, ServedIndex
from citadel.qa.service.originals import Originals
from citadel.qa.service.service import Service
from tests.reading_here import read_article
from tests.small_index import cheap_index
from tests.visitor import problem, visit

PAGE = (
    b"<!doctype html><html><head><title>The ferry</title></head><body><article><h1>The ferry</h1>"
    b"<p>The ferry crosses the river in ten minutes, whatever the weather.</p>"
    b"<script>alert(1)</script></article></body></html>"
)
ARABIC = "العبّارة.md"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def with_sources(folder: Path) -> Path:
    (folder / "reports").mkdir(parents=True)
    (folder / "reports" / "ferry.html").write_bytes(PAGE)
    (folder / ARABIC).write_text("# The mill\n\nThe mill burned in 1999.\n", "utf-8")
    return folder


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return with_sources(tmp_path / "sources")


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Article, ...]:
    """The articles of the sources, which another process reads: once for all tests."""
    return tuple(read_articles(with_sources(tmp_path_factory.mktemp("read") / "sources")))


@pytest.fixture
def live_index(articles: tuple[Article, ...]) -> LiveIndex:
    return LiveIndex.of(Answerer(cheap_index("gen-1", articles)))


@pytest.fixture
def originals(tmp_path: Path, sources: Path, live_index: LiveIndex) -> Originals:
    kept = Originals(tmp_path / "originals", lambda: sources)
    kept.keep(live_index.current)
    return kept


def test_an_article_knows_its_file(sources: Path) -> None:
    article = read_article(sources / "reports" / "ferry.html")
    assert article.file_sha256 == sha256(PAGE)
    assert len(article.read_on) == len("2026-11-03")


def test_an_original_is_an_attachment_in_which_nothing_runs(
    live_index: LiveIndex, originals: Originals
) -> None:
    client = visit(Service(live_index, originals=originals))
    answer = client.get(f"/api/originals/{sha256(PAGE)}")
    assert (answer.status_code, answer.content) == (200, PAGE)
    headers = answer.headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == 'attachment; filename="ferry.html"'
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'; ")
    other = client.get("/api/articles").headers["content-security-policy"]
    assert other.startswith("default-src 'none'; ")
    mill = live_index.current.articles.named(ARABIC)
    assert mill is not None
    named = client.get(f"/api/originals/{mill.file_sha256}").headers["content-disposition"]
    assert named.startswith("attachment; filename*=utf-8''%D8%A7")


@pytest.mark.parametrize("name", ["0" * 64, "../sources", "x", "A" * 64, ""])
def test_nothing_else_is_handed_out(live_index: LiveIndex, originals: Originals, name: str) -> None:
    answer = visit(Service(live_index, originals=originals)).get(f"/api/originals/{name}")
    assert answer.status_code in (404, 422)


@pytest.mark.parametrize("sha256", ["0" * 64, "x"])
def test_of_a_file_that_is_not_kept_that_is_said(
    live_index: LiveIndex, originals: Originals, sha256: str
) -> None:
    told = visit(Service(live_index, originals=originals)).get(f"/api/originals/{sha256}").json()
    assert told == problem(
        404,
        "Not Found",
        "This original is not kept; look for its article in the list of articles.",
    )


def test_where_they_are_not_kept_there_are_none(live_index: LiveIndex) -> None:
    answer = visit(Service(live_index)).get(f"/api/originals/{sha256(PAGE)}")
    assert answer.status_code == 404
    assert "originals" not in article_asked_for(live_index.current, {"source": ARABIC})[0]


def test_what_has_changed_since_it_was_read_is_not_kept(
    tmp_path: Path, sources: Path, live_index: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    (sources / "reports" / "ferry.html").write_bytes(PAGE + b" ")
    (sources / ARABIC).unlink()
    originals = Originals(tmp_path / "originals", lambda: sources)
    with caplog.at_level(logging.WARNING):
        originals.keep(live_index.current)
    assert originals.of(sha256(PAGE)) is None
    assert list((tmp_path / "originals").iterdir()) == []
    assert caplog.messages == [
        "The originals of reports/ferry.html, العبّارة.md are not kept: the files have changed "
        "since they were read."
    ]


def test_a_file_is_kept_as_it_was_until_no_article_is_of_it(
    tmp_path: Path, sources: Path, live_index: LiveIndex, originals: Originals
) -> None:
    (sources / "reports" / "ferry.html").write_bytes(b"something else")
    originals.keep(live_index.current)
    kept = originals.of(sha256(PAGE))
    assert kept is not None
    assert (kept.path.read_bytes(), kept.name) == (PAGE, "ferry.html")
    (tmp_path / "originals" / "of somebody else").write_text("x", "utf-8")
    without = tuple(each for each in live_index.current.articles.all if each.source == ARABIC)
    left = ServedIndex.of(Answerer(cheap_index("gen-2", without)))
    originals.keep(left)
    assert originals.of(sha256(PAGE)) is None
    assert {path.name for path in (tmp_path / "originals").iterdir()} == {
        without[0].file_sha256,
        "of somebody else",
    }


def test_a_disk_that_refuses_takes_nothing_away(
    tmp_path: Path, sources: Path, live_index: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    originals = Originals(tmp_path / "taken", lambda: sources)
    with caplog.at_level(logging.WARNING):
        originals.keep(live_index.current)
    assert originals.of(sha256(PAGE)) is None
    assert caplog.messages[0].startswith(f"Some originals are not kept in {tmp_path / 'taken'}: ")


def test_a_file_is_found_however_its_name_is_composed(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / unicodedata.normalize("NFD", "fähre.md")).write_text("# A\n\nA ferry.\n", "utf-8")
    served = ServedIndex.of(Answerer(cheap_index("gen-1", read_articles(folder))))
    originals = Originals(tmp_path / "originals", lambda: folder)
    originals.keep(served)
    assert originals.of(served.articles.all[0].file_sha256) is not None


def test_a_page_of_a_pdf_is_drawn_with_the_quote_marked(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    pdf = FPDF()
    pdf.set_font("Helvetica", "", 11)
    # The second sentence goes on on the second page.
    for text in ("It rained for days. The flood came at night and", "carried the bridge away."):
        pdf.add_page(label_style="r")
        pdf.multi_cell(0, 6, text)
    pdf.output(str(folder / "flood.pdf"))
    (folder / "mill.md").write_text("# The mill\n\nThe mill burned in 1999.\n", "utf-8")
    live_index = LiveIndex.of(Answerer(cheap_index("gen-1", read_articles(folder))))
    originals = Originals(tmp_path / "originals", lambda: folder)
    originals.keep(live_index.current)
    flood, mill = live_index.current.articles.all
    client = visit(Service(live_index, originals=originals))
    address = f"/api/originals/{flood.file_sha256}/page"
    for quote, page, told in (
        ("It rained for days.", "i", "marked"),
        ("The flood came at night and carried the bridge away.", "i", "marked"),
        ("carried the bridge away.", "ii", "marked"),
    ):
        start = flood.text.replace("\n", " ").index(quote)
        answer = client.get(f"{address}?start={start}&end={start + len(quote)}")
        assert answer.status_code == 200
        assert (answer.headers["x-page"], answer.headers["x-quote"]) == (page, told)
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["content-security-policy"].startswith("sandbox; ")
        assert answer.content.startswith(b"\x89PNG")
        goes_on = flood.pages[1] if page == "i" and "carried" in quote else None
        assert answer.headers.get("x-runs-on") == (None if goes_on is None else str(goes_on))
    nothing = client.get(f"{address}?start=999999&end=999999")
    assert (nothing.headers["x-page"], nothing.headers["x-quote"]) == ("ii", "not found")
    refused = client.get(f"/api/originals/{mill.file_sha256}/page?start=0&end=5")
    detail = "mill.md has no printed pages; download it instead."
    assert refused.json() == problem(422, HTTPStatus(422).phrase, detail)
    unknown = client.get(f"/api/originals/{'0' * 64}/page?start=0&end=5")
    assert unknown.status_code == 404
    for wrong in ("", "?start=0", "?start=-1&end=5", "?start=a&end=5", f"?start={10**10}&end=1"):
        assert client.get(f"{address}{wrong}").status_code == 422
    other_site = {"Origin": "https://other.example"}
    assert client.get(f"{address}?start=0&end=5", headers=other_site).status_code == 403


def test_the_page_offers_the_file_of_an_article(
    live_index: LiveIndex, originals: Originals
) -> None:
    served = live_index.current
    link = (
        f'<p class="actions"><a class="download" download href="api/originals/{sha256(PAGE)}">'
        "Download the original</a></p></details>"
    )
    shown = article_asked_for(served, {"source": "reports/ferry.html"}, originals)[0]
    assert shown.count(link) == 1
    arabic = {"source": "reports/ferry.html", "language": "ar"}
    assert "تنزيل الأصل" in article_asked_for(served, arabic, originals)[0]
    alone = tuple(each for each in served.articles.all if each.source != ARABIC)
    of_one = ServedIndex.of(Answerer(cheap_index("gen-2", alone)))
    assert first_article(of_one, Locale(), originals).count(link) == 1
