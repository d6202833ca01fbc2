import base64
import quopri
from email.message import EmailMessage

import pytest

from citadel.index.errors import CitadelError
from tests.formats import blocks, read

PROSE = "The ferry crosses the river every half hour, from seven in the morning."


def mail(text: str = PROSE, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Rana Özil <rana@ferry.example>"
    message["Subject"] = "Die Fähre, مركب"
    message["Date"] = "Mon, 05 Dec 2016 23:30:00 -0500"
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    return message


def test_headers_are_metadata_and_the_text_is_read() -> None:
    document = read(bytes(mail(f"{PROSE}\n\nIt drifts.\n", To="Omar <o@a.example>")), "a.eml")
    assert document.text == (
        "title: Die Fähre, مركب\nauthor: Rana Özil\ndate: 2016-12-05\nlanguage: en\n\n"
        f"To: Omar <o@a.example>\n\n{PROSE}\n\nIt drifts.\n"
    )
    assert document.notes == ()


def test_html_is_read_rather_than_plain_text_and_attachments_are_named() -> None:
    message = mail()
    message.add_alternative(
        f"<h2>Why</h2><p>{PROSE}</p><div style='display:none'>Preview</div><footer>Rana</footer>"
        "<table><tr><th>Town</th><th>Dead</th></tr><tr><td>Homs</td><td>4</td></tr></table>",
        subtype="html",
    )
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Größe.pdf")
    message.add_attachment(mail(Cc="x@a.example"))
    document = read(bytes(message), "a.eml")
    assert blocks(document) == [
        ("h", "Why"),
        ("p", PROSE),
        ("p", "Rana"),
        ("p", "| Town | Dead |\n| Homs | 4 |"),
    ]
    assert document.notes == (
        "attachments are not read: “Größe.pdf”, “the mail Die Fähre, مركب”",
        "hidden text left out: “Preview”",
    )


QUOTING = f"""{PROSE}

On Sunday, Omar wrote:
> Does it cross?
>
> > Who asks?

No.

> And now?

-----Original Message-----

From: Omar
"""


def test_what_is_quoted_stands_under_a_heading() -> None:
    assert blocks(read(bytes(mail(QUOTING)), "a.eml")) == [
        ("p", PROSE),
        ("h", "On Sunday, Omar wrote:"),
        ("p", "Does it cross?"),
        ("p", "Who asks?"),
        ("h", "Message"),
        ("p", "No."),
        ("h", "Quoted message"),
        ("p", "And now?"),
        ("h", "Message"),
        ("h", "Original Message"),
        ("p", "From: Omar"),
    ]


def raw(headers: str, body: bytes = PROSE.encode()) -> bytes:
    return headers.encode("cp1252") + b"\n\n" + body


@pytest.mark.parametrize(
    ("headers", "title"),
    [
        ("Subject: =?utf-8?b?w6Q=?= =?iso-8859-1?q?=E4_b?=", "ää b"),
        ("Subject: Fähre", "Fähre"),
        ("Subject: =?no-such-charset?q?a_b?=", "a b"),
        ("Subject: =?utf-8?b?a?=", "=?utf-8?b?a?="),
        ("Subject: one\n two", "one two"),
        ("X-Mailer: a", None),
    ],
)
def test_headers_in_whatever_encoding(headers: str, title: str | None) -> None:
    assert read(raw(headers), "a.eml").layout.metadata.get("title") == title


@pytest.mark.parametrize(
    ("date", "day"),
    [("Mon, 05 Dec 2016 23:30:00 +0300", "2016-12-05"), ("yesterday", None), ("", None)],
)
def test_a_date_is_that_of_the_writer(date: str, day: str | None) -> None:
    document = read(raw(f"Subject: a\nDate: {date}"), "a.eml")
    assert document.layout.metadata.get("date") == day


def test_the_encoding_of_the_text_is_the_one_that_is_told() -> None:
    headers = "Subject: a\nContent-Type: text/plain; charset=windows-1256\n"
    headers += "Content-Transfer-Encoding: base64"
    arabic = "تعبر العبّارة النهر كل نصف ساعة ابتداء من السابعة صباحا."
    body = base64.encodebytes(arabic.encode("cp1256"))
    assert blocks(read(raw(headers, body), "a.eml")) == [("p", arabic)]


def deep(depth: int) -> bytes:
    message = mail().as_bytes()
    for _ in range(depth):
        message = b"Content-Type: message/rfc822\n\n" + message
    return message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\0\1\2", "does not begin with the headers of a mail; save it again."),
        (b"", "does not begin with the headers of a mail; save it again."),
        (raw("Subject: a", b""), "has no text; save its text as .txt."),
        (deep(1), "has no text; save its text as .txt."),
        (
            raw("Content-Type: application/pkcs7-mime"),
            "is encrypted; decrypt it and save its text as .txt.",
        ),
        (deep(30), "holds mails within mails, more than 20 deep; save the one that matters."),
        (deep(5000), "holds mails within mails, more than 20 deep; save the one that matters."),
    ],
    ids=["binary", "empty", "no text", "only another mail", "encrypted", "deep", "deeper"],
)
def test_what_is_no_mail_with_text(data: bytes, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read(data, "a.eml")
    assert str(caught.value) == f"a.eml {message}"


PAGE = f"""<html><head><title>The Ferry</title></head><body><nav><a href="/">Home</a></nav>
<article><h1>The Ferry</h1><p>{PROSE}</p><p>{PROSE} It is näver late.</p></article></body></html>"""


def archive(page: str = PAGE, kind: str = "text/html", more: str = "") -> bytes:
    encoded = quopri.encodestring(page.encode()).decode("ascii")
    return (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://ferry.example/1\n"
        "Subject: The Ferry\nDate: Tue, 1 Jan 2030 00:00:00 -0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\n\n'
        f"--b\nContent-Type: {kind}\nContent-ID: <page>\n"
        "Content-Transfer-Encoding: quoted-printable\n"
        f"Content-Location: https://ferry.example/1\n\n{encoded}\n"
        f"--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n{more}--b--\n"
    ).encode()


def test_a_page_saved_with_its_parts() -> None:
    document = read(archive(), "a.mhtml")
    assert blocks(document) == [("p", PROSE), ("p", f"{PROSE} It is näver late.")]
    assert document.layout.metadata == {
        "title": "The Ferry",
        "language": "en",
        "url": "https://ferry.example/1",
    }
    assert document.notes == ("4 of 144 letters belong to the page, not to the article",)


def test_styles_are_parts_of_the_file() -> None:
    styles = "\n--b\nContent-Type: text/css\n\n.x { text-decoration: line-through }\n"
    page = PAGE.replace("</article>", f"<p class='x'>{PROSE} It sank.</p></article>", 1)
    document = read(archive(page, more=styles), "a.mhtml")
    assert blocks(document) == [("p", PROSE), ("p", f"{PROSE} It is näver late.")]
    assert document.notes[-1] == f"struck text left out: “{PROSE} It sank.”"


def test_frames_are_told() -> None:
    frame = "--b\nContent-Type: text/html\n\n<p>An advertisement</p>\n"
    assert read(archive(more=frame), "a.mht").notes[0] == "1 frame of the page not read"


def test_a_file_without_a_page() -> None:
    with pytest.raises(CitadelError) as caught:
        read(archive(kind="text/css"), "a.mhtml")
    assert str(caught.value) == "a.mhtml holds no web page; save the page again or as .html."


@pytest.mark.parametrize(
    "comment",
    [
        "<!--\n Page saved with SingleFile \n url: https://ferry.example/1 \n saved date: x\n-->",
        "<!-- saved from url=(0023)https://ferry.example/1 -->",
    ],
)
def test_a_saved_page_knows_where_it_was(comment: str) -> None:
    hidden = '<div class="sf-hidden"></div><style>.sf-hidden{display:none!important}</style>'
    document = read(f"{comment}{PAGE.replace('<nav>', f'{hidden}<nav>')}".encode(), "a.html")
    assert document.layout.metadata["url"] == "https://ferry.example/1"
