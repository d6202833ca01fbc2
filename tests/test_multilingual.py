"""Questions in other languages have an index of their own, of the same articles."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from citadel.index.build import multilingual
from citadel.index.build.multilingual import (
    ALL,
    ENGLISH,
    FOLDER,
    MultilingualIndex,
    multilingual_in_memory,
    multilingual_index,
)
from citadel.index.corpus.articles import Article
from citadel.index.encoders.encoder import Encoder
from citadel.index.encoders.models import MULTILINGUAL_MODEL
from citadel.index.errors import CitadelError
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.publishing import build_lock, publish
from citadel.index.snapshots.snapshots import snapshot_names
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.notes import language_notes
from citadel.qa.service.live_index import LiveIndex
from citadel.qa.service.other_languages import OtherLanguages
from tests.fake_encoder import FakeEncoder, Polyglot
from tests.small_index import articles_of, cheap_index, flip, refusal

QUESTION = "متى تعبر العبارة النهر؟"


@pytest.fixture
def encoder() -> FakeEncoder:
    return Polyglot(name=MULTILINGUAL_MODEL)


@pytest.fixture
def articles(tmp_path: Path) -> tuple[Article, ...]:
    return articles_of(tmp_path / "sources", a="One ferry crosses.\n", b="In 1999 it sank.\n")


@pytest.fixture
def index(articles: tuple[Article, ...]) -> PassageIndex:
    return cheap_index("gen-first", articles)


@pytest.fixture
def second(tmp_path: Path, encoder: FakeEncoder) -> MultilingualIndex:
    return MultilingualIndex(tmp_path / "index", lambda _model: encoder)


def embedded(encoder: FakeEncoder) -> list[str]:
    """What was embedded since it was asked the last time, without the unrelated sentences."""
    found = [text for texts in encoder.encoded for text in texts]
    encoder.encoded.clear()
    return found


def test_it_is_built_once_and_shares_the_snapshot(
    tmp_path: Path, index: PassageIndex, second: MultilingualIndex, encoder: FakeEncoder
) -> None:
    assert second.loaded(index) is None
    found = second.of(index)
    assert embedded(encoder) == ["One ferry crosses.", "In 1999 it sank."]
    assert (found.encoder, found.snapshot) == (encoder, "gen-first")
    assert found.articles is index.articles
    assert found.passages is index.passages
    assert second.of(index) is found
    assert second.loaded(index) is found
    again = MultilingualIndex(tmp_path / "index", lambda _model: encoder)
    assert again.of(index).snapshot == "gen-first"
    assert embedded(encoder) == []
    assert len(snapshot_names(tmp_path / "index" / FOLDER)) == 1


def test_only_what_is_new_is_embedded(
    tmp_path: Path, index: PassageIndex, second: MultilingualIndex, encoder: FakeEncoder
) -> None:
    second.of(index)
    encoder.encoded.clear()
    more = articles_of(tmp_path / "sources", c="A bridge was built.\n")
    changed = cheap_index("gen-next", more)
    assert second.loaded(changed) is None
    assert [article.source for article in second.of(changed).articles] == ["a.md", "b.md", "c.md"]
    assert embedded(encoder) == ["A bridge was built."]
    back = second.of(index)
    assert [article.source for article in back.articles] == ["a.md", "b.md"]
    assert embedded(encoder) == []


def test_a_command_brings_it_up_to_date_before_it_is_asked(
    tmp_path: Path,
    index: PassageIndex,
    second: MultilingualIndex,
    encoder: FakeEncoder,
) -> None:
    manifest = publish(index, tmp_path / "index")
    told: list[tuple[int, int]] = []
    second.update(manifest, index.articles, lambda done, total: told.append((done, total)))
    assert told[-1] == (2, 2)
    encoder.encoded.clear()
    second.of(index)
    assert embedded(encoder) == []
    folder = tmp_path / "other"
    other = MultilingualIndex(folder, lambda _model: encoder)
    made_with_it = replace(manifest, model=MULTILINGUAL_MODEL)
    other.update(made_with_it, index.articles, lambda _done, _total: None)
    assert not folder.exists()


def test_an_index_of_that_model_needs_no_other(
    tmp_path: Path, index: PassageIndex, second: MultilingualIndex, encoder: FakeEncoder
) -> None:
    own = replace(index, encoder=encoder)
    assert second.of(own) is own
    assert second.loaded(own) is own
    assert not (tmp_path / "index" / FOLDER).exists()


def test_a_damaged_one_is_built_again(
    tmp_path: Path,
    index: PassageIndex,
    second: MultilingualIndex,
    encoder: FakeEncoder,
    caplog: pytest.LogCaptureFixture,
) -> None:
    second.of(index)
    folder = tmp_path / "index" / FOLDER
    (name,) = snapshot_names(folder)
    assert not (folder / "audit.jsonl").exists()
    flip(folder / name / "piece_counts.npy")
    again = MultilingualIndex(tmp_path / "index", lambda _model: encoder)
    assert again.of(index).snapshot == "gen-first"
    assert f"{folder / name / 'piece_counts.npy'} is damaged" in caplog.text
    assert "It is built again now." in caplog.text
    assert len(snapshot_names(folder)) == 2


def test_a_build_of_another_process_is_waited_for(
    tmp_path: Path,
    index: PassageIndex,
    second: MultilingualIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited = threading.Event()
    pause = "citadel.index.build.multilingual.time.sleep"
    monkeypatch.setattr(pause, lambda _seconds: waited.set())
    found: list[PassageIndex] = []
    asking = threading.Thread(target=lambda: found.append(second.of(index)))
    with build_lock(tmp_path / "index" / FOLDER):
        asking.start()
        assert waited.wait(60)
    asking.join(60)
    assert [each.snapshot for each in found] == ["gen-first"]


@pytest.mark.parametrize(
    ("languages", "installed", "there"),
    [(ALL, True, True), (ALL, False, False), (ENGLISH, True, False)],
)
def test_whether_there_is_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    languages: str,
    installed: bool,
    there: bool,
) -> None:
    monkeypatch.setattr(multilingual, "has_multilingual_model", lambda: installed)
    found = multilingual_index(tmp_path, no_model, languages)
    assert isinstance(found, MultilingualIndex) is there


def test_the_evaluation_has_one_in_memory(
    index: PassageIndex, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multilingual, "has_multilingual_model", lambda: True)
    assert multilingual_in_memory(no_model, ENGLISH)(index) is None
    second = multilingual_in_memory(lambda _model: encoder, ALL)
    found = second(index)
    assert found is not None
    assert (found.snapshot, found.encoder) == ("gen-first", encoder)
    assert second(index) is found


def test_languages_that_are_not_offered(tmp_path: Path) -> None:
    assert refusal(multilingual_index, tmp_path, no_model, "arabic") == (
        "There are no languages 'arabic'; choose all or english."
    )


def no_model(model: str) -> Encoder:
    raise CitadelError(f"There is no {model}.")


def test_english_does_not_ask_for_it(index: PassageIndex) -> None:
    def never(_index: PassageIndex) -> PassageIndex:
        raise AssertionError("it was asked for")

    plain = Answerer(index).answer("When does the ferry cross?", ["Who sank?"])
    answer = Answerer(index, second_index=never).answer("When does the ferry cross?", ["Who sank?"])
    assert replace(answer, elapsed_ms=0) == replace(plain, elapsed_ms=0)


def test_english_asks_for_it_where_no_article_is_in_english(
    tmp_path: Path, index: PassageIndex, second: MultilingualIndex
) -> None:
    asked = []

    def of(each: PassageIndex) -> PassageIndex:
        asked.append(each.snapshot)
        return second.of(each)

    articles = articles_of(
        tmp_path / "foreign", c="---\nlanguage: ar\n---\n\nتعبر العبارة النهر ظهراً.\n"
    )
    mixed = Answerer(cheap_index("gen-mixed", (*index.articles, *articles)), second_index=of)
    mixed.answer("When does the ferry cross?")
    assert asked == []
    foreign = Answerer(cheap_index("gen-foreign", articles), second_index=of)
    assert foreign.answer("When does the ferry cross?").notes == ()
    assert set(asked) == {"gen-foreign"}
    assert foreign.reads("When does the ferry cross?")


def test_a_question_is_searched_for_as_it_stands(
    index: PassageIndex, second: MultilingualIndex
) -> None:
    answer = Answerer(index, second_index=second.of).answer(QUESTION)
    assert (answer.searched_for, answer.snapshot) == (QUESTION, "gen-first")
    assert not any("matched" in note or "English" in note for note in answer.notes)
    assert [hit.passage.source for hit in answer.hits] != []


def test_without_it_words_are_matched_and_no_mixture_is_shown(index: PassageIndex) -> None:
    answer = Answerer(index).answer(QUESTION)
    assert answer.searched_for == QUESTION
    assert answer.notes[0] == "This search works best in English. You asked in Arabic."


@pytest.mark.parametrize(
    ("asked", "quoted", "notes"),
    [
        ("en", {"ar"}, ()),
        ("ar", {"ar"}, ()),
        ("ar", {"en"}, ("الاقتباس من مقال بالإنجليزية.",)),
        ("ar", {"en", "ar"}, ("الاقتباس من مقال بالإنجليزية.",)),
        ("fr", {"en"}, ("Cité d’un article en anglais.",)),
        ("es", {"de"}, ("Citado de un artículo en otro idioma.",)),
        ("", {"en"}, ("Quoted from an article in English.",)),
        ("", {"fr"}, ("Quoted from an article in another language.",)),
    ],
)
def test_a_quote_in_another_language_is_told_in_that_of_the_question(
    asked: str, quoted: set[str], notes: tuple[str, ...]
) -> None:
    assert language_notes(asked, quoted) == notes


def wait_for(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(6000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come")


def test_a_server_loads_it_next_to_each_snapshot(
    tmp_path: Path,
    index: PassageIndex,
    encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(multilingual, "has_multilingual_model", lambda: True)
    languages = OtherLanguages.of(tmp_path / "index", lambda _model: encoder, ALL)
    live_index = LiveIndex.of(Answerer(index, second_index=languages.loaded))
    assert languages.loaded(index) is None
    languages.keep_up(live_index)
    wait_for(lambda: languages.loaded(index) is not None)
    changed = cheap_index("gen-next", articles_of(tmp_path / "sources", c="A bridge.\n"))
    live_index.swap(live_index.current.answerer.over(changed))
    wait_for(lambda: languages.loaded(changed) is not None)
    assert languages.loaded(index) is None
    answer = live_index.current.answerer.answer(QUESTION)
    assert (answer.snapshot, answer.searched_for) == ("gen-next", QUESTION)
    assert not any("works best in English" in note for note in answer.notes)


def test_a_server_without_it_says_so_and_goes_on(
    tmp_path: Path,
    index: PassageIndex,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(multilingual, "has_multilingual_model", lambda: True)
    languages = OtherLanguages.of(tmp_path / "index", no_model, ALL)
    live_index = LiveIndex.of(Answerer(index, second_index=languages.loaded))
    languages.keep_up(live_index)
    wait_for(lambda: "Questions are answered in English only." in caplog.text)
    answer = live_index.current.answerer.answer(QUESTION)
    assert answer.notes[0] == "This search works best in English. You asked in Arabic."


def test_a_server_for_english_has_none(tmp_path: Path, index: PassageIndex) -> None:
    languages = OtherLanguages.of(tmp_path / "index", no_model, ENGLISH)
    languages.keep_up(LiveIndex.of(Answerer(index)))
    assert languages.loaded(index) is None
