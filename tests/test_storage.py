import builtins
import errno
import hashlib
import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.articles import read_articles
from index.building import index_articles
from index.encoder import Encoder, Encoding
from index.errors import CitadelError
from index.models import DEFAULT_MODEL
from index.passage_index import PassageIndex, SentenceTable
from index.search import Query, search
from index.signals import NO_BACKGROUND
from index.storage import (
    FORMAT,
    FileRecord,
    Manifest,
    build_lock,
    has_index,
    load,
    new_generation,
    publish,
    read_manifest,
    verify,
)

REBUILD = "run “python -m index build” to build it again"

FERRY = """\
---
title: The Ferry
---
The ferry crosses the river. It takes 🌊 ten minutes.

## Why

The flood carried the bridge away.
"""
BRIDGE = "The bridge\n\nThe council will rebuild the bridge.\n\nWork begins in May.\n"


class Killed(BaseException):
    """A process that ends at once, without a chance to clean up."""


@dataclass(frozen=True)
class Stranger:
    """The default model under another name, with other weights, or both."""

    encoder: Encoder
    name: str
    fingerprint: str

    @property
    def dimension(self) -> int:
        return self.encoder.dimension

    @property
    def pieces(self) -> int:
        return self.encoder.pieces

    def knows_word(self, word: str) -> bool:
        return self.encoder.knows_word(word)

    def reads(self, text: str) -> bool:
        return self.encoder.reads(text)

    def encode_questions(self, texts: Sequence[str]) -> list[Encoding]:
        return self.encoder.encode_questions(texts)

    def encode_texts(
        self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None
    ) -> list[Encoding]:
        return self.encoder.encode_texts(texts, progress)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> PassageIndex:
    folder = tmp_path_factory.mktemp("sources")
    (folder / "ferry.md").write_text(FERRY, "utf-8")
    (folder / "bridge.txt").write_text(BRIDGE, "utf-8")
    return index_articles("gen-1", read_articles(folder), encoder, lambda _done, _total: None)


@pytest.fixture(scope="module")
def second(first: PassageIndex, encoder: Encoder) -> PassageIndex:
    return index_articles("gen-2", first.articles[:1], encoder, lambda _done, _total: None)


