import pytest

from citadel.index.corpus.formats.xlsx_numbers import NumberFormat
from citadel.index.errors import CitadelError
from tests.formats import blocks, placed, read, zipped

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HIDDEN = " state='hidden'"
RAISED = "<vertAlign val='superscript'/>"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{found}</Relationships>'


def workbook(*sheets: str, names: str = "One Two Three", **parts: str) -> bytes:
    """A workbook of these sheets, each given as what stands between its tags."""
    listed = "".join(
        f'<sheet name="{name.strip("-")}" r:id="r{n}" xmlns:r="{OFFICE}"'
        f"{HIDDEN if name.startswith('-') else ''}/>"
        for n, name in enumerate(names.split()[: len(sheets)], start=1)
    )
    files = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *(("worksheet", f"sheet{n}.xml") for n in range(1, len(sheets) + 1)),
            ("sharedStrings", "/xl/texts.xml"),
            ("styles", "styles.xml"),
        ),
        "xl/texts.xml": f'<sst xmlns="{MAIN}">{parts.get("texts", "")}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{parts.get("styles", "")}</styleSheet>',
    }
    for n, sheet in enumerate(sheets, start=1):
        files[f"xl/sheet{n}.xml"] = f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>'
    for name, text in parts.items():
        if "/" in name:
            files[name] = text
    return zipped(files)


def cell(text: str | int, looks: str = "") -> str:
    if isinstance(text, int):
        return f"<c {looks}><v>{text}</v></c>"
    return f'<c t="inlineStr" {looks}><is><t>{text}</t></is></c>'


def row(*cells: str | int, looks: str = "") -> str:
    return f"<row {looks}>{''.join(map(cell, cells))}</row>"


HEADINGS = row("District", "Killed", "Wounded")
MARJEH = row("Marjeh", 12, 40)


def data(*rows: str) -> str:
    return f"<sheetData>{''.join(rows)}</sheetData>"


def test_rows_are_named_and_placed_by_their_sheets() -> None:
    document = read(
        workbook(data(row("Deaths"), "<row/>", HEADINGS, MARJEH), data(row("Source: HRW"))),
        "a.xlsx",
    )
    assert blocks(document) == [
        ("h", "One"),
        ("p", "Deaths"),
        ("p", "| District | Killed | Wounded |\n| Marjeh | Killed: 12 | Wounded: 40 |"),
        ("h", "Two"),
        ("p", "Source: HRW"),
    ]
    assert placed(document) == [
        ("sheet One, row 1", "Deaths"),
        ("sheet One, row 3", "| District | Killed | Wounded |"),
        ("sheet One, row 4", "| Marjeh | Killed: 12 | Wounded: 40 |"),
        ("sheet Two, row 1", "Source: HRW"),
    ]
    assert document.notes == ()


def test_one_sheet_has_no_name_and_rows_count_as_they_say() -> None:
    sheet = data(row("Town", "Dead", looks='r="3"'), row("Homs", 4, looks='r="9"'))
    assert placed(read(workbook(sheet), "a.xlsx")) == [
        ("row 3", "| Town | Dead |"),
        ("row 9", "| Homs | Dead: 4 |"),
    ]


def test_shared_texts_with_struck_and_raised_runs() -> None:
    def run(text: str, looks: str = "") -> str:
        return f"<r><rPr>{looks}</rPr><t>{text}</t></r>"

    texts = (
        "<si><t>Area</t><rPh><t>reading</t></rPh></si>"
        f"<si>{run('12')}{run('3', RAISED)}</si>"
        f"<si>{run('30 km')}{run('2', RAISED)}</si>"
        f"<si>{run('Homs ')}{run('Hama', '<strike/>')}{run('fell')}</si>"
    )
    cells = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(4))
    document = read(workbook(data(f"<row>{cells}</row>"), texts=texts), "a.xlsx")
    assert blocks(document) == [("p", "| Area | 12[3] | 30 km² | Homs fell |")]
    assert document.notes == ("raised text set apart: “12[3]”", "struck text left out: “Hama”")


def test_what_the_sheet_hides_or_strikes_is_told() -> None:
    styles = (
        "<fonts><font/><font><strike/></font></fonts>"
        '<cellXfs><xf fontId="0"/><xf fontId="1"/></cellXfs>'
    )
    sheet = '<cols><col min="3" max="3" hidden="1"/></cols>' + data(
        HEADINGS, MARJEH, row("Secret", 1, 2, looks="hidden='1'")
    )
    struck = data("<row>" + cell("Homs") + cell("Idlib", "s='1'") + cell("Hama") + "</row>")
    document = read(
        workbook(sheet, data(row("x")), struck, names="A -B C", styles=styles), "a.xlsx"
    )
    assert blocks(document) == [
        ("h", "A"),
        ("p", "| District | Killed |\n| Marjeh | Killed: 12 |"),
        ("h", "C"),
        ("p", "| Homs |  | Hama |"),
    ]
    assert document.notes == (
        "hidden columns left out: “Wounded”, “40”",
        "hidden rows left out: “Secret, 1, 2”",
        "hidden sheets left out: “B”",
        "struck text left out: “Idlib”",
    )


