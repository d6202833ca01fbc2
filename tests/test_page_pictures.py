"""The picture of a printed page: the quote is found in what is printed, and nothing else marked."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from fpdf import FPDF

from citadel.index.corpus.formats.page_pictures import DrawnPage, picture_of
from citadel.index.corpus.formats.pdf import draw_page
from citadel.index.corpus.sandbox.processes import picture_of_page
from citadel.index.errors import CitadelError

SENTENCES = (
    "The old bridge was closed in the spring.",
    "Residents of the eastern bank walked for an hour to the market, and several of them said "
    "that no ferry had come for weeks.",
    "Shops lost most of their customers.",
)


def written(path: Path, width: int = 210) -> Path:
    pdf = FPDF(format=(width, 297))
    pdf.set_font("Helvetica", "", 11)
    for sentences in (SENTENCES, ("Another page.",)):
        pdf.add_page()
        pdf.multi_cell(0, 6, " ".join(sentences))
    pdf.output(str(path))
    return path


def pixels_of(png: bytes) -> np.ndarray:
    """The pixels of a picture, read back from its file."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[start - 4 : start])
    rows = np.frombuffer(zlib.decompress(png[start + 4 : start + 4 + length]), np.uint8)
    return rows.reshape(height, 1 + 3 * width)[:, 1:].reshape(height, width, 3)


def is_marked(pixels: np.ndarray) -> np.ndarray:
    """Where the ground is of the colour of the mark."""
    marked: np.ndarray = (pixels == (255, 226, 120)).all(axis=2)
    return marked


def page_of(text: str) -> DrawnPage:
    """A page on which each letter stands in a column of its own, two pixels wide."""
    letters = [letter for letter in text if not letter.isspace()]
    boxes = [(2 * at, 0, 2 * at + 1, 1) for at in range(len(letters))]
    return DrawnPage(np.full((1, 2 * len(letters), 3), 255, np.uint8), letters, boxes)


def marked_letters(text: str, quote: str) -> str:
    page = page_of(text)
    picture = picture_of(page, quote)
    marked = is_marked(pixels_of(picture.png))[0]
    found = "".join(letter for letter, box in zip(page.letters, page.boxes, strict=True)
                    if marked[box[0]])  # fmt: skip
    assert picture.is_marked == bool(found)
    return found


@pytest.mark.parametrize(
    ("printed", "quote", "marked"),
    [
        ("A ferry came. It left.", "It left.", "Itleft"),
        ("The resi-\ndents left.", "The residents left.", "Theresi-dentsleft"),
        ("The oﬃce burned.", "The office burned.", "Theoﬃceburned"),
        ("THE OFFICE burned.", "The office", "THEOFFICE"),
        ("غادرت العبّارة النهر", "العبّارة", "العبّارة"),
        ("Nothing here.", "Something there", ""),
        ("Nothing here.", "…!", ""),
        ("Nothing here.", "", ""),
        (
            "The ferry had not come for weeks12 and nobody knew when it would come again.",
            "The ferry had not come for weeks and nobody knew when it would come again.",
            "Theferryhadnotcomeforweeks12andnobodyknewwhenitwouldcomeagain",
        ),
        (
            "The ferry had not co" + "me. And then much else was said of it. " * 4 + "for weeks",
            "The ferry had not come for weeks",
            "",
        ),
    ],
)
def test_a_quote_is_found_by_its_letters(printed: str, quote: str, marked: str) -> None:
    assert marked_letters(printed, quote) == marked


def test_what_is_marked_lies_under_the_letters_of_the_quote(tmp_path: Path) -> None:
    path = written(tmp_path / "bridge.pdf")
    page = draw_page(path.read_bytes(), "bridge.pdf", 1, 800)
    plain, marked = (pixels_of(picture_of(page, quote).png) for quote in ("", SENTENCES[1]))
    assert plain.shape == marked.shape == (800, 566, 3)
    changed = (plain != marked).any(axis=2)
    printed = "".join(page.letters)
    start = printed.index("Residents")
    end = printed.index("weeks.") + len("weeks")
    for at, (left, top, right, bottom) in enumerate(page.boxes):
        within = changed[top:bottom, left + 1 : right - 1]
        assert within.any() == (start <= at < end)
    assert is_marked(marked).sum() > 0.5 * changed.sum()
    assert not is_marked(plain).any()


def test_a_page_is_drawn_by_another_process(tmp_path: Path) -> None:
    written(tmp_path / "kept")
    picture = picture_of_page(tmp_path, "kept", "bridge.pdf", 1, SENTENCES[2])
    assert picture.is_marked
    assert pixels_of(picture.png).shape == (1600, 1132, 3)
    assert not picture_of_page(tmp_path, "kept", "bridge.pdf", 2, SENTENCES[2]).is_marked


def test_what_can_not_be_drawn_is_said(tmp_path: Path) -> None:
    written(tmp_path / "kept")
    (tmp_path / "broken").write_bytes(b"%PDF-1.7\nnothing")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    for name, page, told in (
        ("kept", 3, "bridge.pdf has no page 3; it has 2."),
        ("broken", 1, "bridge.pdf can't be drawn (Failed to load document (PDFium: Data format "
         "error).); save it again."),
        ("link", 1, "link is a link, and links are not followed; put the file itself in its "
         "place."),
    ):  # fmt: skip
        with pytest.raises(CitadelError) as caught:
            picture_of_page(tmp_path, name, "bridge.pdf", page, "")
        assert str(caught.value) == told


def test_a_page_of_any_size_makes_a_picture_of_one_size(tmp_path: Path) -> None:
    page = draw_page(written(tmp_path / "wide.pdf", width=5000).read_bytes(), "wide.pdf", 1, 500)
    assert page.pixels.shape == (30, 500, 3)
