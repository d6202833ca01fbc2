import json

import pytest

from citadel.evaluation.data.datasets import BUNDLED_QUESTIONS
from citadel.index.corpus.languages import detect_language, main_script, question_language

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


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("When did the siege begin?", "en"),
        ("Where is Puerto de la Cruz?", "en"),
        ("What did Le Monde say about the war in Aleppo?", "en"),
        ("Who leads Jaish Halab", "en"),
        ("siege of aleppo", "en"),
        ("", "en"),
        ("متى بدأ حصار حلب؟", "ar"),
        ("مَتى بدأ الحصار في Aleppo؟", "ar"),
        ("محاصره حلب چه زمانی آغاز شد؟", ""),
        ("Когда началась осада Алеппо?", "ru"),
        ("Коли почалася облога міста?", ""),
        ("Quand le siège a-t-il commencé ?", "fr"),
        ("Combien d'agents ont été sanctionnés ?", "fr"),
        ("Qui dirige Jaish Halab ?", "fr"),
        ("¿Quién dirige Jaish Halab?", "es"),
        ("cuando empezó el asedio de Alepo", "es"),
        ("Wann begann die Belagerung von Aleppo?", "de"),
        ("Wer führt Jaish Halab?", "de"),
        ("Halep kuşatması ne zaman başladı?", "tr"),
        ("İLKOKUL KAÇ YIL KAPALI KALDI?", "tr"),
        ("Otobüste kaç kitap var?", "tr"),
        ("Otobüsün motorunu kim onardı?", "tr"),
        ("Who is Çığır?", "en"),
        ("When did Işık meet Çığır in Beşiktaş?", "en"),
        ("Erdoğan", "en"),
        ("包围什么时候开始?", ""),
    ],
)
def test_the_language_of_a_question(question: str, language: str) -> None:
    assert question_language(question) == language


def test_english_questions_are_known_as_such() -> None:
    lines = BUNDLED_QUESTIONS.read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    foreign = [question for question in questions if question_language(question) != "en"]
    assert len(questions) == 250
    assert all(main_script(question) == "Arabic" for question in foreign)
