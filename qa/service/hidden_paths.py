"""Says to people over the network what was meant for who runs the server: without its paths."""

from __future__ import annotations

import re
import shlex
from pathlib import Path


def without_paths(said: str, sources: Path, index_dir: Path) -> str:
    """Return a sentence in which the folders of the server are called what they are for.

    Files in them are named by their paths below them.

    Args:
        said: The sentence.
        sources: The folder of the articles.
        index_dir: The folder of the index.

    """
    called = {
        str(spelling): name
        for folder, name in ((sources, "articles"), (index_dir, "index"))
        for spelling in (folder, folder.absolute(), folder.resolve())
        if spelling.is_absolute()
    }
    # The longer ones first: one folder may be in the other.
    for path in sorted(called, key=len, reverse=True):
        said = said.replace(f" --index-dir {shlex.quote(path)}", "")
        said = said.replace(f"{path}/", "")
        # What only begins alike is another folder.
        said = re.sub(rf"{re.escape(path)}(?![\w-])", f"the folder of the {called[path]}", said)
    return said
