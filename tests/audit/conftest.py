"""At which second everything happens that is logged."""

import pytest

from citadel.index.snapshots import audit_entries
from tests.audit.log import WHEN


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_entries, "_now", lambda: WHEN)
