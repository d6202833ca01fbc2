"""Names that a collection mentions in any spelling are found; others are named as they stand."""

from pathlib import Path

import pytest

from citadel.index.encoders.encoder import Encoder
from citadel.index.retrieval.mentions import Mentions
from tests.small_index import articles_of, cheap_index

SIEGE = """\
---
title: The Winter of Aleppo
author: Lina Haddad
publisher: The Levant Post
---
Fighters took Hananu in November, Sergey Lavrov said. Nour al-Din al-Zenki left the city.

The Syrian Network for Human Rights counted the dead of Deir Ezzor. Russian jets were seen.

## How Idlib Waited

The French envoy met Muammar Qaddafi. Every Thursday the Obaidi family baked bread.
"""

MENTIONED = [
    "Who took Hananu?",
    "Who took Hanano?",
    "Who took Hanunu?",
    "What did Lavrof say?",
    "What did Sergei Lavrov say?",
    "What is the Zanki movement?",
    "Who are the Zenkis?",
    "What happened in Deirezzor?",
    "What happened in Dayr az-Zawr?",
    "What did the SNHR count?",
    "What did the Network count?",
    "What did Russia do?",
    "What did Moscow do?",
    "Who was the envoy of France?",
    "What did Gadhafi say?",
    "What did Kadafi say?",
    "What did Haddad write about the siege?",
    "Who was at the Khananu front?",
    "Who wrote for the Levant Post?",
    "What happened in Idlib?",
    "What did the Obaidis bake?",
]
NO_NAMES = [
    "What happened in March?",
    "What happened on Friday?",
    "What did the Germans say?",
    "What did the President say?",
    "What did the Prime Minister say?",
    "What did MPs and NGOs say of the AGM?",
    "I'm curious: what did they say?",
    "Unsurprisingly, what did they say?",
    "Dr. who?",
    "what did the president say about aleppo?",
    "what did residents say about aleppo?",
    "what did police say about aleppo?",
    "what did they say about aleppo?",
    "what did the network say about obama?",
    "what did lavrof say?",
    "what did sergei lavrov say?",
    "WHAT DID OBAMA SAY ABOUT ALEPPO?",
    "What Did Obama Say About Aleppo?",
    "Was it Obama or Lavrov who said that?",
    "Was sagte Obama zum Fall der Stadt?",
    "ماذا قال أوباما؟",
    "Which A320 was seen?",
    "",
    "?",
]
UNMENTIONED = [
    ("what did obama say about aleppo?", ("Obama",)),
    ("what has john kerry said", ("John Kerry",)),
    # One letter from Hanunu, but it is the first, which nobody mistypes.
    ("What did Manunu say?", ("Manunu",)),
    ("What did Obama say about Aleppo?", ("Obama",)),
    ("What did President Obama say about Aleppo?", ("Obama",)),
    ("What did Barack Obama say about Aleppo?", ("Barack Obama",)),
    ("What was Obama's plan for Aleppo?", ("Obama",)),
    ("What was Obama’s plan for Aleppo?", ("Obama",)),
    ("What did Obama and Merkel say?", ("Obama", "Merkel")),
    ("What did Obama say of Obama?", ("Obama",)),
    ("What did the US and Obama agree?", ("Obama",)),
    ("What did Obama say about the killed or wounded?", ("Obama",)),
    ("Guterres said what about Aleppo?", ("Guterres",)),
    ("How many died in Barcelona?", ("Barcelona",)),
    ("What did NATO do in Aleppo?", ("NATO",)),
    ("What did Mohammed bin Salman want?", ("Mohammed bin Salman",)),
    ("What is Game of Thrones about?", ("Game of Thrones",)),
    ("What did al-Jolani promise?", ("al-Jolani",)),
    ("What did Jean-Luc Picard want?", ("Jean-Luc Picard",)),
    ("Was Obama there?", ("Obama",)),
    ("Has Obama ever been in Aleppo?", ("Obama",)),
]


@pytest.fixture(scope="module")
def mentions(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Mentions:
    return mentions_of(tmp_path_factory.mktemp("siege"), encoder, siege=SIEGE)


def mentions_of(folder: Path, encoder: Encoder, **texts: str) -> Mentions:
    index = cheap_index("gen-1", articles_of(folder, **texts))
    return Mentions(index.articles, index.spelling, encoder.knows_word, index.has_word)


@pytest.mark.parametrize("question", [*MENTIONED, *NO_NAMES])
def test_what_is_mentioned_or_no_name_is_not_missed(mentions: Mentions, question: str) -> None:
    assert mentions.unmentioned(question) == ()


@pytest.mark.parametrize(("question", "names"), UNMENTIONED)
def test_names_that_nothing_mentions(
    mentions: Mentions, question: str, names: tuple[str, ...]
) -> None:
    assert mentions.unmentioned(question) == names


def test_a_name_that_is_spelt_alike_is_another(tmp_path: Path, encoder: Encoder) -> None:
    text = "Marisol Etchart and Ante Juriša left. Mrs Etchart was the last of them.\n"
    mentions = mentions_of(tmp_path, encoder, town=text)
    assert mentions.unmentioned("What happened in Mariupol?") == ("Mariupol",)
    assert mentions.unmentioned("Who is Yurisha?") == ()
    assert mentions.unmentioned("What is the former PhD student doing?") == ()


def test_among_articles_in_other_languages_nothing_is_missed(
    tmp_path: Path, encoder: Encoder
) -> None:
    german = "---\nlanguage: de\n---\nDie Kämpfer verließen Aleppo im Dezember.\n"
    mentions = mentions_of(tmp_path, encoder, siege=SIEGE, german=german)
    assert mentions.unmentioned("What did Obama say about Aleppo?") == ()
