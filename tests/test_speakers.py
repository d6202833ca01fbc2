"""Who says what a sentence says: distinguished from narration, and named where that is plain."""

import pytest

from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import Passage
from citadel.qa.answer.accounts import account
from citadel.qa.answer.frames import Scene, lines_of
from tests.newsroom import Labelled, labelled, scene_and_place, shares

SENTENCES = labelled("speakers.jsonl")


def told(sentence: Labelled) -> list[object]:
    found = account(*scene_and_place(sentence))
    return [found.reported, found.speaker, found.named.value]


def test_what_is_told_of_each_sentence() -> None:
    assert [
        (sentence.article, sentence.place, told(sentence))
        for sentence in SENTENCES
        if told(sentence) != sentence.told
    ] == []


def test_how_often_that_is_right() -> None:
    seen = [each for each in SENTENCES if not each.held_back]
    held_back = [each for each in SENTENCES if each.held_back]
    assert shares((each, each.told[1]) for each in seen) == {
        "right": 212,
        "wrong": 0,
        "missed": 20,
        "rightly none": 83,
    }
    assert shares((each, each.told[1]) for each in held_back) == {
        "right": 142,
        "wrong": 0,
        "missed": 7,
        "rightly none": 37,
    }


def test_the_article_is_never_taken_for_somebody() -> None:
    narrated = [each for each in SENTENCES if not each.meant]
    assert len(narrated) == 120
    assert [each.place for each in narrated if each.told != [False, "", "nowhere"]] == []


@pytest.mark.parametrize(
    ("paragraphs", "accounts"),
    [
        pytest.param(
            [["“We lost 700 fighters.", "The rest were exhausted,” the officer said."]],
            [(True, "the officer", "later"), (True, "the officer", "here")],
            id="one quotation of two sentences",
        ),
        pytest.param(
            [["‘It will hold,’ said Per Berg, the engineer.", "‘I don’t doubt it.’"]],
            [
                (True, "Per Berg, the engineer", "here"),
                (True, "Per Berg, the engineer", "earlier"),
            ],
            id="one quotation after another, in single marks",
        ),
        pytest.param(
            [["Anna Holm said: “We stay."], ["“We never thought of leaving.”"]],
            [(True, "Anna Holm", "earlier")],
            id="a quotation of two paragraphs",
        ),
        pytest.param(
            [["Anna Holm, the mayor of Lund, closed the bridge.", "She said it would fall."]],
            [(False, "", "nowhere"), (True, "Anna Holm, the mayor of Lund", "earlier")],
            id="a pronoun, with the role as the article introduces it",
        ),
        pytest.param(
            [["Anna Holm met Maria Berg.", "The two quarrelled.", "He said it would fall."]],
            [(False, "", "nowhere"), (False, "", "nowhere"), (True, "", "nowhere")],
            id="a pronoun that stands for nobody named",
        ),
        pytest.param(
            [["“The draft does not include battles against the Front.”"]],
            [(True, "", "nowhere")],
            id="a quotation of nobody",
        ),
        pytest.param(
            [["According to the council 12 died, and according to the police 14."]],
            [(True, "the council; the police", "here")],
            id="two who count",
        ),
        pytest.param(
            [["The UN spoke of 85,000.", "The council arrived at 57.", "The owner accepts 29."]],
            [
                (True, "The UN", "here"),
                (True, "The council", "here"),
                (True, "The owner", "here"),
            ],
            id="who counts, by other verbs",
        ),
        pytest.param(
            [["The manager gave evidence that it was 90.", "Anna Holm remembers that it rained."]],
            [(True, "The manager", "here"), (True, "Anna Holm", "here")],
            id="who states, by other verbs",
        ),
        pytest.param(
            [
                [
                    "He didn't learn the names, say the players, and used numbers.",
                    "Anna Holm first explained that it rained.",
                    "The results were good, but as the agency has remarked, they fade.",
                    "According to the clerk it was there that he signed.",
                ]
            ],
            [
                (True, "the players", "here"),
                (True, "Anna Holm", "here"),
                (True, "the agency", "here"),
                (True, "the clerk", "here"),
            ],
            id="who speaks, and no word next to the name",
        ),
        pytest.param(
            [["The boat arrived at 06.10.", "Holm spoke of peace.", "The cost came to 9,000."]],
            [(False, "", "nowhere")] * 3,
            id="who arrives, and what comes to a sum",
        ),
        pytest.param(
            [["He was told to go.", "Nobody said why.", "The “Blue Bridge” was closed in May."]],
            [(False, "", "nowhere")] * 3,
            id="verbs and marks that quote nobody",
        ),
    ],
)
def test_signs_of_speech(
    paragraphs: list[list[str]], accounts: list[tuple[bool, str, str]]
) -> None:
    assert told_of(paragraphs) == accounts


def told_of(paragraphs: list[list[str]]) -> list[tuple[bool, str, str]]:
    """Who says each sentence of the last of some paragraphs."""
    text = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    passages: list[Passage] = []
    for number, sentences in enumerate(paragraphs, start=1):
        starts = [text.index(sentence) for sentence in sentences]
        ends = [start + len(each) for start, each in zip(starts, sentences, strict=True)]
        spans = tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))
        whole = text[starts[0] : ends[-1]]
        passages.append(Passage("a.md", "A", "A", number, starts[0], ends[-1], whole, spans))
    scene = Scene(text, lines_of(passages))
    told = [
        account(scene, place)
        for place, line in enumerate(scene.lines)
        if line.passage == passages[-1]
    ]
    return [(each.reported, each.speaker, each.named.value) for each in told]
