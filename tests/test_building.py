from dataclasses import dataclass, field
from pathlib import Path

import pytest

from citadel.index.build.build import build_index
from citadel.index.build.opening import open_index
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.errors import CitadelError
from citadel.index.snapshots.snapshots import read_manifest


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\nThe ferry crosses.\n", "utf-8")
    return folder


@dataclass
class Models:
    """An ``EncoderOf`` that keeps the names that it was called with."""

    encoder: Encoder
    asked: list[str] = field(default_factory=list)

    def __call__(self, model: str) -> Encoder:
        self.asked.append(model)
        return self.encoder


@pytest.fixture
def models(encoder: Encoder) -> Models:
    """Gives the default model, whatever is asked for."""
    return Models(encoder)


def ignore(_done: int, _total: int) -> None:
    """Show no progress."""


def test_an_index_is_built_once(tmp_path: Path, sources: Path, models: Models) -> None:
    folder = tmp_path / "index"
    seen: list[tuple[int, int]] = []
    built = open_index(
        folder, sources, None, models, lambda done, total: seen.append((done, total))
    )
    assert seen == [(0, 1), (1, 1), (1, 1)]
    (sources / "a.md").unlink()
    opened = open_index(folder, sources, None, models, ignore)
    assert (opened.snapshot, opened.passages) == (built.snapshot, built.passages)
    assert read_manifest(folder).snapshot == built.snapshot
    assert models.asked == [DEFAULT_MODEL, DEFAULT_MODEL]


def test_another_model_is_refused_before_it_is_loaded(
    tmp_path: Path, sources: Path, models: Models
) -> None:
    open_index(tmp_path / "index", sources, DEFAULT_MODEL, models, ignore)
    with pytest.raises(CitadelError) as caught:
        open_index(tmp_path / "index", sources, "some/model", models, ignore)
    assert str(caught.value) == (
        f"The index in {tmp_path / 'index'} was built with the model {DEFAULT_MODEL}, not with "
        "some/model; leave out --model, or run “python -m index build --model some/model "
        f"--index-dir {tmp_path / 'index'}”."
    )
    assert models.asked == [DEFAULT_MODEL]


def test_equal_sources_give_equal_indexes(tmp_path: Path, sources: Path, encoder: Encoder) -> None:
    articles = read_articles(sources)
    one, other = (
        build_index(articles, tmp_path / name, encoder, ignore) for name in ("one", "other")
    )
    assert one.snapshot != other.snapshot
    assert read_manifest(tmp_path / "one").files == read_manifest(tmp_path / "other").files
