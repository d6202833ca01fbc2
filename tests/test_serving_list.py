"""What a server installs: all that Citadel takes, but not PyTorch and what is made of it."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.command_line import ROOT

Package = tuple[str, tuple[str, ...]]
"""A name and extras."""

EXTRAS = ("metrics", "multilingual", "watch")


def listed(path: Path) -> Iterator[Requirement]:
    """The requirements of a file of them."""
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Requirement(line)


def needed_here(asked: Requirement, extras: tuple[str, ...] = ()) -> bool:
    marker = asked.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def taken(package: Package, without: set[str], seen: set[Package]) -> None:
    """Add to those seen what a package with its extras takes here, and what that takes."""
    name, extras = package
    try:
        asked = [Requirement(line) for line in requires(name) or ()]
    except PackageNotFoundError:
        return
    for each in asked:
        other = (canonicalize_name(each.name), tuple(map(canonicalize_name, each.extras)))
        if other[0] in without or other in seen or not needed_here(each, extras):
            continue
        seen.add(other)
        taken(other, without, seen)


def test_a_server_gets_all_that_citadel_takes_but_pytorch() -> None:
    without = {each.name for each in listed(ROOT / ".ci" / "not_for_serving.txt")}
    assert without == {"sentence-transformers", "torch", "transformers"}
    seen: set[Package] = set()
    taken(("citadel-qa", EXTRAS), without, seen)
    found = {
        canonicalize_name(each.name) for each in listed(ROOT / "serving.txt") if needed_here(each)
    }
    assert found == {name for name, _ in seen}


def test_a_server_gets_the_tested_versions() -> None:
    pinned = {canonicalize_name(each.name) for each in listed(ROOT / "constraints.txt")}
    missing = {each.name for each in listed(ROOT / "serving.txt")} - pinned
    # For browsers that run Python.
    assert missing == {"httpx2-jsfetch"}
    assert all(not each.specifier for each in listed(ROOT / "serving.txt"))
