"""Citadel as a library: docs/library.md and README.md are true, and so is what they leave out."""

import ast
import doctest
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import citadel
from citadel import Answer, Citadel
from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.corpus.articles import sampled_texts
from citadel.index.corpus.source_folder import Added
from citadel.index.encoders.encoder import Encoder
from citadel.index.retrieval.stages import ONLY_RANKER, Stages
from citadel.index.snapshots.loading import load
from citadel.index.snapshots.snapshots import read_manifest
from citadel.index.stores.base import VectorStore
from citadel.index.stores.faiss_store import FAISS
from citadel.qa.answer.answering import Answerer
from tests.command_line import ROOT
from tests.fake_encoder import FakeEncoder
from tests.small_index import BRIDGE, FERRY, contents, flip, mend, refusal

LIBRARY_PAGE = (ROOT / "docs" / "library.md").read_text("utf-8")

MILL = "The mill\n\nThe mill grinds no flour any more.\n"


def shown_files(markdown: str) -> dict[str, str]:
    """The files that a page shows: its fenced blocks with a title."""
    fenced = r'^```\w+ title="(.+?)"\n(.*?)^```$'
    return dict(re.findall(fenced, markdown, flags=re.MULTILINE | re.DOTALL))


def python_blocks(markdown: str) -> list[str]:
    """The text of each block fenced as ``python``."""
    return re.findall(r"^```python\n(.*?)^```$", markdown, flags=re.MULTILINE | re.DOTALL)


def failed_examples(name: str, text: str) -> str:
    """What doctest reports of a text whose examples follow one another."""
    report: list[str] = []
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    assert test.examples
    doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    return "".join(report)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the user's data are: nothing of the person who runs the tests."""
    folder = tmp_path / "data"
    monkeypatch.setattr(
        "citadel.index.snapshots.pointer.platformdirs.user_data_path", lambda name: folder / name
    )
    return folder / "citadel"


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    """The model of every index, one that costs nothing."""
    encoder = FakeEncoder()
    monkeypatch.setattr("citadel.library.encoder_loader", lambda *_: lambda _model: encoder)
    monkeypatch.setattr("citadel.library.load_stages", lambda **_: ONLY_RANKER)
    return encoder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.md").write_text(FERRY, "utf-8")
    (folder / "bridge.txt").write_text(BRIDGE, "utf-8")
    return folder


@pytest.fixture
def shown_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: Encoder, stages: Stages
) -> None:
    """The program runs where the files are that docs/library.md shows, with the default models.

    They were converted for another folder; to compare them here, they would be converted once more.
    """
    monkeypatch.setattr("citadel.library.check_conversion", lambda *_: 1.0)
    monkeypatch.setattr("citadel.library.encoder_loader", lambda *_: lambda _model: encoder)
    monkeypatch.setattr("citadel.library.load_stages", lambda **_: stages)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mill.txt").write_text(MILL, "utf-8")
    for name, text in shown_files(LIBRARY_PAGE).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")


@pytest.mark.usefixtures("shown_articles")
def test_the_examples_of_the_documentation() -> None:
    assert failed_examples("docs/library.md", "\n".join(python_blocks(LIBRARY_PAGE))) == ""


