"""The program of the index: what it builds, reports and refuses."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from citadel.index.build import multilingual
from citadel.index.build.build import build_index
from citadel.index.build.multilingual import FOLDER as SECOND
from citadel.index.cli.commands import main
from citadel.index.corpus.formats.registry import FORMATS
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.encoders.models import READER
from citadel.index.snapshots.loading import load_articles
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.pointer import default_index_dir
from citadel.index.snapshots.publishing import build_lock
from citadel.index.snapshots.snapshots import read_manifest
from citadel.index.stores.recall import SearchQuality
from tests.command_line import Outcome, Run, call, index_caller, run
from tests.small_index import flip, mend, sha256, write_two_articles

READ = "Read 2 articles of 2 paragraphs from 2 files (en).\n"


@pytest.fixture
def index(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoder: Encoder
) -> Run:
    return index_caller(monkeypatch, capsys, encoder)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return write_two_articles(tmp_path / "sources")


@pytest.fixture
def not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A converted model is taken for the published one.

    ``test_build_info_and_verify`` compares them, which takes longest of all that is verified.
    """
    monkeypatch.setattr(
        "citadel.index.cli.snapshots.check_conversion",
        lambda encoder, *_: 1.0 if encoder.conversion else None,
    )


def description(manifest: Manifest, folder: Path) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in manifest.versions.items())
    return (
        f"snapshot       {manifest.snapshot}\n"
        f"folder         {folder}\n"
        f"built at       {manifest.built_at}\n"
        "model          sentence-transformers/all-MiniLM-L6-v2\n"
        f"model SHA-256  {manifest.model_sha256}\n"
        f"backend        {manifest.backend}\n"
        "vectors        384 dimensions, unit length, inner product\n"
        "articles       2\n"
        "passages       2\n"
        "sentences      3\n"
        f"tokens         {manifest.tokens}\n"
        "store          faiss\n"
        "search         passages: exact; sentences: exact\n"
        f"versions       {versions}\n"
    )


def compared(encoder: Encoder) -> str:
    """What verify says of a model that was converted."""
    model = "sentence-transformers/all-MiniLM-L6-v2"
    said = f"The converted model gives the vectors of {model} as it was published.\n"
    return said if encoder.conversion else ""


def logged(folder: Path) -> str:
    """What verify says of the audit log."""
    lines = (folder / "audit.jsonl").read_bytes().splitlines()
    return (
        f"audit.jsonl: {len(lines)} lines, each as it was written; the SHA-256 of the last is "
        f"{sha256(lines[-1])}.\n"
    )


@pytest.mark.usefixtures("stages")
def test_the_program_itself(tmp_path: Path, sources: Path, index_dir: Path) -> None:
    folder = tmp_path / "index"
    copytree(index_dir / MODELS, folder / MODELS)
    (sources / "notes.zip").write_bytes(b"PK")
    (sources / "empty.md").write_text(" \n")
    built = run("index", ["build", "--sources", str(sources), "--index-dir", str(folder)])
    manifest = read_manifest(folder)
    assert built == Outcome(
        1,
        description(manifest, folder),
        "citadel-index: empty.md is empty; write the article into it or remove it.\n"
        "notes.zip is left out: .zip files are not read.\n"
        "Read 2 articles of 2 paragraphs from 2 files (en); left out 1 file; "
        "1 file could not be read, or not in full.\n"
        f"{manifest.snapshot} is the current index.\n",
    )
    (folder / "CURRENT").write_text("nonsense")
    assert run("index", ["verify", "--index-dir", str(folder)]) == Outcome(
        1,
        "",
        f"citadel-index: {folder / 'CURRENT'} is damaged; {mend(folder, str(sources))}\n",
    )


def test_build_info_and_verify(index: Run, tmp_path: Path, sources: Path, encoder: Encoder) -> None:
    folder = tmp_path / "index"
    built = index("build", "--sources", sources, "--index-dir", folder)
    manifest = read_manifest(folder)
    told = description(manifest, folder)
    assert built == Outcome(0, told, f"{READ}{manifest.snapshot} is the current index.\n")
    assert index("info", "--index-dir", folder) == Outcome(0, told, "")
    assert index("verify", "--index-dir", folder) == Outcome(
        0,
        f"{manifest.snapshot}: {len(manifest.files)} files, none damaged.\n"
        f"{manifest.snapshot} answers as it did when it was built.\n{logged(folder)}"
        f"{compared(encoder)}",
        "",
    )


