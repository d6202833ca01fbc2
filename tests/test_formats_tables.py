from citadel.index.corpus.formats.tables import Cell, table_lines


def row(*texts: str) -> list[Cell]:
    return [Cell(text, column) for column, text in enumerate(texts)]


def test_each_figure_is_named_by_its_column() -> None:
    rows = [
        row("District", "Killed", "Wounded"),
        row("Marjeh", "12", "40"),
        row("Salheen", "", "9"),
    ]
    assert table_lines(rows, 1) == [
        "| District | Killed | Wounded |",
        "| Marjeh | Killed: 12 | Wounded: 40 |",
        "| Salheen |  | Wounded: 9 |",
    ]
    assert table_lines(rows) == table_lines(rows, 1)


def test_words_without_figures_below_are_no_headings() -> None:
    rows = [row("Rana", "Omar", "Lina"), row("nurse", "cook", "surgeon")]
    assert table_lines(rows) == ["| Rana | Omar | Lina |", "| nurse | cook | surgeon |"]


def test_two_columns_name_each_other() -> None:
    rows = [row("Year", "Trips"), row("1999", "12")]
    assert table_lines(rows, 1) == ["| Year | Trips |", "| 1999 | 12 |"]


def test_merged_cells() -> None:
    rows = [
        [Cell("District", 0), Cell("People", 1, width=2)],
        [Cell("District", 0, continued=True), Cell("killed", 1), Cell("wounded", 2)],
        row("Marjeh", "12", "40"),
        [Cell("Marjeh", 0, continued=True), Cell("7", 1), Cell("9", 2)],
        [Cell("All figures were checked.", 0, width=3)],
    ]
    assert table_lines(rows, 2) == [
        "| District | People |",
        "| District | killed | wounded |",
        "| Marjeh | People killed: 12 | People wounded: 40 |",
        "| Marjeh | People killed: 7 | People wounded: 9 |",
        "| All figures were checked. |",
    ]
