"""What a message asks of a collection: its kind, and its words as the articles write them."""

from __future__ import annotations

from citadel.index.corpus.characters import western_digits
from citadel.index.corpus.dates import with_iso_dates
from citadel.index.corpus.languages import ENGLISH, question_language
from citadel.index.retrieval.mentions import Mentions
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.retrieval.spellings import Correction, Spellings
from citadel.qa.answer.courtesies import without_courtesies
from citadel.qa.answer.intent import Message, read_message
from citadel.qa.answer.refusing import unmentioned
from citadel.qa.answer.second_index import SecondIndex


class Understanding:
    """Reads messages to one index, and knows which are in another language than it reads."""

    def __init__(self, index: PassageIndex, second_index: SecondIndex) -> None:
        """Read messages to an index.

        Args:
            index: Where they are searched for.
            second_index: Where those in other languages are. It is asked for these only.

        """
        self._index = index
        self._second_index = second_index
        self._has_english = any(article.language == ENGLISH for article in index.articles)
        self._titles = [article.title for article in index.articles]
        self._spellings = Spellings(index.spelling, index.encoder.knows_word, index.has_word)
        self._mentions = Mentions(
            index.articles, index.spelling, index.encoder.knows_word, index.has_word
        )

    def second(self, question: str) -> PassageIndex | None:
        """Return where to search for a question in another language; None for all others.

        A question in English is in another language where no article is in English.
        """
        if question_language(question) == ENGLISH and self._has_english:
            return None
        second = self._second_index(self._index)
        return second if second is not None and second.encoder.reads(question) else None

    def reads(self, question: str) -> bool:
        """Return whether a question is in a language that is searched for by meaning."""
        if self.second(question) is not None:
            return True
        return question_language(question) == ENGLISH and self._index.encoder.reads(question)

    def message(self, text: str, *, in_conversation: bool) -> Message:
        """Return what kind of message a text is; see ``read_message``."""
        return read_message(
            without_courtesies(text), in_conversation=in_conversation, titles=self._titles
        )

    def corrected(self, question: str) -> Correction:
        """Return what is asked in the collection's spelling, which is that of one language only."""
        if self.second(question) is not None:
            return Correction(with_iso_dates(question), ())
        asked = western_digits(without_courtesies(question))
        return self._spellings.correct(with_iso_dates(asked))

    def unmentioned(self, question: str) -> tuple[tuple[str, ...], bool]:
        """See ``unmentioned``: what another language writes otherwise is no unknown name."""
        if self.second(question) is not None:
            return (), False
        return unmentioned(question, self._mentions)