def test_a_formula_without_a_result_is_told() -> None:
    sheet = data(row("Homs", "Hama"), "<row><c><f>A1</f><v>7</v></c><c><f>A1</f></c></row>")
    document = read(workbook(sheet), "a.xlsx")
    assert blocks(document) == [("p", "| Homs | Hama |\n| 7 |  |")]
    assert document.notes == (
        "1 formula without a result left out; open the file in a spreadsheet program and save it",
    )


def test_merged_cells_stand_in_each_of_their_rows() -> None:
    sheet = (
        data(HEADINGS, row("Marjeh", 12, 40), row("", 3, 4), row("Both", 15, 44))
        + '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="B4:C4"/></mergeCells>'
    )
    assert blocks(read(workbook(sheet), "a.xlsx")) == [
        (
            "p",
            "| District | Killed | Wounded |\n| Marjeh | Killed: 12 | Wounded: 40 |\n"
            "| Marjeh | Killed: 3 | Wounded: 4 |\n| Both | 15 |",
        )
    ]


@pytest.mark.parametrize(
    "mark",
    [
        '<autoFilter ref="A1:B3"/>',
        '<sheetViews><sheetView><pane ySplit="1" state="frozen"/></sheetView></sheetViews>',
    ],
)
def test_headings_that_the_sheet_marks(mark: str) -> None:
    sheet = data(row("Name", "Town"), row("Rana", "Homs"), row("Omar", "Idlib")) + mark
    assert blocks(read(workbook(sheet), "a.xlsx")) == [
        ("p", "| Name | Town |\n| Rana | Town: Homs |\n| Omar | Town: Idlib |")
    ]


def test_headings_of_a_table_and_what_is_not_read() -> None:
    sheet = data(row("Name", "Town"), row("Rana", "Homs"))
    document = read(
        workbook(
            sheet,
            **{
                "xl/_rels/sheet1.xml.rels": relations(
                    ("table", "../xl/table1.xml"), ("comments", "c.xml"), ("drawing", "d.xml")
                ),
                "xl/table1.xml": f'<table xmlns="{MAIN}" ref="A1:B2"/>',
            },
        ),
        "a.xlsx",
    )
    assert blocks(document) == [("p", "| Name | Town |\n| Rana | Town: Homs |")]
    assert document.notes == ("comments are not read", "pictures and charts are not read")


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("", "12", "12"),
        ("", "0.30000000000000004", "0.3"),
        ("", "1E+20", "1E+20"),
        ("", "-1234.5", "-1234.5"),
        ("0.0%", "0.1234", "12.3%"),
        ("#,##0", "1203", "1,203"),
        ("#,##0.00;[Red]-#,##0.00", "-1203.5", "-1,203.50"),
        ("0.##", "12.5", "12.5"),
        ("0.##", "12", "12"),
        ('"$"#,##0', "1203", "$1,203"),
        ("[$€-407] #,##0", "1203", "€ 1,203"),
        ('0" dead"', "12", "12 dead"),
        ('0,"k"', "12345", "12k"),
        ("0.00E+00", "12345", "12345"),
        ("yyyy-mm-dd", "42709", "2016-12-05"),
        ("d/m/yyyy h:mm", "42709.604166666664", "2016-12-05 14:30"),
        ("mmm-yy", "42709", "2016-12"),
        ("d mmm", "42709", "5 December"),
        ("mmmm", "42709", "December"),
        ("h:mm", "0.604166666666667", "14:30"),
        ("[h]:mm:ss", "1.5", "36:00:00"),
        ("yyyy-mm-dd", "60", "60"),
        ("yyyy-mm-dd", "-1", "-1"),
        ("", "1e999999", "1e999999"),
        ("", "twelve", "twelve"),
    ],
)
def test_a_number_is_written_as_it_is_shown(code: str, value: str, shown: str) -> None:
    assert NumberFormat(code).shown(value) == shown


def test_days_may_be_counted_from_1904() -> None:
    assert NumberFormat("yyyy-mm-dd").shown("41247", from_1904=True) == "2016-12-05"


ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">]>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04", "can't be opened as an Excel workbook (File is not a zip file); save it"),
        (zipped({"a.txt": "a"}), "can't be opened as an Excel workbook (it has no workbook); save"),
        (
            zipped({"_rels/.rels": f"{ENTITIES}<a>&a;</a>"}),
            "can't be opened as an Excel workbook (_rels/.rels declares entities, which are not",
        ),
        (
            zipped({"_rels/.rels": "<a>" * 5000}),
            "can't be opened as an Excel workbook (_rels/.rels is nested too deeply); save",
        ),
        (workbook(data(row("a" * 100_001))), "has a cell of more than 100,000 characters in row 1"),
    ],
    ids=["no archive", "another one", "entities", "deep", "huge cell"],
)
def test_what_is_no_workbook(data: bytes, message: str) -> None:
    with pytest.raises(CitadelError) as caught:
        read(data, "a.xlsx")
    assert str(caught.value).startswith(f"a.xlsx {message}")


def test_what_unpacks_to_too_much_is_no_workbook() -> None:
    with pytest.raises(CitadelError) as caught:
        read(zipped({"a": bytes(310_000_000)}), "a.xlsx")
    assert str(caught.value).startswith(
        "a.xlsx unpacks to 310 MB, and 300 MB are read at most; save"
    )
