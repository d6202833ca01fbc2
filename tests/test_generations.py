import builtins
import errno
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from index.encoder import Encoder, Encoding
from index.generations import (
    build_lock,
    has_index,
    load,
    new_generation,
    publish,
    read_manifest,
    verify,
)
from index.models import DEFAULT_MODEL
from index.passage_index import PassageIndex
from tests.small_index import REBUILD, contents, names, refusal


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


@pytest.fixture
def folder(small_index_dir: Path) -> Path:
    """A folder in which the first index is published."""
    return small_index_dir


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
    folder: Path, first_index: PassageIndex, damage: Callable[[Path], None]
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
        assert refusal(load, folder, first_index.encoder) == message
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


def test_a_damaged_pointer_is_mended_by_a_build(folder: Path, second_index: PassageIndex) -> None:
    (folder / "CURRENT").write_text("")
    publish(second_index, folder)
    assert verify(folder).generation == "gen-2"


def test_no_index(tmp_path: Path) -> None:
    assert not has_index(tmp_path / "none")
    assert refusal(read_manifest, tmp_path / "none") == (
        f"There is no index in {tmp_path / 'none'}; run “python -m index build” to build one."
    )


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


def test_the_generation_before_is_kept(folder: Path, second_index: PassageIndex) -> None:
    publish(second_index, folder)
    assert (names(folder), verify(folder).generation) == ({"CURRENT", "gen-1", "gen-2"}, "gen-2")
    publish(replace(second_index, generation="gen-0"), folder)
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
    folder: Path, second_index: PassageIndex, tmp_path: Path
) -> None:
    before = contents(folder)
    steps = troubled_publish(second_index, tmp_path / "elsewhere", Trouble()).steps - 1
    assert steps > len(contents(tmp_path / "elsewhere"))
    for step in range(1, steps):
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        message = refusal(troubled_publish, second_index, folder, Trouble(step, full))
        assert message == (
            f"The index can't be written to {folder} (No space left on device); "
            "make room or choose another --index-dir."
        )
        left = contents(folder)
        assert {k: v for k, v in left.items() if not k.startswith("elsewhere/")} == before
    # The last step comes after the new generation was made the current one.
    last = Trouble(steps, OSError(errno.EIO, "Input/output error"))
    troubled_publish(second_index, folder, last)
    assert last.steps == steps
    assert verify(folder).generation == "gen-2"


def test_a_killed_build_leaves_the_old_generation(
    tmp_path: Path, first_index: PassageIndex, second_index: PassageIndex
) -> None:
    folder = tmp_path / "index"
    publish(first_index, folder)
    steps = troubled_publish(second_index, tmp_path / "elsewhere", Trouble()).steps - 1
    for step in range(1, steps):
        with pytest.raises(Killed):
            troubled_publish(
                replace(second_index, generation=f"gen-killed-{step}"),
                folder,
                Trouble(step, Killed()),
            )
        assert load(folder, first_index.encoder).passages == first_index.passages
    with pytest.raises(Killed):
        troubled_publish(second_index, folder, Trouble(steps, Killed()))
    assert verify(folder).generation == "gen-2"
    publish(replace(first_index, generation="gen-3"), folder)
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
