"""Builds that are killed, that have no room, and that run at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.conftest import Counts

pytestmark = [pytest.mark.torture, pytest.mark.timeout(3600)]

Worker = Callable[..., Counts]
Count = Callable[[str, Counts], None]

KILLS = 200
LIMITS = 100
RACES = 5


def test_kills_at_every_write_synchronisation_and_renaming(worker: Worker, count: Count) -> None:
    counts = worker("kill_at_every_call")
    count("SIGKILL at every write, fsync and rename", counts)
    assert counts["killed"] > 50
    assert counts["old"] + counts["new"] == counts["killed"]
    assert counts["unsound at the end"] == 0


def test_kills_at_random_moments(worker: Worker, count: Count) -> None:
    counts = worker("kill_at_random", KILLS)
    count("SIGKILL at random moments", counts)
    assert counts["killed"] == KILLS == counts["old"] + counts["new"]
    assert counts["unsound at the end"] == 0


def refused_or_done(counts: Counts, times: int) -> None:
    """No build without room may lose the old index, or say that it is done when it is not."""
    assert counts["refused"] + counts.get("said to be done", 0) == times
    assert counts["refused"] > 0
    assert (counts["false success"], counts["lost the old one"]) == (0, 0)


def test_limits_of_the_size_of_a_file(worker: Worker, count: Count) -> None:
    counts = worker("limit_sizes", LIMITS)
    count("limits of the size of a file", counts)
    refused_or_done(counts, LIMITS)


def test_a_full_disk(worker: Worker, count: Count, tmp_path: Path) -> None:
    """In a mount namespace of its own, so that nothing else sees the small disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f"mount -t tmpfs -o size=600k tmpfs {disk} && "
    counts = worker("fill_disk", LIMITS, folder=disk / "index", before=mount)
    count("a tmpfs with less and less room", counts)
    refused_or_done(counts, LIMITS)


def test_eight_builds_at_once(worker: Worker, count: Count) -> None:
    counts = worker("race", RACES)
    count("eight builds at once", counts)
    assert counts == {"won": RACES, "refused": 7 * RACES, "new": RACES}
