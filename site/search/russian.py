"""Russian words for the search: folding, tokens, stems, the wrong keyboard layout, one typing error.

Everything is pure. A distinct word is stemmed once: there are few distinct positions, and stemming is slow.
"""

import re
import unicodedata
from functools import lru_cache

from whoosh.lang.snowball.russian import RussianStemmer

ALPHABET = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_STEMMER = RussianStemmer()
_TOKEN = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[A-Za-z]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")

# Latin letters that look like Russian ones: «Ивaнова» with a Latin «a», «1016-p».
_LOOKALIKES = str.maketrans("aceopxykmhtbABCEHKMOPTXY", "асеорхукмнтвАВСЕНКМОРТХУ")

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?#"
_RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю.ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,№"
_KEYS = str.maketrans(_LATIN_KEYS, _RUSSIAN_KEYS)

# Generic words by which people call a school; of all words of organisations only these are found by stem. A word whose stem
# changes between cases is given with its genitive.
_ORGANIZATION_HEADS = """
    школа гимназия лицей/лицея сад садик колледж техникум училище интернат центр дом дворец/дворца учреждение корпус студия
    детский средний общеобразовательный спортивный музыкальный
"""
_INSTITUTION_CODES = frozenset(
    ("сош", "оош", "нош", "доу", "оу", "дс", "гбоу", "гбдоу", "гбнобу", "гбпоу", "гоу", "мбоу", "мбдоу", "маоу", "чоу", "дюсш")
)


def fold(text: str) -> str:
    """Lower case, one form of each letter, ё as е."""
    return unicodedata.normalize("NFC", text).lower().replace("ё", "е")


def tokens(text: str) -> list[str]:
    """Folded words and numbers of a text in order; hyphens and dots separate."""
    return _TOKEN.findall(fold(text))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of a folded word."""
    stemmed: str = _STEMMER.stem(word)
    return stemmed


# Too frequent to tell anything: they are not asked for, unless nothing else is.
_SILENT = frozenset(
    (
        *("в", "во", "и", "к", "на", "не", "о", "об", "от", "по", "с", "со", "у", "за", "для", "из", "до", "при", "как", "что"),
        *("где", "когда", "сколько", "какой", "ли", "можно"),
    )
)


def text_term(word: str) -> str:
    """How a folded word of a text is compared: by its stem.

    A silent word stands for itself. «Приём» and «объём» do too: the stemmer takes their end for that of a verb, and leaves
    «при» where «приёма» gives «прием».
    """
    if word in _SILENT:
        return f"={word}"
    stemmed = stem(word)
    return word if word == f"{stemmed}ем" and (len(stemmed) < 4 or stemmed.endswith("ъ")) else stemmed


def telling_terms(text: str) -> frozenset[str]:
    """The terms of a question that tell something; all of them if none does."""
    words = tokens(text)
    return frozenset(map(text_term, (word for word in words if word not in _SILENT))) or frozenset(map(text_term, words))


_HEADS = {stem(form): stem(forms.split("/")[0]) for forms in _ORGANIZATION_HEADS.split() for form in forms.split("/")}


def organization_key(word: str) -> str:
    """How a word of an organisation's name is compared: exactly, but «школы» is «школа»."""
    return _HEADS.get(stem(word), word)


def names_organization(word: str) -> bool:
    """Whether a number beside this folded word is the number of an organisation: «школа 45»."""
    return word in _INSTITUTION_CODES or stem(word) in _HEADS


def cyrillic_lookalikes(word: str) -> str:
    """A word that mixes alphabets or follows a number, with Latin look-alikes read as Russian letters."""
    if _LATIN.search(word) and (_CYRILLIC.search(word) or word[0].isdigit()):
        return word.translate(_LOOKALIKES)
    return word


def retype(text: str) -> str | None:
    """The text as the same keys give it on the Russian layout, None if nothing was typed on the Latin one.

    Words already in Russian stay as they are.
    """
    if not _LATIN.search(text):
        return None
    mixed = bool(_CYRILLIC.search(text))
    words = [word if mixed and not _LATIN.search(word) else word.translate(_KEYS) for word in text.split()]
    return " ".join(words)


def one_error(word: str) -> set[str]:
    """All words one deletion, insertion, substitution or transposition of neighbours away from a folded word."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    near = {head + tail[1:] for head, tail in splits if tail}
    near |= {head + tail[1] + tail[0] + tail[2:] for head, tail in splits if len(tail) > 1}
    near |= {head + letter + tail[1:] for head, tail in splits if tail for letter in ALPHABET}
    near |= {head + letter + tail for head, tail in splits for letter in ALPHABET}
    near.discard(word)
    return near
