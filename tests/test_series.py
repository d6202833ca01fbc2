from citadel.index.corpus.series import series_of


def test_an_item_joins_the_series_that_it_goes_on_from() -> None:
    assert series_of([4, 5, 6, 9, 10, 3], lambda series, item: item == series[-1] + 1) == [
        [4, 5, 6],
        [9, 10],
        [3],
    ]


def test_all_of_a_series_counts() -> None:
    assert series_of([0, 2, 4, 6], lambda series, item: item - series[0] < 4) == [[0, 2], [4, 6]]


def test_nothing_makes_no_series() -> None:
    assert series_of([], lambda _, item: bool(item)) == []
