"""A converted model that was replaced by another one is noticed."""

import hashlib
import json
import re
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from citadel.index.build.build import build_index
from citadel.index.disk import record_of_file
from citadel.index.encoders import openvino_backend as openvino_network
from citadel.index.encoders.backends import check_conversion, load_encoder
from citadel.index.encoders.export import FOLDER as MODELS
from citadel.index.encoders.network import is_replaced
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import load
from citadel.index.snapshots.snapshots import read_manifest
from tests.conversions.converting import QUESTION, TEXTS, really_convert
from tests.small_index import articles_of, refusal


def replace_weights(place: Path) -> None:
    """Change a converted model, and its record with it, as somebody who means it would."""
    weights = place / "network.bin"
    numbers = np.frombuffer(weights.read_bytes(), np.uint8).copy()
    floats = numbers[: len(numbers) // 4 * 4].view(np.float32)
    # What is stored as something else, such as an axis, looks like no weight.
    weight = (np.abs(np.nan_to_num(floats)) > 1e-4) & (np.abs(np.nan_to_num(floats)) < 10)
    floats[np.flatnonzero(weight)[::7]] *= -1
    weights.write_bytes(numbers.tobytes())
    _, record = (place / "record.json").read_bytes().split(b"\n", 1)
    known = json.loads(record)
    known["files"]["network.bin"] = asdict(record_of_file(weights))
    changed = json.dumps(known).encode()
    digest = hashlib.sha256(changed).hexdigest().encode()
    (place / "record.json").write_bytes(digest + b"\n" + changed)


def test_a_model_is_converted_alike_each_time(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openvino_network, "convert", really_convert)
    one, other = (load_encoder(model, "openvino", tmp_path / name) for name in ("a", "b"))
    assert one.conversion == other.conversion != ""
    assert load_encoder(model, "openvino", tmp_path / "a").conversion == one.conversion
    assert load_encoder(model).conversion == ""


def test_a_converted_model_that_was_replaced_is_noticed(model: str, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    articles = articles_of(tmp_path / "sources", ferry=f"{QUESTION} The ferry crosses at noon.\n")
    encoder = load_encoder(model, "openvino", index_dir / MODELS)
    build_index(articles, index_dir, encoder, lambda _done, _total: None)

    def load_again() -> PassageIndex:
        return load(index_dir, load_encoder(model, "openvino", index_dir / MODELS))

    assert read_manifest(index_dir).conversion == encoder.conversion
    assert len(load_again().articles) == 1
    assert check_conversion(encoder, index_dir / MODELS, TEXTS) == pytest.approx(1)
    assert check_conversion(load_encoder(model), index_dir / MODELS, TEXTS) is None
    (place,) = (index_dir / MODELS).glob("openvino-*")
    replace_weights(place)
    assert refusal(load_again) == (
        f"The converted model in {index_dir / MODELS} is not the one that the index in "
        f"{index_dir} was built with; remove that folder, and it is made anew."
    )
    changed = load_encoder(model, "openvino", index_dir / MODELS)
    told = refusal(check_conversion, changed, index_dir / MODELS, TEXTS)
    assert re.fullmatch(
        f"The converted model in {re.escape(str(index_dir / MODELS))} gives other vectors than the "
        r"published one \(cosine -?[01]\.[0-9]{5}\); remove that folder, and it is made anew\.",
        told,
    )
    shutil.rmtree(index_dir / MODELS)
    assert len(load_again().articles) == 1


@pytest.mark.parametrize(
    ("sealed", "found", "replaced"),
    [
        ("a openvino 1", "a openvino 1", False),
        ("a openvino 1", "b openvino 1", True),
        ("a openvino 1", "b openvino 2", False),
        ("", "b openvino 1", False),
    ],
)
def test_other_versions_may_convert_otherwise(sealed: str, found: str, replaced: bool) -> None:
    assert is_replaced(sealed, found) == replaced
