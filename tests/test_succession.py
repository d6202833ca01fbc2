"""Texts that are taken over from the snapshot before are those that are cut anew."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from citadel.index.build.incremental import NOTHING, Earlier, follow
from citadel.index.corpus.articles import Article
from citadel.index.corpus.formats.markdown import parse_markdown
from citadel.index.corpus.layout import Place
from citadel.index.corpus.passages import split_article
from citadel.index.retrieval.passage_table import CutPassages
from citadel.index.retrieval.text_table import TextTable


def article(source: str, paragraphs: list[str]) -> Article:
    text = f"# The {source}\n\n" + "\n\n".join(paragraphs)
    return Article(
        source=source,
        text=text,
        title=source,
        subtitle="",
        author="",
        publisher="",
        date="",
        language="de" if "Die" in text else "en",
        origin="",
        header=None,
        blocks=parse_markdown(text).blocks,
    )


PARAGRAPHS = st.sampled_from(
    [
        "Anna Berg saw the Red Sea Port. Work begins in May:\n\n- one\n- two",
        "anna berg saw it. The berg melts!",
        "Tickets are dear. The UN said 7 of 10 are.",
        "## Why\n\nThe flood carried 31 boats away; Red Sea Port sank.",
        "Die Fähre fährt. Die Fähren fahren.",
    ]
)
COLLECTIONS = st.dictionaries(
    st.sampled_from([f"{name}.md" for name in "abcdef"]),
    st.lists(PARAGRAPHS, min_size=1, max_size=3, unique=True),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(COLLECTIONS, min_size=2, max_size=5))
def test_texts_that_follow_others_are_those_cut_anew(
    history: list[dict[str, list[str]]],
) -> None:
    earlier = NOTHING
    for corpus in history:
        articles = [article(name, texts) for name, texts in sorted(corpus.items())]
        grown, anew = follow(articles, earlier), follow(articles, NOTHING)
        assert grown.spelling == anew.spelling
        for name in ("first", "passages", "counts"):
            np.testing.assert_array_equal(
                getattr(grown.postings, name), getattr(anew.postings, name), strict=True
            )
        for field in fields(TextTable):
            one, other = (getattr(each.table, field.name) for each in (grown, anew))
            np.testing.assert_array_equal(one, other, strict=True)
        before = CutPassages(earlier.articles, earlier.texts)
        for number, passage in zip(grown.passages, CutPassages(articles, grown.table), strict=True):
            assert number == -1 or before[int(number)].text == passage.text
        earlier = Earlier("", tuple(articles), grown.table, grown.spelling, grown.postings)


def test_what_is_taken_over() -> None:
    one, two, three = (article(name, ["It is one. Is it?", name]) for name in ("1", "2", "3"))
    first = follow([one, three], NOTHING)
    earlier = Earlier("", (one, three), first.table, first.spelling, first.postings)
    renamed = replace(three, title="Three", publisher="A paper")
    second = follow([one, two, renamed], earlier)
    assert second.passages.tolist() == [0, 1, -1, -1, 2, 3]
    assert second.sentences.tolist() == [0, 1, 2, -1, -1, -1, 3, 4, 5]
    assert follow([replace(one, language="de")], earlier).passages.tolist() == [-1, -1]


def test_cut_passages_are_the_passages() -> None:
    articles = [article("1", ["One. Two.", "## Why\n\nBecause."]), article("2", ["Three."])]
    articles[1] = replace(articles[1], places=(Place(0, "row 1"), Place(11, "row 2")))
    passages = CutPassages(articles, follow(articles, NOTHING).table)
    expected = [passage for each in articles for passage in split_article(each)]
    assert list(passages) == expected
    assert passages == tuple(expected)
    assert passages != expected[:-1]
    assert passages[1:] == tuple(expected[1:])
    assert (passages[-1], passages[0], len(passages)) == (expected[-1], expected[0], 3)
    assert passages.article_of.tolist() == [0, 0, 1]
    assert passages[0] is passages[-3]
    with pytest.raises(IndexError, match="there is no passage 3 of 3"):
        passages[3]
