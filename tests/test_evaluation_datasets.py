"""Every form of data set is read into the same questions, and named when it is wrong."""

import json
from pathlib import Path

import pytest

from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS, read_dataset
from citadel.evaluation.data.questions import (
    Dataset,
    Evidence,
    Need,
    Place,
    Question,
    questions_sha256,
)
from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Block, BlockKind, Span
from citadel.index.errors import CitadelError


def written(path: Path, content: object) -> Path:
    """Write JSON, or a text as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    path.write_text(text, "utf-8")
    return path


def article(source: str, title: str, language: str, text: str, *spans: tuple[int, int]) -> Article:
    """An article as the readers make it: paragraphs only."""
    blocks = tuple(Block(BlockKind.PARAGRAPH, Span(*span)) for span in spans)
    return Article(source, text, title, "", "", "", "", language, "", None, blocks)


def test_a_question_set(tmp_path: Path) -> None:
    path = written(
        tmp_path / "mine.jsonl",
        '{"id": "1", "kind": "place", "question": "Where?", "answerable": true, '
        '"evidence": ["Here.", "There."], "need": "all"}\n\n'
        '{"id": "2", "kind": "followup", "question": "and he?", "history": ["Who?"], '
        '"answerable": false, "evidence": []}\n',
    )
    both = (Evidence("Here."), Evidence("There."))
    assert read_dataset(path) == Dataset(
        "mine",
        (
            Question("1", "place", "Where?", (), True, both, Need.ALL),
            Question("2", "followup", "and he?", ("Who?",), False, (), Need.ANY),
        ),
    )


def test_the_bundled_questions() -> None:
    dataset = read_dataset(BUNDLED_QUESTIONS)
    assert len(dataset.questions) == 250
    assert sum(question.answerable for question in dataset.questions) == 195
    assert dataset.articles == ()


SQUAD = {
    "data": [
        {
            "title": "Two_rivers",
            "paragraphs": [
                {
                    "context": "The Orb is long.",
                    "qas": [
                        {
                            "id": "a",
                            "question": " What is long? ",
                            "answers": [
                                {"text": "The Orb", "answer_start": 0},
                                {"text": "The Orb", "answer_start": 0},
                            ],
                        },
                        {
                            "id": "b",
                            "question": "What is short?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "The Orb", "answer_start": 0}],
                        },
                    ],
                },
                {
                    "context": "The Lez is short.",
                    "qas": [
                        {
                            "question": "How is the Lez?",
                            "answers": [{"text": "short", "answer_start": 11}],
                        }
                    ],
                },
            ],
        }
    ]
}


def test_squad(tmp_path: Path) -> None:
    source = "0001 Two rivers"
    orb = Evidence("The Orb", (Place(source, 0, 7),))
    lez = Evidence("short", (Place(source, 29, 34),))
    assert read_dataset(written(tmp_path / "rivers.fr.json", SQUAD)) == Dataset(
        "rivers.fr",
        (
            Question("a", "answerable", "What is long?", (), True, (orb,), Need.ANY),
            Question("b", "unanswerable-impossible", "What is short?", (), False, (), Need.ANY),
            Question(f"{source}#1.0", "answerable", "How is the Lez?", (), True, (lez,), Need.ANY),
        ),
        (
            article(
                source,
                "Two rivers",
                "fr",
                "The Orb is long.\n\nThe Lez is short.",
                (0, 16),
                (18, 35),
            ),
        ),
    )


def test_a_whole_paper_as_a_squad_paragraph_is_cut_at_its_lines(tmp_path: Path) -> None:
    lines = ["Title of the paper", "word " * 900, "The virus spreads by air."]
    context = "\n".join(lines)
    answer = {"text": "by air", "answer_start": context.index("by air")}
    qas = [{"id": 7, "question": "How does it spread?", "answers": [answer]}]
    path = written(
        tmp_path / "covid.json", {"data": [{"paragraphs": [{"context": context, "qas": qas}]}]}
    )
    dataset = read_dataset(path)
    (paper,) = dataset.articles
    assert [block.span.of(paper.text) for block in paper.blocks] == [
        "Title of the paper",
        ("word " * 900).strip(),
        "The virus spreads by air.",
    ]
    (place,) = dataset.questions[0].evidence[0].places
    assert (dataset.questions[0].id, paper.text[place.start : place.end]) == ("7", "by air")


def test_beir(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    written(
        folder / "corpus.jsonl",
        '{"_id": "d1", "title": "Orb", "text": "A river."}\n'
        '{"_id": "d2", "title": "", "text": "A hill."}\n'
        '{"_id": "d3", "title": "", "text": ""}\n',
    )
    written(
        folder / "queries.jsonl",
        '{"_id": "q1", "text": "which river"}\n{"_id": "q2", "text": "not judged"}\n',
    )
    written(
        folder / "qrels" / "test.tsv",
        "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\nq1\td9\t1\n",
    )
    evidence = (Evidence("", (Place("d1", 0, 13),), grade=2),)
    assert read_dataset(folder) == Dataset(
        "tiny",
        (Question("q1", "query", "which river", (), True, evidence, Need.ANY),),
        (
            article("d1", "Orb", "en", "Orb\n\nA river.", (0, 13)),
            article("d2", "d2", "en", "A hill.", (0, 7)),
        ),
        tells_sentences=False,
    )


def test_canard(tmp_path: Path) -> None:
    titles = ["Zappa", "Band"]
    first = ["What broke up?", "The Mothers."]
    second = ["When did they?", "I don't know."]
    third = ["Why?", "Money."]
    entries = [
        {"History": [*titles, *history], "Question": question, "Question_no": number,
         "QuAC_dialog_id": "C_1", "Rewrite": rewrite}
        for history, question, number, rewrite in [
            ([], "What broke up?", 1, "What broke up?"),
            (first, "When did they?", 2, "When did the Mothers?"),
            ([*first, *second], "Why?", 3, "Why did the Mothers break up?"),
            ([*first, *second, *third], "And then?", 4, "What came then?"),
        ]
    ]  # fmt: skip
    other = {
        "History": ["Lot", "Sea", "Who?", "I don't  know.", "Where?", "There."],
        "Question": "How?", "Question_no": 3, "QuAC_dialog_id": "C_2", "Rewrite": "How so?",
    }  # fmt: skip
    dataset = read_dataset(written(tmp_path / "canard.json", [*entries, other]))
    assert dataset == Dataset(
        "canard",
        (
            Question(
                "C_1#1",
                "first",
                "What broke up?",
                (),
                True,
                (Evidence("The Mothers.", (Place("C_1", 0, 12),)),),
                Need.ANY,
                "What broke up?",
            ),
            Question(
                "C_1#3",
                "followup",
                "Why?",
                ("What broke up?", "When did they?"),
                True,
                (Evidence("Money.", (Place("C_1", 14, 20),)),),
                Need.ANY,
                "Why did the Mothers break up?",
            ),
        ),
        (
            article("C_1", "Zappa, Band", "en", "The Mothers.\n\nMoney.", (0, 12), (14, 20)),
            article("C_2", "Lot, Sea", "en", "There.", (0, 6)),
        ),
        tells_sentences=False,
    )


def test_selqa(tmp_path: Path) -> None:
    entry = {"article": "Orb", "section": "Course", "candidates": ["It rises.", "It falls."]}
    entries = [
        {**entry, "question": "What then?", "answers": [1], "is_paraphrase": True},
        {**entry, "question": "Who?", "answers": [], "is_paraphrase": False},
    ]
    evidence = (Evidence("It falls.", (Place("0001 Orb", 10, 19),)),)
    assert read_dataset(written(tmp_path / "selqa.json", entries)) == Dataset(
        "selqa",
        (
            Question("selqa-1", "paraphrase", "What then?", (), True, evidence, Need.ANY),
            Question("selqa-2", "question", "Who?", (), False, (), Need.ANY),
        ),
        (article("0001 Orb", "Orb", "en", "It rises. It falls.", (0, 19)),),
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", "{", "a.jsonl, line 1 is not JSON; write one JSON object a line."),
        ("a.jsonl", "\n[]", "a.jsonl, line 2 is not a JSON object; write one JSON object a line."),
        ("a.jsonl", "\n", "a.jsonl holds no question; write one JSON object a line."),
        ("a.jsonl", '{"id": 1}', "a.jsonl, line 1 has no “answerable” of type bool; add it."),
        (
            "a.jsonl",
            '{"id": "1", "answerable": true}',
            "a.jsonl, line 1 is answerable but has no evidence; quote what answers it.",
        ),
        (
            "a.jsonl",
            '{"answerable": false, "evidence": "x"}',
            "a.jsonl, line 1: “evidence” must be a list of strings that are not empty.",
        ),
        (
            "a.jsonl",
            '{"answerable": false, "need": "some"}',
            "a.jsonl, line 1 needs 'some' of its evidence; write “any” or “all”.",
        ),
        (
            "a.jsonl",
            2 * '{"id": "1", "kind": "k", "question": "q", "answerable": false}\n',
            "a.jsonl, line 2 repeats the id '1'; give it another.",
        ),
        (
            "a.json",
            {"data": [{"title": "x"}]},
            "a.json, article 1 has no “paragraphs” of type list; add it.",
        ),
        (
            "a.json",
            [],
            "a.json has none of the known forms; give a question set (.jsonl), SQuAD, CANARD or "
            "SelQA (.json), or a BEIR folder.",
        ),
        (
            "folder/b",
            "",
            "folder has neither articles and question sets nor BEIR's corpus.jsonl; name another "
            "folder.",
        ),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, content: object, message: str) -> None:
    path = written(tmp_path / name, content)
    with pytest.raises(CitadelError) as caught:
        read_dataset(path.parent if path.name == "b" else path)
    assert str(caught.value) == f"{tmp_path}/{message}"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CitadelError, match=r"gone\.json can't be read .*; name another file\."):
        read_dataset(tmp_path / "gone.json")


def test_a_sample_is_the_same_each_time_and_keeps_the_order() -> None:
    dataset = read_dataset(BUNDLED_QUESTIONS)
    sample = dataset.sample(20)
    assert sample == dataset.sample(20)
    identifiers = [question.id for question in sample.questions]
    assert len(identifiers) == 20
    assert identifiers == sorted(identifiers)
    assert dataset.sample(1000) is dataset


def test_kinds_are_left_out() -> None:
    kept = read_dataset(BUNDLED_QUESTIONS).without_kinds({"arabic", "chitchat"})
    assert len(kept.questions) == 230
    assert {"arabic", "chitchat"}.isdisjoint(question.kind for question in kept.questions)


def test_the_hash_is_of_what_is_asked_and_what_answers() -> None:
    question = Question("1", "k", "q", (), True, (Evidence("e"),), Need.ANY)
    other = Question("1", "k", "q", (), True, (Evidence("f"),), Need.ANY)
    assert questions_sha256([question]) != questions_sha256([other])
    assert questions_sha256([question]) == questions_sha256([question])
