"""An invented archive of orders for measurements: realistic frequencies of names, positions and schools.

The same seed gives the same archive.
"""

import datetime as dt
import random
from collections.abc import Iterator
from itertools import accumulate

from attestation.site.search import Entry


def _words(text: str, separator: str = " ") -> list[str]:
    return text.split(separator)


SURNAMES = _words(
    "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев Семёнов "
    "Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов Яковлев Григорьев "
    "Романов Воробьёв Сергеев Кузьмин Фролов Александров Дмитриев Королёв Гусев Киселёв Ильин Максимов Поляков Сорокин "
    "Виноградов Ковалёв Белов Медведев Антонов Тарасов Жуков Баранов Филиппов Комаров Давыдов Беляев Герасимов Богданов "
    "Осипов Сидоров Матвеев Титов Марков Миронов Крылов Куликов Карпов Власов Мельников Денисов Гаврилов Тихонов Казаков "
    "Афанасьев Данилов Савельев Тимофеев Фомин Чернов Абрамов Мартынов Ефимов Федотов Щербаков Назаров Калинин Исаев "
    "Чернышёв Быков Маслов Родионов Коновалов Лазарев Воронин Климов Филатов Пономарёв Голубев Кудрявцев Прохоров Наумов "
    "Потапов Журавлёв Овчинников Трофимов Леонов Соболев"
)
ROOTS = _words(
    "Берёз Вишн Горох Дубр Ёлк Жемчуж Зимн Калин Ключ Крут Лебяж Лугов Малин Мост Огнев Озёр Остров Пахом Песк Полян Рябин "
    "Сосн Стеклян Степн Тропин Туман Усольц Холм Хлебн Цветк Черем Шилк Щегл Ягодн Яблон Бобр Ветр Глаз Деревн Журавк Зор "
    "Ивняк Каменк Ландыш Медн Нивк Облак Пчел Ракит Снегир"
)
MIDDLES = ("", "ар", "ен", "ик", "ищ", "ок", "ух", "ыш", "ач", "яг")
ENDINGS = ("ов", "ин", "ев", "ицын", "овск", "енков", "ушкин", "аев")
WOMEN = _words(
    "Елена Ольга Наталья Татьяна Ирина Светлана Анна Мария Екатерина Людмила Марина Юлия Галина Валентина Анастасия Надежда "
    "Оксана Любовь Лариса Александра Виктория Ксения Дарья Вера Инна Алла Евгения Яна Полина Алёна Нина Тамара Алина Жанна "
    "Зоя Кристина"
)
MEN = _words(
    "Александр Сергей Андрей Дмитрий Алексей Владимир Михаил Евгений Николай Игорь Олег Павел Юрий Виктор Антон Илья Максим "
    "Роман"
)
FATHERS = _words(
    "Александр Владимир Николай Сергей Виктор Анатоли Михаил Юрь Иван Васили Алексе Валенти Евгень Борис Геннади Пётр Андре "
    "Павл Олег Леонид Вячеслав Игор Фёдор Константин Григорь Семён Максим Антон Дмитри Валери"
)
SUBJECTS = _words(
    "начальных классов|русского языка и литературы|математики|английского языка|истории и обществознания|физики|"
    "химии|биологии|географии|информатики|физической культуры|музыки|изобразительного искусства|технологии|"
    "основ безопасности|немецкого языка|французского языка|астрономии|экономики|мировой художественной культуры",
    "|",
)
POSITIONS = (
    *(f"Учитель {subject}" for subject in SUBJECTS),
    *_words(
        "Воспитатель|Старший воспитатель|Музыкальный руководитель|Учитель-логопед|Учитель-дефектолог|Педагог-психолог", "|"
    ),
    *_words("Педагог дополнительного образования|Социальный педагог|Методист|Преподаватель|Концертмейстер|Тьютор|Мастер", "|"),
    *_words("Инструктор по физической культуре|Педагог-организатор|Старший вожатый|Педагог-библиотекарь", "|"),
    *(f"Преподаватель по классу {instrument}" for instrument in _words("фортепиано скрипки гитары баяна флейты домры")),
    *(f"Методист по направлению «{subject}»" for subject in SUBJECTS),
)
DISTRICTS = _words(
    "Невского Калининского Выборгского Приморского Красносельского Фрунзенского Московского Кировского Центрального "
    "Василеостровского Адмиралтейского Петроградского Пушкинского Колпинского Красногвардейского Курортного"
)
ROWS_OF_AN_ORDER = (300, 1500)
FIRST_DAY = dt.date(2016, 1, 11)
DAYS = 3650


