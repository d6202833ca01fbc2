"""Articles that are removed and restored."""

from citadel.index.snapshots.audit_entries import Doer
from tests.accounts_place import NewsroomPlace
from tests.small_index import contents

FERRY = "# The ferry\n\nThe ferry crosses the river.\n"
MILL = "# The mill\n\nThe mill grinds rye.\n"
RAFT = "# The raft\n\nThe raft floats on the lake.\n"
ANN = Doer("ann", "account", "remove")


def told(outcome: dict[str, str], *names: str) -> tuple[str, ...]:
    return tuple(outcome[name] for name in names)


def refused(place: NewsroomPlace, name: str) -> str:
    """Why a removal is refused; nothing has changed then."""
    before = contents(place.sources), place.live_index.current
    outcome = place.remove(name)
    assert outcome["stage"] == "refused"
    assert (contents(place.sources), place.live_index.current) == before
    return str(outcome["detail"])
