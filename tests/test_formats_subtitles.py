import pytest

from citadel.index.errors import CitadelError
from tests.formats import blocks, placed, read

SRT = """1
00:00:01,000 --> 00:00:04,000
{\\an8}The ferry <i>crosses</i>
the river

2
00:00:04,200 --> 00:00:06,000
every half hour. It is

3
00:00:06,100 --> 00:00:08,000
never late.

4
01:02:03,000 --> 01:02:05,000
- Who steers it?
- Nobody.

It drifts.
"""


def test_what_is_said_has_its_time() -> None:
    document = read(SRT.encode(), "talk.srt", title="Talk")
    assert document.text == (
        "title: Talk\nlanguage: en\n\n"
        "The ferry crosses the river every half hour. It is never late.\n\n"
        "Who steers it?\n\nNobody. It drifts.\n"
    )
    assert [(document.text[p.start :][:12], p.name) for p in document.places] == [
        ("The ferry cr", "at 0:00:01"),
        ("every half h", "at 0:00:04"),
        ("never late.\n", "at 0:00:06"),
        ("Who steers i", "at 1:02:03"),
        ("Nobody. It d", "at 1:02:03"),
    ]
    assert document.notes == ()


VTT = """WEBVTT - Talk
Kind: captions
Language: de-DE

NOTE made by hand

STYLE
::cue { color: red }

intro
00:01.000 --> 00:04.000 align:start
<v.loud Rana>Wir gingen &amp; <c.yellow>blieben</c>.

00:04.000 --> 00:06.000
<v Rana>Dann kam der Regen.

00:06.000 --> 00:08.000
<v Omar>Ja.</v>

00:08.000 --> 00:09.000
<v Rana>Nein.</v><v Omar>Doch.</v>
"""


def test_voices_are_named_where_they_change() -> None:
    document = read(VTT.encode(), "talk.vtt")
    assert placed(document) == [
        ("at 0:00:01", "Rana: Wir gingen & blieben. Dann kam der Regen."),
        ("at 0:00:06", "Omar: Ja."),
        ("at 0:00:08", "Rana: Nein."),
        ("at 0:00:08", "Omar: Doch."),
    ]
    assert document.layout.metadata == {"language": "de"}
    assert document.notes == (
        "notes left out: “made by hand”",
        "styles left out: “::cue { color: red }”",
    )


ROLLING = """WEBVTT

00:01.000 --> 00:03.000
\x20
the<00:01.100><c> ferry</c>

00:03.000 --> 00:03.010
the ferry
\x20

00:03.010 --> 00:05.000
the ferry
crosses<00:03.100><c> it</c>

00:05.000 --> 00:05.010
crosses it
\x20

00:05.010 --> 00:07.000
crosses it
at night
"""


def test_lines_that_roll_up_are_read_once() -> None:
    document = read(ROLLING.encode(), "talk.vtt")
    assert placed(document) == [("at 0:00:01", "the ferry crosses it at night")]
    assert document.notes == ("lines that stay on the screen while it rolls are read once",)


def test_what_is_said_twice_is_read_twice() -> None:
    cues = (f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{said}\n" for n, said in
            enumerate(("No.", "No.", "Why?", "Because."), start=1))  # fmt: skip
    assert blocks(read("\n".join(cues).encode(), "a.srt")) == [("p", "No. No. Why? Because.")]


def test_paragraphs_end_with_a_pause_or_a_sentence() -> None:
    sentence = "The ferry crosses the river every half hour."
    cues = [f"00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},990\n{sentence}\n"
            for n in range(1, 31)]  # fmt: skip
    cues.append(f"00:01:00,000 --> 00:01:01,000\n{sentence}\n")
    document = read("\n".join(cues).encode(), "a.srt")
    assert [len(text) // len(sentence) for _, text in blocks(document)] == [14, 14, 2, 1]
    assert placed(document)[-1] == ("at 0:01:00", sentence)


def test_what_stands_before_the_first_time_is_told() -> None:
    document = read(b"A talk\n\n00:01.000 --> 00:02.000\nThe ferry crosses.\n", "a.srt")
    assert blocks(document) == [("p", "The ferry crosses.")]
    assert document.notes == ("text without a time left out: “A talk”",)


def test_what_has_no_times_is_refused() -> None:
    with pytest.raises(CitadelError) as caught:
        read(b"The ferry crosses.\n", "a.srt")
    assert str(caught.value) == (
        "a.srt has no line that says when something is said (00:00:01,000 --> 00:00:04,000); save "
        "it as .txt if it is plain text."
    )
