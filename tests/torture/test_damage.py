"""Every kind of damage to every file: the loader must notice, and say so in a sentence."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from citadel.index.snapshots.loading import load_current, load_last_good
from citadel.index.snapshots.snapshots import read_manifest
from tests.small_index import contents
from tests.torture.conftest import Counts
from tests.torture.two_collections import Collections, cheap, refusal

pytestmark = [pytest.mark.torture, pytest.mark.timeout(3600)]

Count = Callable[[str, Counts], None]

FLIPS = 1000
CUTS = 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which the new collection was built after the old one."""
    collections = Collections.at(tmp_path / "sources")
    for name in ("old", "new"):
        collections.build(name, tmp_path / "index")
    return tmp_path / "index"


def files(folder: Path) -> list[Path]:
    """All files that the current snapshot rests upon."""
    snapshot = folder / read_manifest(folder).snapshot
    return [folder / "CURRENT", *sorted(p for p in snapshot.rglob("*") if p.is_file())]


def judge(counts: Counter[str], folder: Path) -> None:
    counts["tried"] += 1
    counts["detected"] += bool(refusal(lambda: load_current(folder, cheap)))


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def damages(data: bytes) -> Iterator[tuple[str, bytes]]:
    """A thousand changed bits, two hundred cuts, and nothing at all."""
    chance = random.Random(len(data))
    for _ in range(FLIPS):
        yield "bit flips", flipped(data, chance)
    for _ in range(CUTS):
        yield "truncations", data[: chance.randrange(len(data))]
    yield "empty files", b""


def test_bits_cuts_and_empty_files(folder: Path, count: Count) -> None:
    tables: dict[str, Counter[str]] = {}
    for path in files(folder):
        data = path.read_bytes()
        for kind, damaged in damages(data):
            path.write_bytes(damaged)
            judge(tables.setdefault(kind, Counter(files=0)), folder)
        path.write_bytes(data)
        for table in tables.values():
            table["files"] += 1
    for kind, table in tables.items():
        count(kind, table)
        assert table["detected"] == table["tried"]
    assert refusal(lambda: load_current(folder, cheap)) == ""


def test_missing_files_and_folders(folder: Path, count: Count) -> None:
    counts: Counter[str] = Counter()
    for path in files(folder):
        data = path.read_bytes()
        path.unlink()
        judge(counts, folder)
        path.mkdir()
        judge(counts, folder)
        path.rmdir()
        path.write_bytes(data)
    count("missing files, folders in their place", counts)
    assert counts["detected"] == counts["tried"]


def test_files_of_another_snapshot(folder: Path, count: Count) -> None:
    """Each file, and each two of them, from the snapshot before."""
    current, before = (read_manifest(folder).snapshot, read_manifest(folder).before)
    counts: Counter[str] = Counter()
    others = [
        name
        for name, data in contents(folder / current).items()
        if data != contents(folder / before).get(name, data)
    ]
    for chosen in {frozenset((one, other)) for one in others for other in others}:
        kept = {name: (folder / current / name).read_bytes() for name in chosen}
        for name in chosen:
            shutil.copyfile(folder / before / name, folder / current / name)
        judge(counts, folder)
        for name, data in kept.items():
            (folder / current / name).write_bytes(data)
    pointer = (folder / "CURRENT").read_text()
    for wrong in (pointer.replace(current, before), pointer.replace(current, "gen-none")):
        (folder / "CURRENT").write_text(wrong)
        judge(counts, folder)
    count("files of the snapshot before, alone and in pairs", counts)
    assert counts["detected"] == counts["tried"]


def test_the_last_good_snapshot_is_served(folder: Path, count: Count) -> None:
    manifest = read_manifest(folder)
    counts: Counter[str] = Counter()
    for path in files(folder):
        data = path.read_bytes()
        path.write_bytes(flipped(data, random.Random(7)))
        served = load_last_good(folder, cheap).snapshot
        # Where only CURRENT is damaged, the newest snapshot itself is good.
        good = manifest.snapshot if path.name == "CURRENT" else manifest.before
        counts["tried"] += 1
        counts["last good one served"] += served == good
        path.write_bytes(data)
    count("a damaged file of the current snapshot", counts)
    assert counts["last good one served"] == counts["tried"]
