from datetime import UTC, datetime

import pytest

from citadel.evaluation.benchmarks.files.compound_files import Folder, compound, fixed, prop, text
from citadel.index.errors import CitadelError
from tests.formats import blocks, read

PROSE = "The ferry crosses the river every half hour, from seven in the morning."
SUBJECT = text(0x0037, "Die Fähre, مركب")
SENT = int((datetime(2016, 12, 6, 4, 30, tzinfo=UTC).timestamp() + 11_644_473_600) * 10_000_000)
PROPERTIES = {"__properties_version1.0": fixed((0x0039, 0x0040, SENT), (0x3FFD, 0x0003, 1256))}
HEADERS = text(
    0x007D,
    "From: Rana =?utf-8?q?=C3=96zil?= <rana@ferry.example>\r\nTo: Omar <o@a.example>\r\n"
    "Date: Mon, 05 Dec 2016 23:30:00 -0500\r\n\r\n",
)


def msg(*properties: Folder) -> bytes:
    folder = dict(PROPERTIES)
    merged: dict[str, bytes | Folder] = {**folder}
    for each in properties:
        merged.update(each)
    return compound(merged)


def test_headers_are_metadata_and_the_text_is_read() -> None:
    data = msg(SUBJECT, HEADERS, text(0x1000, f"{PROSE}\r\n\r\nIt drifts.\r\n"))
    document = read(data, "a.msg")
    assert document.text == (
        "title: Die Fähre, مركب\nauthor: Rana Özil\ndate: 2016-12-05\nlanguage: en\n\n"
        f"To: Omar <o@a.example>\n\n{PROSE}\n\nIt drifts.\n"
    )
    assert document.notes == ()


def test_without_headers_the_properties_tell() -> None:
    people = (text(0x0C1A, "Rana Özil"), text(0x0E04, "Omar; Lina"), text(0x0E03, "The desk"))
    document = read(msg(SUBJECT, *people, text(0x1000, PROSE)), "a.msg")
    assert document.text == (
        "title: Die Fähre, مركب\nauthor: Rana Özil\ndate: 2016-12-06\nlanguage: en\n\n"
        f"To: Omar; Lina\n\nCc: The desk\n\n{PROSE}\n"
    )


def test_html_is_read_rather_than_plain_text_and_attachments_are_named() -> None:
    html = (
        f"<h2>Why</h2><p>{PROSE}</p><div style='display:none'>Preview</div>"
        "<table><tr><th>Town</th><th>Dead</th></tr><tr><td>Homs</td><td>4</td></tr></table>"
        + "<p>Padding.</p>"
        * 400
    )
    attached: Folder = {
        "__attach_version1.0_#00000000": {
            "__properties_version1.0": bytes(8),
            **text(0x3707, "Größe.pdf"),
            **text(0x3704, "GROESS~1.PDF"),
        },
        "__attach_version1.0_#00000001": {"__properties_version1.0": bytes(8)},
    }
    document = read(
        msg(text(0x1000, "Plain."), {prop(0x1013, 0x0102): html.encode()}, attached), "a.msg"
    )
    assert blocks(document)[:3] == [
        ("h", "Why"),
        ("p", PROSE),
        ("p", "| Town | Dead |\n| Homs | 4 |"),
    ]
    assert document.notes == (
        "hidden text left out: “Preview”",
        "attachments are not read: “Größe.pdf”, “one without a name”",
    )


def test_a_text_in_the_code_page_of_the_writer() -> None:
    arabic = "عاد السكان إلى المدينة بعد الحصار، وقال الطبيب إن المستشفى لم يعد يعمل."
    document = read(msg({prop(0x1000, 0x001E): arabic.encode("cp1256") + b"\0"}), "a.msg")
    assert blocks(document) == [("p", arabic)]
    assert document.layout.metadata["language"] == "ar"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"Subject: a\n\nA mail.", "is no mail of Outlook; save it again."),
        (compound({}), "is a broken mail of Outlook (OSError); save it again."),
        (msg(SUBJECT), "has no text; save its text as .txt."),
        (
            msg(text(0x001A, "IPM.Note.SMIME")),
            "is encrypted; decrypt it and save its text as .txt.",
        ),
        (
            msg({prop(0x1009, 0x0102): b"LZFu"}),
            "has its text as Rich Text only, which is not read from mails; save its text as .txt.",
        ),
    ],
    ids=["mail", "empty", "wordless", "encrypted", "rich"],
)
def test_what_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read(data, "a.msg")
    assert str(caught.value) == f"a.msg {message}"


def refusal(data: bytes) -> str:
    """Return how a file is refused; "a.msg" for one that is read."""
    try:
        read(data, "a.msg")
    except CitadelError as error:
        return str(error)
    return "a.msg"


def test_broken_files_are_refused_in_words() -> None:
    whole = msg(SUBJECT, HEADERS, text(0x1000, PROSE))
    cuts = range(0, len(whole), 97)
    damaged = [whole[:cut] + b"\xff" * 40 + whole[cut + 40 :] for cut in cuts]
    told = [refusal(data) for data in (*damaged, *(whole[:cut] for cut in cuts))]
    assert [message for message in told if not message.startswith("a.msg")] == []


def test_of_a_mail_that_was_cut_off_the_report_says_that_some_is_missing() -> None:
    whole = msg(SUBJECT, text(0x1000, PROSE * 100))
    assert read(whole, "a.msg").notes == ()
    assert read(whole[:-4000], "a.msg").notes == (
        "the file is damaged, and some of the mail may be missing; save it again",
    )
