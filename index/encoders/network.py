"""A model as a program runs it: token identifiers in, vectors out, whatever computes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from citadel.index.encoders.encoder import Vectors

Feature = npt.NDArray[np.int64]
"""A number for each token: (texts, tokens), padded at the end."""

IDS, MASK, KINDS = "input_ids", "attention_mask", "token_type_ids"
"""The features that a network may ask for: pieces of the vocabulary, 1 for each token that is
not padding, and which of two texts a token is of."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is to be known of a model besides its weights.

    Attributes:
        fingerprint: See ``Encoder.fingerprint``.
        dimension: The length of every vector.
        most_tokens: How many tokens it takes at most, special ones included; None for any number.
        prompts: What is to be put before texts, by its purpose: "query", "document".
        features: The names of those that it takes.
        padding: The piece of its vocabulary that stands for no token.
        unknown: The piece that stands for what its vocabulary lacks; None where it lacks nothing.
        tokenizer: How it cuts texts, in the JSON of the library tokenizers.
        pieces: A large vocabulary, which that JSON lacks then; see ``without_pieces``.

    """

    fingerprint: str
    dimension: int
    most_tokens: int | None
    prompts: dict[str, str]
    features: tuple[str, ...]
    padding: int
    unknown: str | None
    tokenizer: str
    pieces: bytes = b""

    def settings(self) -> dict[str, object]:
        """Return all but a large vocabulary, for JSON."""
        return {name: value for name, value in asdict(self).items() if name != "pieces"}


class Network(Protocol):
    """A model that is loaded."""

    @property
    def backend(self) -> str:
        """What computes it, as ``--backend`` names it."""

    @property
    def conversion(self) -> str:
        """What it was loaded from, see ``seal``; "" for the model as it was published."""

    @property
    def traits(self) -> Traits:
        """What is to be known of it."""

    def run(self, features: Mapping[str, Feature], prompt_tokens: int) -> tuple[Vectors, Vectors]:
        """Compute the vectors of some texts. Safe to call from several threads.

        Args:
            features: All that ``traits.features`` names.
            prompt_tokens: How many tokens of each text are the prompt's.

        Returns:
            float32, (texts, dimension), and float32, (texts, tokens, dimension), of any length.

        """


def seal(traits: Traits, files: Mapping[str, str], made_with: str) -> str:
    """Return what a converted model is known by again: its SHA-256, and what it was made with.

    Args:
        traits: Of the model.
        files: The SHA-256 of each of its files, in hexadecimal, by its name.
        made_with: Libraries and their versions.

    """
    digest = hashlib.sha256(json.dumps(traits.settings()).encode())
    for name in sorted(files):
        digest.update(f"\n{name} {files[name]}".encode())
    return f"{digest.hexdigest()} {made_with}"


def is_replaced(sealed: str, found: str) -> bool:
    """Whether a converted model is another one than was sealed, though both were made alike.

    Other versions of the libraries convert a model otherwise.
    """
    digest, _, made_with = sealed.partition(" ")
    other_digest, _, other_made_with = found.partition(" ")
    return digest != other_digest and made_with == other_made_with
