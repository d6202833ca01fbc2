"""Builds that are killed, that have no room, and that run at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.conftest import Counts

pytestmark = pytest.mark.timeout(3600)

Worker = Callable[..., Counts]
Count = Callable[[str, Counts], None]


def often(short: int, long: int) -> pytest.MarkDecorator:
    """A few times in every run of the tests, many times in the torture."""
    return pytest.mark.parametrize("times", [short, pytest.param(long, marks=pytest.mark.torture)])


@pytest.mark.torture
def test_kills_at_every_write_synchronisation_and_renaming(worker: Worker, count: Count) -> None:
    counts = worker("kill_at_every_call")
    count("SIGKILL at every write, fsync and rename", counts)
    assert counts["killed"] > 50
    assert counts["old"] + counts["new"] == counts["killed"]
    assert counts["unsound at the end"] == 0


@often(3, 200)
def test_kills_at_random_moments(worker: Worker, count: Count, times: int) -> None:
    counts = worker("kill_at_random", times)
    count("SIGKILL at random moments", counts)
    assert counts["killed"] == times == counts.get("old", 0) + counts.get("new", 0)
    assert counts["unsound at the end"] == 0


def refused_or_done(counts: Counts, times: int) -> None:
    """No build without room may lose the old index, or say that it is done when it is not."""
    assert counts["refused"] + counts.get("said to be done", 0) == times
    assert counts["refused"] > 0
    assert (counts["false success"], counts["lost the old one"]) == (0, 0)


@often(5, 100)
def test_limits_of_the_size_of_a_file(worker: Worker, count: Count, times: int) -> None:
    counts = worker("limit_sizes", times)
    count("limits of the size of a file", counts)
    refused_or_done(counts, times)


@pytest.mark.torture
def test_a_full_disk(worker: Worker, count: Count, tmp_path: Path) -> None:
    """In a mount namespace of its own, so that nothing else sees the small disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=600k tmpfs {disk} && "
    counts = worker("fill_disk", 100, folder=disk / "index", before=mount)
    count("a tmpfs with less and less room", counts)
    refused_or_done(counts, 100)


@often(1, 5)
def test_eight_builds_at_once(worker: Worker, count: Count, times: int) -> None:
    counts = worker("race", times)
    count("eight builds at once", counts)
    assert counts == {"won": times, "refused": 7 * times, "new": times}
