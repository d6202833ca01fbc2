"""Citadel for other programs: a folder of articles is opened, asked, changed and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace as with_changes
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from citadel.index.build.collection import Collection
from citadel.index.build.multilingual import ALL, multilingual_index
from citadel.index.build.recording import Doers
from citadel.index.build.update import Update
from citadel.index.corpus.articles import Article, sampled_texts
from citadel.index.corpus.describing import corrections_of, describe
from citadel.index.corpus.scope import EVERYTHING, Scope
from citadel.index.corpus.source_folder import Added, add_sources, remove_sources
from citadel.index.encoders.backends import (
    COMPARED,
    check_conversion,
    encoder_loader,
    use_threads,
)
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.errors import CitadelError
from citadel.index.retrieval.name_index import IndexedName
from citadel.index.retrieval.stages import load_stages
from citadel.index.snapshots.loading import verify
from citadel.index.snapshots.manifest import Manifest
from citadel.index.stores.base import VectorStore
from citadel.index.stores.opening import open_store
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.answers import Answer
from citadel.qa.answer.calibration import load_calibration
from citadel.qa.answer.mentions_of import AllMentions
from citadel.qa.answer.second_index import no_second_index

if TYPE_CHECKING:
    from citadel.evaluation.scoring.metrics import Summary


class Citadel:
    """A folder of articles, the index of it, and the answers from that.

    ``open`` makes one. With a store that is a server, ``close`` it in the end, or open it in a
    ``with`` statement; FAISS, the default, leaves nothing open.
    """

    def __init__(
        self, answerer: Answerer, collection: Collection, store: VectorStore, resources: ExitStack
    ) -> None:
        """Answer from what ``open`` has opened; ``close`` closes its ``resources``."""
        self._answerer = answerer
        self._collection = collection
        self._store = store
        self._resources = resources

    @classmethod
    def open(
        cls,
        articles: Path | str | None = None,
        *,
        index_dir: Path | str | None = None,
        model: str | None = None,
        languages: str = ALL,
        backend: str | None = None,
        store: str = "faiss",
        store_url: str | None = None,
        reader: bool = True,
    ) -> Self:
        """Open the index of a folder of articles, brought up to date with them.

        With ``articles``, an index that is missing, or that is not what their files make now, is
        built first; only what is new or changed is embedded. Nothing is written into the folder.
        While a file of an article that the index has can't be read, it stays as it is, and a
        warning says so; ``build`` builds it without that article.

        Without ``articles``, the index is opened as it stands, as by the command ``citadel ask``,
        and where there is none, built from what it was built from before, at first the article that
        comes with Citadel.

        Questions are answered in one thread from then on: they are too little work to share.

        Args:
            articles: The folder of the articles.
            index_dir: The folder of the index; by default one in the user's data folder, separate
                for each folder of articles.
            model: A sentence-transformers model, by hub name or folder; by default the one that
                the index was built with.
            languages: In what questions may be asked: “all” languages, where the extra
                “multilingual” is installed, or “english”. The index for other languages is built
                when the first such question is asked.
            backend: What computes the vectors: “openvino” or “torch”; by default the first that is
                installed.
            store: What keeps the vectors: “faiss”, “milvus” or “postgres”.
            store_url: The address of the server of milvus or postgres.
            reader: Whether the best sentences are read in their context: slower, but better.

        Raises:
            CitadelError: There is no such folder, no article in it that can be read, or something
                is damaged, not installed, or does not go with the rest.

        """
        collection = Collection.at(articles, index_dir)
        place = collection.index_dir
        encoder_of = encoder_loader(place, backend)
        stages = load_stages(reader=reader, reranker=None, backend=backend, index_dir=place)
        calibration = load_calibration(place)
        second = multilingual_index(place, encoder_of, languages)
        second_index = no_second_index if second is None else second.of
        with ExitStack() as resources:
            kept_in = resources.enter_context(open_store(store, store_url, place))
            index = collection.open(model, encoder_of, kept_in)
            use_threads(1)
            answerer = Answerer(index, stages, second_index, calibration)
            return cls(answerer, collection, kept_in, resources.pop_all())

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles that questions are answered from."""
        return self._answerer.index.articles

    @property
    def folder(self) -> Path:
        """The folder of the articles, which ``build`` reads."""
        return self._collection.folder

    @property
    def index_dir(self) -> Path:
        """The folder of the index."""
        return self._collection.index_dir

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        passages: int = 5,
        scope: Scope = EVERYTHING,
        literal: bool = False,
    ) -> Answer:
        """Answer a question with sentences quoted from the articles, or say that they don't.

        Args:
            question: As the person typed it, 1 to 500 code points.
            history: The person's earlier questions, oldest first.
            passages: How many passages to give with the answer at most.
            scope: Which articles to look into.
            literal: Whether to search for the words as they stand: no spelling is corrected, and
                nothing carried over from the earlier questions.

        Raises:
            CitadelError: The question is empty, blank or too long, the scope holds no article, or
                an argument makes no sense.

        """
        if isinstance(history, str):
            raise CitadelError("The history is a list of earlier questions; give it a list.")
        if passages < 1:
            raise CitadelError(f"An answer comes with one passage at least, not {passages}.")
        return self._answerer.answer(question, history, passages, scope, literal)

    def mentions(self, name: str, *, scope: Scope = EVERYTHING, words: bool = False) -> AllMentions:
        """Find every passage that mentions a name, in each spelling that the articles have of it.

        Args:
            name: The name, in any spelling; or other words, of which each passage has all, or
                those in quotation marks in a row.
            scope: Which articles to look into.
            words: Whether to look for the words only, although they are a name.

        Returns:
            All such passages, in reading order; ``passages()`` of it gives each with the places.

        Raises:
            CitadelError: The name is empty, blank or too long, or the scope holds no article.

        """
        return self._answerer.finder.find(name, scope, words_only=words)

    @property
    def names(self) -> tuple[IndexedName, ...]:
        """The people, organisations and places of the articles, those named most often first.

        They are found when they are first asked for, some hundred articles in some seconds.
        """
        return self._answerer.finder.names.names

    def add(self, *paths: Path | str, replace: bool = False) -> Added:
        """Copy files into the folder of the articles, build the index, and answer from it.

        The article that comes with Citadel stays as it is: before anything is added next to it,
        it is copied into a folder next to the index, and ``folder`` is that one from then on.

        Args:
            paths: Files, folders, and patterns such as “reports/*.pdf”.
            replace: Whether a file may take the place of another one of its name.

        Returns:
            What was added, what was there, and what could not be read, files that were in the
            folder before included.

        Raises:
            CitadelError: A path names nothing, or the folder or the index can't be written.

        """
        folder = self._collection.changeable_folder()
        added = add_sources([str(path) for path in paths], folder, replace=replace)
        if not added.names:
            return added
        done = self._update(folder, doers=Doers.system("add", added.names))
        return with_changes(added, failures=added.failures + done.failures)

    def remove(self, *names: str) -> tuple[str, ...]:
        """Take files out of the folder of the articles, build the index, and answer from it.

        They are kept in the hidden folder “.removed” of that folder. For the article that comes
        with Citadel see ``add``.

        Args:
            names: Paths below the folder, as an article's ``source`` has them, or patterns.

        Returns:
            The names of the files that were removed.

        Raises:
            CitadelError: A name matches nothing, or no article would be left; none is removed then.

        """
        folder = self._collection.changeable_folder()
        removed = remove_sources(names, folder)
        self._update(folder, doers=Doers.system("remove", removed))
        return removed

    def describe(
        self,
        name: str,
        *,
        title: str | None = None,
        author: str | None = None,
        publisher: str | None = None,
        date: str | None = None,
        url: str | None = None,
    ) -> Mapping[str, str]:
        """Correct what is known about an article, build the index, and answer from it.

        The corrections stand in a file of metadata next to the article's, NAME.yaml, and win over
        what the file says; the file stays as it is. With "" a field is again what the file says.
        For the article that comes with Citadel see ``add``.

        Args:
            name: The file's path below the folder, as an article's ``source`` has it.
            title: Its title, as published.
            author: Who wrote it.
            publisher: Who published it.
            date: When, as people write dates: 2016, 2016-12, 2016-12-05 or “5 December 2016”.
            url: Where it is published, beginning with https://.

        Returns:
            The values as they are kept.

        Raises:
            CitadelError: Nothing is corrected, there is no such file, a value is wrong, or the
                metadata next to the file can't be read or written; nothing is changed then.

        """
        given = {"title": title, "author": author, "publisher": publisher, "date": date, "url": url}
        corrections = corrections_of(given)
        folder = self._collection.changeable_folder()
        kept = describe(folder, name, corrections)
        self._update(folder)
        return kept

    def build(self, *, full: bool = False) -> Update:
        """Bring the index up to date with the folder of the articles, and answer from it.

        Args:
            full: Whether to embed everything again, changed or not.

        Returns:
            The manifest of the snapshot that answers, what was read of each file, and whether
            anything changed.

        Raises:
            CitadelError: There is no article that can be read, or the index can't be built.

        """
        return self._update(self.folder, full=full)

    def verify(self) -> tuple[Manifest, ...]:
        """Compare every file of the index with its checksum, and ask a question that is known.

        A converted model is compared with the published one by the vectors of some texts.

        Returns:
            The manifests of the snapshots that are kept, newest first.

        Raises:
            CitadelError: Something is damaged; the message names all that is.

        """
        encoder = self._answerer.index.encoder
        found = verify(self.index_dir, lambda _model: encoder, self._store)
        texts = sampled_texts(self.articles, COMPARED)
        check_conversion(encoder, self.index_dir / MODELS, texts)
        return found

    def evaluate(self, questions: Path | str) -> Summary:
        """Ask the questions of a set, and measure how well they are answered.

        Args:
            questions: JSON Lines, as evaluation/README.md describes them.

        Raises:
            CitadelError: The file can't be read or brings articles of its own, or the extra
                “evaluation” is not installed.

        """
        try:
            from citadel.evaluation.scoring.measuring import measured_set  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise CitadelError(
                "This needs the extra “evaluation”; run “pip install 'citadel-qa[evaluation]'”."
            ) from error
        return measured_set(self._answerer, Path(questions))

    def close(self) -> None:
        """Close what is open, such as the connection to a store that is a server."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _update(self, folder: Path, *, full: bool = False, doers: Doers | None = None) -> Update:
        served = self._answerer.index
        done, index = self._collection.update(folder, served, self._store, full=full, doers=doers)
        if index is not served:
            self._answerer = self._answerer.over(index)
        return done