@pytest.fixture
def folder(tmp_path: Path, first: PassageIndex) -> Path:
    """A folder in which the first index is published."""
    publish(first, tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def reseal(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest, and let it and CURRENT agree with all files as they are."""
    generation = folder / "gen-1"
    manifest = json.loads((generation / "manifest.json").read_text("utf-8"))
    for name in manifest["files"]:
        data = (generation / name).read_bytes()
        manifest["files"][name] = {"size": len(data), "sha256": sha256(data)}
    change(manifest)
    data = json.dumps(manifest).encode()
    (generation / "manifest.json").write_bytes(data)
    (folder / "CURRENT").write_text(f"gen-1 {sha256(data)}\n")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def refusal(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(CitadelError) as caught:
        call(*arguments)
    return str(caught.value)


def test_an_index_comes_back_equal(folder: Path, first: PassageIndex, tmp_path: Path) -> None:
    again = load(folder, first.encoder)
    assert again.generation == "gen-1"
    assert again.articles == first.articles
    assert again.passages == first.passages
    assert again.vocabulary == first.vocabulary
    assert again.spelling == first.spelling
    assert again.background == first.background != NO_BACKGROUND
    np.testing.assert_array_equal(again.piece_counts, first.piece_counts, strict=True)
    np.testing.assert_array_equal(again.token_vectors.codes, first.token_vectors.codes, strict=True)
    for field in fields(SentenceTable):
        np.testing.assert_array_equal(
            getattr(again.sentences, field.name), getattr(first.sentences, field.name), strict=True
        )
    publish(again, tmp_path / "again")
    one, other = contents(folder / "gen-1"), contents(tmp_path / "again" / "gen-1")
    # The words beside BM25 are written by its library and kept in the vocabulary.
    told_twice = {"manifest.json", "bm25/vocab.index.json"}
    assert {name for name in one if one[name] != other[name]} <= told_twice
    assert one.keys() == other.keys()
    for question in ("When does work begin?", "Who took the bridge away?"):
        query = Query(question, topic="bridge", earlier="What is the bridge?", dependence=0.7)
        assert search(again, query, 5) == search(first, query, 5)


def test_the_manifest_tells_what_there_is(tmp_path: Path, first: PassageIndex) -> None:
    manifest = publish(first, tmp_path)
    assert read_manifest(tmp_path) == verify(tmp_path) == manifest
    files = contents(tmp_path / "gen-1")
    assert json.loads(files.pop("manifest.json")) == asdict(manifest)
    assert manifest == Manifest(
        format=FORMAT,
        generation="gen-1",
        built_at=manifest.built_at,
        model=DEFAULT_MODEL,
        model_sha256=first.encoder.fingerprint,
        dimension=384,
        normalisation="unit",
        metric="inner product",
        versions=manifest.versions,
        articles=2,
        passages=4,
        sentences=5,
        tokens=len(first.token_vectors),
        files={name: FileRecord(len(data), sha256(data)) for name, data in files.items()},
    )
    assert set(manifest.versions) == {
        "python",
        "numpy",
        "faiss",
        "bm25s",
        "sentence-transformers",
    }
    assert manifest.versions["numpy"] == np.__version__


def test_the_files_of_a_generation(folder: Path) -> None:
    written = {name for name in contents(folder / "gen-1") if not name.startswith("bm25/")}
    assert written == {
        "articles.json",
        "background.json",
        "manifest.json",
        "passages.faiss",
        "passages.json",
        "piece_counts.npy",
        "sentence_announcing.npy",
        "sentence_first.npy",
        "sentence_first_terms.npy",
        "sentence_passages.npy",
        "sentence_terms.npy",
        "sentence_tokens.npy",
        "sentence_types.npy",
        "sentences.faiss",
        "spelling.json",
        "token_codes.npy",
        "token_steps.npy",
        "vocabulary.json",
    }


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize("damage", [flip, shorten, lengthen, Path.unlink])
def test_every_damaged_file_is_named(
    folder: Path, first: PassageIndex, damage: Callable[[Path], None]
) -> None:
    generation = folder / "gen-1"
    for path in sorted(path for path in generation.rglob("*") if path.is_file()):
        data = path.read_bytes()
        damage(path)
        if not path.exists():
            message = f"{path} can't be read (No such file or directory); {REBUILD}."
        elif path.name == "manifest.json":
            message = f"{path} is damaged; {REBUILD}."
        else:
            message = f"{path} is damaged: its SHA-256 is not the manifest's; {REBUILD}."
        assert refusal(verify, folder) == message
        assert refusal(load, folder, first.encoder) == message
        path.write_bytes(data)
    assert verify(folder).generation == "gen-1"


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "gen-1\n",
        f"gen-1 {'0' * 64}",
        f"gen-1 {'0' * 63}\n",
        f"../gen-1 {'0' * 64}\n",
        f"gen-1/../gen-1 {'0' * 64}\n",
        f"gen-1 {'0' * 64}\ngen-2 {'0' * 64}\n",
    ],
)
def test_a_damaged_pointer(folder: Path, pointer: str) -> None:
    (folder / "CURRENT").write_text(pointer)
    assert refusal(read_manifest, folder) == f"{folder / 'CURRENT'} is damaged; {REBUILD}."


def test_a_pointer_to_what_is_not_there(folder: Path) -> None:
    (folder / "CURRENT").write_text(f"gen-7 {'0' * 64}\n")
    assert refusal(verify, folder) == f"The generation gen-7 is not in {folder}; {REBUILD}."


def test_a_pointer_to_another_manifest(folder: Path) -> None:
    (folder / "CURRENT").write_text(f"gen-1 {'0' * 64}\n")
    path = folder / "gen-1" / "manifest.json"
    assert refusal(verify, folder) == f"{path} is damaged; {REBUILD}."


def test_a_damaged_pointer_is_mended_by_a_build(folder: Path, second: PassageIndex) -> None:
    (folder / "CURRENT").write_text("")
    publish(second, folder)
    assert verify(folder).generation == "gen-2"


def test_no_index(tmp_path: Path) -> None:
    assert not has_index(tmp_path / "none")
    assert refusal(read_manifest, tmp_path / "none") == (
        f"There is no index in {tmp_path / 'none'}; run “python -m index build” to build one."
    )


def test_another_format(folder: Path, first: PassageIndex) -> None:
    reseal(folder, lambda manifest: manifest.update(format=FORMAT + 1, surprise=True))
    message = (
        f"The index in {folder} has format {FORMAT + 1}, this version of Citadel reads format "
        f"{FORMAT}; {REBUILD}."
    )
    assert refusal(verify, folder) == message
    assert refusal(load, folder, first.encoder) == message


def test_another_model(folder: Path, encoder: Encoder) -> None:
    assert refusal(load, folder, Stranger(encoder, "some/model", "f" * 64)) == (
        f"The index in {folder} was built with the model {DEFAULT_MODEL}, not with some/model; "
        f"ask with --model {DEFAULT_MODEL}, or run “python -m index build --model some/model”."
    )


def test_other_weights_of_the_same_model(folder: Path, encoder: Encoder) -> None:
    assert refusal(load, folder, Stranger(encoder, DEFAULT_MODEL, "f" * 64)) == (
        f"The index in {folder} was built with other weights of the model {DEFAULT_MODEL} than "
        f"are there now; {REBUILD}."
    )


def test_the_same_weights_under_another_name(folder: Path, encoder: Encoder) -> None:
    stranger = Stranger(encoder, "some/copy", encoder.fingerprint)
    assert load(folder, stranger).encoder is stranger


def forget_a_passage(generation: Path) -> None:
    passages = json.loads((generation / "passages.json").read_text("utf-8"))
    (generation / "passages.json").write_text(json.dumps(passages[1:]))


def take_another_article(generation: Path) -> None:
    path = generation / "passages.json"
    path.write_text(path.read_text("utf-8").replace("bridge.txt", "tunnel.txt"))


def shorten_an_article(generation: Path) -> None:
    path = generation / "articles.json"
    path.write_text(path.read_text("utf-8").replace("Work begins in May.", ""))


def exchange_vectors(generation: Path) -> None:
    (generation / "passages.faiss").write_bytes((generation / "sentences.faiss").read_bytes())


@pytest.mark.parametrize(
    "change", [forget_a_passage, take_another_article, shorten_an_article, exchange_vectors]
)
def test_parts_that_do_not_fit_together(
    folder: Path, first: PassageIndex, change: Callable[[Path], None]
) -> None:
    change(folder / "gen-1")
    reseal(folder, lambda _: None)
    assert refusal(load, folder, first.encoder) == (
        f"The index in {folder} holds parts that do not fit together; {REBUILD}."
    )


def test_the_generation_before_is_kept(folder: Path, second: PassageIndex) -> None:
    publish(second, folder)
    assert (names(folder), verify(folder).generation) == ({"CURRENT", "gen-1", "gen-2"}, "gen-2")
    publish(replace(second, generation="gen-0"), folder)
    assert (names(folder), verify(folder).generation) == ({"CURRENT", "gen-0", "gen-2"}, "gen-0")


@dataclass
class Trouble:
    """Counts what is written, renamed and synchronised, and lets one such step fail."""

    fails_at: int = -1
    error: BaseException | None = None
    steps: int = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.fails_at and self.error is not None:
            raise self.error

    def install(self, patch: pytest.MonkeyPatch) -> None:
        def opener(opened: Callable[..., Any]) -> Callable[..., Any]:
            def open_(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
                if "w" in mode:
                    self.step()
                return opened(file, mode, *args, **kwargs)

            return open_

        def failing(done: Callable[..., Any]) -> Callable[..., Any]:
            def do(*args: Any, **kwargs: Any) -> Any:
                self.step()
                return done(*args, **kwargs)

            return do

        def mkdir(path: Any, *args: Any, made: Callable[..., None] = os.mkdir) -> None:
            if not Path(path).exists():
                self.step()
            made(path, *args)

        patch.setattr(builtins, "open", opener(builtins.open))
        patch.setattr(io, "open", opener(io.open))
        for name in ("rename", "replace", "fsync"):
            patch.setattr(os, name, failing(getattr(os, name)))
        patch.setattr(os, "mkdir", mkdir)


def troubled_publish(index: PassageIndex, folder: Path, trouble: Trouble) -> Trouble:
    with pytest.MonkeyPatch.context() as patch:
        trouble.install(patch)
        publish(index, folder)
    return trouble


def test_a_failed_build_leaves_all_as_it_was(
    folder: Path, second: PassageIndex, tmp_path: Path
) -> None:
    before = contents(folder)
    steps = troubled_publish(second, tmp_path / "elsewhere", Trouble()).steps - 1
    assert steps > len(contents(tmp_path / "elsewhere"))
    for step in range(1, steps):
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        message = refusal(troubled_publish, second, folder, Trouble(step, full))
        assert message == (
            f"The index can't be written to {folder} (No space left on device); "
            "make room or choose another --index-dir."
        )
        left = contents(folder)
        assert {k: v for k, v in left.items() if not k.startswith("elsewhere/")} == before
    # The last step comes after the new generation was made the current one.
    last = Trouble(steps, OSError(errno.EIO, "Input/output error"))
    troubled_publish(second, folder, last)
    assert last.steps == steps
    assert verify(folder).generation == "gen-2"


def test_a_killed_build_leaves_the_old_generation(
    tmp_path: Path, first: PassageIndex, second: PassageIndex
) -> None:
    folder = tmp_path / "index"
    publish(first, folder)
    steps = troubled_publish(second, tmp_path / "elsewhere", Trouble()).steps - 1
    for step in range(1, steps):
        with pytest.raises(Killed):
            troubled_publish(
                replace(second, generation=f"gen-killed-{step}"), folder, Trouble(step, Killed())
            )
        assert load(folder, first.encoder).passages == first.passages
    with pytest.raises(Killed):
        troubled_publish(second, folder, Trouble(steps, Killed()))
    assert verify(folder).generation == "gen-2"
    publish(replace(first, generation="gen-3"), folder)
    assert names(folder) == {"CURRENT", "gen-2", "gen-3"}
    assert verify(folder).generation == "gen-3"


def test_two_builds_do_not_run_at_once(folder: Path) -> None:
    before = contents(folder)
    message = f"Another build is running in {folder}; wait for it or choose another --index-dir."

    def build() -> None:
        with build_lock(folder):
            pass

    with build_lock(folder):
        assert refusal(build) == message
    build()
    assert {k: v for k, v in contents(folder).items() if k != "build.lock"} == before


def test_a_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    def build() -> None:
        with build_lock(tmp_path / "file"):
            pass

    assert refusal(build) == (
        f"The index can't be written to {tmp_path / 'file'} (File exists); "
        "make room or choose another --index-dir."
    )


def test_an_error_of_the_build_itself_is_not_changed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="ours"), build_lock(tmp_path):
        raise FileNotFoundError("ours")


def test_generations_are_named_by_time_and_chance() -> None:
    one, other = new_generation(), new_generation()
    assert one != other
    assert [part.isalnum() for part in one.split("-")] == [True, True, True]
    assert one.startswith("gen-2")
