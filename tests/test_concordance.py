"""Where words stand: every passage that has them, in every form and spelling."""

import pytest

from citadel.index.retrieval.concordance import Concordance
from citadel.index.retrieval.passage_index import PassageIndex
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, indexed_by

A = """\
# The Siege

Fighters of Zenki left Hananu. The barrel bombs fell on Hanano again.

The regime said that Zenki had left; a barrel bomb fell.

Al-Nusra and alNusra are one. They said so in Deir ez-Zor.
"""
B = "# The Bakery\n\nOlga Brandt bakes bread near Hananu. The bombing of barrels ended.\n"

Found = tuple[list[str], tuple[tuple[str, int], ...]]


class ReaderOfWords(FakeEncoder):
    """A model that knows words but no names."""

    def knows_word(self, word: str) -> bool:
        return word in {"fighters", "said", "left", "bread", "bomb", "bombs", "barrel", "zanzibar"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    articles = articles_of(tmp_path_factory.mktemp("words"), a=A, b=B)
    return indexed_by(ReaderOfWords(), "gen-1", articles)


def places(index: PassageIndex, asked: str) -> Found:
    concordance = Concordance(index)
    found = concordance.find(asked)
    return [
        f"{index.passages[number].source}:{index.passages[number].paragraph} "
        + "|".join(index.passages[number].quote(span) for span in concordance.spans(found, number))
        for number in found.passages.tolist()
    ], found.written


def test_a_word_is_found_in_every_passage_and_form(index: PassageIndex) -> None:
    assert places(index, "bombs") == (
        ["a.md:1 bombs", "a.md:2 bomb", "b.md:1 bombing"],
        (("bomb", 1), ("bombing", 1), ("bombs", 1)),
    )


def test_a_name_is_found_in_every_spelling(index: PassageIndex) -> None:
    everywhere = (
        ["a.md:1 Hananu|Hanano", "b.md:1 Hananu"],
        (("Hananu", 2), ("Hanano", 1)),
    )
    assert places(index, "hanano") == everywhere
    assert places(index, "Hananu") == everywhere
    assert places(index, "zanki") == (["a.md:1 Zenki", "a.md:2 Zenki"], (("Zenki", 2),))
    assert places(index, "al-Nusra") == (["a.md:3 Nusra|alNusra"], (("Nusra", 1), ("alNusra", 1)))


def test_all_words_have_to_stand_in_a_passage(index: PassageIndex) -> None:
    assert places(index, "zenki barrel")[0] == ["a.md:1 Zenki|barrel", "a.md:2 Zenki|barrel"]
    assert places(index, "Who left Hananu?")[0] == ["a.md:1 left|Hananu|Hanano"]


def test_words_in_quotation_marks_follow_one_another(index: PassageIndex) -> None:
    assert places(index, "“barrel bombs”") == (
        ["a.md:1 barrel bombs", "a.md:2 barrel bomb"],
        (("barrel bomb", 1), ("barrel bombs", 1)),
    )
    assert places(index, '"bombs barrel"')[0] == []


def test_an_article_may_stand_between_the_words_of_a_name(index: PassageIndex) -> None:
    assert places(index, '"Deir Zor"')[0] == ["a.md:3 Deir ez-Zor"]
    assert places(index, "Deir-Zor")[0] == ["a.md:3 Deir ez-Zor"]


def test_where_no_passage_has_all_words_those_with_most_are_returned(index: PassageIndex) -> None:
    found = Concordance(index).find("zenki barrel kangaroo")
    assert (found.asked, found.missing, found.passages.tolist()) == (
        ("zenki", "barrel", "kangaroo"),
        ("kangaroo",),
        [0, 1],
    )


def test_a_typing_error_is_mended_where_nothing_else_is_found(index: PassageIndex) -> None:
    found = Concordance(index).find("fighetrs")
    assert (found.corrected, found.passages.tolist()) == ("fighters", [0])


def test_two_words_that_everybody_knows_are_no_spellings_of_each_other(
    index: PassageIndex,
) -> None:
    assert places(index, "sad")[0] == []


def test_what_stands_nowhere_is_not_found(index: PassageIndex) -> None:
    found = Concordance(index).find("kangaroo")
    assert (found.missing, found.passages.tolist(), found.written) == (("kangaroo",), [], ())


def test_little_words_alone_are_looked_for(index: PassageIndex) -> None:
    assert Concordance(index).find("the").passages.tolist() == [0, 1, 3]
