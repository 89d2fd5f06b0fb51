"""What letters, their ways and their states are called; and figures to try a text with."""

from functools import cache

from ...procedure.road import EDITIONS, road
from .outbox import MESSAGE

CHANNELS = {"cabinet": "Личный кабинет", "email": "Электронная почта", "sms": "СМС", "push": "Уведомление на телефон"}
STATES = {
    "held": "Задержано",
    "queued": "Ждёт отправки",
    "sent": "Отправлено",
    "failed": "Не отправлено",
    "bounced": "Вернулось",
    "recalled": "Снято с отправки",
}
ROADS = {"spb-2021-04-13": "Порядок Санкт-Петербурга", "lenobl-2022-03-01": "Порядок Ленинградской области"}
# Letters of no road.
COMMON = {
    MESSAGE: "Новое сообщение по делу",
    "account_confirm": "Подтверждение адреса при регистрации",
    "account_known": "Адрес уже зарегистрирован",
    "account_reset": "Новый пароль",
    "account_unknown": "Учётной записи с этим адресом нет",
    "account_new_email": "Подтверждение нового адреса",
    "account_password_changed": "Пароль изменён",
    "account_email_changed": "Адрес изменён",
    "subscription_confirm": "Подтверждение подписки",
    "subscription_known": "Подписка уже есть",
    "subscription_full": "Подписок слишком много",
    "subscription_published": "Подписчику: распоряжение опубликовано",
    "subscription_withdrawn": "Подписчику: распоряжение отозвано",
}
EXAMPLES = {
    "number": "2026-000123-4",
    "person": "Чернильницына Вера Павловна",
    "person_genitive": "Чернильницыной Веры Павловны",
    "position": "Учитель математики",
    "position_genitive": "учителя математики",
    "category": "первая",
    "filed_on": "12.01.2026",
    "registered_on": "13.01.2026",
    "portfolio_received_on": "20.01.2026",
    "decided_on": "19.03.2026",
    "review_day": "16.02.2026",
    "term_begins": "01.02.2026",
    "term_ends": "31.03.2026",
    "place": "г. Образцов, Учебная ул., д. 1, каб. 5",
    "sitting_day": "19.03.2026",
    "sitting_time": "15:00",
    "sitting_place": "г. Образцов, Учебная ул., д. 1, зал 2",
    "order_number": "145-р",
    "order_on": "26.03.2026",
    "appointment_day": "20.01.2026",
    "appointment_time": "10:15",
    "appointment_place": "г. Образцов, Учебная ул., д. 1, каб. 5",
    "reason": "Не указан стаж в должности.",
    "link": "https://attestation.example.org/account/reset/…",
    "until": "12.01.2026 15:30",
    "sign_in": "https://attestation.example.org/account/login",
    "forgotten": "https://attestation.example.org/account/reset",
    "register": "https://attestation.example.org/account/register",
    "what": "Решения по одной организации: «школа № 145»",
    "own": "https://attestation.example.org/subscribe/…",
    "stop": "https://attestation.example.org/subscribe/…/stop",
    "most": "20",
    "title": "Об установлении квалификационных категорий",
    "amended": "",
    "reasons": "– Новые распоряжения",
}


@cache
def titles() -> dict[str, str]:
    """What each letter of each road is called; those of no road after them."""
    return {letter.name: letter.title for edition in EDITIONS for letter in road("application", edition).letters} | COMMON
