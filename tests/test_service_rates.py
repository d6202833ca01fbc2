import pytest

from citadel.qa.service.rates import RateLimit, network_of


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
