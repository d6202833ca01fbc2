"""Corrects what is known about an article: in the file of metadata next to it, which wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from citadel.index.corpus.dates import iso_date
from citadel.index.corpus.decoding import visible
from citadel.index.corpus.metadata import check_metadata
from citadel.index.corpus.sandbox.files import SIDECAR
from citadel.index.corpus.sandbox.opening import read_beneath
from citadel.index.corpus.source_files import composed, list_source_files
from citadel.index.errors import CitadelError

_LONGEST = 1000
_SAME = {"author": ("author", "authors")}
"""Names that mean the same: one that stays would be read as well."""


class UnknownFileError(CitadelError):
    """There is no file of this name to say something about."""


def corrections_of(given: Mapping[str, str | None], written: str = "{}") -> dict[str, str]:
    """Return the fields that are corrected.

    Args:
        given: By title, author, publisher, date and url; None for what stays as it is.
        written: How the caller writes such a field, for the message.

    Raises:
        CitadelError: Nothing is.

    """
    corrections = {field: value for field, value in given.items() if value is not None}
    if not corrections:
        *fields, last = (written.format(field) for field in given)
        raise CitadelError(f"Say what is to be corrected: {', '.join(fields)} or {last}.")
    return corrections


def describe(folder: Path, name: str, corrections: Mapping[str, str]) -> Mapping[str, str]:
    """Write what is known better about a file into the metadata next to it.

    Other fields of the metadata stay; their comments and their order do not.

    Args:
        folder: The sources folder.
        name: The file's path below it, in any spelling of its letters.
        corrections: Values by title, author, publisher, date and url, a date as people write it.
            With "" a field is again what the file itself says.

    Returns:
        The values as they are kept.

    Raises:
        UnknownFileError: There is no such file.
        CitadelError: A value is wrong, or the metadata next to the file can't be read or written;
            nothing is changed then.

    """
    name = _name_on_disk(folder, name)
    kept = {field: _value(field, written) for field, written in corrections.items()}
    check_metadata(kept, name)
    sidecar = _sidecar_entries(folder, name)
    replaced = {same for field in kept for same in _SAME.get(field, (field,))}
    entries = {field: each for field, each in sidecar.items() if field.casefold() not in replaced}
    entries |= {field: value for field, value in kept.items() if value}
    if entries != sidecar:
        _write(folder / f"{name}{SIDECAR}", entries)
    return kept


def _name_on_disk(folder: Path, name: str) -> str:
    present = list_source_files(folder).on_disk()
    on_disk = present.get(composed(name))
    if on_disk is not None:
        return on_disk
    file, _, article = composed(name).partition("#")
    if article and file in present:
        raise CitadelError(
            f"{name} is one of the articles in {file}; correct it there, and build the index."
        )
    raise UnknownFileError(f"There is no file {name} in {folder}, see “python -m index list”.")


def _value(field: str, written: str) -> str:
    value = " ".join(visible(written).split())
    if len(value) > _LONGEST:
        raise CitadelError(
            f"The {field} has {len(value):,} characters, and {_LONGEST:,} are kept at most; "
            "shorten it."
        )
    if field != "date" or not value:
        return value
    day = iso_date(value)
    if not day:
        raise CitadelError(
            f"The date {value!r} is none that can be told; write 2016, 2016-12 or 2016-12-05."
        )
    return day


def _sidecar_entries(folder: Path, name: str) -> dict[str, object]:
    """Return all entries of the metadata next to a file, as they are written there."""
    if not os.path.lexists(folder / f"{name}{SIDECAR}"):
        return {}
    data = read_beneath(folder, f"{name}{SIDECAR}")
    try:
        text = data.decode("utf-8-sig")
        # Nothing is guessed here: what is no YAML would be lost when it is rewritten.
        entries = yaml.load(text, Loader=yaml.BaseLoader) or {}
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise _unreadable(name) from error
    if not isinstance(entries, dict):
        raise _unreadable(name)
    return {str(field): value for field, value in entries.items()}


def _unreadable(name: str) -> CitadelError:
    return CitadelError(
        f"{name}{SIDECAR} can't be read as YAML; mend or remove it before something is corrected."
    )


def _write(path: Path, entries: Mapping[str, object]) -> None:
    """Put the metadata in place at once; without any, there is no file of them."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        if not entries:
            path.unlink()
            return
        try:
            text = yaml.safe_dump(dict(entries), allow_unicode=True, sort_keys=False)
            partial.write_text(text, "utf-8")
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise CitadelError(
            f"{path} can't be written ({error.strerror or error}); check the folder and its rights."
        ) from error
