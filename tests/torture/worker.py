"""Torture that needs processes of its own: each case is a fork of this one, which then looks.

It runs with one thread for each library: a fork of a process with more could hang. What was counted
goes to the standard output as JSON.
"""

import json
import os
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from citadel.index.build.build import index_articles
from citadel.index.errors import CitadelError
from citadel.index.snapshots.publishing import build_lock, new_snapshot, publish
from tests.fake_encoder import FakeEncoder
from tests.faults import WRITING, Faults, killing
from tests.torture.two_collections import Collections, no_progress

REFUSED, CRASHED = 3, 4

Counts = dict[str, int]


def forked(work: Callable[[], object]) -> int:
    """Do something in a fork and return the process."""
    process = os.fork()
    if process:
        return process
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        work()
    except CitadelError:
        os._exit(REFUSED)
    except BaseException:
        os._exit(CRASHED)
    os._exit(0)


def ended(process: int) -> int:
    """Wait for a process and return its exit status, negative for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def judged(counts: Counter[str], collections: Collections, folder: Path) -> str:
    """Count what a folder serves, and whether the next build puts all in order."""
    served = collections.served(folder)
    counts[served.split(":")[0]] += 1
    return served


def kill_at_every_call(folder: Path, collections: Collections) -> Counts:
    """End a build at each of its writes, synchronisations and renamings."""
    counts: Counter[str] = Counter()
    collections.build("old", folder)
    at = 0
    while True:
        at += 1
        faults = Faults(at, killing, WRITING)

        def build(faults: Faults = faults) -> None:
            with faults.installed():
                collections.build("new", folder)

        status = ended(forked(build))
        if status == 0:
            break
        counts["killed"] += status == -signal.SIGKILL
        if judged(counts, collections, folder) == "new":
            collections.build("old", folder)
    counts["unsound at the end"] += not collections.sound(folder)
    return counts


def kill_at_random(folder: Path, collections: Collections, times: int) -> Counts:
    """End builds that run one after another, whenever it hits them."""
    counts: Counter[str] = Counter()
    chance = random.Random(5)
    began = time.monotonic()
    collections.build("old", folder)
    lasts = time.monotonic() - began

    def build() -> None:
        while True:
            collections.build("new", folder)
            collections.build("old", folder)

    for _ in range(times):
        process = forked(build)
        time.sleep(chance.uniform(0, 3 * lasts))
        os.kill(process, signal.SIGKILL)
        counts["killed"] += ended(process) == -signal.SIGKILL
        judged(counts, collections, folder)
    collections.build("new", folder)
    counts["unsound at the end"] += not collections.sound(folder)
    return counts


def limit_sizes(folder: Path, collections: Collections, times: int) -> Counts:
    """Build where no file may grow beyond a limit, a few bytes short of what some file needs."""
    counts: Counter[str] = Counter()
    probe = folder.with_name("probe")
    collections.build("new", probe)
    sizes = sorted({path.stat().st_size for path in probe.rglob("*") if path.is_file()})
    limits = {size - less for size in sizes for less in (1, 2, 16, 512, 4096) if size > less}
    chance = random.Random(6)
    while len(limits) < times:
        limits.add(chance.randrange(1, sizes[-1]))
    collections.build("old", folder)
    for limit in chance.sample(sorted(limits), times):

        def build(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            collections.build("new", folder)

        tell(counts, ended(forked(build)), collections, folder)
    return counts


def tell(
    counts: Counter[str],
    status: int,
    collections: Collections,
    folder: Path,
    make_room: Callable[[], object] = lambda: None,
) -> None:
    """Count how a build without room ended, and what is served after it; go on from the old."""
    served = judged(counts, collections, folder)
    counts[{0: "said to be done", REFUSED: "refused"}.get(status, "crashed")] += 1
    counts["false success"] += status == 0 and served != "new"
    counts["lost the old one"] += status != 0 and served != "old"
    if served != "old":
        make_room()
        collections.build("old", folder)


def fill_disk(folder: Path, collections: Collections, times: int) -> Counts:
    """Build where less and less room is left; ``folder`` is on a small disk of its own."""
    counts: Counter[str] = Counter()
    collections.build("old", folder)
    filler = folder.with_name("filler")
    room = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    for step in range(times):
        filler.write_bytes(b"")
        left = room * step // times
        filler.write_bytes(bytes(max(0, room - left)))
        status = ended(forked(lambda: collections.build("new", folder)))
        tell(counts, status, collections, folder, make_room=filler.unlink)
    return counts


def race(folder: Path, collections: Collections, times: int, builds: int = 8) -> Counts:
    """Let eight builds begin at once, and none end before all have begun."""
    counts: Counter[str] = Counter()
    collections.build("old", folder)
    for _ in range(times):
        begin, go = os.pipe()

        def build(begin: int = begin, go: int = go) -> None:
            os.close(go)
            os.read(begin, 1)
            with build_lock(folder):
                time.sleep(1)
                index = index_articles(new_snapshot(), collections.new, FakeEncoder(), no_progress)
                publish(index, folder)

        processes = [forked(build) for _ in range(builds)]
        os.close(begin)
        os.close(go)
        for process in processes:
            counts[{0: "won", REFUSED: "refused"}.get(ended(process), "crashed")] += 1
        judged(counts, collections, folder)
        collections.build("old", folder)
    return counts


def main() -> None:
    name, place, *numbers = sys.argv[1:]
    folder = Path(place)
    collections = Collections.at(folder.parent / "sources")
    work: Callable[..., Counts] = globals()[name]
    print(json.dumps(work(folder, collections, *map(int, numbers))))


if __name__ == "__main__":
    main()
