"""The names of a collection: found by their capitals, merged over spellings, kinds by cues."""

from collections.abc import Sequence

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.retrieval.name_index import NameIndex
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.written_names import NameKind, written_names
from tests.fake_encoder import FakeEncoder
from tests.small_index import articles_of, indexed_by


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("The Russian Foreign Minister Sergei Lavrov met Staffan de Mistura.",
         ["Sergei Lavrov", "Staffan de Mistura"]),
        ("The Ministry of Health and Bashar al-Assad’s army agreed on Monday.",
         ["Ministry of Health", "Bashar al-Assad"]),
        ("In May 2016 the Syrian Observatory for Human Rights counted 40.",
         ["Syrian Observatory for Human Rights"]),
        ("He said that I’ve seen Jabhat alNusra in Deir ez-Zor.",
         ["Jabhat alNusra", "Deir ez-Zor"]),
        ("They met the Foundation, Mr Erik Holm of Norway and J. Smith.",
         ["Erik Holm", "Norway", "J. Smith"]),
        ("we saw the Farmers’ Cooperative and ‘Holm’ there.", ["Farmers’ Cooperative", "Holm"]),
        ("People of Hanano saw the Battle of Aleppo.", ["People", "Hanano", "Battle of Aleppo"]),
        ("New Rules For The Old Bridges Of The Province", []),
        ("the French president spoke english on tuesday.", []),
        ("وصل الوفد إلى حلب يوم الاثنين.", []),
    ],
)  # fmt: skip
def test_names_are_read_off_their_capitals(sentence: str, names: list[str]) -> None:
    found = list(written_names(sentence))
    assert [name.text for name in found] == names
    assert [sentence[name.start : name.end] for name in found] == names


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("we met President Erik Holm.", NameKind.PERSON),
        ("the spokesman Erik Holm came.", NameKind.PERSON),
        ("we met Erik Holm, 34, there.", NameKind.PERSON),
        ("we met the Free Halden Army there.", NameKind.ORGANISATION),
        ("in the city of Halden it rained.", NameKind.PLACE),
        ("we crossed Castello Road.", NameKind.PLACE),
        ("in the Halden district it rained.", NameKind.PLACE),
        ("we met Erik Holm.", NameKind.UNKNOWN),
    ],
)
def test_the_kind_of_a_name_is_told_only_where_a_word_says_so(
    sentence: str, kind: NameKind
) -> None:
    assert [name.kind for name in written_names(sentence)] == [kind]


class KnowsNothing(FakeEncoder):
    """A model without names in its vocabulary, but for two."""

    def knows_word(self, word: str) -> bool:
        return word in {"alan", "allen"}


def index_of(articles: Sequence[Article]) -> PassageIndex:
    return indexed_by(KnowsNothing(), "gen-1", articles)


A = """\
# The Siege

Local people left Hananu. They came to Hanano from Jabhat al-Nusra and from Jabhat alNusra.
Meanwhile it rained.

The Free Halden Army (FHA) said so. “The FHA knows,” said Alan. We asked Allen.

We met Mayor Anna Holm. Then Holm left with Holm’s brother. Hananu was quiet.
"""
B = "# The Bakery\n\nWe saw Holm and the bakery of Holm in Halden. It is in Halden, near Halden.\n"


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> NameIndex:
    return NameIndex(index_of(articles_of(tmp_path_factory.mktemp("names"), a=A, b=B)))


def test_names_are_counted_over_their_spellings(names: NameIndex) -> None:
    assert [
        (name.text, name.kind.value, name.spellings, name.passages, name.articles)
        for name in names.names
    ] == [
        ("Anna Holm", "person", (("Holm", 2), ("Anna Holm", 1)), (2,), 1),
        ("Free Halden Army", "organisation", (("FHA", 2), ("Free Halden Army", 1)), (1,), 1),
        ("Halden", "place", (("Halden", 3),), (3,), 1),
        ("Hananu", "name", (("Hananu", 2), ("Hanano", 1)), (0, 2), 1),
        ("Holm", "name", (("Holm", 2),), (3,), 1),
        ("Jabhat al-Nusra", "organisation",
         (("Jabhat al-Nusra", 1), ("Jabhat alNusra", 1)), (0,), 1),
        ("Alan", "name", (("Alan", 1),), (1,), 1),
        ("Allen", "name", (("Allen", 1),), (1,), 1),
    ]  # fmt: skip


def test_a_mention_is_a_slice_of_its_article(names: NameIndex) -> None:
    found = names.named("Hanano")
    assert found is not None
    assert [[A[span.start : span.end] for span in found.spans(n)] for n in found.passages] == [
        ["Hananu", "Hanano"],
        ["Hananu"],
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("hanano", "Hananu"),
        ("FHA", "Free Halden Army"),
        ("jabhat nusra", "Jabhat al-Nusra"),
        ("ANNA HOLM", "Anna Holm"),
        ("Kangaroo", None),
        ("  ", None),
    ],
)
def test_a_name_is_found_in_any_spelling(names: NameIndex, asked: str, found: str | None) -> None:
    name = names.named(asked)
    assert (name and name.text) == found


def test_names_are_narrowed_by_letters_spelling_and_kind(names: NameIndex) -> None:
    assert [name.text for name in names.like("hol")] == ["Anna Holm", "Holm"]
    assert [name.text for name in names.like("hanano")] == ["Hananu"]
    assert [name.text for name in names.like("", NameKind.PLACE)] == ["Halden"]
    assert names.like("kangaroo") == ()


def test_the_names_of_an_article_come_with_how_often_it_has_them(names: NameIndex) -> None:
    assert [(name.text, count) for name, count in names.in_article(1)] == [
        ("Halden", 3),
        ("Holm", 2),
    ]


def test_where_all_nouns_have_capitals_none_is_a_name(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    german = "---\nlanguage: de\n---\n# Die Brücke\n\nIm Sommer sah der Müller die Brücke.\n"
    folder = tmp_path_factory.mktemp("german")
    assert NameIndex(index_of(articles_of(folder, a=german))).names == ()
