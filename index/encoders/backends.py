"""What computes the vectors: PyTorch, or something faster that gives the same ones."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from threadpoolctl import threadpool_limits

from citadel.index.encoders import openvino_backend, torch_backend
from citadel.index.encoders.encoder import Encoder, Vectors
from citadel.index.encoders.export import (
    FOLDER,
    LEAST_COSINE,
    Backend,
    UnfaithfulError,
    converted,
    least_cosine_of,
    published_network,
)
from citadel.index.encoders.models import DEFAULT_MODEL, embedding_model
from citadel.index.encoders.network import Network
from citadel.index.encoders.torch_backend import TorchNetwork
from citadel.index.encoders.transformer import TransformerEncoder
from citadel.index.errors import CitadelError

_log = logging.getLogger(__name__)

TORCH, OPENVINO = torch_backend.NAME, openvino_backend.NAME

BACKENDS = (OPENVINO, TORCH)
"""The fastest first; the last one is always installed."""

COMPARED = 32
"""Of how many texts of the articles the vectors of a converted model are compared."""


def encoder_loader(index_dir: Path, backend: str | None) -> Callable[[str], Encoder]:
    """Return what loads the encoder of a model for an index; arguments as for ``load_encoder``."""
    return partial(load_encoder, backend=backend, kept_in=index_dir / FOLDER)


def load_encoder(
    model: str = DEFAULT_MODEL, backend: str | None = TORCH, kept_in: Path | None = None
) -> Encoder:
    """Load a sentence-transformers model.

    Args:
        model: Hub name or folder.
        backend: What is to compute it, of ``BACKENDS``; None for the fastest that can.
        kept_in: Where models are kept that were converted for a backend; None for nowhere.

    Raises:
        CitadelError: There is no such model, it gives no token vectors, the weights of the default
            model are not the published ones, the backend is not installed or can't compute it, or
            the converted model can't be kept.

    """
    return TransformerEncoder(model, load_network(model, backend, kept_in))


def load_network(model: str, backend: str | None, kept_in: Path | None) -> Network:
    """Load a model as what computes its vectors; arguments and errors as for ``load_encoder``."""
    if backend not in (None, *BACKENDS):
        raise CitadelError(f"There is no backend {backend!r}; choose {', '.join(BACKENDS)}.")
    if not model.strip():
        raise CitadelError("The name of the model is empty; give its folder or name on the hub.")
    installed = _installed()
    chosen = backend or fastest()
    if chosen == TORCH:
        return TorchNetwork(embedding_model(model))
    if chosen not in installed:
        raise CitadelError(
            f"What --backend {chosen} needs is not installed; run “pip install "
            f"'citadel-qa[{chosen}]'”, or choose --backend torch."
        )
    try:
        return _converted(model, installed[chosen], kept_in)
    except UnfaithfulError as error:
        if backend is not None:
            raise
        _log.warning("%s It is computed by PyTorch.", error)
        return load_network(model, TORCH, None)


def prepare_network(model: str, backend: str | None, kept_in: Path) -> None:
    """Convert a model that will be needed, while the folder can be written.

    Arguments and errors as for ``load_network``; nothing is done where PyTorch computes it.
    """
    if (backend or fastest()) != TORCH:
        load_network(model, backend, kept_in)


def fastest() -> str:
    """Return the backend that is taken where none is named, if it can compute the model."""
    installed = _installed()
    return next((name for name in BACKENDS if name in installed), TORCH)


def _converted(model: str, backend: Backend, kept_in: Path | None) -> Network:
    if kept_in is not None:
        return converted(model, backend, kept_in)
    with TemporaryDirectory() as folder:
        return converted(model, backend, Path(folder))


def _installed() -> dict[str, Backend]:
    """Return what can take the place of PyTorch here, by name."""
    found = {}
    if openvino_backend.is_installed():
        found[OPENVINO] = Backend(
            OPENVINO,
            version("openvino"),
            openvino_backend.convert,
            openvino_backend.OpenVINONetwork,
        )
    return found


def check_conversion(encoder: Encoder, kept_in: Path, texts: Sequence[str]) -> float | None:
    """Compare the vectors of a converted model with those of the published one.

    Args:
        encoder: What runs the model.
        kept_in: Where the converted model is kept.
        texts: What to compare the vectors of, besides some that are always compared.

    Returns:
        The least cosine of any two vectors; None where the model is not converted.

    Raises:
        CitadelError: A vector is another one; the message says what to do. Or there is no model.

    """
    if not encoder.conversion:
        return None
    published = TransformerEncoder(encoder.name, published_network(encoder.name))
    cosine = least_cosine_of(encoder, published, texts)
    if cosine < LEAST_COSINE:
        raise CitadelError(
            f"The converted model in {kept_in} gives other vectors than the published one (cosine "
            f"{cosine:.5f}); remove that folder, and it is made anew."
        )
    return cosine


def library_encode(model: str = DEFAULT_MODEL) -> Callable[[str], Vectors]:
    """Return sentence-transformers' own ``encode`` of a model, for comparisons of its time."""
    return TorchNetwork(embedding_model(model)).library_encode


def use_threads(count: int) -> None:
    """Compute with this many threads from now on, in the whole process.

    A question is too little work to share: threads that wait for one another cost more than they
    save as soon as anything else runs. Building an index is worth all the cores there are.
    OpenVINO, which shares even a question well, has its own.
    """
    threadpool_limits(count, user_api="blas")
    # A caller that computes without PyTorch should not wait for it to be imported.
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(count)
