"""A place to which articles may be added."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adding.place import Place


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    made = Place(tmp_path)
    yield made
    made.additions.close()
