"""The journal: who did what and when. Written by acts in the transaction of the act, never changed afterwards."""

import datetime as dt
from collections.abc import Iterable

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
    "draft_order": "Проект подготовлен по протоколу",
    "align": "Строки приведены к протоколу",
    "renew": "Строки взяты заново из действующих",
    "send_for_approval": "Отправлено на согласование",
    "approve": "Согласовано",
    "return_for_revision": "Возвращено с замечанием",
    "sign": "Отмечено подписание",
    "return_to_draft": "Возвращено в проект",
    "register": "Зарегистрировано",
    "unregister": "Снята регистрация",
    "freeze_pdf": "Изготовлен и зафиксирован PDF",
    "request_pdf": "PDF запрошен повторно",
    "publish": "Опубликовано",
    "retry_step": "Повторён шаг публикации",
    "bring_in_districts": "Загружен список организаций по районам",
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
    "end_other_sessions": "Выход на остальных устройствах",
    "link_identity": "Привязан вход через государственную систему",
    "unlink_identity": "Отвязан вход через государственную систему",
    "release_letter": "Письмо отпущено",
    "recall_letter": "Письмо снято с отправки",
    "retry_letter": "Письмо отправлено снова",
    "bounce_letter": "Письмо вернулось",
    "confirm_form": "Подтверждено склонение",
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
    "add_file": "Приложен файл",
    "remove_file": "Убран файл",
    "read_file": "Прочитан файл",
    "edit_folder": "Изменена опись папки",
    "score_self": "Сохранена самооценка",
    "read_folder": "Просмотрена папка",
    "open_slots": "Открыты часы приёма",
    "close_slots": "Закрыты часы приёма",
    "miss_appointment": "На приём не пришли",
    "add_expert": "Эксперт внесён в банк",
    "leave_bank": "Эксперт исключён из банка",
    "return_to_bank": "Эксперт возвращён в банк",
    "add_group": "Создана экспертная группа",
    "edit_group": "Изменена экспертная группа",
    "close_group": "Экспертная группа закрыта",
    "open_group": "Экспертная группа открыта снова",
    "add_speciality": "Добавлена специализация",
    "remove_speciality": "Удалена специализация",
    "add_approval": "Внесено утверждение распоряжением",
    "remove_approval": "Удалено утверждение распоряжением",
    "add_absence": "Внесено отсутствие",
    "remove_absence": "Удалено отсутствие",
    "add_employment": "Внесено прежнее место работы",
    "remove_employment": "Удалено прежнее место работы",
    "declare_conflict": "Заявлен конфликт интересов",
    "take_back_conflict": "Заявление о конфликте интересов снято",
    "add_commission": "Внесён состав комиссии",
    "change_commission": "Изменено распоряжение о составе комиссии",
    "end_commission": "Указано, по какой день действует состав комиссии",
    "seat_member": "В состав комиссии внесён член",
    "change_member": "Изменены сведения о члене комиссии",
    "remove_member": "Из состава комиссии исключён член",
    "add_sitting": "Заседание внесено в список",
    "change_sitting": "Изменены время или место заседания",
    "cancel_sitting": "Заседание отменено",
    "add_exception": "Внесён день календаря",
    "remove_exception": "Убран день календаря",
    "complete_year": "Год календаря отмечен заполненным",
    "reopen_year": "Год календаря снова не заполнен",
    "export_cases": "Выгружен список заявлений",
    "name_form": "Выбрана форма оценки",
    "save_review": "Сохранена оценка эксперта",
    "appoint_inspection": "Назначена проверка",
    "check_case": "Проверено дело",
    "close_inspection": "Проверка закончена",
    "freeze_act": "Акт изготовлен и зафиксирован",
    "prepare_destruction": "Составлен список на уничтожение",
    "drop_destruction": "Список на уничтожение отклонён",
    "confirm_destruction": "Утверждено уничтожение",
    "destroy": "Уничтожено по срокам хранения",
    "ask_verification": "Запрошена проверка журнала",
    "export_terms": "Выгружен отчёт о сроках",
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
    "expert_group": "Экспертная группа",
    "calendar": "Календарь",
    "districts": "Районы",
    "reception": "Приём папок",
    "letter": "Письмо",
    "declined": "Склонение",
    "commission": "Состав комиссии",
    "sitting": "Заседание",
    "inspection": "Проверка дел",
    "destruction": "Акт об уничтожении",
    "journal": "Журнал",
    "complaint": "Жалоба",
    "outgoing": "Запись для внешней системы",
    "correction": "Запрос об исправлении",
}

