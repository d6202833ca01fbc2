import json
from pathlib import Path

import pytest

from citadel.index.snapshots.citation_check import Cited, read_citations
from tests.small_index import refusal

ANSWER = {
    "answers": [{"quote": "It fell.", "source": "a.md", "start": 10, "end": 18, "passage": 1}],
    "passages": [{"text": "It fell. So.", "source": "a.md", "start": 10, "end": 22, "rank": 1}],
    "sources": {"a.md": "aa"},
    "index": "gen-1",
}
EMPTY = {"answers": [], "passages": [], "index": "gen-1"}


def cited(where: str, sha256: str = "aa") -> list[Cited]:
    return [
        Cited(f"{where}, quote 1", "a.md", 10, 18, "It fell.", sha256, "gen-1"),
        Cited(f"{where}, passage 1", "a.md", 10, 22, "It fell. So.", sha256, "gen-1"),
    ]


def test_one_answer(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(ANSWER, indent=2))
    assert read_citations(path) == tuple(cited(str(path)))
    path.write_text(json.dumps(EMPTY))
    assert read_citations(path) == ()


def test_answers_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    older = {key: value for key, value in ANSWER.items() if key != "sources"}
    lines = [ANSWER, {"id": None, "error": "Line 2 is not JSON."}, EMPTY, older]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    assert read_citations(path) == (*cited(f"{path}, line 1"), *cited(f"{path}, line 4", ""))


def test_a_list_of_answers(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps([EMPTY, ANSWER]))
    assert read_citations(path) == tuple(cited(f"{path}, answer 2"))


def test_a_transcript(tmp_path: Path) -> None:
    path = tmp_path / "transcript.md"
    path.write_text(
        "# Questions to Citadel\n\n"
        "## When?\n\nAsked 2026-11-22 15:41 UTC, of the index gen\\_1.\n\nAnswer found.\n\n"
        "> It \\[fell\\].\n\n"
        "\\[1\\] A \\*Report\\* (draft), paragraph 3 (a\\_b.md, characters 10 to 20)\n\n"
        "Doubtful.\n"
    )
    assert read_citations(path) == (
        Cited(f"{path}, line 11", "a_b.md", 10, 20, "It [fell].", "", "gen_1", one_line=True),
    )


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1]",
        '{"answers": 1}',
        '{"id": "1"}\n{',
        '{"answers": [{}], "passages": [], "index": ""}',
    ],
)
def test_what_is_no_file_of_answers(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(text)
    assert refusal(read_citations, path) == (
        f"{path} is no file of answers; write one with “python -m qa ask --json” or --batch."
    )


def test_a_text_that_is_no_transcript(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Notes\n\n> A quote.\n")
    assert refusal(read_citations, path) == (
        f"{path} is neither a file of answers nor a transcript; name another."
    )


def test_a_file_that_can_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9")
    assert refusal(read_citations, tmp_path / "latin") == (
        f"{tmp_path / 'latin'} can't be read (it is not UTF-8); name a file of answers."
    )
    assert refusal(read_citations, tmp_path / "none") == (
        f"{tmp_path / 'none'} can't be read (No such file or directory); name a file of answers."
    )