def archive(rows: int, seed: int = 2026) -> Iterator[Entry]:
    """So many rows of orders in the order of publication, over ten years."""
    chance = random.Random(seed)
    surnames = _weighted(_surnames(), 0.9)
    women, men = _weighted(WOMEN, 0.8), _weighted(MEN, 0.8)
    fathers, positions = _weighted(FATHERS, 0.7), _weighted(POSITIONS, 0.9)
    organizations = _weighted(_organizations(chance), 0.4)
    given, order_id = 0, 0
    orders = max(rows * 2 // sum(ROWS_OF_AN_ORDER), 1)
    while given < rows:
        order_id += 1
        day = FIRST_DAY + dt.timedelta(days=min(order_id * DAYS // (orders + 1), DAYS))
        requisites = ("amendment" if chance.random() < 0.05 else "decision", f"{100 + order_id * 7}-р", day)
        for _ in range(min(chance.randint(*ROWS_OF_AN_ORDER), rows - given)):
            given += 1
            woman = chance.random() < 0.88
            yield Entry(
                given,
                order_id,
                _of_gender(_pick(chance, surnames), woman),
                _pick(chance, women if woman else men),
                _patronymic(_pick(chance, fathers), woman),
                _pick(chance, positions),
                _pick(chance, organizations),
                "first" if chance.random() < 0.45 else "highest",
                chance.random() >= 0.02,
                *requisites,
            )


_Weighted = tuple[list[str], list[float]]


def _weighted(values: list[str] | tuple[str, ...], power: float) -> _Weighted:
    """Values with weights by Zipf's law: the n-th has 1 / n ** power."""
    return list(values), list(accumulate(1 / (place + 1) ** power for place in range(len(values))))


def _pick(chance: random.Random, weighted: _Weighted) -> str:
    return chance.choices(weighted[0], cum_weights=weighted[1])[0]


def _surnames() -> list[str]:
    made = [root + middle + ending for middle in MIDDLES for ending in ENDINGS for root in ROOTS]
    double = [f"{one}-{other}" for one, other in zip(SURNAMES[::3], SURNAMES[1::3], strict=False)]
    return SURNAMES + made[:2000] + double + made[2000:]


def _of_gender(surname: str, woman: bool) -> str:
    parts = []
    for part in surname.split("-"):
        if part.endswith("ск"):
            parts.append(part + ("ая" if woman else "ий"))
        else:
            parts.append(part + ("а" if woman else ""))
    return "-".join(parts)


def _patronymic(father: str, woman: bool) -> str:
    if father.endswith(("и", "е", "ь")):
        soft = father.removesuffix("и") + "ь" if father.endswith("и") else father
        return soft + ("евна" if woman else "евич")
    return father + ("овна" if woman else "ович")


def _organizations(chance: random.Random) -> list[str]:
    names = []
    for number in range(1, 701):
        district = chance.choice(DISTRICTS)
        kind = chance.choices(("школа", "гимназия", "лицей", "средняя общеобразовательная школа"), (60, 12, 8, 20))[0]
        names.append(f"ГБОУ {kind} № {number} {district} района Санкт-Петербурга")
    for number in range(1, 501):
        names.append(f"ГБДОУ детский сад № {number} {chance.choice(DISTRICTS)} района Санкт-Петербурга")
    names += [f"ГБУ ДО Дом детского творчества {district} района Санкт-Петербурга" for district in DISTRICTS]
    chance.shuffle(names)
    return names
