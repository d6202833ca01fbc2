"""Text copied from web pages: what is the article, and what the page puts around it.

The pages here are invented: other sites, other subjects, other furniture.
"""

from textwrap import dedent

import pytest

from citadel.index.corpus.formats.web_text import parse_web_text
from tests.web_pages import BANKS, TITLE, VOTE, WORK, header, outline, page


def test_a_page_with_departments_byline_buttons_and_foot() -> None:
    text = page(
        "Home",
        "World News",
        "Sport",
        TITLE,
        "By Maria Olsen",
        "Published 4 March 2021",
        "Share this article",
        VOTE,
        "What happens next",
        WORK,
        BANKS,
        "Share on Facebook",
        "Tweet",
        "Related topics",
        "Floods",
        "Sign up for our newsletter and get the best stories every morning.",
        "© 2021 The Larkhaven Herald",
    )
    assert parse_web_text(text).metadata == {
        "title": TITLE,
        "author": "Maria Olsen",
        "date": "2021-03-04",
    }
    assert outline(text) == [VOTE, "# What happens next", WORK, BANKS]
    assert header(text) == text[: text.index("\n\nThe council")]


def test_a_page_without_blank_lines() -> None:
    text = "\n".join(
        (TITLE, "The Herald", VOTE, "What happens next", WORK, "Read more:", "Ferries")
    )
    assert outline(text) == [VOTE, "# What happens next", WORK]


@pytest.mark.parametrize(
    "insert",
    [
        "Read more: The flood of 2019",
        "READ ALSO",
        "Sign up to our newsletter",
        "Advertisement",
        "Follow us on Telegram",
        "* * *",
        "Share | Print | E-mail",
    ],
)
def test_what_the_page_puts_between_paragraphs(insert: str) -> None:
    assert outline(page(TITLE, VOTE, insert, WORK, insert, BANKS)) == [VOTE, WORK, BANKS]


@pytest.mark.parametrize(
    "foot",
    [
        "Related Articles",
        "More from The Herald",
        "You may also like",
        "Leave a comment",
        "Tags: floods, bridges",
        "Support our work",
        "© 2021 The Herald",
        "à lire aussi",
        "Mehr zum Thema",
        "Noticias relacionadas",
    ],
)
def test_the_foot_of_a_page(foot: str) -> None:
    links = "1. The flood of 2019\n2. The ferry\n3. A list of all the bridges of the valley"
    assert outline(page(TITLE, VOTE, WORK, foot, links, "Imprint")) == [VOTE, WORK]


def test_an_appeal_in_full_sentences_is_of_the_foot() -> None:
    appeal = (
        "The Herald has no owner but its readers. If you value reporting that takes its time, "
        "please donate: a gift of any size keeps six reporters at work and the archive open."
    )
    assert outline(page(TITLE, VOTE, WORK, "Support our work", appeal, "Donate")) == [VOTE, WORK]


def test_a_heading_that_looks_like_a_foot_cuts_no_article() -> None:
    text = page(TITLE, VOTE, "Comments from the banks", WORK, "Related topics in court", BANKS)
    assert outline(text) == [
        VOTE,
        "# Comments from the banks",
        WORK,
        "# Related topics in court",
        BANKS,
    ]


def test_short_paragraphs_are_kept() -> None:
    text = page(TITLE, VOTE, "“It was time.”", WORK, "Is it safe?", "It is.", BANKS)
    assert outline(text) == [VOTE, "“It was time.”", WORK, "Is it safe?", "It is.", BANKS]


def test_a_list_stays_with_its_announcement() -> None:
    items = "- a bridge\n- a ferry\n- a bench"
    assert outline(page(TITLE, VOTE, "The council wants:", items, WORK)) == [
        VOTE,
        f"The council wants:\n\n{items}",
        WORK,
    ]


def test_a_text_broken_at_some_width() -> None:
    text = dedent("""\
        THE FOOTBRIDGE

        The council of Larkhaven voted on Tuesday night to rebuild the wooden
        footbridge that the spring flood carried away, after two years in which
        residents had to walk three kilometres to reach the school.

        What happens next

        Work is to begin in May, the mayor said, and the bridge should open
        before the school year starts. Until then a small ferry will cross every
        half hour from seven in the morning.
        """)
    first, heading, second = text.strip().split("\n\n")[1:]
    assert parse_web_text(text).metadata == {"title": "THE FOOTBRIDGE"}
    assert header(text) == "THE FOOTBRIDGE"
    assert outline(text) == [first, f"# {heading}", second]


def test_a_text_without_long_paragraphs_is_all_article_but_its_first_line() -> None:
    text = page("A note", "It rains.", "Later", "It snows today.")
    assert parse_web_text(text).metadata == {"title": "A note"}
    assert (header(text), outline(text)) == ("A note", ["It rains.", "# Later", "It snows today."])


