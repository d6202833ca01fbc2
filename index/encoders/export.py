"""Models converted for a faster backend: made once, kept next to the index, verified before use."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from citadel.index.disk import FileRecord, locked, record_of_file, sync, write_file
from citadel.index.encoders.bert import NumPyNetwork
from citadel.index.encoders.converted_files import ConvertedFiles, DamagedError
from citadel.index.encoders.encoder import Encoder, Vectors
from citadel.index.encoders.models import bert_model, embedding_model, model_digest
from citadel.index.encoders.network import Feature, Network, Traits
from citadel.index.encoders.torch_backend import TorchNetwork
from citadel.index.encoders.transformer import TransformerEncoder
from citadel.index.errors import CitadelError

_log = logging.getLogger(__name__)

FOLDER = "models"
"""Where an index has the converted models, next to its snapshots."""

LEAST_COSINE = 0.9999
"""Between a vector of the converted model and that of the published one."""

_RECIPE = 4
"""Raised whenever a conversion would come out otherwise."""

_RECORD = "record.json"

_PIECES = "pieces.safetensors"
"""A large vocabulary of the tokenizer; the record has the rest of it."""

_PROBES = (
    "Aleppo",
    "Who leads Jaish Halab, and how many fighters did it have when it was formed?",
    "The ferry crosses the river at 7:30; the crossing took 25 minutes in 1998, and costs £3.50.",
    "متى بدأ حصار مدينة حلب؟",
    "“Où est l’hôpital?”, she asked — nobody answered. " * 5,
    "Since the start of December the neighborhoods were shelled each night. " * 12,
)
"""Short and long texts, in scripts that the model knows and in another one."""


Published = TorchNetwork | NumPyNetwork
"""A model as it was published: one that comes with Citadel takes no PyTorch."""


@dataclass(frozen=True, slots=True)
class Backend:
    """What computes vectors in the place of PyTorch.

    Attributes:
        name: As in ``--backend``.
        version: Of its library.
        convert: Makes files of a model in a folder, by running it once on the given features.
            Raises a RuntimeError, TypeError or ValueError where it can't.
        load: Makes a network from the traits of the model and those files. Raises a DamagedError
            where one is not what was written.

    """

    name: str
    version: str
    convert: Callable[[Published, Mapping[str, Feature], Path], None]
    load: Callable[[Traits, ConvertedFiles], Network]


class UnfaithfulError(CitadelError):
    """The converted model would give other vectors than the published one."""


def converted(model: str, backend: Backend, kept_in: Path) -> Network:
    """Load a model that is converted for a backend; convert it where it is not yet.

    Args:
        model: Hub name or folder.
        backend: What is to compute it.
        kept_in: The folder of the conversions.

    Raises:
        CitadelError: There is no such model, or the folder can't be written.
        UnfaithfulError: It can't be converted.

    """
    made_from = model_digest(model)[:16]
    place = kept_in / f"{backend.name}-{made_from}-{_RECIPE}-{backend.version}"
    # What is wrong is found out, and reported, where it can be mended.
    with suppress(DamagedError, OSError):
        return _open(place, backend)
    try:
        kept_in.mkdir(parents=True, exist_ok=True)
        with locked(kept_in / "lock"):
            return _open_or_make(place, backend, model)
    except OSError as error:
        raise CitadelError(
            f"The converted model can't be kept in {kept_in} ({error.strerror or error}); "
            "mend that, or choose --backend torch."
        ) from error


def _open(place: Path, backend: Backend) -> Network:
    """Load a conversion after verifying it; a FileNotFoundError says that there is none."""
    record = (place / _RECORD).read_bytes()
    try:
        digest, record = record.split(b"\n", 1)
        if hashlib.sha256(record).hexdigest().encode() != digest:
            raise DamagedError(f"{_RECORD} is damaged")
        known = json.loads(record)
        records = {name: FileRecord(**each) for name, each in known["files"].items()}
        files = ConvertedFiles(place, records)
        pieces = files.read(_PIECES) if _PIECES in files else b""
        return backend.load(_traits(known["traits"], pieces), files)
    except (OSError, ValueError) as error:
        raise DamagedError(str(error)) from error


def _open_or_make(place: Path, backend: Backend, model: str) -> Network:
    """Load a conversion that another process has made by now; or make it, and drop older ones."""
    try:
        return _open(place, backend)
    except FileNotFoundError:
        _log.info("Converting the model %s for %s.", model, backend.name)
    except DamagedError as damage:
        _log.warning("In the converted model %s, %s; it is made anew.", place, damage)
    made = _make(place, backend, published_network(model), model)
    _, made_from, _ = place.name.split("-", 2)
    for other in place.parent.glob(f"{backend.name}-{made_from}-*"):
        if other != place:
            shutil.rmtree(other)
    return made


def published_network(model: str) -> Published:
    """Load a model as it was published, by what takes the least for it.

    Raises:
        CitadelError: There is no such model, or what it takes is not installed.

    """
    bert = bert_model(model)
    return TorchNetwork(embedding_model(model)) if bert is None else NumPyNetwork(bert)


def _make(place: Path, backend: Backend, network: Published, model: str) -> Network:
    partial = place.with_name(f"{place.name}.partial")
    for left_over in (partial, place):
        if left_over.exists():
            shutil.rmtree(left_over)
    partial.mkdir()
    probe = TransformerEncoder(model, network).features(_PROBES[:2])
    try:
        backend.convert(network, probe, partial)
        if network.traits.pieces:
            (partial / _PIECES).write_bytes(network.traits.pieces)
        paths = sorted(partial.iterdir())
        records = {path.name: record_of_file(path) for path in paths}
        loaded = backend.load(network.traits, ConvertedFiles(partial, records))
    except (RuntimeError, TypeError, ValueError) as error:
        shutil.rmtree(partial)
        raise UnfaithfulError(
            f"The model {model} can't be converted for {backend.name} "
            f"({str(error).strip().splitlines()[0]}); choose --backend torch."
        ) from error
    cosine = least_cosine(network, loaded)
    if cosine < LEAST_COSINE:
        shutil.rmtree(partial)
        raise UnfaithfulError(
            f"Converted for {backend.name}, the model {model} gives other vectors (cosine "
            f"{cosine:.5f}); choose --backend torch."
        )
    record = json.dumps(
        {
            "traits": network.traits.settings(),
            "least_cosine": cosine,
            "files": {name: asdict(each) for name, each in records.items()},
        }
    ).encode()
    for path in paths:
        sync(path)
    sealed = hashlib.sha256(record).hexdigest().encode() + b"\n" + record
    write_file(partial / _RECORD, lambda file: file.write(sealed))
    sync(partial)
    partial.rename(place)
    sync(place.parent)
    return loaded


def least_cosine(network: Network, other: Network) -> float:
    """Return how far two networks agree: the least cosine of their vectors of some texts.

    Of the texts as a whole and of each of their tokens, in one batch and one by one.
    """
    return least_cosine_of(TransformerEncoder("", network), TransformerEncoder("", other))


def least_cosine_of(encoder: Encoder, other: Encoder, texts: Sequence[str] = ()) -> float:
    """Return how far two encoders agree, as ``least_cosine`` does, of more texts."""
    probes = (*_PROBES, *texts)
    return min(
        float(np.min(np.sum(of_one * of_other, axis=1)))
        for of_one, of_other in zip(_probed(encoder, probes), _probed(other, probes), strict=True)
        if len(of_one)
    )


def _probed(encoder: Encoder, texts: Sequence[str]) -> list[Vectors]:
    encodings = encoder.encode_texts(texts)
    for text in texts:
        encodings += encoder.encode_questions([text])
    return [rows for each in encodings for rows in (each.vector[None], each.token_vectors)]


def _traits(record: dict[str, object], pieces: bytes) -> Traits:
    features: tuple[str, ...] = tuple(record["features"])  # type: ignore[arg-type]
    return Traits(**{**record, "features": features, "pieces": pieces})  # type: ignore[arg-type]
