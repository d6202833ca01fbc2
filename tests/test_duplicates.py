from index.articles import Article
from index.duplicates import Duplicate, find_duplicates, find_shared_paragraphs
from index.layout import Block, BlockKind, Span

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


def test_the_same_words_in_the_same_order() -> None:
    articles = [
        article("a", "The ferry — crosses; it returns."),
        article("b", "THE FERRY\ncrosses. It returns!"),
        article("c", "The ferry returns; it crosses."),
    ]
    assert find_duplicates(articles) == {"b": Duplicate("a", 1.0)}


def test_nearly_the_same() -> None:
    first = " ".join(WORDS)
    changed = " ".join("changed" if n % 200 == 0 else word for n, word in enumerate(WORDS))
    other = " ".join(reversed(WORDS))
    found = find_duplicates(
        [article("a", first), article("b", changed), article("c", other), article("d", changed)]
    )
    assert found == {"b": Duplicate("a", found["b"].resemblance), "d": Duplicate("b", 1.0)}
    # 100 of 3,996 shingles of each are its own, so that 3,896 of 4,096 are common.
    assert abs(found["b"].resemblance - 3896 / 4096) < 0.03


def test_a_shared_passage_is_no_duplicate() -> None:
    one, other = " ".join(WORDS[:2000]), " ".join(WORDS[1000:3000])
    assert find_duplicates([article("a", one), article("b", other)]) == {}


def test_articles_too_short_for_a_shingle() -> None:
    assert find_duplicates([article("a", "One."), article("b", "Two."), article("c", "one")]) == {
        "c": Duplicate("a", 1.0)
    }


def test_paragraphs_that_stand_in_several_articles() -> None:
    about = "The Lake News has told of the lake and of those who live there since 1931."
    agency = "The agency says that the ferry was stopped for three weeks by ice and by wind."
    articles = [
        paragraphs("a", "One.", about),
        paragraphs("b", "Two.", agency, about.upper()),
        paragraphs("c", "One.", about, agency.replace(" ", "\n")),
        paragraphs("d", agency[:-5]),
    ]
    assert find_shared_paragraphs(articles) == {"b": {"a": 1}, "c": {"a": 1, "b": 1}}
