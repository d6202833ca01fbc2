"""Pages that are pictures: their text is recognised by Tesseract, or the report says why not.

All but the last tests run a program of that name that the test writes.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import reportlab
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from citadel.index.corpus.articles import Article
from citadel.index.corpus.layout import Doubt
from citadel.index.corpus.passages import split_article
from citadel.index.corpus.sandbox.processes import Request, read_files
from citadel.index.errors import CitadelError
from citadel.qa.answer.locators import doubt_names
from tests.reading_here import read_article

HEAD = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"
SEEN = ("The dam broke at night.", "Nobody was warned.")
PICTURE = "recognised from a picture, may contain errors"
INSTALL = (
    "to have text recognised in pictures, install Tesseract, on Debian with “apt install "
    "tesseract-ocr tesseract-ocr-ara”"
)
NO_TIME = "there was no time to recognise the text of so many pictures; split the file"


def table(*lines: str, sure: float = 95.0) -> str:
    """What Tesseract writes of lines of text, one below another."""
    rows = [HEAD]
    for number, line in enumerate(lines):
        top = 100 + 40 * number
        rows.append(f"4\t1\t1\t1\t{number}\t0\t100\t{top}\t1000\t30\t-1\t")
        left = 100
        for place, word in enumerate(line.split(), start=1):
            width = 14 * len(word)
            rows.append(
                f"5\t1\t1\t1\t{number}\t{place}\t{left}\t{top}\t{width}\t30\t{sure}\t{word}"
            )
            left += width + 12
    return "\n".join(rows) + "\n"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH in which Tesseract may be."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("cat", "sleep", "head"):
        path = shutil.which(name)
        assert path is not None
        (folder / name).symlink_to(path)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(programs: Path, script: str, models: str = "ara eng fra osd") -> Path:
    """Install a Tesseract that lists its models, and else does what a script says.

    Returns:
        Where it writes how it was called.

    """
    calls = programs / "calls"
    path = programs / "tesseract"
    path.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = --list-langs ]; then for m in {models}; do echo $m; done; exit; fi\n'
        f'echo "$@" >> {calls}\n'
        f"{script}\n"
    )
    path.chmod(0o755)
    return calls


def writes(programs: Path, text: str, name: str = "table") -> str:
    """Return the script that reads a picture and writes a table."""
    (programs / name).write_text(text)
    return f"head -c 16 > {programs}/picture; cat > {programs}/rest; cat {programs}/{name}"


def picture(*lines: str) -> Image.Image:
    image = Image.new("L", (1200, 100 + 60 * len(lines)), 255)
    font = ImageFont.truetype(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf", 34)
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((60, 50 + 60 * number), line, font=font, fill=0)
    return image


def scan(folder: Path, *pages: Image.Image | str) -> Path:
    """Write a PDF whose pages are pictures, or have a line of text."""
    pdf = FPDF(unit="pt")
    pdf.set_font("Helvetica", "", 11)
    for page in pages:
        pdf.add_page(format=(432, 144))
        if isinstance(page, str):
            pdf.text(20, 40, page)
        else:
            pdf.image(page, 0, 0, 432)
    path = folder / "scan.pdf"
    path.write_bytes(bytes(pdf.output()))
    return path


def paragraphs(article: Article) -> list[str]:
    return [passage.text for passage in split_article(article)]


def test_a_picture_is_recognised_and_every_quote_from_it_says_so(
    tmp_path: Path, programs: Path
) -> None:
    calls = install(programs, writes(programs, table(*SEEN)))
    article = read_article(scan(tmp_path, picture(*SEEN), "The third page is in letters."))
    assert paragraphs(article) == [" ".join(SEEN), "The third page is in letters."]
    assert article.notes == (f"page 1 {PICTURE}",)
    first, second = split_article(article)
    assert [first.doubts_about(span) for span in first.sentences] == [(Doubt.PICTURE,)] * 2
    assert (doubt_names(first), doubt_names(second)) == ((PICTURE,), ())
    assert calls.read_text() == "stdin stdout -l eng+ara --dpi 200 tsv\n"
    assert (programs / "picture").read_bytes()[:16] == b"P5 1200 400 255\n"
    assert len((programs / "rest").read_bytes()) == 1200 * 400


def test_without_tesseract_the_report_says_what_to_install(tmp_path: Path, programs: Path) -> None:
    assert not (programs / "tesseract").exists()
    article = read_article(scan(tmp_path, "The first page.", picture("A."), picture("B.")))
    assert paragraphs(article) == ["The first page."]
    assert article.notes == (f"no text on pages 2, 3: {INSTALL}",)
    with pytest.raises(CitadelError) as refused:
        read_article(scan(tmp_path, picture(*SEEN)))
    assert str(refused.value) == (
        f"scan.pdf has no text layer, it is pictures of pages; {INSTALL}."
    )


@pytest.mark.parametrize("script", ["exit 1", "unsure", "nothing"])
def test_what_is_not_legible_is_not_quoted(tmp_path: Path, programs: Path, script: str) -> None:
    texts = {"unsure": table("Tlne darn bnoke.", sure=41.0), "nothing": table()}
    install(programs, writes(programs, texts[script]) if script in texts else script)
    article = read_article(scan(tmp_path, "The first page.", picture(*SEEN)))
    assert paragraphs(article) == ["The first page."]
    assert article.notes == ("no text on page 2: nothing legible was recognised in the picture",)


@pytest.mark.parametrize(
    ("language", "models", "chosen"),
    [("fr", "ara eng fra", "fra"), ("sw", "eng fra", "eng"), ("ar-SY", "ara", "ara")],
)
def test_the_article_names_its_language(
    tmp_path: Path, programs: Path, language: str, models: str, chosen: str
) -> None:
    calls = install(programs, writes(programs, table(*SEEN)), models)
    path = scan(tmp_path, picture(*SEEN))
    (tmp_path / "scan.pdf.yaml").write_text(f"language: {language}\n")
    assert paragraphs(read_article(path)) == [" ".join(SEEN)]
    assert calls.read_text() == f"stdin stdout -l {chosen} --dpi 200 tsv\n"


def test_a_page_in_one_script_is_recognised_by_its_models_alone(
    tmp_path: Path, programs: Path
) -> None:
    arabic = "عاد السكان إلى المدينة."
    mixed = writes(programs, table(f"{arabic} HUI"), "mixed")
    alone = writes(programs, table(arabic), "alone")
    calls = install(programs, f'if [ "$4" = ara ]; then {alone}; else {mixed}; fi')
    assert paragraphs(read_article(scan(tmp_path, picture("A")))) == [arabic]
    assert [line.split()[3] for line in calls.read_text().splitlines()] == ["eng+ara", "ara"]


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """End this process in so many seconds, as the process that reads files is ended."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def test_pages_for_which_no_time_is_left_are_told(tmp_path: Path, programs: Path) -> None:
    calls = install(programs, "exec sleep 60")
    path = scan(tmp_path, "The first page.", picture("A."), picture("B."))
    with alarm(5.5):
        article = read_article(path)
    assert paragraphs(article) == ["The first page."]
    assert article.notes == (f"no text on pages 2, 3: {NO_TIME}",)
    assert len(calls.read_text().splitlines()) == 1


