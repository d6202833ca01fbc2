"""Texts that a small model encodes, and how its conversions are remembered."""

from collections.abc import Callable, Mapping
from pathlib import Path

from citadel.index.encoders import openvino_backend as openvino_network
from citadel.index.encoders.network import Feature
from citadel.index.encoders.torch_backend import TorchNetwork

QUESTION = "When does the ferry cross the river?"
TEXTS = [QUESTION, "The ferry crosses at noon.", "", "river " * 300]

Convert = Callable[[TorchNetwork, Mapping[str, Feature], Path], None]


def remembering(convert: Convert) -> Convert:
    """What converts a model like another one by a copy of that one's files.

    A conversion takes a second, and comes out alike each time: a test sees to that.
    """
    known: dict[str, dict[str, bytes]] = {}

    def convert_once(network: TorchNetwork, features: Mapping[str, Feature], folder: Path) -> None:
        made_from = network.traits.fingerprint
        if made_from not in known:
            convert(network, features, folder)
            known[made_from] = {path.name: path.read_bytes() for path in folder.iterdir()}
        for name, data in known[made_from].items():
            (folder / name).write_bytes(data)

    return convert_once


really_convert = openvino_network.convert
