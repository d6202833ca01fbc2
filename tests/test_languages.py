import pytest

from citadel.index.corpus.languages import detect_language

TEXTS = {
    "en": "The ferry crosses the river every half hour, from seven in the morning until night. "
    "The mayor said that the new bridge would be opened before the beginning of the school year. "
    "Until then a small boat takes everyone across, and nobody has to pay for it.",
    "de": "Die Fähre überquert den Fluss jede halbe Stunde, von morgens um sieben bis zur Nacht. "
    "Der Bürgermeister sagte, dass die neue Brücke noch vor Beginn des Schuljahres öffnen werde. "
    "Bis dahin bringt ein kleines Boot alle hinüber, und niemand muss dafür bezahlen.",
    "fr": "Le bac traverse la rivière toutes les demi-heures, de sept heures du matin à la nuit. "
    "Le maire a dit que le nouveau pont serait ouvert avant le début de l’année scolaire. "
    "Jusque-là, un petit bateau fait passer tout le monde, et personne ne doit payer.",
    "ar": "تعبر العبّارة النهر كل نصف ساعة ابتداء من السابعة صباحا حتى حلول المساء، وقد قال رئيس "
    "البلدية إن الجسر الجديد سيفتح قبل بداية العام الدراسي. حتى ذلك الحين ينقل قارب صغير الجميع "
    "إلى الضفة الأخرى، ولا يدفع أحد شيئا مقابل ذلك، كما جاء في بيان نشر أمس في الصحيفة.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_languages(language: str, text: str) -> None:
    assert detect_language(text) == language
    assert detect_language(text, "tr") == language


def test_a_short_text_is_what_it_says_or_its_letters_suggest() -> None:
    assert detect_language("Le bac", "fr") == "fr"
    assert detect_language("Le bac") == "en"
    assert detect_language("العبّارة 1998") == "ar"
    assert detect_language("") == "en"
