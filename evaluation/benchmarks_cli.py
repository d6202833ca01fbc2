"""The commands that measure what Citadel costs: time, memory and disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from citadel.evaluation.benchmarks.benchmark import bare_encode, markdown_performance, measure
from citadel.evaluation.benchmarks.profiling import markdown_profile
from citadel.evaluation.benchmarks.scale import markdown_growth, measure_growth
from citadel.evaluation.benchmarks.updates import markdown_updates, measure_update
from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS, read_dataset
from citadel.evaluation.fitting.training_data import one_search_questions
from citadel.evaluation.gathering import about, drawn_from, indexed_sets, print_progress, show
from citadel.evaluation.options import Drawn, IntoScaling, Model, Sample, Seed, Sizes, Sources
from citadel.evaluation.reports.readme import BENCHMARKS, SCALING, put
from citadel.index.build.build import BUNDLED_SOURCES
from citadel.index.encoders.backends import encoder_loader, load_encoder
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.errors import CitadelError
from citadel.index.snapshots.pointer import default_index_dir
from citadel.qa.answer.answering import Answerer

_SIZES = (1_000, 10_000, 100_000)
"""In passages, of the collections that are measured where none are chosen."""

benchmarks_app = typer.Typer()


@benchmarks_app.command("benchmark", epilog="Example: python -m evaluation benchmark --write")
def benchmark_command(
    questions: Annotated[
        Path, typer.Argument(help="The questions to ask; by default the bundled ones.")
    ] = BUNDLED_QUESTIONS,
    sources: Sources = BUNDLED_SOURCES,
    write: Annotated[
        bool, typer.Option("--write", help="Put the table and the plot into docs/benchmarks.md.")
    ] = False,
    limit: Sample = 200,
    seed: Seed = 0,
) -> None:
    """Compare the time of answers, indexing and starting with that of other libraries."""
    # Drawing takes matplotlib; a caller that measures something else should not wait for it.
    from citadel.evaluation.reports.plots import performance_plot  # noqa: PLC0415

    dataset = read_dataset(questions)
    if dataset.articles:
        raise CitadelError(f"{questions} brings its own articles; name questions about --sources.")
    (training_data,) = indexed_sets([questions], sources, None, limit, seed)
    performances = measure(training_data, sources, print_progress)
    table = f"{about(training_data)} {markdown_performance(training_data, performances)}"
    encoder = encoder_loader(default_index_dir(), None)(DEFAULT_MODEL)
    index = replace(training_data.index, encoder=encoder)
    profile = markdown_profile(
        Answerer(index), [q.text for q in one_search_questions(training_data)]
    )
    print(f"{table}\n\n{profile}")
    if write:
        put(BENCHMARKS, "profile", profile)
        put(BENCHMARKS, "benchmark", table)
        plot = performance_plot(performances, bare_encode(performances))
        BENCHMARKS.with_name("benchmarks.svg").write_text(plot, "utf-8")


@benchmarks_app.command(
    "scale", epilog="Example: python -m evaluation scale squad2-dev.json --size 10000"
)
def scale_command(
    dataset: Drawn = BUNDLED_QUESTIONS,
    sizes: Sizes = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: IntoScaling = False,
    limit: Sample = 200,
    seed: Seed = 0,
) -> None:
    """Measure what indexes of drawn collections of some sizes cost."""
    drawn = drawn_from(dataset, sources, model, limit, seed)
    encoder = load_encoder(model or DEFAULT_MODEL)
    growths = measure_growth(
        drawn.collection, encoder, drawn.questions, sizes or _SIZES, print_progress
    )
    show(f"{drawn.about}\n\n{markdown_growth(growths)}", "scale" if write else None, SCALING)


@benchmarks_app.command(
    "updates", epilog="Example: python -m evaluation updates squad2-dev.json --size 10000"
)
def updates_command(
    dataset: Drawn = BUNDLED_QUESTIONS,
    sizes: Sizes = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    write: IntoScaling = False,
    limit: Sample = 200,
    seed: Seed = 0,
) -> None:
    """Measure what whole indexes of invented articles cost, and one more article in them."""
    drawn = drawn_from(dataset, sources, model, limit, seed)
    encoder = load_encoder(model or DEFAULT_MODEL, backend=None)
    updates = [
        measure_update(drawn.collection, encoder, drawn.questions, size, print_progress)
        for size in sizes or _SIZES
    ]
    show(f"{drawn.about}\n\n{markdown_updates(updates)}", "updates" if write else None, SCALING)
