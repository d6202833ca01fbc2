"""Every error of the system at every call, while an index is built and while it is loaded."""

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from citadel.index.snapshots.loading import load_current
from tests.faults import ERRORS, Faults, raising
from tests.torture.conftest import Counts
from tests.torture.two_collections import Collections, cheap, refusal

pytestmark = [pytest.mark.torture, pytest.mark.timeout(3600)]

Count = Callable[[str, Counts], None]

KINDS = "EIO, ENOSPC, EACCES, EMFILE"
WHEN = {False: "at every call", True: "at and after every call"}
NOT_LOGGED = "What was changed is not written to "
CLEAR = re.compile(r"\S.*(?:\.|”\.)")


@pytest.fixture
def collections(tmp_path: Path) -> Collections:
    return Collections.at(tmp_path / "sources")


@pytest.fixture
def folder(tmp_path: Path, collections: Collections) -> Path:
    collections.build("old", tmp_path / "index")
    return tmp_path / "index"


@pytest.mark.parametrize("lasting", [False, True])
def test_at_every_call_of_a_build(
    folder: Path, collections: Collections, count: Count, lasting: bool
) -> None:
    counts: Counter[str] = Counter()
    for number in ERRORS:
        at = 0
        while True:
            at += 1
            with Faults(at, raising(number), lasting=lasting).installed() as faults:
                message = refusal(lambda: collections.build("new", folder))
            if len(faults.calls) < at:
                break
            counts["tried"] += 1
            served = collections.served(folder)
            counts["refused"] += bool(message)
            counts["done all the same"] += not message
            # The log is written last: of a change that it lacks, the build says so.
            is_made = not message or message.startswith(NOT_LOGGED)
            assert served == ("new" if is_made else "old")
            if message:
                assert CLEAR.fullmatch(message), message
                assert "None" not in message
                assert os.strerror(number) in message
            if served == "new":
                collections.build("old", folder)
        collections.build("old", folder)
    assert collections.sound(folder)
    count(f"{KINDS} {WHEN[lasting]} of a build", counts)


@pytest.mark.parametrize("lasting", [False, True])
def test_at_every_call_of_loading(
    folder: Path, collections: Collections, count: Count, lasting: bool
) -> None:
    counts: Counter[str] = Counter()
    for number in ERRORS:
        at = 0
        while True:
            at += 1
            with Faults(at, raising(number), lasting=lasting).installed() as faults:
                message = refusal(lambda: load_current(folder, cheap))
            if len(faults.calls) < at:
                break
            counts["tried"] += 1
            counts["refused"] += bool(message)
            counts["loaded all the same"] += not message
            assert not message or CLEAR.fullmatch(message), message
            assert collections.served(folder) == "old"
    count(f"{KINDS} {WHEN[lasting]} of loading", counts)
