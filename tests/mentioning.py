"""Two small articles that mention names, and a model that knows none of them."""

from tests.fake_encoder import FakeEncoder

SIEGE = """\
---
title: The Siege
publisher: The Courier
date: "2016-12"
url: https://example.org/siege
---
Local people left Hananu; some of Hanano stayed, said Human Rights Watch (HRW).

## After

=SUM(1) was written by HRW on the wall. Nobody left.
"""
BAKERY = "# The Bakery\n\nWe baked near Hananu.\n"


LONGEST_WORD = 99


class KnowsNothing(FakeEncoder):
    """A model without a vocabulary."""

    def knows_word(self, word: str) -> bool:
        return len(word) > LONGEST_WORD
