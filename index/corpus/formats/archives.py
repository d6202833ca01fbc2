"""Opens files that are archives of XML, as books and office documents are, within limits.

Nothing is unpacked to a disk: a name in the archive leads nowhere but into it.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from urllib.parse import unquote

from lxml import etree

from citadel.index.errors import CitadelError

UNPACKED_BYTES = 300_000_000
_ENTRIES = 20_000

SAFELY = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False,
    "remove_pis": True, "remove_comments": True,
}  # fmt: skip
"""How XML is parsed: no other file is opened, and nothing expanded."""


class Archive:
    """An archive whose contents are read in whole, one entry after another.

    Attributes:
        names: Of its entries, in order.

    """

    def __init__(self, data: bytes, source: str, kind: str) -> None:
        """Open it.

        Args:
            data: The bytes of the file.
            source: The name of the file, for messages.
            kind: What the file should be, for messages: “an EPUB”.

        Raises:
            CitadelError: It is no archive, or unpacks to more than is read.

        """
        self._source, self._kind = source, kind
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            raise self.broken(str(error)) from error
        check_size(self._archive, source)
        entries = self._archive.infolist()
        if len(entries) > _ENTRIES:
            raise CitadelError(
                f"{source} holds {len(entries):,} files, and {_ENTRIES:,} are read at most; split "
                "it or save it without pictures."
            )
        self.names = tuple(entry.filename for entry in entries)

    def broken(self, why: str) -> CitadelError:
        """Return the error that says why the file is not what it should be."""
        return CitadelError(
            f"{self._source} can't be opened as {self._kind} ({why}); save it again."
        )

    def read(self, name: str) -> bytes | None:
        """Return the contents of an entry; None where there is none of the name.

        Raises:
            CitadelError: It is damaged or locked with a password.

        """
        try:
            return self._archive.read(name)
        except KeyError:
            return None
        except RuntimeError as error:
            raise CitadelError(
                f"{self._source} is locked with a password; save it without one."
            ) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise self.broken(f"{name}: {error}") from error

    def xml(self, name: str) -> etree._Element | None:
        """Return the root of an XML entry; None where there is none of the name.

        Raises:
            CitadelError: It is no XML, is nested too deeply, or declares entities, which could
                stand for anything and for any amount of it.

        """
        data = self.read(name)
        if data is None:
            return None
        try:
            root = etree.fromstring(data, xml_parser())
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.broken(f"{name} {fault(error)}") from error
        if root is None or _declares_entities(root):
            raise self.broken(f"{name} declares entities, which are not read")
        return root


def check_size(archive: zipfile.ZipFile, source: str) -> None:
    """Refuse an archive that unpacks to more than is read.

    Raises:
        CitadelError: It does; the message names the file.

    """
    size = sum(entry.file_size for entry in archive.infolist())
    if size > UNPACKED_BYTES:
        raise CitadelError(
            f"{source} unpacks to {size / 1e6:,.0f} MB, and {UNPACKED_BYTES / 1e6:.0f} MB are "
            "read at most; save it without pictures."
        )


def fault(error: Exception) -> str:
    """Return what is wrong with XML, as a phrase about it."""
    told = str(error)
    if "entit" in told.casefold():
        return "declares entities, which are not read"
    return "is nested too deeply" if "depth" in told else f"is no XML: {told}"


def xml_parser() -> etree.XMLParser:
    """Return a parser that opens no other file and expands nothing."""
    return etree.XMLParser(**SAFELY)


def inside(base: str, reference: str) -> str:
    """Return the name of the entry that one entry refers to; "" for what is outside.

    Args:
        base: The name of the entry that refers.
        reference: A relative address, as a link has it, or one from the root of the archive.

    """
    path = unquote(reference.partition("#")[0])
    if "://" in path:
        return ""
    joined = path.lstrip("/") if path.startswith("/") else f"{posixpath.dirname(base)}/{path}"
    normal = posixpath.normpath(joined.lstrip("/"))
    return "" if normal.startswith("..") or normal == "." else normal


def _declares_entities(root: etree._Element) -> bool:
    internal = root.getroottree().docinfo.internalDTD
    return internal is not None and any(True for _ in internal.iterentities())
