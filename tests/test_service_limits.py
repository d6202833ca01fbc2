import pytest

from citadel.qa.service.limits import RateLimit, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::"),
        ("unknown", "unknown"),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_each_address_has_its_own_limit() -> None:
    limit = RateLimit(2)
    assert [limit.take("a"), limit.take("a"), limit.take("b")] == [None, None, None]
    wait = limit.take("a")
    assert wait is not None
    assert 1 <= wait <= 60
    assert limit.left("a") is not None
    assert limit.left("b") is None


def test_none_is_no_limit() -> None:
    limit = RateLimit(0)
    assert {limit.take("a") for _ in range(1000)} == {None}
    assert limit.left("a") is None


def test_the_minute_before_counts_as_far_as_the_window_covers_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [600.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    limit = RateLimit(4)
    assert [limit.take("a") for _ in range(5)] == [None, None, None, None, 60]
    clock[0] = 660.0
    assert limit.take("a") == 1
    clock[0] = 675.5
    assert [limit.take("a") for _ in range(3)] == [None, None, 15]
    clock[0] = 690.5
    assert [limit.take("a"), limit.left("a")] == [None, 15]
    clock[0] = 780.0
    assert [limit.take("a") for _ in range(5)] == [None, None, None, None, 60]
