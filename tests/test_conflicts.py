"""Different values that sentences give for what is asked are listed, none of them preferred."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Span
from citadel.index.corpus.passages import split_article
from citadel.index.corpus.sandbox.files import read_article
from citadel.index.retrieval.hits import Hit, SentenceHit
from citadel.qa.answer.accounts import Accounts
from citadel.qa.answer.answers import Answer, Citation, Claim, Status, answer_record
from citadel.qa.answer.conflicts import conflicts
from citadel.qa.answer.disputes import disputed
from citadel.qa.cli.plain_text import plain_text
from citadel.qa.page.answer import render_answer
from citadel.qa.page.transcript import transcript_entry
from tests.newsroom import NEWSROOM
from tests.small_index import articles_of, cheap_index
from tests.test_rendering_transcript import ASKED


def claims(articles: Sequence[Article], question: str, first: str) -> tuple[Claim, ...]:
    """What is claimed where all sentences were found, and one is quoted first."""
    passages = [passage for article in articles for passage in split_article(article)]
    hits = tuple(
        Hit(passage, 0.8, tuple(SentenceHit(span, 0.8) for span in passage.sentences), ())
        for passage in passages
    )
    [lead] = (
        Citation(number, passage, span)
        for number, passage in enumerate(passages, start=1)
        for span in passage.sentences
        if passage.quote(span).startswith(first)
    )
    told = Accounts(cheap_index("gen-1", articles)).told
    return conflicts(
        question, [lead], hits, {article.source: article for article in articles}, told
    )


def told(found: Sequence[Claim]) -> list[tuple[str, str | None]]:
    return [
        (each.written, each.citation.account.speaker if each.citation.account else None)
        for each in found
    ]


def invented(folder: Path, *texts: str) -> tuple[Article, ...]:
    named = {
        f"article{number}": f'---\ntitle: Article {number}\ndate: "2020-01-02"\n---\n{text}\n'
        for number, text in enumerate(texts, start=1)
    }
    return articles_of(folder, **named)


def newsroom(folder: str, name: str) -> tuple[Article, ...]:
    return (read_article(NEWSROOM / folder / "articles" / f"{name}.md"),)


TOLL = "The attacks on Marl killed more than 600 civilians, according to the National Watch."
OTHER_TOLL = "According to the Aid Society, 440 civilians were killed in the attacks on Marl."


def test_two_articles_that_give_different_figures_are_put_next_to_each_other(
    tmp_path: Path,
) -> None:
    articles = invented(tmp_path, TOLL, OTHER_TOLL)
    found = claims(articles, "How many civilians were killed in Marl?", TOLL)
    assert told(found) == [
        ("more than 600", "the National Watch"),
        ("440", "the Aid Society"),
    ]
    assert [(each.citation.quote, each.citation.passage.source) for each in found] == [
        (TOLL, "article1.md"),
        (OTHER_TOLL, "article2.md"),
    ]


def test_no_value_is_preferred(tmp_path: Path) -> None:
    articles = invented(tmp_path, TOLL, OTHER_TOLL)
    question = "How many civilians were killed in Marl?"
    assert told(claims(articles, question, TOLL)) == told(claims(articles, question, OTHER_TOLL))


@pytest.mark.parametrize(
    "other",
    [
        "Some 620 civilians were killed in the attacks on Marl, the Aid Society said.",
        "At least 440 civilians were killed in the attacks on Marl, the Aid Society said.",
        "In May 440 civilians were killed in the attacks on Marl, the Aid Society said.",
        "In the attacks on Sall 440 civilians were killed, the Aid Society said.",
        "In the attacks on Marl 440 soldiers were killed, the Aid Society said.",
        "Another 440 civilians were killed in the attacks on Marl, the Aid Society said.",
        "In the attacks on Marl 440 civilians were wounded, the Aid Society said.",
    ],
)
def test_what_may_be_another_thing_is_no_conflict(tmp_path: Path, other: str) -> None:
    articles = invented(tmp_path, TOLL, other)
    assert claims(articles, "How many civilians were killed in Marl?", TOLL) == ()


@pytest.mark.parametrize(
    "question",
    [
        "Why were so many civilians killed in Marl, how many were there?",
        "How many civilians were killed in Marl, and who killed them?",
        "Compare how many civilians were killed in Marl",
        "Who attacked Marl?",
        "How many civilians did the National Watch say were killed in Marl?",
        "How many civilians were killed in Marl according to the National Watch?",
        "How were the many civilians killed, what is their number?",
        "How many civilians were killed in the first attack on Marl?",
    ],
)
def test_only_a_question_for_one_value_has_conflicts(tmp_path: Path, question: str) -> None:
    assert claims(invented(tmp_path, TOLL, OTHER_TOLL), question, TOLL) == ()


def test_a_figure_that_somebody_else_counts_stands_in_the_next_sentence(tmp_path: Path) -> None:
    counted = "The council counted 120 houses flooded in Marl."
    articles = invented(tmp_path, f"{counted} The police put it at 96. It has 40 fields.")
    found = claims(articles, "How many houses were flooded in Marl?", counted)
    assert [each.written for each in found] == ["120", "96"]


@pytest.mark.parametrize(
    "following",
    [
        "The council put it at 96 in May.",
        "The police gave back 96 keys.",
        "It counted 96 later.",
        "The police counted 96 fields.",
        "The police counted 96 of them twice.",
    ],
)
def test_the_next_sentence_has_to_count_the_same(tmp_path: Path, following: str) -> None:
    counted = "The council counted 120 houses flooded in Marl."
    articles = invented(tmp_path, f"{counted} {following}")
    assert claims(articles, "How many houses were flooded in Marl?", counted) == ()


def test_dates_that_clash_are_listed_and_a_finer_date_is_none(tmp_path: Path) -> None:
    opened = "The Marl bridge opened on 9 September 1912."
    articles = invented(
        tmp_path,
        opened,
        "The Marl bridge opened in 1913, says the guide.",
        "The Marl bridge opened in September 1912.",
    )
    found = claims(articles, "When did the Marl bridge open?", opened)
    assert [each.written for each in found] == ["9 September 1912", "in 1913"]


def test_what_is_dated_once_more_by_somebody_is_listed(tmp_path: Path) -> None:
    born = "Anna Holm was born on 2 November 1917 in Marl."
    articles = invented(tmp_path, f"{born} The parish register gives 4 November.")
    found = claims(articles, "When was Anna Holm born?", born)
    assert told(found) == [("2 November 1917", ""), ("4 November", None)]


def test_who_speaks_is_not_said_to_be_the_article_where_it_quotes_a_figure(tmp_path: Path) -> None:
    counted = "There were 120 houses flooded in Marl."
    articles = invented(tmp_path, f"{counted} The UN spoke of 96.")
    found = claims(articles, "How many houses were flooded in Marl?", counted)
    assert told(found) == [("120", ""), ("96", "The UN")]


def test_an_article_in_another_language_is_not_compared(tmp_path: Path) -> None:
    english, german = invented(tmp_path, TOLL, OTHER_TOLL)
    articles = (english, replace(german, language="de"))
    assert claims(articles, "How many civilians were killed in Marl?", TOLL) == ()


@pytest.mark.parametrize(
    ("sentence", "question", "read"),
    [
        (
            "The prosecution says that the number of soldiers in Marl was 640, the ministry gives "
            "810.",
            "How many soldiers were in Marl?",
            [("640", "The prosecution"), ("810", "the ministry")],
        ),
        (
            "Some 900 houses in Marl were flooded, according to the council; the Aid Society puts "
            "the figure at 1,400.",
            "How many houses were flooded in Marl?",
            [("Some 900", "the council"), ("1,400", "the Aid Society")],
        ),
        (
            "In Marl 600 civilians were killed according to the National Watch, and 440 according "
            "to the Aid Society.",
            "How many civilians were killed in Marl?",
            [("600", "the National Watch"), ("440", "the Aid Society")],
        ),
        (
            "The Observatory documented 1,126 civilian dead in Marl; the directorate admits 388.",
            "How many civilians were killed in Marl?",
            [("1,126", "The Observatory"), ("388", "the directorate")],
        ),
        (
            "The strike in Marl lasted three days, while the union says it was about two weeks.",
            "How long did the strike in Marl last?",
            [("three days", None), ("about two weeks", "the union")],
        ),
    ],
)
def test_two_values_in_one_sentence_are_each_shown_with_whose_they_are(
    tmp_path: Path, sentence: str, question: str, read: list[tuple[str, str | None]]
) -> None:
    assert told(claims(invented(tmp_path, sentence), question, sentence)) == read


@pytest.mark.parametrize(
    "sentence",
    [
        "In Marl 600 civilians were killed by the army, and 440 by the rebels.",
        "In Marl 600 civilians were killed, and the hospital took in 440.",
        "In Marl 600 civilians were killed, the council said, and 440 were wounded.",
        "Some 600 civilians were killed in Marl, the watch said; the Aid Society puts it at 610.",
        "More than 400 civilians were killed in Marl; the Aid Society puts it at 440.",
        "In Marl 600 civilians were killed; it put the number of tents at 440.",
    ],
)
def test_two_figures_of_different_things_in_one_sentence_are_no_conflict(
    tmp_path: Path, sentence: str
) -> None:
    question = "How many civilians were killed in Marl?"
    assert claims(invented(tmp_path, sentence), question, sentence) == ()


@pytest.mark.parametrize(
    ("question", "first", "second", "values"),
    [
        (
            "How long was the boy of Marl held?",
            "The boy of Marl was held for 50 minutes, according to the journal.",
            "According to a recording it was an hour and 25 minutes.",
            ["50 minutes", "an hour and 25 minutes"],
        ),
        (
            "How old was Anna Holm when she died?",
            "Anna Holm was eighty-three years old when she died.",
            "Her sister, Hajja Salma, says that she was eighty-five.",
            ["eighty-three", "eighty-five"],
        ),
        (
            "At what time did the Marl bridge fall?",
            "The Marl bridge fell at 06:52, the council said.",
            "The Marl bridge fell at 07:40, the police said.",
            ["06:52", "07:40"],
        ),
        (
            "How long was the boy of Marl held?",
            "The boy of Marl was held for about an hour, according to the journal.",
            "According to a recording it was 58 minutes.",
            [],
        ),
        (
            "How old was Anna Holm when she died?",
            "Anna Holm was eighty-three years old when she died.",
            "Her brother, Omar Holm, says that his dog was aged 12.",
            [],
        ),
    ],
)
def test_durations_ages_and_times_of_day_are_compared(
    tmp_path: Path, question: str, first: str, second: str, values: list[str]
) -> None:
    articles = invented(tmp_path, f"{first} {second}")
    assert [each.written for each in claims(articles, question, first)] == values


def test_lines_of_a_list_count_things_apart(tmp_path: Path) -> None:
    question = "How many civilians were killed in the attacks on Marl?"
    first, second = (f"The attacks on Marl killed {count} civilians." for count in (600, 440))
    told = invented(tmp_path / "told", f"{first} {second}")
    assert [each.written for each in claims(told, question, first)] == ["600", "440"]
    listed = invented(tmp_path / "listed", f"By week:\n\n- {first}\n- {second}")
    assert claims(listed, question, first) == ()


@pytest.mark.parametrize(
    ("question", "first", "second", "names"),
    [
        (
            "Who led the attack on Marl?",
            "The attack on Marl was led by Omar Haddad, the council said.",
            "The attack on Marl was led by Idris Nasser, the army said.",
            ["Omar Haddad", "Idris Nasser"],
        ),
        (
            "Who is the commander of the Marl Brigade?",
            "Omar Haddad, commander of the Marl Brigade, spoke to the crowd.",
            "The commander of the Marl Brigade is Idris Nasser, the army said.",
            ["Omar Haddad", "Idris Nasser"],
        ),
        (
            "Who led the attack on Marl?",
            "The attack on Marl was led by Omar Haddad, the council said.",
            "The attack on Marl was led by Colonel Hadad, the army said.",
            [],
        ),
        (
            "Who is the commander of the Marl Brigade?",
            "Omar Haddad, commander of the Marl Brigade, spoke to the crowd.",
            "The former commander of the Marl Brigade was Idris Nasser, the army said.",
            [],
        ),
        (
            "Who led the attack on Marl?",
            "The attack on Marl was led by Omar Haddad.",
            "The attack on Sall was led by Idris Nasser, the army said.",
            [],
        ),
    ],
)
def test_names_for_who_holds_an_office_are_compared(
    tmp_path: Path, question: str, first: str, second: str, names: list[str]
) -> None:
    articles = invented(tmp_path, first, second)
    assert [each.written for each in claims(articles, question, first)] == names


def test_what_one_article_tells_in_its_own_words_it_does_not_contradict(tmp_path: Path) -> None:
    first = "The attack on Marl was led by Omar Haddad."
    articles = invented(tmp_path, f"{first} The attack on Marl was led by Idris Nasser.")
    assert claims(articles, "Who led the attack on Marl?", first) == ()


def test_a_toll_that_rises_is_told_with_its_dates(tmp_path: Path) -> None:
    first = "On 3 May 2019 the flood in Marl had killed 40 people."
    articles = invented(tmp_path, first, "On 9 May 2019 the flood in Marl had killed 61 people.")
    found = claims(articles, "How many people did the flood in Marl kill?", first)
    assert [(each.written, each.dated) for each in found] == [
        ("40", "3 May 2019"),
        ("61", "9 May 2019"),
    ]


def test_of_a_question_of_two_parts_an_age_that_is_disputed_is_shown(tmp_path: Path) -> None:
    first = "She was eighty-three years old according to her papers."
    second = "Her sister, Hajja Salma, says that she was eighty-five."
    question = "Where is Anna Holm buried and how old was she when she died?"
    found = claims(invented(tmp_path, f"{first} {second}"), question, first)
    assert [each.written for each in found] == ["eighty-three", "eighty-five"]


def test_what_the_first_sentence_of_a_paragraph_tells_holds_for_those_after_it(
    tmp_path: Path,
) -> None:
    counted = "The Observatory documented 1,126 civilian dead; the directorate admits 388."
    articles = invented(tmp_path, f"The second siege of Marl was worse. {counted}")
    asked = "How many civilians were killed in the second siege of Marl?"
    assert [each.written for each in claims(articles, asked, counted)] == ["1,126", "388"]
    third = "How many civilians were killed in the third siege of Marl?"
    assert claims(articles, third, counted) == ()


@pytest.mark.parametrize(
    ("folder", "name", "question", "first", "values"),
    [
        (
            "f",
            "koure-dina-camp-fire",
            "how many shelters were destroyed in blocks C and D?",
            "PSRA counted 1,106",
            ["1,106", "1,241"],
        ),
        (
            "f",
            "haswaniya-plant-attack",
            "how many died in the Haswaniya gas attack",
            "The Northern Room announced 312 dead.",
            ["312", "47", "189"],
        ),
        (
            "b",
            "pinto-gulch-fire",
            "pinto gulch fire death toll",
            "The Pinto Gulch Fire killed 14 people",
            ["14", "13"],
        ),
        (
            "g",
            "sawbuck-wolf-study",
            "how many wolves are in the Sawbuck basin",
            "The Department of Wildlife estimated 57",
            ["57", "38"],
        ),
        ("b", "pinto-gulch-fire", "how many homes were lost", "The fire destroyed 612", []),
        (
            "c",
            "karamush-earthquake-sitrep",
            "how many people live in Camp 2",
            "1,284 people are confirmed dead",
            [],
        ),
    ],
)
def test_articles_of_the_newsroom(
    folder: str, name: str, question: str, first: str, values: list[str]
) -> None:
    found = claims(newsroom(folder, name), question, first)
    assert [each.written for each in found] == values


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("Do the sources disagree about the death toll?", "number of people killed"),
        ("conflicting figures on casualties", "number of casualties"),
        ("Do the articles differ on when the bridge opened?", "when the bridge opened"),
        (
            "Are there different numbers of civilians killed in Marl?",
            "number of civilians killed in Marl",
        ),
        ("Any discrepancies between the reports on the wounded?", "number of wounded"),
        ("What did the parties disagree about?", ""),
        ("Where do the parties differ on prices?", ""),
        ("What are the different kinds of cheese?", ""),
        ("How many reports are there on the fire?", ""),
    ],
)
def test_a_question_whether_sources_disagree_is_known(question: str, searched: str) -> None:
    assert disputed(question) == searched


@pytest.fixture
def articles(tmp_path: Path) -> tuple[Article, ...]:
    return invented(tmp_path, TOLL, OTHER_TOLL)


@pytest.fixture
def answer(articles: tuple[Article, ...]) -> Answer:
    """An answer of two articles that disagree."""
    question = "How many civilians were killed in Marl?"
    found = claims(articles, question, TOLL)
    hits = tuple(
        Hit(each.citation.passage, 0.8, (SentenceHit(each.citation.span, 0.8),), ())
        for each in found
    )
    return Answer(
        question,
        question,
        Status.ANSWERED,
        0.9,
        (found[0].citation,),
        hits,
        (),
        "g1",
        1.0,
        conflicts=found,
    )


def test_the_record_has_each_value_with_its_sentence_and_speaker(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    first, second = answer_record(answer)["conflicts"]
    text = articles[1].text
    assert second == {
        "value": "440",
        "value_start": text.index("440"),
        "value_end": text.index("440") + 3,
        "quote": OTHER_TOLL,
        "source": "article2.md",
        "start": text.index(OTHER_TOLL),
        "end": text.index(OTHER_TOLL) + len(OTHER_TOLL),
        "passage": 2,
        "reported": True,
        "speaker": "the Aid Society",
        "speaker_named": "here",
        "before": [],
    }
    assert (first["value"], first["source"]) == ("more than 600", "article1.md")


def test_the_page_shows_a_table_of_the_values(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    named = {article.source: article for article in articles}
    start = articles[1].text.index(OTHER_TOLL)
    address = f"#article2.md:1:{start}-{start + len(OTHER_TOLL)}"
    page = render_answer(answer, named)
    table = page[page.index("<table") : page.index("</table>")]
    assert table.startswith(
        '<table class="conflicts"><caption>The sentences that were found give different values'
        '</caption><thead><tr><th scope="col">Value</th>'
        '<th scope="col">Sentence and source</th></tr></thead><tbody>'
        '<tr><th scope="row" dir="auto">more than 600</th><td><blockquote'
    )
    assert table.endswith(
        '<tr><th scope="row" dir="auto">440</th><td>'
        f'<blockquote dir="auto" lang="en"><span>{OTHER_TOLL}</span> '
        f'<a class="cite" href="{address}" aria-label="Source 2: open in the article">[2]</a>'
        '</blockquote><p class="told">According to the Aid Society</p>'
        '<p class="origin"><bdi>Article 2</bdi> · <bdi>2 January 2020</bdi> · '
        "<bdi>paragraph 1</bdi></p></td></tr></tbody>"
    )
    assert "<table" not in render_answer(replace(answer, conflicts=()), named)


def test_the_terminal_lists_the_values(answer: Answer) -> None:
    assert (
        "\nThe sentences that were found give different values:\n"
        f"    more than 600: {TOLL} [1]\n        (According to the National Watch)\n"
        f"    440: {OTHER_TOLL} [2]\n        (According to the Aid Society)\n\n"
    ) in plain_text(answer)


def test_what_is_kept_of_a_conversation_has_the_values(
    answer: Answer, articles: tuple[Article, ...]
) -> None:
    kept = transcript_entry(answer, {article.source: article for article in articles}, ASKED)
    begins = kept.index("The sentences that were found give different values")
    assert [line for line in kept[begins:].split("\n\n") if line.startswith("**")] == [
        "**more than 600**",
        "**440**",
    ]


def test_a_value_lies_within_its_sentence(answer: Answer) -> None:
    cited = answer.conflicts[0].citation
    with pytest.raises(ValueError, match="is outside its sentence"):
        Claim(cited, Span(cited.span.start, cited.span.end + 1))
