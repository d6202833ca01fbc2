"""Checks that what was cited still stands at its place in the stored sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article
from index.citation_files import Cited
from index.generations import manifests, read_manifest, reading
from index.loading import load_articles

_SHOWN = 60
"""How much of a quote a message shows, in code points."""


@dataclass(frozen=True, slots=True)
class StoredSources:
    """The articles of all generations that are kept.

    Attributes:
        current: Those of the generation that is served, by their file names.
        of_generation: Those of each generation.
        of_hash: By file name and the SHA-256 of their text.

    """

    current: Mapping[str, Article]
    of_generation: Mapping[str, Mapping[str, Article]]
    of_hash: Mapping[tuple[str, str], Article]

    @classmethod
    def read(cls, index_dir: Path) -> StoredSources:
        """Read the articles of a folder of generations.

        Raises:
            CitadelError: There is no index.
            DamagedIndexError: A file of articles is damaged.

        """
        current = read_manifest(index_dir).generation
        with reading(index_dir):
            kept = manifests(index_dir)
        of_generation = {
            manifest.generation: {a.source: a for a in load_articles(index_dir, manifest)}
            for manifest in kept
        }
        found = [article for by_source in of_generation.values() for article in by_source.values()]
        of_hash = {(article.source, article.sha256): article for article in found}
        return cls(of_generation[current], of_generation, of_hash)

    def article(self, cited: Cited) -> Article | None:
        """Return the article that a citation is to be looked for in.

        That is the one whose hash it names; else the one of the generation that answered; where
        neither is kept any more, the one of that name which is served.
        """
        by_hash = self.of_hash.get((cited.source, cited.sha256))
        answered = self.of_generation.get(cited.generation, {}).get(cited.source)
        return by_hash or answered or self.current.get(cited.source)


def complaints(citations: Iterable[Cited], stored: StoredSources) -> tuple[str, ...]:
    """Return a sentence for each citation that does not stand."""
    found = (_complaint(cited, stored) for cited in citations)
    return tuple(complaint for complaint in found if complaint)


def _complaint(cited: Cited, stored: StoredSources) -> str:
    article = stored.article(cited)
    if article is None:
        return f"{cited.where}: there is no source {cited.source} in the index."
    text = article.text[cited.start : cited.end] if cited.start >= 0 else ""
    if text and cited.text == (" ".join(text.split()) if cited.one_line else text):
        return ""
    changed = cited.sha256 and cited.sha256 != article.sha256
    return (
        f"{cited.where}: “{_shortened(cited.text)}” does not stand at {cited.start} to {cited.end} "
        f"of {cited.source}{', which was changed since' if changed else ''}."
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
