from citadel.index.corpus.formats.printed_lines import Line
from citadel.index.corpus.formats.running_lines import running_lines


def line(text: str, height: float, page: int = 1, *, size: float = 12) -> Line:
    return Line(text, page, 50, 500, height, size, False)


def dropped(pages: list[list[Line]]) -> list[str]:
    return [each.text for each in running_lines(pages)]


def test_running_heads_and_page_numbers() -> None:
    pages = [
        [
            line("The Herald", 800, number),
            line(f"Text {number} of the page.", 700 - 20 * number, number),
            line("Text of every page.", 500 - 20 * number, number),
            line(f"Report 2021 · {number}", 40, number),
            line(f"– {number} –", 20, number),
        ]
        for number in range(1, 5)
    ]
    pages[3] = [line("iv", 20, 4)]
    assert dropped(pages) == [
        *(
            text
            for number in range(1, 4)
            for text in ("The Herald", f"Report 2021 · {number}", f"– {number} –")
        ),
        "iv",
    ]


def test_the_only_page_has_no_running_head() -> None:
    assert dropped([[line("A head", 800), line("12", 20)]]) == ["12"]


def body(page: int, *, lowest: int = 100) -> list[Line]:
    """Text of a page, whose words no other has."""
    words = ("first", "second", "third", "fourth", "fifth")
    return [
        line(f"On the {words[page - 1]} day line {height} was written.", height, page)
        for height in range(700, lowest, -14)
    ]


def test_a_number_that_does_not_run_with_the_pages_stays() -> None:
    pages = [[*body(page), line(number, 60, page)] for page, number in ((1, "1931"), (2, "2410."))]
    assert dropped(pages) == []


def test_a_number_in_the_text_is_no_page_number() -> None:
    pages = [[line(str(page), 714, page), *body(page)] for page in (1, 2, 3)]
    assert dropped(pages) == []


def test_a_year_on_an_only_page_stays() -> None:
    assert dropped([[line("The census", 700), line("1931", 300)]]) == []


def test_the_lines_of_a_form_stay_with_their_values() -> None:
    pages = [
        [
            line("Field hospital: daily bulletin", 785, page),
            line(f"Day {page} of the siege", 757, page),
            line(f"Killed on this day: {killed}", 734, page),
            line(f"Wounded on this day: {wounded}", 711, page),
            line(f"Words of day {killed}.", 640 - page, page),
            line(str(page), 34, page),
        ]
        for page, killed, wounded in ((1, 12, 40), (2, 7, 22), (3, 31, 85))
    ]
    assert dropped(pages) == ["1", "2", "3"]


def test_what_its_author_counts_is_no_running_head() -> None:
    pages = [[line(f"Bulletin {page}", 760, page), *body(page)] for page in (1, 2, 3)]
    assert dropped(pages) == []


def test_heads_of_left_and_right_pages() -> None:
    heads = {1: "The Siege 1", 2: "2 M. Olsen, An Account", 3: "The Siege 3"}
    pages = [[line(heads[page], 760, page, size=9), *body(page)] for page in heads]
    assert dropped(pages) == ["The Siege 1", "2 M. Olsen, An Account", "The Siege 3"]


def test_pages_of_a_preface_have_roman_numbers() -> None:
    numbers = {1: "ii", 2: "iii", 3: "1", 4: "2"}
    pages = [[*body(page), line(numbers[page], 60, page)] for page in numbers]
    assert dropped(pages) == ["ii", "iii", "1", "2"]


def test_no_pages() -> None:
    assert running_lines([[]]) == []
