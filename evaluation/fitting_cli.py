"""The commands that fit the numbers that come with Citadel, and train its models."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from citadel.evaluation.data.datasets import (
    ASKED_IN_ARABIC,
    BUNDLED_QUESTIONS,
    NEWSROOM,
    newsroom_for_training,
)
from citadel.evaluation.fitting.fitting import (
    CONFIDENCE_FILE,
    RANKING_FILE,
    fit_confidence_to,
    fit_ranking_to,
    write_fit,
)
from citadel.evaluation.fitting.languages_fit import LANGUAGES_FILE, fit_languages_to
from citadel.evaluation.fitting.scale_fit import SCALE_FILE, fit_scale_to
from citadel.evaluation.fitting.training_data import RememberingEncoder
from citadel.evaluation.gathering import indexed_datasets, indexed_sets, indexed_with, show
from citadel.evaluation.options import Further, Model, Sample, Seed, Sources
from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.console import progress_bar
from citadel.index.encoders.backends import encoder_loader, load_encoder
from citadel.index.encoders.export import FOLDER
from citadel.index.encoders.models import DEFAULT_MODEL, MULTILINGUAL_MODEL
from citadel.index.retrieval.reader import load_reader
from citadel.index.retrieval.stages import Stages
from citadel.index.snapshots.pointer import default_index_dir

fit_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Fit the numbers that come with Citadel."
)
train_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Train the models that come with Citadel."
)


@fit_app.command(
    "ranking", epilog="Example: python -m evaluation fit ranking squad2-dev.json --write"
)
def fit_ranking_command(
    datasets: Further = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[bool, typer.Option("--write", help="Write index/ranking.json.")] = False,
    limit: Sample = 900,
    seed: Seed = 0,
) -> None:
    """Fit the weights of the ranking to the sentences that answer, and cross-validate them."""
    paths = [BUNDLED_QUESTIONS, *(datasets or ())]
    fit = fit_ranking_to(indexed_sets(paths, sources, model, limit, seed), seed)
    if write:
        write_fit(RANKING_FILE, fit)
    show(fit.report, "fit ranking" if write else None)


@fit_app.command(
    "ranker", epilog="Example: python -m evaluation fit ranker squad2-dev.json --write"
)
def fit_ranker_command(
    datasets: Further = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write index/retrieval/ranker.safetensors.")
    ] = False,
    limit: Sample = 900,
    seed: Seed = 0,
) -> None:
    """Train the ranker on the newsroom and others, and cross-validate it by article."""
    # It takes PyTorch; a caller who fits something else should not wait for it.
    from citadel.evaluation.fitting.ranker_fit import (  # noqa: PLC0415
        RANKER_FILE,
        fit_ranker_to,
        write_ranker,
    )

    paths = [*sorted(NEWSROOM.glob("?")), BUNDLED_QUESTIONS, *(datasets or ())]
    ranker, report = fit_ranker_to(indexed_sets(paths, sources, model, limit, seed), seed)
    if write:
        write_ranker(RANKER_FILE, ranker)
    show(report, "fit ranker" if write else None)


@train_app.command(
    "reader",
    epilog="Example: python -m evaluation train reader squad2-dev.json selqa-dev.json --write",
)
def train_reader_command(
    datasets: Further = None,
    sources: Sources = BUNDLED_SOURCES,
    write: Annotated[
        bool, typer.Option("--write", help="Write index/encoders/reader.safetensors.")
    ] = False,
    limit: Sample = 4600,
    seed: Seed = 0,
) -> None:
    """Train the reader: on further data sets to read, then on the newsroom and its training sets.

    Takes hours.
    """
    # It takes PyTorch; a caller who fits something else should not wait for it.
    from citadel.evaluation.fitting.reader_file import READER_FILE, write_reader  # noqa: PLC0415
    from citadel.evaluation.fitting.reader_training import train_reader  # noqa: PLC0415

    encoder = RememberingEncoder(load_encoder(DEFAULT_MODEL))
    public, newsroom = (
        indexed_with(paths, sources, encoder, limit, seed)
        for paths in (datasets or (), sorted(NEWSROOM.glob("?")))
    )
    further = indexed_datasets(newsroom_for_training(), (), encoder, limit, seed)
    with progress_bar("Training") as progress:
        # The newsroom's own questions were read twice, those written to teach once: so they count.
        network = train_reader(public, [*newsroom, *newsroom, *further], seed, progress)
    if write:
        write_reader(READER_FILE, network)


@fit_app.command(
    "confidence", epilog="Example: python -m evaluation fit confidence squad2-dev.json --write"
)
def fit_confidence_command(
    datasets: Further = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[bool, typer.Option("--write", help="Write qa/confidence.json.")] = False,
    limit: Sample = 900,
    seed: Seed = 0,
) -> None:
    """Fit what the confidence makes of the signals, and cross-validate it."""
    # It takes PyTorch; a caller who fits something else should not wait for it.
    from citadel.evaluation.fitting.ranker_fit import rankers_without  # noqa: PLC0415

    paths = [BUNDLED_QUESTIONS, *sorted(NEWSROOM.glob("?")), *(datasets or ())]
    training_sets = indexed_sets(paths, sources, model, limit, seed)
    reader = load_reader(None, default_index_dir() / FOLDER)
    rankers = rankers_without(training_sets, seed)
    stages = {name: Stages(ranker, reader) for name, ranker in rankers.items()}
    fit = fit_confidence_to(training_sets, stages, seed)
    if write:
        write_fit(CONFIDENCE_FILE, fit)
    show(fit.report, "fit confidence" if write else None)


@fit_app.command("languages", epilog="Example: python -m evaluation fit languages --write")
def fit_languages_command(
    sources: Sources = BUNDLED_SOURCES,
    write: Annotated[
        bool, typer.Option("--write", help="Write qa/answer/across_languages.json.")
    ] = False,
    seed: Seed = 0,
) -> None:
    """Fit the confidence of questions in other languages, and cross-validate it by article."""
    paths = [*sorted(NEWSROOM.glob("?")), ASKED_IN_ARABIC, BUNDLED_QUESTIONS]
    encoder = encoder_loader(default_index_dir(), None)(MULTILINGUAL_MODEL)
    training_sets = indexed_with(paths, sources, RememberingEncoder(encoder), sys.maxsize, seed)
    fit = fit_languages_to(training_sets, seed)
    if write:
        write_fit(LANGUAGES_FILE, fit)
    show(fit.report, "fit languages" if write else None)


@fit_app.command("scale", epilog="Example: python -m evaluation fit scale --write")
def fit_scale_command(
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write index/retrieval/scale.json.")
    ] = False,
    seed: Seed = 0,
) -> None:
    """Measure the scale that similarities of other models are brought to."""
    paths = [BUNDLED_QUESTIONS, *sorted(NEWSROOM.glob("?"))]
    fit = fit_scale_to(indexed_sets(paths, sources, model, sys.maxsize, seed), seed)
    if write:
        write_fit(SCALE_FILE, fit)
    show(fit.report, None)
