"""What a sentence that comes near withholds is named, and nothing that it may say."""

import pytest

from citadel.qa.answer.notes import withheld_notes
from citadel.qa.answer.withholding import offers, withheld, withheld_by_all, withheld_if_near

WITHHELD = [
    (
        "Who paid for the buses?",
        "An official said that a businessman had paid for the buses.",
        "who",
    ),
    ("Who fired the shells?", "Shells fell at night; the army did not say who had fired.", "who"),
    ("Whom did the envoy meet?", "The envoy met people who asked not to be named.", "who"),
    ("How many died in the raid?", "The number of the dead in the raid is unknown.", "how many"),
    ("How much did it cost?", "The ministry declined to give the cost.", "how much"),
    ("When will the road open?", "The opening of the road has not been announced.", "when"),
    ("Where were they held?", "The prisoners were held at an undisclosed place.", "where"),
    ("Why did the firm withdraw?", "The firm withdrew; the reason was not communicated.", "why"),
    ("Why did they leave?", "They left without saying what had changed.", "why"),
    ("Which donor left?", "A donor suspended the programme.", "which"),
    ("In which capital was it signed?", "It was signed in a neighbouring capital.", "which"),
]
NOT_WITHHELD = [
    ("Who paid for the buses?", "A businessman, Omar Haddad, paid for the buses."),
    ("Who paid for the buses?", "The buses came late."),
    ("How many died in the raid?", "The unnamed witness counted 40 dead."),
    ("When will the road open?", "He declined to give a reason; the road opens in May."),
    ("Why did they leave?", "They left for fear of snipers, for a time unknown."),
    ("Which donor left?", "A donor called Northern Aid left."),
    ("Which donor left?", "The donor left."),
    ("Which?", "A donor left."),
    ("What did the donor say?", "The donor declined to say anything."),
    ("Was a donor named?", "A donor was not named."),
    ("Who left the town, and when did they return?", "A man left the town."),
    ("Why did the envoy leave?", "The envoy called it murder but declined to say whose."),
    ("When was the well dug?", "The well was dug, nobody knows by whom; it is not known why."),
    ("Which clerk saw it?", "A junior clerk of the court, Tobias Ekman, saw it."),
    ("", "It is not known."),
]


@pytest.mark.parametrize(("question", "quote", "what"), WITHHELD)
def test_what_is_withheld(question: str, quote: str, what: str) -> None:
    assert withheld(question, quote) == what


@pytest.mark.parametrize(("question", "quote"), NOT_WITHHELD)
def test_what_may_be_said_is_not_withheld(question: str, quote: str) -> None:
    assert withheld(question, quote) == ""


@pytest.mark.parametrize(
    ("question", "quote", "may_say"),
    [
        ("Why?", "They left because of the snow.", True),
        ("Why?", "They left on 4 May.", False),
        ("And when was that?", "They left on 4 May.", True),
        ("Who was it?", "The town was left to Erik Holm.", True),
        ("how many?", "They left on 4 May.", False),
        ("how many?", "On 4 May 300 left.", True),
        ("What then?", "They left because of the snow.", False),
    ],
)
def test_what_a_wordless_question_asks_may_be_said(
    question: str, quote: str, may_say: bool
) -> None:
    assert offers(question, quote) is may_say


@pytest.mark.parametrize(
    ("what", "articles", "notes"),
    [
        ("", 2, ()),
        ("who", 2, ("The articles mention this, but don't say who.",)),
        ("how many", 1, ("The article mentions this, but doesn't say how many.",)),
    ],
)
def test_it_is_told(what: str, articles: int, notes: tuple[str, ...]) -> None:
    assert withheld_notes(what, articles) == notes


def test_a_sentence_that_is_not_quoted_has_to_be_about_what_is_asked() -> None:
    assert withheld_if_near("Which donor left?", "A donor suspended the programme.") == "which"
    quote = "A donor, who asked not to be named, suspended the programme."
    assert withheld_if_near("Who broke the window of the school?", quote) == ""
    assert withheld("Who broke the window of the school?", quote) == "who"


@pytest.mark.parametrize(
    ("question", "quote", "what"),
    [
        ("Who robbed Inés Malpica?", "Malpica was robbed by a man in a mask.", "who"),
        ("Who beat Inés Malpica?", "Domitila Cruz was beaten by a man in a mask.", ""),
        ("Who beat Inés Malpica?", "Inés Malpica was sued; a judge threw it out.", ""),
        ("Who sued Inés Malpica?", "Inés Malpica was sued; a judge threw it out.", "who"),
        ("Who beat Inés Malpica?", "Inés Cruz was beaten by a man in a mask.", ""),
        ("Who robbed Malpica in Brenna?", "Malpica was robbed by a man in a mask.", ""),
    ],
)
def test_a_sentence_that_is_not_quoted_has_to_name_whom_the_question_names(
    question: str, quote: str, what: str
) -> None:
    assert withheld_if_near(question, quote) == what


def test_a_name_in_the_title_of_an_article_need_not_be_said_again() -> None:
    asked, quote = "Which brewery lent Skelmoor the money?", "A brewery lent it the money."
    titles = ("", "The fall of Marl", "The fall of Skelmoor")
    assert [withheld_if_near(asked, quote, title) for title in titles] == ["", "", "which"]


CELLO = "Who made her cello?"
BOUGHT = "Her father bought the cello from an officer."


@pytest.mark.parametrize(
    ("question", "topic", "quotes", "what"),
    [
        (CELLO, "", [BOUGHT], "who"),
        (CELLO, "", [BOUGHT, "Her cello, made by Erik Holm, was stolen."], ""),
        (CELLO, "", [BOUGHT, "It was on a train.", "She called the cello Anna."], ""),
        (CELLO, "", [BOUGHT, "Her orchestra was led by Erik Holm."], "who"),
        (CELLO, "", [BOUGHT, "Her cello was made in a cellar."], "who"),
        ("Whom did she meet?", "", ["She met a doctor.", "She was to meet Erik Holm."], ""),
        ("Which donor left?", "", ["A donor left.", "It was learned that Holm left as donor."], ""),
        (
            "Which donor left?",
            "",
            ["A donor left.", "It was learned that the donor left."],
            "which",
        ),
        ("Why?", "", ["She has not explained why."], ""),
        ("Why?", "left", ["She has not explained why she left."], "why"),
        ("Why?", "left", ["She has not explained why she left.", "She left because of snow."], ""),
        (
            "Why?",
            "left",
            ["She has not explained why she left.", "It fell because of snow."],
            "why",
        ),
    ],
)
def test_what_a_later_quote_may_say_is_not_withheld(
    question: str, topic: str, quotes: list[str], what: str
) -> None:
    assert withheld_by_all(question, topic, quotes) == what
