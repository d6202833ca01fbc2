"""A sentence-transformers model, run by PyTorch as it was published."""

from __future__ import annotations

import hashlib
import json
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from citadel.index.encoders.encoder import Vectors
from citadel.index.encoders.network import IDS, KINDS, MASK, Feature, Traits
from citadel.index.encoders.unigram import without_pieces

NAME = "torch"


class TorchNetwork:
    """A ``Network`` of the library's own modules."""

    backend = NAME
    conversion = ""

    def __init__(self, modules: Any) -> None:
        """Run a SentenceTransformer, as ``models.embedding_model`` loads it."""
        self._modules = modules
        self.traits = _traits(modules)

    def run(self, features: Mapping[str, Feature], prompt_tokens: int) -> tuple[Vectors, Vectors]:
        """See ``Network``."""
        import torch  # noqa: PLC0415

        taken = dict(zip(self.traits.features, self.tensors(features), strict=True))
        if prompt_tokens:
            taken["prompt_length"] = prompt_tokens
        with torch.inference_mode():
            output = self._modules(taken)
        return output["sentence_embedding"].numpy(), output["token_embeddings"].numpy()

    def tensors(self, features: Mapping[str, Feature]) -> tuple[Any, ...]:
        """Return the features as the library wants them, in the order of their names."""
        import torch  # noqa: PLC0415

        return tuple(torch.from_numpy(features[name]) for name in self.traits.features)

    def as_function(self) -> Any:
        """Return a module from tensors of the features to the vectors of texts and of tokens.

        Raises:
            ValueError: More than those tensors decides about the vectors.

        """
        import torch  # noqa: PLC0415

        if not all(getattr(module, "include_prompt", True) for module in self._modules):
            raise ValueError("it leaves prompts out of its vectors")
        names = self.traits.features

        class Function(torch.nn.Module):
            def __init__(self, modules: Any) -> None:
                super().__init__()
                self.inner = modules

            def forward(self, *tensors: Any) -> tuple[Any, Any]:
                output = self.inner(dict(zip(names, tensors, strict=True)))
                return output["sentence_embedding"], output["token_embeddings"]

        return Function(self._modules).eval()

    def library_encode(self, text: str) -> Vectors:
        """Encode a text as a program without Citadel does."""
        return np.asarray(self._modules.encode(text), dtype=np.float32)


@contextmanager
def tracing() -> Iterator[None]:
    """Leave out what the libraries say while a model is traced.

    They warn of every choice that the trace makes once for all; whether it was the right one is
    seen by comparing vectors afterwards.
    """
    log = logging.getLogger("transformers")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


def _traits(modules: Any) -> Traits:
    tokenizer = modules.tokenizer
    asked_for = tokenizer.model_input_names
    cut, pieces = without_pieces(tokenizer.backend_tokenizer.to_str())
    return Traits(
        fingerprint=_fingerprint(modules),
        dimension=int(modules.get_embedding_dimension()),
        most_tokens=modules.max_seq_length,
        prompts=dict(modules.prompts),
        features=tuple(name for name in (IDS, MASK, KINDS) if name in asked_for),
        padding=tokenizer.pad_token_id or 0,
        unknown=tokenizer.unk_token,
        tokenizer=cut,
        pieces=pieces,
    )


def _fingerprint(modules: Any) -> str:
    """Hash all that decides about vectors, so that it does not matter where it came from."""
    digest = hashlib.sha256()
    for name, tensor in sorted(modules.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.numpy()).data)
    tokenizer = json.loads(modules.tokenizer.backend_tokenizer.to_str())
    settings = {
        "modules": [(type(module).__name__, module.get_config_dict()) for module in modules],
        "prompts": modules.prompts,
        "most tokens": modules.max_seq_length,
        # Padding and truncation are set for every call.
        "tokenizer": {k: v for k, v in tokenizer.items() if k not in ("padding", "truncation")},
    }
    digest.update(json.dumps(settings, sort_keys=True).encode())
    return digest.hexdigest()