def test_it_has_no_more_memory_time_or_threads_than_the_reader_of_a_file(
    tmp_path: Path, programs: Path
) -> None:
    bounds = programs / "bounds"
    written = writes(programs, table(*SEEN))
    install(
        programs,
        f'echo "$(ulimit -v) $(ulimit -c) $OMP_THREAD_LIMIT" > {bounds}; '
        f"ulimit -t > {programs}/seconds; {written}",
    )
    folder = tmp_path / "sources"
    folder.mkdir()
    scan(folder, picture(*SEEN))
    [read] = read_files(folder, [Request("scan.pdf", sidecar=False)])
    assert not isinstance(read, CitadelError)
    assert paragraphs(read.articles[0]) == [" ".join(SEEN)]
    assert bounds.read_text() == "976562 0 1\n"
    assert 2 <= int((programs / "seconds").read_text()) <= 18


def test_text_that_was_recognised_before_says_so_too(tmp_path: Path, programs: Path) -> None:
    assert not (programs / "tesseract").exists()
    pdf = FPDF(unit="pt")
    pdf.set_font("Helvetica", "", 11)
    pdf.add_page(format=(432, 144))
    pdf.image(picture(*SEEN), 0, 0, 432)
    with pdf.local_context(text_mode="INVISIBLE"):
        pdf.text(20, 40, SEEN[0])
    path = tmp_path / "scan.pdf"
    path.write_bytes(bytes(pdf.output()))
    article = read_article(path)
    assert (paragraphs(article), article.notes) == ([SEEN[0]], (f"page 1 {PICTURE}",))


def require_tesseract() -> None:
    """Skip the calling test without Tesseract, but fail where all tests have to run."""
    if shutil.which("tesseract") is None:
        reason = "no Tesseract: put it on PATH, with its English and Arabic models"
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason} (CI=true makes this a failure)")
        pytest.skip(reason)


def test_tesseract_reads_english(tmp_path: Path) -> None:
    require_tesseract()
    article = read_article(scan(tmp_path, picture(*SEEN)))
    assert paragraphs(article) == [" ".join(SEEN)]
    assert article.notes == (f"page 1 {PICTURE}",)


def test_tesseract_reads_arabic(tmp_path: Path) -> None:
    require_tesseract()
    image = Image.open(Path(__file__).parent / "data" / "arabic-scan.png").convert("L")
    article = read_article(scan(tmp_path, image))
    # What it makes of single letters is another thing from version to version.
    [text] = paragraphs(article)
    assert text.startswith("عاد السكان إلى المدينة في عام 2016 بعد ")
    assert " إن المستشفى لم يعد يعمل منذ ثلاثة " in text
    assert (article.language, article.notes) == ("ar", (f"page 1 {PICTURE}",))
