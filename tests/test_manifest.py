import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from citadel.index.disk import FileRecord
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.retrieval.canary import Canary
from citadel.index.retrieval.passage_index import PassageIndex
from citadel.index.snapshots.loading import load, verify
from citadel.index.snapshots.manifest import FORMAT, Manifest
from citadel.index.snapshots.publishing import publish
from citadel.index.snapshots.snapshots import read_manifest
from citadel.index.stores.recall import EXACT
from tests.small_index import contents, mend, refusal, reseal, sha256


def test_the_manifest_lists_what_there_is(tmp_path: Path, first_index: PassageIndex) -> None:
    manifest = publish(first_index, tmp_path, sources="articles")
    assert read_manifest(tmp_path) == manifest
    assert verify(tmp_path, lambda _model: first_index.encoder) == (manifest,)
    files = contents(tmp_path / "gen-1")
    assert files.pop("manifest.sha256").decode() == (
        f"{sha256(files['manifest.json'])}  manifest.json\n"
    )
    assert json.loads(files.pop("manifest.json")) == json.loads(json.dumps(asdict(manifest)))
    assert manifest == Manifest(
        format=FORMAT,
        snapshot="gen-1",
        built_at=manifest.built_at,
        before="",
        sources="articles",
        model=DEFAULT_MODEL,
        model_sha256=first_index.encoder.fingerprint,
        backend="openvino",
        dimension=384,
        normalisation="unit",
        metric="inner product",
        versions=manifest.versions,
        articles=2,
        passages=4,
        sentences=5,
        tokens=len(first_index.token_vectors),
        store="faiss",
        quality={"passages": EXACT, "sentences": EXACT},
        canary=Canary("Work begins in May.", (1,)),
        files={name: FileRecord(len(data), sha256(data)) for name, data in files.items()},
        conversion=first_index.encoder.conversion,
    )
    assert set(manifest.versions) == {
        "python",
        "numpy",
        "faiss",
        "sentence-transformers",
    }
    assert manifest.versions["numpy"] == np.__version__


def test_another_format(small_index_dir: Path, first_index: PassageIndex) -> None:
    reseal(small_index_dir, lambda manifest: manifest.update(format=FORMAT + 1, surprise=True))
    message = (
        f"The index in {small_index_dir} has format {FORMAT + 1}, this version of Citadel "
        f"reads format {FORMAT}; {mend(small_index_dir)}"
    )
    assert refusal(verify, small_index_dir, lambda _: first_index.encoder) == message
    assert refusal(load, small_index_dir, first_index.encoder) == message
