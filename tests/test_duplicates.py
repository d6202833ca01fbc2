from hypothesis import given, settings
from hypothesis import strategies as st

from citadel.index.corpus.articles import Article
from citadel.index.corpus.duplicates import (
    Duplicate,
    Sketch,
    find_duplicates,
    find_shared_paragraphs,
    sketch,
)
from citadel.index.corpus.layout import Block, BlockKind, Span

WORDS = [f"word{number}" for number in range(4000)]


def article(source: str, text: str) -> Article:
    blocks = (Block(BlockKind.PARAGRAPH, Span(0, len(text))),)
    return Article(source, text, source, "", "", "", "", "en", "", None, blocks)


def paragraphs(source: str, *texts: str) -> Article:
    """An article of several paragraphs."""
    starts = [sum(len(text) + 2 for text in texts[:place]) for place in range(len(texts))]
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, Span(start, start + len(text)))
        for start, text in zip(starts, texts, strict=True)
    )
    return Article(source, "\n\n".join(texts), source, "", "", "", "", "en", "", None, blocks)


def compare(articles: list[Article]) -> dict[str, Duplicate]:
    return find_duplicates({each.source: sketch(each) for each in articles})


def test_the_same_words_in_the_same_order() -> None:
    articles = [
        article("a", "The ferry — crosses; it returns."),
        article("b", "THE FERRY\ncrosses. It returns!"),
        article("c", "The ferry returns; it crosses."),
    ]
    assert compare(articles) == {"b": Duplicate("a", 1.0)}


def test_nearly_the_same() -> None:
    first = " ".join(WORDS)
    changed = " ".join("changed" if n % 200 == 0 else word for n, word in enumerate(WORDS))
    other = " ".join(reversed(WORDS))
    found = compare(
        [article("a", first), article("b", changed), article("c", other), article("d", changed)]
    )
    assert found == {"b": Duplicate("a", found["b"].resemblance), "d": Duplicate("b", 1.0)}
    # 100 of 3,996 shingles of each are its own, so that 3,896 of 4,096 are common.
    assert abs(found["b"].resemblance - 3896 / 4096) < 0.03


def test_a_shared_passage_is_no_duplicate() -> None:
    one, other = " ".join(WORDS[:2000]), " ".join(WORDS[1000:3000])
    assert compare([article("a", one), article("b", other)]) == {}


def test_articles_too_short_for_a_shingle() -> None:
    assert compare([article("a", "One."), article("b", "Two."), article("c", "one")]) == {
        "c": Duplicate("a", 1.0)
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(0, 60)), max_size=12))
def test_those_that_resemble_are_the_ones_that_all_pairs_tell(
    versions: list[tuple[int, int, int]],
) -> None:
    """Against a comparison of all pairs; a version is one of four texts with words changed."""
    articles = []
    for number, (text, first, count) in enumerate(versions):
        found = [f"{text} {word}" for word in WORDS[:400]]
        found[5 * first : 5 * first + count] = [f"new{number}"] * count
        articles.append(article(str(number), " ".join(found)))
    sketches = {each.source: sketch(each) for each in articles}
    expected: dict[str, Duplicate] = {}
    for number, source in enumerate(sketches):
        one = sketches[source]
        for other in list(sketches)[:number]:
            if other in expected and expected[other].resemblance == 1:
                continue
            alike = resemblance(one, sketches[other])
            if alike >= 0.7 and (source not in expected or alike > expected[source].resemblance):
                expected[source] = Duplicate(other, alike)
    assert find_duplicates(sketches) == expected


def resemblance(one: Sketch, other: Sketch) -> float:
    if one.words == other.words:
        return 1.0
    left, right = set(one.shingles.tolist()), set(other.shingles.tolist())
    return min(len(left & right) / len(left | right), 0.99) if len(left | right) >= 16 else 0.0


def test_paragraphs_that_stand_in_several_articles() -> None:
    about = "The Lake News has told of the lake and of those who live there since 1931."
    agency = "The agency says that the ferry was stopped for three weeks by ice and by wind."
    articles = [
        paragraphs("a", "One.", about),
        paragraphs("b", "Two.", agency, about.upper()),
        paragraphs("c", "One.", about, agency.replace(" ", "\n")),
        paragraphs("d", agency[:-5]),
    ]
    assert find_shared_paragraphs({each.source: sketch(each) for each in articles}) == {
        "b": {"a": 1},
        "c": {"a": 1, "b": 1},
    }