@pytest.mark.parametrize(
    "lines",
    [
        ("It rains on the town. Two roads are closed.", "The mayor asked for help.", "It snows."),
        ("Two roads are closed. The mayor asked for help", "Nobody came.", "It snows."),
        ("The council said: “It rains.”", "Nobody came."),
        ("**It rains.**", "Nobody came."),
        ("هطل المطر على المدينة.", "لم يأت أحد."),
        ("Closed are:", "- the road", "- the old bridge"),
        ("3 April: rain", "4 April: more rain", "5 April: the bridge fell after all"),
        ("The bridge fell at noon.",),
        ("The bridge fell at noon",),
    ],
    ids=[
        "sentences",
        "without a last stop",
        "a quotation",
        "emphasis",
        "arabic",
        "an announcement",
        "catchwords",
        "one sentence",
        "one line",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_every_line_of_a_short_note_is_kept(lines: tuple[str, ...], gap: str) -> None:
    text = gap.join(lines)
    layout = parse_web_text(text)
    kept = "\n".join(block.span.of(text) for block in layout.blocks)
    assert kept.replace("\n\n", "\n") == "\n".join(lines)
    assert (outline(text)[0][0] != "#", layout.header, layout.notes) == (True, None, ())


def test_lines_broken_at_some_width_without_blank_lines_are_joined() -> None:
    text = dedent("""\
        The dam of Mern broke at dawn on 3 April and two
        guards were hurt. The mayor asked Colonel Adib
        Aqel for help from the capital and nobody at all
        answered him.
        Nine days later the army came.
        """)
    assert outline(text) == [
        "The dam of Mern broke at dawn on 3 April and two\nguards were hurt. The mayor asked "
        "Colonel Adib\nAqel for help from the capital and nobody at all\nanswered him.",
        "Nine days later the army came.",
    ]


def test_a_sentence_that_begins_like_a_foot_ends_no_article() -> None:
    text = page("More from the dam came at noon.", "Comments came from all sides.", "Nobody did.")
    assert outline(text) == text.strip().split("\n\n")


def test_what_is_left_out_of_a_page_is_told() -> None:
    text = page(TITLE, VOTE, "Read more: The flood", WORK, "Related topics", *"abcdef")
    assert parse_web_text(text).notes == (
        "left out as the page’s: “Read more: The flood”, “Related topics”, “a”, “b”, “c” "
        "and 3 more",
    )


def test_a_text_that_is_one_paragraph() -> None:
    assert parse_web_text(VOTE).metadata == {}
    assert (header(VOTE), outline(VOTE)) == (None, [VOTE])


def test_an_arabic_page() -> None:
    title = "مجلس المدينة يقرر إعادة بناء الجسر"
    first = (
        "قرر مجلس المدينة مساء الثلاثاء إعادة بناء الجسر الخشبي الذي جرفه فيضان الربيع، بعد عامين "
        "اضطر فيهما السكان إلى السير ثلاثة كيلومترات للوصول إلى المدرسة على الضفة الأخرى من النهر."
    )
    second = (
        "قال رئيس البلدية إن العمل سيبدأ في أيار وإن الجسر سيفتح قبل بداية العام الدراسي، وحتى "
        "ذلك الحين ستعبر عبّارة صغيرة كل نصف ساعة ابتداء من السابعة صباحا حتى حلول المساء."
    )
    text = page(
        "الرئيسية",
        title,
        title,
        "صحيفة الوادي",
        "مشاركة",
        first,
        "ماذا بعد",
        second,
        "English version",
        "مقالات متعلقة",
        "فيضان عام 2019",
    )
    assert parse_web_text(text).metadata == {"title": title, "publisher": "صحيفة الوادي"}
    assert outline(text) == [first, "# ماذا بعد", second]


def test_an_appeal_without_a_heading_is_kept() -> None:
    """A limit: in prose it looks like the article's end, of which nothing may be lost."""
    appeal = (
        "Would you help us? Every gift, however small, lets our six reporters go on asking the "
        "council what it does with your money, and print in full what the council answers them."
    )
    assert outline(page(TITLE, VOTE, WORK, appeal)) == [VOTE, WORK, appeal]


def test_very_many_tiny_lines() -> None:
    """Every rule looks at a line once: were it once for each other line, this would not end."""
    lines = [f"line {number // 2}" for number in range(60_000)]
    text = "\n".join([*lines, "© The paper", *lines[:10]])
    layout = parse_web_text(text)
    assert layout.metadata == {"title": "line 0"}
    assert [block.span.of(text) for block in layout.blocks] == list(dict.fromkeys(lines))


@pytest.mark.parametrize(
    "pasted",
    [
        "Subscribe to our newsletter and get it.",
        "Read more: the mayor of Halden has resigned.",
        "© Reuters 2016. The mayor resigned.",
    ],
)
def test_a_sentence_that_is_all_there_is_is_kept(pasted: str) -> None:
    assert [block.span.of(pasted) for block in parse_web_text(pasted).blocks] == [pasted]
