"""Known texts are written, read and compared; what is lost or altered is found."""

from dataclasses import replace
from pathlib import Path

import pytest
from olefile import OleFileIO

from citadel.evaluation.benchmarks.files import text_writers
from citadel.evaluation.benchmarks.files.fidelity import (
    Fidelity,
    judge,
    markdown_fidelity,
    measure_files,
)
from citadel.evaluation.benchmarks.files.truth import (
    Look,
    Piece,
    TrueBlock,
    TrueSentence,
    Truth,
    truths,
)
from citadel.evaluation.benchmarks.files.writers import SCANS, WRITERS, Writer
from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Block, BlockKind, Span

PARAGRAPHS = (
    "The ferry crosses the river every half hour. It takes ten minutes to the other side.",
    "The raft floats on the lake, and nobody steers it. It drifts from the mill to the mouth.",
    "A bridge was planned in 1998. The flood carried its pillars away.",
)


def article(*paragraphs: str, notes: tuple[str, ...] = ()) -> Article:
    text = "\n\n".join(paragraphs)
    starts = [text.index(paragraph) for paragraph in paragraphs]
    return Article(
        source="a.md",
        text=text,
        title="The ferry",
        subtitle="",
        author="",
        publisher="",
        date="",
        language="en",
        origin="",
        header=None,
        blocks=tuple(
            Block(BlockKind.PARAGRAPH, Span(start, start + len(paragraph)))
            for start, paragraph in zip(starts, paragraphs, strict=True)
        ),
        notes=notes,
    )


def truth(*sentences: TrueSentence) -> Truth:
    return Truth("The ferry", "", "", (TrueBlock(sentences),), None)


def said(text: str, look: Look = Look.PLAIN) -> TrueSentence:
    return TrueSentence((Piece(text, look),))


ONE, TWO = "The ferry crosses the river.", "It takes ten minutes to the other side."
TEXT = Writer(".txt", lambda _: b"")


@pytest.mark.parametrize(
    ("read", "notes", "expected"),
    [
        ((f"{ONE} {TWO}",), (), Fidelity(1, 2, exact=2)),
        ((ONE,), (), Fidelity(1, 2, exact=1, silent=1)),
        ((ONE,), (f"left out: “{TWO}”",), Fidelity(1, 2, exact=1, told=1)),
        ((ONE, TWO.replace("ten", "tin")), (), Fidelity(1, 2, exact=1, altered=2)),
        ((f"{ONE} {TWO}", "Nobody wrote this."), (), Fidelity(1, 2, exact=2, altered=1)),
        ((), ("can't be read",), Fidelity(1, 2, silent=2)),
    ],
    ids=["whole", "lost", "told", "altered", "invented", "unreadable"],
)
def test_what_became_of_sentences(
    read: tuple[str, ...], notes: tuple[str, ...], expected: Fidelity
) -> None:
    articles = (article(*read, notes=notes),)
    assert judge(truth(said(ONE), said(TWO)), TEXT, articles, ()) == expected


def test_withdrawn_text_must_not_be_quoted() -> None:
    known = truth(said(ONE), said(TWO, Look.HIDDEN))
    assert judge(known, TEXT, (article(ONE),), ()) == Fidelity(1, 1, exact=1)
    assert judge(known, TEXT, (article(ONE, TWO),), ()) == Fidelity(1, 1, exact=1, altered=1)


def test_marks_may_be_left_out_or_stand_in_brackets_and_exponents_stay() -> None:
    sentence = TrueSentence(
        (Piece("It covers 12"), Piece("3", Look.MARK), Piece(" km"), Piece("2", Look.POWER))
    )
    assert sentence.readings() == ("It covers 12 km²", "It covers 12[3] km²")
    for text, exact in (("It covers 12[3] km².", 1), ("It covers 123 km².", 0)):
        assert judge(truth(sentence), TEXT, (article(text),), ()).exact == exact


def test_every_writer_is_read_exactly() -> None:
    known = truths([article(*PARAGRAPHS)], paragraphs=3)
    measured = measure_files(known)
    assert set(measured) == {writer.suffix for writer in WRITERS}
    assert {suffix: (f.exact, f.told, f.silent, f.altered) for suffix, f in measured.items()} == {
        suffix: (f.sentences, 0, 0, 0) for suffix, f in measured.items()
    }
    assert sum(measured.values(), Fidelity()).files == len(WRITERS)


def test_the_table() -> None:
    measured = {".txt": Fidelity(2, 40, exact=39, told=1), ".md": replace(Fidelity(1, 2), silent=2)}
    assert markdown_fidelity(measured) == (
        "| format | files | sentences | exactly | lost, and told | lost in silence | altered |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| .md | 1 | 2 | 0.00% | 0.00% | 2 | 0 |\n"
        "| .txt | 2 | 40 | 97.50% | 2.50% | 0 | 0 |\n"
        "| **together** | 3 | 42 | 92.86% | 2.38% | 2 | 0 |"
    )


def test_scans_are_pictures_without_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    known = truths([article(*PARAGRAPHS)], paragraphs=3)
    measured = measure_files(known, [SCANS])
    written = len(list(SCANS.fitted(known[0]).sentences()))
    assert measured == {".pdf, scanned": Fidelity(1, written, told=written)}


def test_mails_of_outlook_may_be_larger_than_one_table_of_sectors() -> None:
    long = truth(*[said(f"The ferry crosses the river for the {n}. time.") for n in range(4000)])
    mail = OleFileIO(text_writers.outlook_mail(long))
    assert mail.openstream("__substg1.0_1000001F").read().decode("utf-16-le") == " ".join(
        sentence.readings()[0] for sentence in long.sentences()
    )
