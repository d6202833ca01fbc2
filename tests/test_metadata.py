import pytest

from citadel.index.corpus.metadata import (
    check_metadata,
    language_code,
    parse_toml,
    parse_yaml,
    plausible_metadata,
)
from citadel.index.errors import CitadelError


def test_values_stay_as_written() -> None:
    text = 'title: "A\u202eB"\ndate: 2016-12\nlanguage: no\nauthor: " "\nextra: 1\n'
    assert parse_yaml(text).fields == {
        "title": "AB",
        "date": "2016-12",
        "language": "no",
        "extra": "1",
    }


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_nothing(text: str) -> None:
    assert parse_yaml(text).fields == {}


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: The mill: a history", "The mill: a history"),
        ("title: [Draft] The mill", "[Draft] The mill"),
        ("title: “The mill” – 100 % wool", "“The mill” – 100 % wool"),
        ('title: "The mill" of Mern', '"The mill" of Mern'),
        ("title: 'It's the mill'", "It's the mill"),
        ("title: *The mill*", "*The mill*"),
        ("title: @mill", "@mill"),
        ("title: The mill:\n  a history", "The mill: a history"),
        ("title: >-\n  The mill\n  of Mern", "The mill of Mern"),
        ("title:The mill", "The mill"),
        ("  title: The mill", "The mill"),
        ("slug: a\n title: The mill", "The mill"),
        ("links:\n  title: The dam\ntitle: The mill: b", "The mill: b"),
        ("Title: The mill", "The mill"),
        ("TITLE: Mills\ntitle: The mill", "The mill"),
        ("title: [The mill, the dam]", "The mill, the dam"),
        ("title: {{ page.title }}", "{{ page.title }}"),
    ],
)
def test_a_title_is_read_as_it_is_meant(line: str, title: str) -> None:
    stated = parse_yaml(f"{line}\ntags: [water, dam]\nmenu:\n  main: {{weight: 1}}\n")
    assert (stated.fields.get("title"), stated.notes) == (title, ())


@pytest.mark.parametrize(
    "line",
    [
        "author: [Rim Said, Omar Zein]",
        "authors:\n  - Rim Said\n  - Omar Zein",
        "author:\n- name: Rim Said\n  email: rim@a.example\n- name: Omar Zein",
        "author:\n  name: Rim Said, Omar Zein",
    ],
)
def test_authors(line: str) -> None:
    assert parse_yaml(line).fields == {"author": "Rim Said, Omar Zein"}


def test_a_bomb_is_no_metadata() -> None:
    text = "a: &a [x, x]\nb: &b [*a, *a]\nauthor: [*b, *b]\n"
    stated = parse_yaml(text)
    assert (stated.fields, stated.notes) == (
        {},
        ("the author can't be read and is left out; write “author: …” on one line",),
    )


def test_deep_nesting_is_a_plain_text() -> None:
    deep = "[" * 20_000
    assert parse_yaml("title: A\nurl: " + deep).notes == (
        f"the url '{'[' * 60}…' can't be read and is left out; "
        "write one that begins with https:// or http://",
    )


def test_toml() -> None:
    stated = parse_toml(
        'title = "The dam"\ndate = 2016-12-05T10:00:00+03:00\nauthor = ["Rim", "Omar"]\n'
        'tags = ["a"]\ndraft = false\n[extra]\ntitle = "No"\n'
    )
    assert (stated.fields, stated.notes) == (
        {"title": "The dam", "date": "2016-12-05", "author": "Rim, Omar"},
        (),
    )


def test_toml_that_is_none_is_read_line_by_line() -> None:
    stated = parse_toml(f"title = The dam\ndate = '2016'\nurl = {'9' * 5000}\n")
    assert (stated.fields, stated.names) == (
        {"title": "The dam", "date": "2016"},
        ("title", "date", "url"),
    )


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("EN", "en"),
        ("en_US", "en-US"),
        ("en-GB", "en-GB"),
        ("ar_SY.UTF-8", "ar-SY"),
        ("English", ""),
        ("", ""),
    ],
)
def test_languages(written: str, code: str) -> None:
    assert language_code(written) == code


def test_what_a_file_says_about_itself_is_taken_if_it_can_be() -> None:
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
