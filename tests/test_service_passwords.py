import pytest

from citadel.qa.service.passwords import PasswordHash
from tests.small_index import refusal

NO_HASH = (
    "CITADEL_PASSWORD_HASH holds no hash of a password; make one with “python -m qa password-hash”."
)


def test_a_hash_fits_its_password_alone() -> None:
    kept = str(PasswordHash.of("pässword‽"))
    assert kept.startswith("scrypt:15:8:1:")
    assert set("$ '\"\\#%=") & set(kept) == set()
    assert PasswordHash.parse(f" {kept}\n").fits("pässword‽")
    assert not PasswordHash.parse(kept).fits("password?")


def test_the_same_password_gets_another_salt() -> None:
    assert str(PasswordHash.of("correct horse")) != str(PasswordHash.of("correct horse"))


def test_a_known_hash() -> None:
    """The third test vector of RFC 7914, section 12: its first 32 bytes."""
    key = bytes.fromhex("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    assert PasswordHash(14, 8, 1, b"SodiumChloride", key).fits("pleaseletmein")


def test_a_short_password_is_refused() -> None:
    assert refusal(PasswordHash.of, "short") == (
        "A password has at least 8 characters; take another."
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "correct horse",
        "scrypt:15:8:1:AAAA:AAAA",
        "scrypt:40:8:1:AAAAAAAAAAAAAAAAAAAAAA:" + "A" * 43,
        "scrypt:15:0:1:AAAAAAAAAAAAAAAAAAAAAA:" + "A" * 43,
        "bcrypt:15:8:1:AAAAAAAAAAAAAAAAAAAAAA:" + "A" * 43,
        "scrypt:15:8:1:AAAAAAAAAAAAAAAAAAAAA!:" + "A" * 43,
        "scrypt:15:8:1:é:é",
    ],
)
def test_what_is_no_hash(text: str) -> None:
    assert refusal(PasswordHash.parse, text) == NO_HASH
