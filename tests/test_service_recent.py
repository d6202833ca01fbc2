import pytest

from citadel.qa.service.recent import Recent


def test_what_was_not_used_for_longest_is_forgotten() -> None:
    kept: Recent[str, int] = Recent(3)
    for number, name in enumerate("abc"):
        kept[name] = number
    assert kept["a"] == 0
    kept["b"] = 7
    kept["d"] = 3
    assert dict(kept.items()) == {"a": 0, "b": 7, "d": 3}
    assert "c" not in kept
    assert kept.get("c", 5) == 5
    with pytest.raises(KeyError):
        kept["c"]


def test_walking_through_what_is_kept_uses_nothing() -> None:
    kept: Recent[str, int] = Recent(3)
    for number, name in enumerate("abc"):
        kept[name] = number
    assert next(name for name, number in kept.items() if number == 0) == "a"
    kept["d"] = 3
    assert list(kept) == ["b", "c", "d"]
