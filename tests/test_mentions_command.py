"""The command that writes every passage that mentions a name."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from citadel.index.build.build import build_index
from citadel.qa.cli.commands import main
from tests.command_line import Outcome, call
from tests.mentioning import BAKERY, SIEGE, KnowsNothing
from tests.small_index import articles_of

Run = Callable[..., Outcome]

START = SIEGE.index("Local")
END = SIEGE.index("\n\n## After")
BAKED = BAKERY.index("We")


@pytest.fixture
def mentions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Calls “mentions” on an index of two articles, in this process."""
    encoder, sources = KnowsNothing(), tmp_path / "sources"
    articles = articles_of(sources, a=SIEGE, b=BAKERY)
    build_index(articles, tmp_path / "index", encoder, lambda _a, _b: None, sources)
    monkeypatch.setattr(
        "citadel.index.encoders.backends.encoder_loader", lambda *_: lambda _model: encoder
    )
    options = ["--index-dir", str(tmp_path / "index")]
    return lambda *arguments: call(main, ["mentions", *arguments, *options], monkeypatch, capsys)


def test_people_read_the_passages_under_their_places(mentions: Run) -> None:
    assert mentions("hanano") == Outcome(
        0,
        "“Hananu”: 2 passages in 2 articles.\n"
        "Written Hananu (2), Hanano (1).\n"
        f"\nThe Siege · paragraph 1 (a.md, {START} to {END})\n{SIEGE[START:END]}\n"
        f"\nThe Bakery · paragraph 1 (b.md, {BAKED} to {len(BAKERY) - 1})\n"
        "We baked near Hananu.\n",
        "",
    )


def test_programs_read_csv_and_json_lines(mentions: Run, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(mentions("Hananu", "--format", "csv").stdout)))
    assert [(row["id"], row["start"], row["written"]) for row in rows] == [
        ("a.md:1", str(START), "Hananu; Hanano"),
        ("b.md:1", str(BAKED), "Hananu"),
    ]
    written = tmp_path / "found.jsonl"
    assert mentions("Hananu", "--format", "jsonl", "--output", str(written)) == Outcome(0, "", "")
    lines = [json.loads(line) for line in written.read_text("utf-8").splitlines()]
    assert [(line["id"], line["text"]) for line in lines] == [
        ("a.md:1", SIEGE[START:END]),
        ("b.md:1", "We baked near Hananu."),
    ]


def test_words_and_scopes(mentions: Run) -> None:
    assert mentions("HRW left", "--words", "--only", "a.md").stdout.splitlines()[:2] == [
        "“HRW left”: 2 passages in 1 article.",
        "Written HRW (2), left (2).",
    ]
    assert mentions("kangaroo").stdout == "No passage has “kangaroo”.\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([""], "The name is empty; type a name or other words."),
        (["  "], "The name is empty; type a name or other words."),
        (["a" * 501], "Names can be up to 500 characters; this one has 501."),
        (["a", "--format", "xls"], "There is no format xls; --format is text, csv or jsonl."),
        (["a", "--without", "c.txt"], "There is no article c.txt; there are a.md, b.md."),
        (
            ["a", "--publisher", "The Couriers"],
            "No article is published by The Couriers; near that: The Courier.",
        ),
    ],
)
def test_what_can_not_be_looked_for_is_refused(
    mentions: Run, arguments: list[str], message: str
) -> None:
    assert mentions(*arguments) == Outcome(1, "", f"citadel: {message}\n")