@pytest.mark.usefixtures("shown_articles")
def test_the_example_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = python_blocks((ROOT / "README.md").read_text("utf-8"))
    exec(compile(ast.parse(program), "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == [
        "The cooperative is led by Ada Keller. [ferry.md, 234 to 271]",
        "The ferry is run by the Farmers' Cooperative, which has forty members. "
        "[ferry.md, 163 to 233]",
        "It takes ten minutes. [ferry.md, 140 to 161]",
    ]


def test_a_false_example_is_seen_to_fail() -> None:
    assert "Expected:\n    5\nGot:\n    4\n" in failed_examples("a page", ">>> 2 + 2\n5\n")


def test_importing_the_package_imports_nothing_else() -> None:
    program = (
        "import sys, typing; before = set(sys.modules); import citadel; "
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert done.stdout == "['citadel']\n"


def test_the_public_names() -> None:
    names = [
        "AllMentions",
        "Answer",
        "Citadel",
        "CitadelError",
        "Citation",
        "IndexedName",
        "Scope",
        "Status",
    ]
    assert citadel.__all__ == names
    assert {getattr(citadel, name).__name__ for name in names} == set(names)
    assert set(names) <= set(dir(citadel))
    with pytest.raises(AttributeError, match=r"^module 'citadel' has no attribute 'Castle'$"):
        getattr(citadel, "Castle")  # noqa: B009


def without_time(answer: Answer) -> Answer:
    return replace(answer, elapsed_ms=0.0)


def test_an_answer_is_that_of_the_index(
    articles: Path, fake: FakeEncoder, data_folder: Path
) -> None:
    opened = Citadel.open(articles)
    assert opened.folder == articles
    assert opened.index_dir.parent == data_folder / "indexes"
    assert re.fullmatch("articles-[0-9a-f]{8}", opened.index_dir.name)
    assert [article.source for article in opened.articles] == ["bridge.txt", "ferry.md"]
    answerer = Answerer(load(opened.index_dir, fake))
    for question in ("When does work begin?", "Who is the pope?", "Hello!"):
        assert without_time(opened.ask(question)) == without_time(answerer.answer(question))
    assert without_time(
        opened.ask(
            "And why?",
            history=["How is the river crossed?"],
            passages=1,
            scope=citadel.Scope(only=frozenset({"ferry.md"})),
            literal=True,
        )
    ) == without_time(
        answerer.answer(
            "And why?",
            ["How is the river crossed?"],
            1,
            citadel.Scope(only=frozenset({"ferry.md"})),
            literal=True,
        )
    )


def test_opening_writes_nothing_to_the_articles_and_builds_what_changed_only(
    articles: Path, fake: FakeEncoder
) -> None:
    before = contents(articles)
    first = Citadel.open(str(articles))
    assert contents(articles) == before
    encoded = len(fake.encoded)
    again = Citadel.open(articles)
    assert (again.ask("Why?").snapshot, len(fake.encoded)) == (first.ask("Why?").snapshot, encoded)
    (articles / "mill.txt").write_text(MILL)
    third = Citadel.open(articles)
    assert [article.source for article in third.articles] == ["bridge.txt", "ferry.md", "mill.txt"]
    assert fake.encoded[encoded:] == [["The mill grinds no flour any more."]]


def test_folders_of_one_name_have_an_index_each(
    articles: Path, tmp_path: Path, fake: FakeEncoder
) -> None:
    assert fake.encoded == []
    other = tmp_path / "other" / "articles"
    other.mkdir(parents=True)
    (other / "mill.txt").write_text(MILL)
    assert Citadel.open(other).index_dir != Citadel.open(articles).index_dir


def test_an_article_that_cannot_be_read_any_more_is_not_lost_by_opening(
    articles: Path, fake: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    assert fake.encoded == []
    snapshot = Citadel.open(articles).ask("Why?").snapshot
    (articles / "bridge.txt").write_bytes(b"")
    opened = Citadel.open(articles)
    assert opened.ask("Why?").snapshot == snapshot
    empty = "bridge.txt is empty; write the article into it or remove it."
    assert [record.getMessage() for record in caplog.records] == [
        empty,
        "The index stays as it is until bridge.txt can be read or is gone.",
    ]
    built = opened.build()
    assert (built.changed, built.failures) == (True, (empty,))
    assert [article.source for article in opened.articles] == ["ferry.md"]


def test_an_index_is_opened_as_it_stands(articles: Path, tmp_path: Path, fake: FakeEncoder) -> None:
    assert fake.encoded == []
    folder = tmp_path / "index"
    Citadel.open(articles, index_dir=folder)
    (articles / "mill.txt").write_text(MILL)
    opened = Citadel.open(index_dir=folder)
    assert (opened.folder, opened.index_dir) == (articles, folder)
    assert [article.source for article in opened.articles] == ["bridge.txt", "ferry.md"]
    assert opened.build().changed
    assert [article.source for article in opened.articles] == ["bridge.txt", "ferry.md", "mill.txt"]


@pytest.mark.parametrize("named", [True, False])
def test_the_bundled_article_stays_as_it_is(
    named: bool, fake: FakeEncoder, tmp_path: Path, data_folder: Path
) -> None:
    assert fake.encoded == []
    before = contents(BUNDLED_SOURCES)
    opened = Citadel.open(BUNDLED_SOURCES) if named else Citadel.open()
    assert opened.folder == BUNDLED_SOURCES
    if not named:
        assert opened.index_dir == data_folder / "index"
    (tmp_path / "mill.txt").write_text(MILL)
    assert opened.add(tmp_path / "mill.txt") == Added(("mill.txt",), (), ())
    assert contents(BUNDLED_SOURCES) == before
    index_dir = opened.index_dir
    assert opened.folder == index_dir.with_name(f"{index_dir.name}-articles")
    assert [article.source for article in opened.articles] == [
        "enab-baladi-end-of-aleppo.md",
        "mill.txt",
    ]
    assert opened.remove("enab-*") == ("enab-baladi-end-of-aleppo.md",)
    assert [article.source for article in opened.articles] == ["mill.txt"]


def test_what_is_added_and_removed_is_answered_from_at_once(
    articles: Path, tmp_path: Path, fake: FakeEncoder
) -> None:
    assert fake.encoded == []
    opened = Citadel.open(articles)
    mill, empty = tmp_path / "mill.txt", tmp_path / "empty.md"
    mill.write_text(MILL)
    empty.write_bytes(b"")
    failure = "empty.md is empty; write the article into it or remove it."
    assert opened.add(mill, str(empty)) == Added(("mill.txt",), (), (failure,))
    hits = opened.ask("What does the mill grind?").hits
    assert {hit.passage.source for hit in hits} == {"bridge.txt", "ferry.md", "mill.txt"}
    snapshot = read_manifest(opened.index_dir).snapshot
    assert opened.add(mill) == Added((), ("mill.txt",), ())
    mill.write_text(f"{MILL}\nIt is a museum.\n")
    assert opened.add(mill) == Added(
        (),
        (),
        (
            f"There is another mill.txt in {articles}; rename {mill}, or give --replace to put it "
            "in the other one's place.",
        ),
    )
    assert opened.ask("Why?").snapshot == snapshot
    assert opened.add(mill, replace=True) == Added(("mill.txt",), (), ())
    assert opened.remove("mill.txt") == ("mill.txt",)
    assert contents(articles) == {
        "bridge.txt": BRIDGE.encode(),
        "ferry.md": FERRY.encode(),
        ".removed/mill.txt": mill.read_bytes(),
    }
    assert [article.source for article in opened.articles] == ["bridge.txt", "ferry.md"]


def test_a_build_in_full_embeds_everything_anew(articles: Path, fake: FakeEncoder) -> None:
    opened = Citadel.open(articles)
    encoded = list(fake.encoded)
    built = opened.build(full=True)
    assert (built.changed, built.manifest) == (True, read_manifest(opened.index_dir))
    assert [report.name for report in built.corpus.reports] == ["bridge.txt", "ferry.md"]
    assert fake.encoded == encoded * 2
    assert opened.ask("Why?").snapshot == built.manifest.snapshot
    assert [manifest.snapshot for manifest in opened.verify()] == [
        built.manifest.snapshot,
        built.manifest.before,
    ]


def test_damage_is_found(articles: Path, fake: FakeEncoder) -> None:
    assert fake.encoded == []
    opened = Citadel.open(articles)
    snapshot = opened.index_dir / read_manifest(opened.index_dir).snapshot
    flip(snapshot / "articles.json")
    assert refusal(opened.verify) == (
        f"{snapshot / 'articles.json'} is damaged: its SHA-256 is not the manifest's; "
        f"{mend(opened.index_dir, str(articles))}"
    )


def test_a_converted_model_is_compared_with_the_published_one(
    articles: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compare(*arguments: object) -> float:
        compared.append(arguments)
        return 1.0

    compared: list[object] = []
    monkeypatch.setattr("citadel.library.check_conversion", compare)
    opened = Citadel.open(articles)
    opened.verify()
    texts = sampled_texts(opened.articles, 32)
    assert compared == [(fake, opened.index_dir / "models", texts)]


def test_a_store_is_closed_in_the_end(
    articles: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fake.encoded == []
    calls: list[object] = []

    @contextmanager
    def open_store(*arguments: object) -> Iterator[VectorStore]:
        calls.append(arguments)
        yield FAISS
        calls.append("closed")

    monkeypatch.setattr("citadel.library.open_store", open_store)
    with Citadel.open(articles, store="postgres", store_url="postgresql://db") as opened:
        asked = [("postgres", "postgresql://db", opened.index_dir)]
        assert calls == asked
    assert calls == [*asked, "closed"]


def test_what_cannot_be_is_refused(
    articles: Path, tmp_path: Path, fake: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fake.encoded == []
    file = articles / "ferry.md"
    assert refusal(Citadel.open, file) == (
        f"There is no folder of articles at {file}; name one that is there."
    )
    opened = Citadel.open(articles)
    for call, message in (
        (lambda: opened.ask(""), "The question is empty; type a question about the articles."),
        (
            lambda: opened.ask("Why?", history="How?"),
            "The history is a list of earlier questions; give it a list.",
        ),
        (
            lambda: opened.ask("Why?", passages=0),
            "An answer comes with one passage at least, not 0.",
        ),
        (
            lambda: opened.add("gone.md"),
            "There is nothing at gone.md; name files or folders to add.",
        ),
        (
            lambda: opened.remove("gone.md"),
            f"There is no file gone.md in {articles}, see “python -m index list”.",
        ),
    ):
        assert refusal(call) == message
    squad = tmp_path / "squad.json"
    squad.write_text('{"data": [{"title": "T", "paragraphs": [{"context": "C.", "qas": []}]}]}')
    assert refusal(opened.evaluate, squad) == (
        f"{squad} brings articles of its own; measure it with “python -m evaluation run”, or give "
        "a set of questions about these articles."
    )
    monkeypatch.setitem(sys.modules, "citadel.evaluation.scoring.measuring", None)
    assert refusal(opened.evaluate, squad) == (
        "This needs the extra “evaluation”; run “pip install 'citadel-qa[evaluation]'”."
    )
