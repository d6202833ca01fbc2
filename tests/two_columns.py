"""The lines of two columns of prose, as they are printed next to each other."""

LEFT = (
    "The flood began on the night",
    "of 3 April when the dam near",
    "Mern broke after days of rain.",
    "Doctor Rana Odeh led the move.",
)
RIGHT = (
    "In the upper valley no house",
    "was damaged. Farmers lost",
    "sixty sheep and a mill, and",
    "the governor came on 9 April.",
)
