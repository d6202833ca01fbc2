"""Brings the folder of the articles in line with an index that was rolled back.

A rollback changes the index alone. Before articles are added to the folder or taken out of it, it
gets back what was removed since, and what was added since is put away: what happens then begins
with what ``list`` shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from citadel.index.build.recording import file_of
from citadel.index.build.update import sources_of
from citadel.index.corpus.source_files import list_source_files
from citadel.index.corpus.source_folder import put_away, take_back
from citadel.index.snapshots.loading import load_articles
from citadel.index.snapshots.manifest import Manifest
from citadel.index.snapshots.snapshots import has_index, manifests, read_manifest, reading


@dataclass(frozen=True, slots=True)
class Aligned:
    """What became of files in the folder of the articles.

    Attributes:
        back: Those that were removed, and are there again.
        away: Those that were added, and are kept with the removed ones.

    """

    back: tuple[str, ...] = ()
    away: tuple[str, ...] = ()


def align_folder(index_dir: Path, folder: Path) -> Aligned:
    """Undo in the folder what a rollback undid in the index; nothing where there was none.

    A file that was replaced since stays as it is: the one before it is not kept.

    Raises:
        CitadelError: The index is damaged, or a file can't be moved.

    """
    if not has_index(index_dir) or folder.resolve() != sources_of(index_dir).resolve():
        return Aligned()
    current = read_manifest(index_dir)
    with reading(index_dir):
        kept = manifests(index_dir)
    left = [each for each in kept if _built(each) > _built(current)]
    if not left:
        return Aligned()
    listed = _files(index_dir, current)
    undone = {name for each in left for name in _files(index_dir, each)} - listed
    present = list_source_files(folder).on_disk()
    away = tuple(sorted(undone & present.keys()))
    for name in away:
        put_away(folder, present[name])
    back = tuple(name for name in sorted(listed - present.keys()) if take_back(folder, name))
    return Aligned(back, away)


def _built(manifest: Manifest) -> tuple[str, str]:
    return manifest.built_at, manifest.snapshot


def _files(index_dir: Path, manifest: Manifest) -> set[str]:
    """Return the files that the articles of a snapshot are from."""
    return {file_of(article) for article in load_articles(index_dir, manifest)}
