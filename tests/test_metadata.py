import pytest

from citadel.index.corpus.metadata import check_metadata, parse_metadata, plausible_metadata
from citadel.index.errors import CitadelError


def test_values_stay_as_written() -> None:
    text = 'title: "A\u202eB"\ndate: 2016-12\nlanguage: no\nauthor: " "\nextra: 1\n'
    assert parse_metadata(text, "a.md", 1) == {
        "title": "AB",
        "date": "2016-12",
        "language": "no",
        "extra": "1",
    }


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_nothing(text: str) -> None:
    assert parse_metadata(text, "a.md", 1) == {}


def test_a_bomb_is_no_metadata() -> None:
    text = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    with pytest.raises(CitadelError) as caught:
        parse_metadata(text, "a.md", 1)
    assert str(caught.value) == (
        "a.md: metadata must be names with plain values; write one “name: value” on each line."
    )


def test_deep_nesting_is_no_metadata() -> None:
    with pytest.raises(CitadelError) as caught:
        parse_metadata("a: " + "[" * 20_000, "a.md", 1)
    assert str(caught.value) == "a.md: not valid YAML; write one “name: value” on each line."


def test_what_a_file_tells_about_itself_is_taken_if_it_can_be() -> None:
    told = {
        "title": " The\n ferry ",
        "author": None,
        "publisher": "",
        "date": "yesterday",
        "language": "English",
        "url": "javascript:alert(1)",
    }
    assert plausible_metadata(told) == {"title": "The ferry"}
    right = {"date": "2016-12-05", "language": "en-GB", "url": "https://a.example/?b=1#c"}
    assert plausible_metadata(right) == right


@pytest.mark.parametrize("url", ["https://a.example", "HTTP://a.example/x"])
def test_addresses(url: str) -> None:
    check_metadata({"url": url}, "a.md")


@pytest.mark.parametrize("url", ["ftp://a.example", "//a.example", "https://a b", 'http://a"b'])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(CitadelError) as caught:
        check_metadata({"url": url}, "a.md")
    assert str(caught.value) == (
        f"a.md: the url {url!r} is none; write one that begins with https:// or http://."
    )
