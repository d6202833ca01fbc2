"""Models of a few kilobytes with random weights: real ones in all but what they know."""

from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    PreTrainedTokenizerFast,
)

_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def tiny_model(folder: Path, words: Sequence[str]) -> str:
    """Save a model that has each of the given words in its vocabulary; return its folder."""
    _save_network(BertModel, folder / "network", words)
    transformer = Transformer(str(folder / "network"))
    pooling = Pooling(transformer.get_embedding_dimension())
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(folder / "model"))
    return str(folder / "model")


def tiny_reranker(folder: Path, words: Sequence[str], labels: int = 1) -> str:
    """Save a CrossEncoder that has each of the given words in its vocabulary."""
    _save_network(BertForSequenceClassification, folder / "network", words, labels)
    CrossEncoder(str(folder / "network"), device="cpu").save(str(folder / "reranker"))
    return str(folder / "reranker")


def _save_network(
    architecture: type[BertModel | BertForSequenceClassification],
    folder: Path,
    words: Sequence[str],
    labels: int = 1,
) -> None:
    vocabulary = {word: number for number, word in enumerate([*_SPECIAL, *sorted(set(words))])}
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
    )
    config.num_labels = labels
    with torch.random.fork_rng():
        torch.manual_seed(0)
        architecture(config).save_pretrained(folder)
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(mark, vocabulary[mark]) for mark in ("[CLS]", "[SEP]")],
    )
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=128,
    ).save_pretrained(folder)
