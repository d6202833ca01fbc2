"""The command line of the evaluation.

python -m evaluation run | score | compare | gate | drafts; what measures, times, fits and trains
has modules of its own.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from citadel.evaluation.benchmarks.timing import markdown_timing, time_against_encoding
from citadel.evaluation.benchmarks_cli import benchmarks_app
from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS, read_dataset
from citadel.evaluation.data.from_feedback import draft_questions
from citadel.evaluation.data.questions import Dataset
from citadel.evaluation.fitting.calibrate import calibrated
from citadel.evaluation.fitting.labels import Label, check_model, labels_of
from citadel.evaluation.fitting_cli import fit_app, train_app
from citadel.evaluation.measuring_cli import measuring_app
from citadel.evaluation.options import (
    AgainstEncode,
    Datasets,
    IndexDir,
    Language,
    Limit,
    Model,
    ReadSentences,
    RerankerModel,
    Sources,
    Without,
)
from citadel.evaluation.reports.comparison import compare, markdown_comparison
from citadel.evaluation.reports.gate import (
    FLOORS,
    GATED,
    read_floors,
    updated,
    violations,
    write_floors,
)
from citadel.evaluation.reports.report import markdown_report
from citadel.evaluation.scoring.measuring import measure
from citadel.evaluation.scoring.metrics import summarise
from citadel.evaluation.scoring.responses import read_responses
from citadel.evaluation.scoring.results import RESULT_FILE, Result, read_result, write_result
from citadel.evaluation.scoring.running import Asked
from citadel.evaluation.scoring.scoring import score
from citadel.evaluation.scoring.trec import Ranking, Relevance, write_qrels, write_run
from citadel.index.build.build import BUNDLED_SOURCES, index_articles
from citadel.index.build.multilingual import ALL, ENGLISH, multilingual_in_memory
from citadel.index.build.opening import open_index
from citadel.index.console import Backend, QuestionLanguages, Version, progress_bar, run
from citadel.index.corpus.corpus import read_articles
from citadel.index.encoders.backends import encoder_loader, library_encode, use_threads
from citadel.index.encoders.models import DEFAULT_MODEL
from citadel.index.errors import CitadelError
from citadel.index.named_paths import sources_folder
from citadel.index.retrieval.stages import load_stages
from citadel.index.snapshots.pointer import default_index_dir
from citadel.qa.answer.answering import Answerer
from citadel.qa.answer.calibration import Calibration, load_calibration, write_calibration

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Measure how well questions are answered. Without a command: run.",
)
app.add_typer(measuring_app)
app.add_typer(benchmarks_app)
app.add_typer(fit_app, name="fit")
app.add_typer(train_app, name="train")


@dataclass(frozen=True, slots=True)
class _Scored:
    """What one run writes."""

    result: Result
    relevance: Relevance
    ranking: Ranking


@app.callback(invoke_without_command=True)
def default(context: typer.Context, _version: Version = False) -> None:
    """Run the bundled questions when no command is given."""
    if context.invoked_subcommand is None:
        context.invoke(run_command)


@app.command(
    "run",
    epilog="Examples: python -m evaluation run --output report — "
    "python -m evaluation run squad2-dev.json scifact --limit 500 --output report",
)
def run_command(
    datasets: Datasets = None,
    index_dir: IndexDir = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", help="Folder to write the report, the results and TREC files into."
        ),
    ] = None,
    limit: Limit = None,
    without: Without = None,
    language: Language = None,
    against_encode: AgainstEncode = False,
    reader: ReadSentences = True,
    reranker: RerankerModel = None,
    languages: QuestionLanguages = ALL,
    backend: Backend = None,
) -> None:
    """Ask every question of a data set and report how good the answers are."""
    paths = datasets or [BUNDLED_QUESTIONS]
    for path in paths:
        dataset = _dataset(path, language, without or (), limit)
        # As for readers, whose answers of this index are calibrated, too.
        calibration = None
        if index_dir is not None and not dataset.articles:
            calibration = load_calibration(index_dir)
        answerer = _answerer(
            dataset, index_dir, sources, model, backend, reader, reranker, languages, calibration
        )
        scored = _run(dataset, answerer)
        print(_report(scored.result))
        if output is not None:
            _write(output if len(paths) == 1 else output / dataset.name, scored)
        if against_encode:
            _print_timing(dataset, answerer, model)


@app.command(
    "score", epilog="Example: python -m evaluation score answers.jsonl --questions mine.jsonl"
)
def score_command(
    answers: Annotated[Path, typer.Argument(help="What “ask --batch” wrote.")],
    questions: Annotated[
        Path, typer.Option("--questions", help="The questions it answers.", show_default=False)
    ] = BUNDLED_QUESTIONS,
    sources: Sources = BUNDLED_SOURCES,
    output: Annotated[
        Path | None, typer.Option("--output", help="Folder to write the report into.")
    ] = None,
    without: Without = None,
    against_encode: AgainstEncode = False,
    index_dir: IndexDir = None,
    model: Model = None,
    backend: Backend = None,
) -> None:
    """Judge a file of answers that was written before."""
    dataset = _dataset(questions, None, without or (), None)
    articles = dataset.articles or read_articles(sources)
    left_out = {q.id for q in read_dataset(questions).questions} - {q.id for q in dataset.questions}
    responses = {k: r for k, r in read_responses(answers).items() if k not in left_out}
    asked = Asked(responses, {}, {})
    scored = _Scored(*score(dataset, articles, asked, f"the file {answers.name}"))
    print(_report(scored.result))
    if output is not None:
        _write(output, scored)
    if against_encode:
        _print_timing(dataset, _answerer(dataset, index_dir, sources, model, backend), model)


@app.command("compare", epilog="Example: python -m evaluation compare before after")
def compare_command(
    before: Annotated[Path, typer.Argument(help="A folder that run wrote, or its run.json.")],
    after: Annotated[Path, typer.Argument(help="Another one.")],
) -> None:
    """Put two runs side by side: the measures, and the questions that changed."""
    print(markdown_comparison(compare(read_result(before), read_result(after))))


@app.command("gate", epilog="Example: python -m evaluation gate --update")
def gate_command(
    update: Annotated[
        bool, typer.Option("--update", help="Set the floors just below what is measured now.")
    ] = False,
    allow_lower: Annotated[
        bool, typer.Option("--allow-lower", help="Let --update lower a floor.")
    ] = False,
) -> None:
    """Fail when questions are answered worse than the pinned floors allow.

    Asked are those about the bundled article, and the newsroom's collection a.
    """
    floors = read_floors(FLOORS)
    if not (update or floors):
        raise CitadelError("There are no floors yet; set them with --update.")
    fallen: list[str] = []
    for dataset in map(read_dataset, GATED):
        result = _run(dataset, _answerer(dataset, None, BUNDLED_SOURCES, None)).result
        if update:
            floors[dataset.name] = updated(result, floors.get(dataset.name), allow_lower)
        else:
            found = violations(result, floors[dataset.name])
            fallen += [f"{dataset.name}: {sentence}" for sentence in found]
    if update:
        write_floors(FLOORS, floors)
        print(f"The floors in {FLOORS.name} are set.")
        return
    for sentence in fallen:
        print(sentence, file=sys.stderr)
    if fallen:
        raise typer.Exit(1)
    count = sum(len(each.floors) for each in floors.values())
    print(f"All {count} measures are at or above their floors.")


@app.command(
    "calibrate",
    epilog="Example: python -m evaluation calibrate mine.jsonl --index-dir my-index --write",
)
def calibrate_command(
    questions: Annotated[
        list[Path],
        typer.Argument(help="Question sets, or other data sets, also with unanswerable questions."),
    ],
    index_dir: IndexDir = None,
    sources: Sources = BUNDLED_SOURCES,
    model: Model = None,
    reader: ReadSentences = True,
    write: Annotated[
        bool, typer.Option("--write", help="Let the answers of the index use it from now on.")
    ] = False,
) -> None:
    """Refine the confidence by questions whose answers are known, and cross-validate it."""
    folder = index_dir or default_index_dir()
    labels: list[Label] = []
    for path in questions:
        dataset = read_dataset(path)
        answerer = _answerer(dataset, index_dir, sources, model, reader=reader)
        if write:
            check_model(folder, answerer.index.encoder)
        with progress_bar(dataset.name) as progress:
            labels += labels_of(dataset, answerer.index, answerer.stages, progress)
    found = calibrated(labels, answerer.index.encoder, reader)
    print(found.report)
    if write:
        print(f"It is written to {write_calibration(folder, found.better)}.", file=sys.stderr)


@app.command("drafts", epilog="Example: python -m evaluation drafts feedback.jsonl")
def drafts_command(
    reports: Annotated[Path, typer.Argument(help="The file of reports that the page writes.")],
) -> None:
    """Turn what readers reported into draft questions; a person adds what answers them."""
    for line in draft_questions(reports):
        print(line)


def _print_timing(dataset: Dataset, answerer: Answerer, model: str | None) -> None:
    encode = library_encode(model or DEFAULT_MODEL)
    print(markdown_timing(time_against_encoding(answerer, encode, dataset.questions)))


def _dataset(
    path: Path, language: str | None, without: tuple[str, ...] | list[str], limit: int | None
) -> Dataset:
    dataset = read_dataset(path, language).without_kinds(without)
    if limit is not None:
        dataset = dataset.sample(limit)
    if not dataset.questions:
        raise CitadelError(f"No question of {path} is left to ask; leave out fewer kinds.")
    return dataset


def _answerer(
    dataset: Dataset,
    index_dir: Path | None,
    sources: Path,
    model: str | None,
    backend: str | None = None,
    reader: bool = True,
    reranker: str | None = None,
    languages: str = ENGLISH,
    calibration: Calibration | None = None,
) -> Answerer:
    """Open an index of what the data set is about; build it in memory unless a folder is named."""
    if not dataset.articles:
        sources_folder(sources)  # Before a model is converted.
    folder = index_dir or default_index_dir()
    stages = load_stages(reader, reranker, backend, folder)
    encoder_of = encoder_loader(folder, backend)
    second_index = multilingual_in_memory(encoder_of, languages)
    with progress_bar("Embedding") as progress:
        if index_dir is not None and not dataset.articles:
            index = open_index(index_dir, sources, model, encoder_of, progress)
        else:
            articles = dataset.articles or read_articles(sources)
            encoder = encoder_of(model or DEFAULT_MODEL)
            index = index_articles("evaluation", articles, encoder, progress)
    # As when questions are answered: see there.
    use_threads(1)
    return Answerer(index, stages, second_index, calibration)


def _run(dataset: Dataset, answerer: Answerer) -> _Scored:
    with progress_bar(dataset.name) as progress:
        return _Scored(*measure(answerer, dataset, progress))


def _report(result: Result) -> str:
    return markdown_report(result, summarise(result))


def _write(folder: Path, scored: _Scored) -> None:
    # Drawing takes a second and matplotlib; a caller that writes no report needs neither.
    from citadel.evaluation.reports.html import html_report  # noqa: PLC0415

    summary = summarise(scored.result)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_result(folder / RESULT_FILE, scored.result)
        write_qrels(folder / "qrels.trec", scored.relevance)
        write_run(folder / "run.trec", scored.ranking)
        (folder / "report.md").write_text(markdown_report(scored.result, summary), "utf-8")
        (folder / "report.html").write_text(html_report(scored.result, summary), "utf-8")
    except OSError as error:
        raise CitadelError(
            f"The report can't be written to {folder} ({error.strerror}); name another --output."
        ) from error
    print(f"The report is in {folder}.", file=sys.stderr)


def main() -> None:
    """Run the command line."""
    run("citadel-evaluate", app)
