import shutil
from pathlib import Path

import pytest

from citadel.index.build.build import BUNDLED_SOURCES, build_index
from citadel.index.build.update import changeable_sources_of, sources_of
from citadel.index.corpus.corpus import read_articles
from citadel.index.errors import CitadelError
from citadel.index.snapshots.publishing import publish
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, cheap_index, contents, flip

BUNDLED = {
    name: data for name, data in contents(BUNDLED_SOURCES).items() if "__pycache__" not in name
}


def build(sources: Path, index_dir: Path) -> None:
    build_index(read_articles(sources), index_dir, FakeEncoder(), lambda _a, _b: None, sources)


def test_where_there_is_no_index_it_is_that_of_citadel(tmp_path: Path) -> None:
    assert sources_of(tmp_path / "mine") == BUNDLED_SOURCES


def test_an_index_knows_the_folder_that_it_was_built_from(tmp_path: Path) -> None:
    sources, index_dir = tmp_path / "notes", tmp_path / "mine"
    articles_of(sources, a="One ferry.\n")
    build(sources, index_dir)
    assert sources_of(index_dir) == sources
    assert changeable_sources_of(index_dir) == sources
    build(sources, index_dir)
    flip(index_dir / "CURRENT")
    assert sources_of(index_dir) == sources


def test_the_articles_of_citadel_are_copied_before_they_change(tmp_path: Path) -> None:
    index_dir, own = tmp_path / "mine", tmp_path / "mine-articles"
    build(BUNDLED_SOURCES, index_dir)
    assert sources_of(index_dir) == BUNDLED_SOURCES
    for _ in range(2):
        assert changeable_sources_of(index_dir) == own
        assert contents(own) == BUNDLED
        assert sources_of(index_dir) == own
    shutil.rmtree(index_dir)
    assert sources_of(index_dir) == own


def test_an_index_of_other_articles_leaves_that_folder_alone(tmp_path: Path) -> None:
    index_dir = tmp_path / "mine"
    changeable_sources_of(index_dir)
    index = cheap_index("gen-1", articles_of(tmp_path / "notes", a="One ferry.\n"))
    publish(index, index_dir, sources=str(tmp_path / "notes"))
    assert sources_of(index_dir) == tmp_path / "notes"


def test_no_room_for_copies(tmp_path: Path) -> None:
    index_dir = tmp_path / "file" / "mine"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CitadelError) as caught:
        changeable_sources_of(index_dir)
    assert str(caught.value) == (
        f"The articles can't be copied to {index_dir}-articles (File exists); make room, or "
        "name a folder for them with --sources."
    )
