"""Two articles that are served, one of them with metadata next to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accounts_place import NewsroomPlace
from tests.removals.articles import FERRY, MILL


@pytest.fixture
def place(tmp_path: Path) -> Iterator[NewsroomPlace]:
    made = NewsroomPlace(tmp_path, ferry=FERRY, mill=MILL)
    (made.sources / "mill.md.yaml").write_text("author: Anna Lind\n")
    yield made
    made.close()
