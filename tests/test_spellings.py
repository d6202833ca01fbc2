"""Names and typing errors are read in the collection's spelling, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citadel.index.encoders.encoder import Encoder
from citadel.index.retrieval.hits import Match
from citadel.index.retrieval.lexical import words
from citadel.index.retrieval.name_counts import NameCounts, as_written
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.spellings import Correction, Spellings, skeleton
from tests.small_index import vocabulary_of

HARBOUR = [
    "The ferry Nordstjernan left Kristiansund in May.",
    "Captain Ingrid Solberg sailed Nordstjernan to Trondheim; Solberg knew every lighthouse of "
    "Kristiansund.",
    "The boats of Rescue Society North Sea came from Alesund.",
    "Mehmet Yıldız and Fatima el-Khoury met in Beirut. El-Khoury wrote to Yıldız.",
    "Muammar Qaddafi visited Benghazi. Qaddafi left Benghazi again.",
    "The harbour master wrote a report about the collision.",
    "Sonja Juriša and Alim Dzhurayev rowed for Marisol Holding. Juriša is from Ny Jerusalem.",
    "Watani is a boat, Watani Two another; Tanya Bruun-Breslow is a pilot. Kolbjørn Moe steered.",
    "The reported leaders met in the Block House, and the teams were polled on Barns Street.",
    "The yacht Belmira II was King Olav VIII’s; the drug TEKAR-3 was made by Dr. Hale "
    "for the XVII Corps.",
]

ARTICLE_UNTOUCHED = [
    "Who leads Jaish Halab?",
    "WHO LEADS JAISH HALAB?",
    "what is jaish halab",
    "When was al-Zenki formed?",
    "When was el-Zenki formed?",
    "What did the FSA do?",
    "What did NATO do?",
    "What does the CIA say?",
    "What is the capital of Australia?",
    "Who is Erdoğan?",
    "What is Marianne doing in Paris?",
    "Did Karl Marx write about Syria?",
    "What is the price of a hamster?",
    "What did neighbours do?",
    "متى بدأ الحصار؟",
    "31 June 2016?",
    "?",
    "",
]
HARBOUR_UNTOUCHED = [
    "Where is Oslo?",
    "Who went to Bergen?",
    "Who is Captain Ahab?",
    "Who is Salzburg?",
    "What is a sole?",
    "Did Sue Solis meet him?",
    "What did Benjamin do in Beirut?",
    "Was Mohammed there?",
    "Who sailed in March?",
    "Who is Mehmet Yildiz?",
    "Who is Fatima Al-Khoury?",
    "What is in the harbour’s reports?",
    "Where is Mariupol?",
    "Which lenders rerouted it?",
    "Why wouldn't it reopen?",
    "Which bruisers met?",
    "What is a burn?",
    "WHAT DID CAPTAIN SOLBERG WRITE?",
    "Where is the Belmira III?",
    "Where is the belmira iii?",
    "Who was King Olav VII?",
    "Where was the XVIII Corps?",
    "What is TEKAM-2?",
    "What is TEKAM2?",
    "What is 2-TEKAM?",
]

ARTICLE_READ = [
    ("Who took Hanano?", "Who took Hananu?", [("Hanano", "Hananu")]),
    ("who took hanano", "who took hananu", [("hanano", "hananu")]),
    ("What is the Zanki movement?", "What is the Zenki movement?", [("Zanki", "Zenki")]),
    ("Is Aleepo besieged?", "Is Aleppo besieged?", [("Aleepo", "Aleppo")]),
    ("What did Lavrof say?", "What did Lavrov say?", [("Lavrof", "Lavrov")]),
    ("What is Hizbullah?", "What is Hezbollah?", [("Hizbullah", "Hezbollah")]),
    ("Who is in Idleb?", "Who is in Idlib?", [("Idleb", "Idlib")]),
    ("How many civillians?", "How many civilians?", [("civillians", "civilians")]),
    ("What did HRW say?", "What did Human Rights Watch say?", [("HRW", "Human Rights Watch")]),
    ("Wat is teh plan?", "What is the plan?", [("Wat", "What"), ("teh", "the")]),
]
HARBOUR_READ = [
    ("Where is Kristiansunt?", "Where is Kristiansund?", [("Kristiansunt", "Kristiansund")]),
    ("Did Nordstjernen sink?", "Did Nordstjernan sink?", [("Nordstjernen", "Nordstjernan")]),
    ("Did Nord Stjernan sink?", "Did Nordstjernan sink?", [("Nord Stjernan", "Nordstjernan")]),
    ("Who is Gaddafi?", "Who is Qaddafi?", [("Gaddafi", "Qaddafi")]),
    (
        "Is «Kadhafi’s» boat in Bengazi, 🌊?",
        "Is «Qaddafi» boat in Benghazi, 🌊?",
        [("Kadhafi’s", "Qaddafi"), ("Bengazi", "Benghazi")],
    ),
    ("Who is Solburg?", "Who is Solberg?", [("Solburg", "Solberg")]),
    ("Where is Bellmira III?", "Where is Belmira III?", [("Bellmira", "Belmira")]),
    ("Is a fatma there?", "Is a fatima there?", [("fatma", "fatima")]),
    ("What is a lighthose?", "What is a lighthouse?", [("lighthose", "lighthouse")]),
    ("And the  colision?", "And the  collision?", [("colision", "collision")]),
    ("Who is Alim Djuraev?", "Who is Alim Dzhurayev?", [("Alim Djuraev", "Alim Dzhurayev")]),
    ("Who is Mrs Yurisha?", "Who is Mrs Jurisa?", [("Yurisha", "Jurisa")]),
    ("Who is Tania?", "Who is Tanya?", [("Tania", "Tanya")]),
    ("Who is Mr Kolbjoern?", "Who is Mr Kolbjørn?", [("Kolbjoern", "Kolbjørn")]),
]


@pytest.fixture(scope="session")
def article(passage_index: PassageIndex) -> Spellings:
    """The spellings of the bundled article."""
    return Spellings(
        passage_index.spelling, passage_index.encoder.knows_word, passage_index.has_word
    )


@pytest.fixture(scope="session")
def harbour(encoder: Encoder) -> Spellings:
    """Those of a collection about something else."""
    vocabulary = vocabulary_of(HARBOUR)

    def has_word(word: str) -> bool:
        return any(vocabulary.id_of(found.term) is not None for found in words(word, "en"))

    return Spellings(NameCounts.collect(HARBOUR), encoder.knows_word, has_word)


def check(spellings: Spellings, question: str, text: str, read: list[tuple[str, str]]) -> None:
    expected = Correction(text, tuple(Match(asked, found) for asked, found in read))
    assert spellings.correct(question) == expected


@pytest.mark.parametrize(("question", "text", "read"), ARTICLE_READ)
def test_what_is_read_as_words_of_the_article(
    article: Spellings, question: str, text: str, read: list[tuple[str, str]]
) -> None:
    check(article, question, text, read)


@pytest.mark.parametrize(("question", "text", "read"), HARBOUR_READ)
def test_what_is_read_as_words_of_another_collection(
    harbour: Spellings, question: str, text: str, read: list[tuple[str, str]]
) -> None:
    check(harbour, question, text, read)


@pytest.mark.parametrize("question", ARTICLE_UNTOUCHED)
def test_what_is_not_touched(article: Spellings, question: str) -> None:
    check(article, question, question, [])


@pytest.mark.parametrize("question", HARBOUR_UNTOUCHED)
def test_what_is_not_touched_elsewhere(harbour: Spellings, question: str) -> None:
    check(harbour, question, question, [])


def test_every_passage_is_written_as_the_collection_writes(
    article: Spellings, passage_index: PassageIndex
) -> None:
    changed = {
        match
        for passage in passage_index.passages
        for match in article.correct(passage.text).matches
    }
    assert changed == set()


VARIANTS = """
Nour Noor Nur al-Din ad-Deen Zinki Ahrar Ahrar-al-Sham Sheik Saed Salahuddin De Mistora
Yousef yusuf Putin’s Ramusa hanano's Kastello siege syege
"""
WORDS = st.sampled_from(
    [
        *VARIANTS.split(),
        *(word for question, _, _ in ARTICLE_READ for word in question.split()),
        *(word for question in ARTICLE_UNTOUCHED for word in question.split()),
    ]
)
LETTERS = st.from_regex(r"[A-Z]?[a-z]{2,9}(?:-[A-Z]?[a-z]{2,6})?", fullmatch=True)
QUESTIONS = st.one_of(
    st.lists(WORDS, max_size=8).map(" ".join),
    st.lists(LETTERS, max_size=5).map(" ".join),
    st.text(max_size=60),
)


@given(question=QUESTIONS)
def test_correcting_twice_changes_nothing(article: Spellings, question: str) -> None:
    once = article.correct(question)
    assert article.correct(once.text) == Correction(once.text, ())


@given(question=QUESTIONS)
def test_only_what_is_told_is_changed(article: Spellings, question: str) -> None:
    correction = article.correct(question)
    rest = question
    rebuilt = ""
    for match in correction.matches:
        before, asked, rest = rest.partition(match.asked)
        while not correction.text.startswith(rebuilt + before + match.found):
            # The same letters stood earlier, as part of another word.
            more, again, rest = rest.partition(match.asked)
            assert again
            before += asked + more
        rebuilt += before + match.found
    assert rebuilt + rest == correction.text


@given(question=QUESTIONS, shout=st.booleans())
def test_words_of_the_collection_stay(
    article: Spellings, passage_index: PassageIndex, question: str, shout: bool
) -> None:
    text = question.upper() if shout else question
    for match in article.correct(text).matches:
        # A name in capitals may stand next to a common word with the same letters.
        if not match.asked[0].isupper() and " " not in match.asked:
            assert match.asked.lower() not in passage_index.spelling.lower


@pytest.mark.parametrize(
    ("spelled", "bones"),
    [
        (["Hanano", "Hananu", "hananoo"], "hn"),
        (["Zanki", "Zenki", "al-Zenki", "el Zinki", "Zengi"], "znk"),
        (["Qaddafi", "Gaddafi", "Kadhafi"], "kdf"),
        (["Khoury", "Ghouri", "Curry"], "kr"),
        (["Asad", "Assad", "el-Assad"], "sd"),
        (["Shaar", "Saar", "Chaar"], "sr"),
        (["Io", "Iowa"], "i"),
    ],
)
def test_skeletons(spelled: list[str], bones: str) -> None:
    assert [skeleton(word) for word in spelled] == [bones] * len(spelled)


def test_what_a_collection_shows_of_its_spelling() -> None:
    texts = ["Anna Berg saw the al-Zenki men.", "The Berg’s ferry; anna saw Éva.", "Red Sea Port."]
    assert NameCounts.collect(texts) == NameCounts(
        lower={"saw": 2, "the": 1, "men": 1, "ferry": 1, "anna": 1},
        upper={
            "anna": 1, "berg": 2, "al-zenki": 1, "zenki": 1, "the": 1, "eva": 1, "red": 1,
            "sea": 1, "port": 1,
        },
        runs={"anna berg": 1, "the berg": 1, "red sea": 1, "sea port": 1, "red sea port": 1},
        names={"Red Sea Port": 1},
    )  # fmt: skip
    assert NameCounts.collect([]) == NameCounts({}, {}, {}, {})


def test_names_are_read_as_they_are_mostly_written() -> None:
    counts = NameCounts({}, {}, {"al ep po": 2, "ale ppo": 2, "a leppo": 1}, {"Big Red Dog": 1})
    assert counts.joined() == {"aleppo": "al ep po"}
    assert counts.pairs() == {"ale ppo", "a leppo"}
    assert counts.acronyms() == {"BRD": "Big Red Dog"}
    more = NameCounts({}, {}, {"a leppo": 2}, {"Boat Rescue of Dover": 1})
    changed = counts.changed(gone=NameCounts({}, {}, {"al ep po": 2}, {}), come=more)
    assert changed.joined() == {"aleppo": "a leppo"}
    assert changed.acronyms() == {"BRD": "Big Red Dog"}


def test_counts_follow_the_texts() -> None:
    before = NameCounts.collect(HARBOUR)
    gone, come = NameCounts.collect(HARBOUR[:2]), NameCounts.collect(["Captain Sea Wolf Ahab"])
    after = before.changed(gone, come)
    assert after == NameCounts.collect([*HARBOUR[2:], "Captain Sea Wolf Ahab"])
    with pytest.raises(ValueError, match="'captain' was counted 1 times"):
        NameCounts.collect([]).changed(gone=come, come=NameCounts.collect([]))


def test_an_empty_collection_reads_nothing(encoder: Encoder) -> None:
    spellings = Spellings(NameCounts.collect([]), encoder.knows_word, lambda _: False)
    check(spellings, "Who is Hanano in Aleepo?", "Who is Hanano in Aleepo?", [])


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Where are the lighthouses of Solbergen?", "Where are the lighthouses of Solbergen?"),
        ("Who is Nordstjernana?", "Who is Nordstjernana?"),
        ("Who is Inngrid Solbergg?", "Who is Ingrid Solberg?"),
    ],
)
def test_no_word_is_read_as_a_piece_of_it(harbour: Spellings, question: str, read: str) -> None:
    assert harbour.correct(question).text == read


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Jurisa", "Juriša"),
        ("Belmira Ii", "Belmira II"),
        ("qaddafi", "Qaddafi"),
        ("the", "the"),
        ("watani", "Watani"),
        ("Watani", "Watani"),
        ("kolbjørn", "kolbjørn"),
        ("olav", "Olav"),
        ("hale", "Hale"),
        ("Boats", "boats"),
        ("Oslo", "Oslo"),
    ],
)
def test_a_name_is_shown_as_the_articles_write_it(name: str, written: str) -> None:
    assert as_written(name, HARBOUR) == written
