"""What is read before a sentence that begins with “he” or “it”: the one that names it."""

from citadel.qa.answer.accounts import leads
from tests.newsroom import Labelled, labelled, scene_and_place, shares

SENTENCES = labelled("antecedents.jsonl")


def told(sentence: Labelled) -> list[str]:
    return [lead.text for lead in leads(*scene_and_place(sentence))]


def test_what_is_read_before_each_sentence() -> None:
    assert [
        (sentence.article, sentence.place, told(sentence))
        for sentence in SENTENCES
        if told(sentence) != sentence.told
    ] == []


def test_how_often_that_names_what_is_meant() -> None:
    seen = [each for each in SENTENCES if not each.held_back]
    held_back = [each for each in SENTENCES if each.held_back]
    assert shares((each, " ".join(each.told)) for each in seen) == {
        "right": 152,
        "wrong": 6,
        "missed": 29,
        "rightly none": 24,
    }
    assert shares((each, " ".join(each.told)) for each in held_back) == {
        "right": 103,
        "wrong": 4,
        "missed": 12,
        "rightly none": 13,
    }


def test_what_is_read_before_is_a_slice_of_the_article() -> None:
    for sentence in SENTENCES:
        scene, place = scene_and_place(sentence)
        shown = leads(scene, place)
        assert [lead.span.of(scene.article) for lead in shown] == [lead.text for lead in shown]
        if not shown:
            continue
        between = [*(lead.span.start for lead in shown[1:]), scene.lines[place].span.start]
        gaps = [
            scene.article[lead.span.end : following].strip()
            for lead, following in zip(shown, between, strict=True)
        ]
        assert [lead.runs_on for lead in shown] == [gap == "" for gap in gaps]
