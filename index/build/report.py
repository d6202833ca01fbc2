"""What became of the files of a collection, and what its index holds, in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from citadel.index.corpus.articles import Article
from citadel.index.corpus.corpus import Corpus, FileReport
from citadel.index.corpus.layout import BlockKind
from citadel.index.snapshots.manifest import Manifest
from citadel.index.stores.recall import describe_quality

_NAMED = 3
"""How many files left out for one reason are named; more are counted."""


def report_lines(corpus: Corpus) -> Iterator[str]:
    """Report what was read, and of each file what was left out, mended or guessed.

    What could not be read at all was warned of before; here it is counted.
    """
    unread: defaultdict[str, list[str]] = defaultdict(list)
    for report in corpus.reports:
        if report.articles:
            yield from (f"{report.name}: {note}." for note in report.notes)
        else:
            for note in report.notes:
                unread[note].append(report.name)
    for note, names in unread.items():
        if len(names) <= _NAMED:
            yield from (f"{name} {note}." for name in names)
        else:
            yield f"{names[0]} and {len(names) - 1:,} other files: each {note}."
    yield _summary(corpus.reports)


def _summary(reports: Sequence[FileReport]) -> str:
    read = [report for report in reports if report.articles]
    failed = [report for report in reports if report.failures]
    left_out = [report for report in reports if not report.articles and not report.failures]
    articles = sum(report.articles for report in read)
    passages = sum(report.passages for report in read)
    languages = Counter(language for report in read for language in report.languages)
    told = [language for language, _ in languages.most_common()]
    parts = [
        f"Read {_count(articles, 'article')} of {_count(passages, 'paragraph')} "
        f"from {_count(len(read), 'file')} ({', '.join(told)})"
    ]
    if left_out:
        parts.append(f"left out {_count(len(left_out), 'file')}")
    if failed:
        parts.append(f"{_count(len(failed), 'file')} could not be read, or not in full")
    return "; ".join(parts) + "."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def article_lines(articles: Sequence[Article]) -> Iterator[str]:
    """List the articles: name, title, author, publisher, date, language, length, notes."""
    for article in articles:
        paragraphs = sum(block.kind is BlockKind.PARAGRAPH for block in article.blocks)
        length = _count(paragraphs, "paragraph")
        if article.pages:
            length += f" on {_count(len(article.pages), 'page')}"
        about = (article.title, article.author, article.publisher, article.date, article.language)
        yield f"{article.source}: {' · '.join(fact for fact in (*about, length) if fact)}"
        yield from (f"    {note}" for note in article.notes)


def manifest_lines(manifest: Manifest, index_dir: Path) -> Iterator[str]:
    """Report what a snapshot of the index in a folder holds, and what it was built with."""
    rows = {
        "snapshot": manifest.snapshot,
        "folder": str(index_dir),
        "built at": manifest.built_at,
        "model": manifest.model,
        "model SHA-256": manifest.model_sha256,
        "backend": manifest.backend,
        "vectors": f"{manifest.dimension} dimensions, {manifest.normalisation} length, "
        f"{manifest.metric}",
        "articles": manifest.articles,
        "passages": manifest.passages,
        "sentences": manifest.sentences,
        "tokens": manifest.tokens,
        "store": manifest.store,
        "search": "; ".join(
            f"{name}: {describe_quality(quality)}" for name, quality in manifest.quality.items()
        ),
        "versions": ", ".join(f"{name} {number}" for name, number in manifest.versions.items()),
    }
    for name, value in rows.items():
        yield f"{name:<14} {value}"