@pytest.mark.usefixtures("not_compared")
def test_the_second_index_is_verified_too(
    index: Run,
    tmp_path: Path,
    sources: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "index"
    index("build", "--sources", sources, "--index-dir", folder)
    articles = load_articles(folder, read_manifest(folder))
    # What indexes in these tests has one model for all names.
    build_index(articles[:1], folder / SECOND, encoder, lambda _done, _total: None)
    manifest, second = read_manifest(folder), read_manifest(folder / SECOND)
    without = [
        f"{manifest.snapshot}: {len(manifest.files)} files, none damaged.",
        f"{manifest.snapshot} answers as it did when it was built.",
        *logged(folder).splitlines(),
        *compared(encoder).splitlines(),
    ]
    named = f"multilingual/{second.snapshot}"
    monkeypatch.setattr(multilingual, "has_multilingual_model", lambda: False)
    assert index("verify", "--index-dir", folder).stdout.splitlines() == without
    monkeypatch.setattr(multilingual, "has_multilingual_model", lambda: True)
    of_second = [
        f"{named}: {len(second.files)} files, none damaged.",
        f"{named} answers as it did when it was built.",
        *compared(encoder).splitlines(),
    ]
    other = f"{named} is of other articles; the next build or server brings it up to date."
    assert index("verify", "--index-dir", folder).stdout.splitlines() == [
        *without,
        *of_second[:2],
        other,
        *of_second[2:],
    ]
    build_index(articles, folder / SECOND, encoder, lambda _done, _total: None)
    assert other not in index("verify", "--index-dir", folder).stdout
    flip(folder / SECOND / read_manifest(folder / SECOND).snapshot / "passages.faiss")
    damaged = index("verify", "--index-dir", folder)
    assert (damaged.status, damaged.stdout.splitlines()) == (1, without)
    path = folder / SECOND / read_manifest(folder / SECOND).snapshot / "passages.faiss"
    assert damaged.stderr == (
        f"citadel-index: {path} is damaged: its SHA-256 is not the manifest's; "
        f"{mend(folder, str(sources))}\n"
    )


@pytest.mark.usefixtures("not_compared")
def test_snapshots_are_listed_and_left_and_returned_to(
    index: Run, tmp_path: Path, sources: Path, encoder: Encoder
) -> None:
    folder = tmp_path / "index"
    index("build", "--sources", sources, "--index-dir", folder)
    old = read_manifest(folder)
    index("build", "--sources", sources, "--index-dir", folder, "--keep", 2, "--full")
    new = read_manifest(folder)

    def kept(manifest: Manifest) -> str:
        return (
            f"also kept      {manifest.snapshot}, built at {manifest.built_at}, "
            "articles: 2, passages: 2\n"
        )

    def told(now: Manifest, left: Manifest) -> Outcome:
        return Outcome(
            0,
            f"{now.snapshot} of {now.built_at} is the current index (articles: 2, passages: 2).\n"
            f"{left.snapshot} is kept until the next build; return to it with "
            f"“python -m index rollback --to {left.snapshot} --index-dir {folder}”.\n",
            "",
        )

    assert index("info", "--index-dir", folder).stdout == description(new, folder) + kept(old)
    assert index("rollback", "--index-dir", folder) == told(old, new)
    assert index("info", "--index-dir", folder).stdout == description(old, folder) + kept(new)
    assert index("rollback", "--index-dir", folder, "--to", new.snapshot) == told(new, old)
    assert index("verify", "--index-dir", folder).stdout.splitlines() == [
        f"{new.snapshot}: {len(new.files)} files, none damaged.",
        f"{old.snapshot}: {len(old.files)} files, none damaged.",
        f"{new.snapshot} answers as it did when it was built.",
        *logged(folder).splitlines(),
        *compared(encoder).splitlines(),
    ]


@pytest.mark.usefixtures("not_compared")
def test_citations_are_checked(index: Run, tmp_path: Path, sources: Path, encoder: Encoder) -> None:
    folder, path = tmp_path / "index", tmp_path / "answers.jsonl"
    index("build", "--sources", sources, "--index-dir", folder)
    manifest = read_manifest(folder)
    good = {"quote": "It was lost.", "source": "bridge.txt", "start": 12, "end": 24, "passage": 1}
    bad = {**good, "quote": "It was found."}
    answer = {"answers": [good, bad], "passages": [], "sources": {}, "index": "gen-0"}
    path.write_text(json.dumps(answer))
    intact = (
        f"{manifest.snapshot}: {len(manifest.files)} files, none damaged.\n"
        f"{manifest.snapshot} answers as it did when it was built.\n{logged(folder)}"
        f"{compared(encoder)}"
    )
    assert index("verify", "--index-dir", folder, "--citations", path) == Outcome(
        1,
        f"{intact}{path}: citations that stand: 1 of 2.\n",
        f"citadel-index: {path}, quote 2: “It was found.” does not stand at 12 to 24 "
        "of bridge.txt.\n",
    )
    path.write_text(json.dumps({**answer, "answers": [good]}))
    assert index("verify", "--index-dir", folder, "--citations", path) == Outcome(
        0, f"{intact}{path}: citations that stand: 1 of 1.\n", ""
    )


def test_a_build_says_that_recall_is_low(
    index: Run, tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = SearchQuality("IVF1024,SQ8", 1024, 0.991, 0.9761, 256, 0.00231)

    def with_low_recall(folder: Path) -> Manifest:
        manifest = read_manifest(folder)
        return replace(manifest, quality={**manifest.quality, "sentences": low})

    monkeypatch.setattr("citadel.index.build.update.read_manifest", with_low_recall)
    outcome = index("build", "--sources", sources, "--index-dir", tmp_path / "index")
    assert outcome.stderr == (
        "The sentences are found with a recall@10 of 0.991 (mixtures 0.976), below 0.98; of the "
        "ten nearest, 1.000 are among the 50 that are compared more closely, the others are "
        "missed.\n"
        f"{READ}{read_manifest(tmp_path / 'index').snapshot} is the current index.\n"
    )
    assert (
        "search         passages: exact; sentences: IVF1024,SQ8 with effort 1024, "
        "recall@10 0.991 (mixtures 0.976; among 50 1.000), scores within 0.0023\n"
    ) in outcome.stdout


def test_the_folder_from_the_environment(
    index: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITADEL_INDEX_DIR", str(tmp_path / "mine"))
    for command in ("info", "verify"):
        assert index(command) == Outcome(
            1,
            "",
            f"citadel-index: There is no index in {tmp_path / 'mine'}; run “python -m index build "
            f"--sources FOLDER --index-dir {tmp_path / 'mine'}” to build one.\n",
        )


def test_the_default_folder_is_the_users() -> None:
    assert default_index_dir().parts[-2:] == ("citadel", "index")


def missing(sources: Path) -> str:
    for path in sources.iterdir():
        path.unlink()
    sources.rmdir()
    return f"There is no folder of sources at {sources}; name one with --sources."


def a_file(sources: Path) -> str:
    missing(sources)
    sources.write_text("text")
    return f"There is no folder of sources at {sources}; name one with --sources."


def no_article(sources: Path) -> str:
    for path in sources.iterdir():
        path.unlink()
    return (
        f"The sources folder {sources} holds no article that can be read; put one into it "
        f"({', '.join(FORMATS)})."
    )


@pytest.mark.usefixtures("not_compared")
@pytest.mark.parametrize("spoil", [missing, a_file, no_article])
def test_bad_sources_leave_the_index_as_it_was(
    index: Run, tmp_path: Path, sources: Path, spoil: Callable[[Path], str]
) -> None:
    folder = tmp_path / "index"
    index("build", "--sources", sources, "--index-dir", folder)
    before = read_manifest(folder)
    message = spoil(sources)
    assert index("build", "--sources", sources, "--index-dir", folder) == Outcome(
        1, "", f"citadel-index: {message}\n"
    )
    assert index("verify", "--index-dir", folder).status == 0
    assert read_manifest(folder) == before


def test_bad_sources_make_no_folder(index: Run, tmp_path: Path) -> None:
    index("build", "--sources", tmp_path, "--index-dir", tmp_path / "index")
    assert list(tmp_path.iterdir()) == []


def test_a_build_while_another_one_runs(index: Run, tmp_path: Path, sources: Path) -> None:
    folder = tmp_path / "index"
    with build_lock(folder):
        assert index("build", "--sources", sources, "--index-dir", folder) == Outcome(
            1,
            "",
            f"citadel-index: Another build is running in {folder}; "
            "wait for it or choose another --index-dir.\n",
        )


def test_a_folder_that_can_not_be_written(index: Run, tmp_path: Path, sources: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert index("build", "--sources", sources, "--index-dir", tmp_path / "file") == Outcome(
        1,
        "",
        f"citadel-index: {tmp_path / 'file'} is a file; name a folder.\n",
    )
    assert (tmp_path / "file").read_text() == "mine"


def test_an_unknown_model(
    sources: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["build", "--sources", str(sources), "--index-dir", str(tmp_path / "index")]
    assert call(main, [*arguments, "--model", "no model"], monkeypatch, capsys) == Outcome(
        1,
        "",
        "citadel-index: There is no model 'no model'; "
        "give the folder of a sentence-transformers model or its name on the hub.\n",
    )
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["polish"], "Error: No such command 'polish'"),
        (["build", "--turbo"], "Error: No such option: --turbo"),
        (["verify", "now"], "Error: Got unexpected extra argument"),
    ],
)
def test_words_that_the_program_does_not_know(
    index: Run, arguments: list[str], complaint: str
) -> None:
    outcome = index(*arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr.splitlines()[-1].startswith(complaint)


@pytest.mark.parametrize("arguments", [[], ["build"], ["diff"], ["verify"], ["info"], ["rollback"]])
def test_help_goes_to_stdout(index: Run, arguments: list[str]) -> None:
    outcome = index(*arguments, "--help")
    assert (outcome.status, outcome.stderr) == (0, "")
    assert outcome.stdout.startswith(f"Usage: {' '.join(['citadel-index', *arguments])} ")


def test_a_build_converts_the_reader_while_the_folder_can_be_written(
    index: Run, sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[tuple[object, ...]] = []
    monkeypatch.setattr(
        "citadel.index.cli.building.prepare_network", lambda *given: prepared.append(given)
    )
    folder = tmp_path / "index"
    index("build", "--sources", sources, "--index-dir", folder, "--backend", "openvino")
    assert prepared == [(READER, "openvino", folder / "models")]
