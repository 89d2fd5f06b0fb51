"""The journal: who did what and when. Written by acts in the transaction of the act, never changed afterwards."""

import datetime as dt

from peewee import ModelSelect

from ..models import JournalEntry, User
from ..procedure.road import EDITIONS, road

# What each verb of the journal is called on screens and in exports.
VERBS = {
    "create": "Создано",
    "edit": "Изменены реквизиты",
    "append_rows": "Добавлены строки",
    "replace_rows": "Заменены все строки",
    "edit_row": "Изменена строка",
    "remove_row": "Удалена строка",
    "sign": "Отмечено подписание",
    "return_to_draft": "Возвращено в проект",
    "register": "Зарегистрировано",
    "unregister": "Снята регистрация",
    "freeze_pdf": "Изготовлен и зафиксирован PDF",
    "request_pdf": "PDF запрошен повторно",
    "publish": "Опубликовано",
    "delete": "Удалён проект",
    "add_user": "Создана учётная запись",
    "rename": "Изменено имя",
    "set_roles": "Изменены роли",
    "set_password": "Задан пароль",
    "deactivate": "Вход закрыт",
    "activate": "Вход открыт",
    "set_email": "Задан адрес электронной почты",
    "totp_forgotten": "Снято подтверждение входа кодом",
    "open_account": "Открыта учётная запись",
    "ask_reset": "Запрошен новый пароль",
    "reset_password": "Задан новый пароль по ссылке из письма",
    "change_password": "Изменён собственный пароль",
    "ask_email": "Запрошена смена адреса электронной почты",
    "change_email": "Подтверждён адрес электронной почты",
    "edit_profile": "Изменён профиль",
    "totp_on": "Включено подтверждение входа кодом",
    "totp_off": "Выключено подтверждение входа кодом",
    "renew_codes": "Созданы новые резервные коды",
    "use_recovery_code": "Вход по резервному коду",
    "end_session": "Завершён сеанс",
    "end_sessions": "Выход на всех устройствах",
    "link_identity": "Привязан вход через государственную систему",
    "unlink_identity": "Отвязан вход через государственную систему",
    "save": "Сохранена редакция",
    "restore_revision": "Возвращена прежняя редакция",
    "move": "Перенесено",
    "reorder": "Изменён порядок в разделе",
    "settings": "Изменены настройки",
    "trash": "Убрано в корзину",
    "restore": "Восстановлено из корзины",
    "submit": "Отправлено на проверку",
    "submit_copy": "Рабочая копия отправлена на проверку",
    "send_back": "Возвращено в черновик",
    "send_back_copy": "Рабочая копия возвращена на доработку",
    "publish_copy": "Опубликована рабочая копия",
    "begin_copy": "Начата рабочая копия",
    "discard_copy": "Убрана рабочая копия",
    "withdraw": "Снято с публикации",
    "reopen": "Возвращено в работу",
    "keep_file": "Загружен файл",
    "confirm": "Подтверждена актуальность",
    "share": "Открыт доступ к разделу",
    "unshare": "Закрыт доступ к разделу",
    "import_official": "Загружен официальный текст",
    "show_official": "Показан на сайте",
    "withdraw_official": "Снят с сайта",
    # Acts of former versions, which entries of that time still name.
    "create_page": "Создана страница",
    "edit_page": "Изменена страница",
    "bring_in": "Загружено из папки",
}
SUBJECTS = {
    "order": "Распоряжение",
    "user": "Учётная запись",
    "node": "Материал",
    "official": "Официальный текст",
    "page": "Страница",
    "application": "Заявление",
    "expert": "Эксперт",
    "calendar": "Календарь",
}

# Moves of a case are called what their road calls them; the prefix keeps them apart from acts of the same word.
CASE = "case_"
VERBS |= {f"{CASE}{move.verb}": move.title for edition in EDITIONS for move in road("application", edition).moves}

SYSTEM = "Система"


def case_verb(verb: str) -> str:
    """The journal's own word for a move of a case."""
    return f"{CASE}{verb}"


def write(*, by: User | None, on: dt.datetime, verb: str, subject: str, subject_id: int, details: str = "") -> None:
    """Add an entry; call inside the transaction of the act. Details name no person beyond what is necessary."""
    if verb not in VERBS or subject not in SUBJECTS:
        raise KeyError(f"the journal knows no {verb!r} of {subject!r}")
    JournalEntry.create(
        at=on, user=by, who=str(by) if by else SYSTEM, verb=verb, subject=subject, subject_id=subject_id, details=details
    )


def history(subject: str, subject_id: int) -> "ModelSelect[JournalEntry]":
    """What happened to a record, newest first."""
    mine = JournalEntry.subject == subject, JournalEntry.subject_id == subject_id
    return JournalEntry.select().where(*mine).order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
