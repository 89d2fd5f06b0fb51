"""Words with one fixed meaning that records, pages and documents share. Labels are the source's own."""

from enum import StrEnum


class Category(StrEnum):
    """Qualification category a teacher may ask for (2.1)."""

    FIRST = "first"
    HIGHEST = "highest"

    @property
    def label(self) -> str:
        return {"first": "первая", "highest": "высшая"}[self.value]


class OrderKind(StrEnum):
    """Kinds of order: the result of the service (2.3) and the mending of its errors (3.7.2)."""

    DECISION = "decision"
    AMENDMENT = "amendment"

    @property
    def label(self) -> str:
        return {"decision": "Об установлении (отказе)", "amendment": "О внесении изменений"}[self.value]


class Role(StrEnum):
    """Who works in the office."""

    PUBLISHER = "publisher"
    SECRETARY = "secretary"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def label(self) -> str:
        return {
            "publisher": "публикатор",
            "secretary": "секретарь комиссии",
            "editor": "редактор",
            "admin": "администратор",
        }[self.value]
