"""Whatever lies in the folder, the good files are read, and the others end in a clear line."""

import os
from pathlib import Path

from citadel.index.corpus.corpus import Corpus, read_corpus
from citadel.index.corpus.passages import split_article
from tests.hostile_files import GOOD, write_good_files, write_hostile_files

FIT_FOR_NOTHING = {
    "bomb.epub": "bomb.epub unpacks to 400 MB, and 300 MB are read at most; save it without "
    "pictures.",
    "bomb.odt": "bomb.odt unpacks to 400 MB, and 300 MB are read at most; save it without "
    "pictures.",
    "bomb.xlsx": "bomb.xlsx unpacks to 400 MB, and 300 MB are read at most; save it without "
    "pictures.",
    "cell.csv": "cell.csv has a cell of more than 100,000 characters, which is no cell of a table; "
    "mend the row or save the file as text.",
    "deep.eml": "deep.eml holds mails within mails, more than 20 deep; save the one that matters.",
    "deep.rtf": "deep.rtf is nested more than 2,000 deep; save it in another format.",
    "entities.odt": "entities.odt can't be opened as an OpenDocument text (content.xml declares "
    "entities, which are not read); save it again.",
    "entities.epub": "entities.epub can't be opened as an EPUB (a.opf declares entities, which are "
    "not read); save it again.",
    "many.epub": "many.epub holds 20,001 files, and 20,000 are read at most; split it or save it "
    "without pictures.",
    "up.epub": "up.epub can't be opened as an EPUB (it has no chapter with text); save it again.",
    "deep.jsonl": "deep.jsonl, line 1 is not JSON; write one JSON object on each line",
    "empty.pdf": "empty.pdf can't be opened as a PDF (Failed to load document (PDFium: Data format "
    "error).); save it again, without a password.",
    "child.msg": "child.msg is a broken mail of Outlook (OSError); save it again.",
    "cut.msg": "cut.msg is no mail of Outlook; save it again.",
    "cycle-2.msg": "cycle-2.msg has no text; save its text as .txt.",
    "nowhere.msg": "nowhere.msg is a broken mail of Outlook (OleFileError); save it again.",
    "outside.msg": "outside.msg has no text; save its text as .txt.",
    "sectors.msg": "sectors.msg is a broken mail of Outlook (OleFileError); save it again.",
    "large.html": "large.html is larger than 50 MB; split it or save it without pictures.",
    "out.md": "out.md is a link, and links are not followed; put the file itself in its place.",
    "pipe.pdf": "pipe.pdf is no regular file; put a file in its place.",
    "scan.pdf": "scan.pdf has no text layer, it is pictures of pages; "
    "have the text recognised (OCR), for example with ocrmypdf.",
    "zero.txt": "zero.txt is a link, and links are not followed; put the file itself in its place.",
}


def test_hostile_files_harm_no_other(tmp_path: Path) -> None:
    write_hostile_files(tmp_path, mutations=2)
    check(tmp_path)


def check(folder: Path) -> None:
    """Read hostile files among good ones, and miss none of either."""
    write_good_files(folder)
    corpus = read_corpus(folder)
    read = {article.source.partition("#")[0] for article in corpus.articles}
    assert [name for name in GOOD if name not in read] == []
    assert every_file(folder) == {report.name for report in corpus.reports}
    assert silent(corpus) == []
    failures = {report.name: report.failures for report in corpus.reports if report.failures}
    expected = {name: (line,) for name, line in FIT_FOR_NOTHING.items()}
    assert {name: failures.get(name) for name in expected} == expected
    for failure in corpus.failures:
        assert "\n" not in failure
        assert "its reader failed (" not in failure or "Error" in failure or "SIG" in failure
    for article in corpus.articles:
        for passage in split_article(article):
            assert article.text[passage.start : passage.end] == passage.text


def every_file(folder: Path) -> set[str]:
    """The names under which the files of a folder must be reported."""
    names = set()
    for path in folder.iterdir():
        name = path.name
        if path.is_dir() and not path.is_symlink():
            continue
        readable = os.fsencode(name).decode("utf-8", "ignore") == name and "\u202e" not in name
        names.add(name if readable else ascii(name))
    return names


def silent(corpus: Corpus) -> list[str]:
    """The files of which nothing is reported: neither articles, nor why there are none."""
    return [
        report.name
        for report in corpus.reports
        if not (report.articles or report.notes or report.failures)
    ]