# Moves of a case are called what their road calls them; the prefix keeps them apart from acts of the same word.
CASE = "case_"
VERBS |= {f"{CASE}{move.verb}": move.title for edition in EDITIONS for move in road("application", edition).moves}
# What the office does besides moves.
VERBS |= {
    f"{CASE}read_case": "Открыто дело",
    f"{CASE}enter_case": "Внесено с бумаги",
    f"{CASE}merge_case": "Объединено с другим заявлением",
    f"{CASE}take_over_case": "Принято от повторного заявления",
    f"{CASE}inspect_case": "Проверено в порядке контроля",
}
# What the teacher's side does besides moves.
VERBS |= {
    f"{CASE}begin_draft": "Начат черновик заявления",
    f"{CASE}save_draft": "Сохранён черновик заявления",
    f"{CASE}discard_draft": "Удалён черновик заявления",
    f"{CASE}make_receipt": "Изготовлена расписка",
    f"{CASE}add_representative": "Указан представитель",
    f"{CASE}end_representative": "Полномочия представителя прекращены",
    f"{CASE}write_message": "Отправлено сообщение",
}
# An expert's word about a case, told in its history too.
VERBS |= {f"{CASE}{verb}": VERBS[verb] for verb in ("declare_conflict", "take_back_conflict")}

# What is done with records for systems of others.
VERBS |= {move.verb: move.title for move in road("outgoing").moves}

# Moves of a complaint, and what its office does besides; entries say nothing of what is in it.
COMPLAINT = "complaint_"
VERBS |= {f"{COMPLAINT}{move.verb}": move.title for move in road("complaint").moves}
VERBS |= {
    f"{COMPLAINT}add_file": "Приложен файл",
    f"{COMPLAINT}read_file": "Прочитан файл",
}

# Moves of a sitting, and what is recorded while it goes on. How somebody voted stands in the history of the case.
SITTING = "sitting_"
VERBS |= {f"{SITTING}{move.verb}": move.title for edition in EDITIONS for move in road("sitting", edition).moves}
VERBS |= {
    f"{SITTING}attend": "Отмечено присутствие",
    f"{SITTING}preside": "Указано, кто председательствует",
    f"{SITTING}receive": "Отмечен приход педагога",
    f"{SITTING}agree": "Записано единогласное голосование",
    f"{SITTING}pull_out": "Дело вынесено на поимённое голосование",
    f"{SITTING}put_back": "Дело возвращено в общий список",
    f"{SITTING}freeze_minutes": "Протокол изготовлен и зафиксирован",
    f"{SITTING}request_minutes": "Протокол запрошен повторно",
    f"{SITTING}unsign_minutes": "Снята отметка о подписи в протоколе",
}
VERBS |= {
    f"{CASE}vote": "Записаны голоса комиссии",
    f"{CASE}put_off": "Рассмотрение отложено",
    f"{CASE}take_up": "Отложенное дело снова рассматривается",
    f"{CASE}recuse": "Записан самоотвод",
    f"{CASE}end_recusal": "Самоотвод снят",
}

# Moves of a request for correction.
CORRECTION = "correction_"
VERBS |= {f"{CORRECTION}{move.verb}": move.title for move in road("correction").moves}

SYSTEM = "Система"


def case_verb(verb: str) -> str:
    """The journal's own word for a move of a case."""
    return f"{CASE}{verb}"


def complaint_verb(verb: str) -> str:
    """The journal's own word for a move of a complaint."""
    return f"{COMPLAINT}{verb}"


def sitting_verb(verb: str) -> str:
    """The journal's own word for a move of a sitting."""
    return f"{SITTING}{verb}"


def correction_verb(verb: str) -> str:
    """The journal's own word for a move of a request for correction."""
    return f"{CORRECTION}{verb}"


def write(*, by: User | None, on: dt.datetime, verb: str, subject: str, subject_id: int, details: str = "") -> None:
    """Add an entry; call inside the transaction of the act. Details name no person beyond what is necessary."""
    write_all(by=by, on=on, verb=verb, subject=subject, subject_ids=[subject_id], details=details)


def write_all(
    *, by: User | None, on: dt.datetime, verb: str, subject: str, subject_ids: Iterable[int], details: str = ""
) -> None:
    """The same about each of these records, one query."""
    if verb not in VERBS or subject not in SUBJECTS:
        raise KeyError(f"the journal knows no {verb!r} of {subject!r}")
    told = {"at": on, "user": by, "who": str(by) if by else SYSTEM, "verb": verb, "subject": subject, "details": details}
    JournalEntry.insert_many([{**told, "subject_id": subject_id} for subject_id in subject_ids]).execute()


def history(subject: str, subject_id: int) -> "ModelSelect[JournalEntry]":
    """What happened to a record, newest first."""
    mine = JournalEntry.subject == subject, JournalEntry.subject_id == subject_id
    return JournalEntry.select().where(*mine).order_by(JournalEntry.at.desc(), JournalEntry.id.desc())
