"""The records, in the order in which the procedure meets them.

Fields, constraints, the facts a record can observe and named selects. No rule, no side effect, no rendering: rules live in
`procedure/`, acts in `admin/acts/`. The tables are made by `admin/migrations/`, where the constraints are written out.
"""

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    Database,
    DatabaseProxy,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    ModelSelect,
    SqliteDatabase,
    TextField,
    fn,
)
from playhouse.db_url import connect as connect_url
from playhouse.db_url import parse as parse_url

from .procedure.words import Category, OrderKind, Role

database = DatabaseProxy()


# --- The database -----------------------------------------------------------------------------------------------------------


class EmbeddedDatabase(SqliteDatabase):
    """SQLite as this product uses it: write-ahead log, foreign keys, immediate transactions, Russian letter case and order."""

    def __init__(self, path: str) -> None:
        pragmas = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000, "synchronous": "normal"}
        # So that INSERT OR REPLACE meets the triggers that forbid deletion.
        pragmas["recursive_triggers"] = 1
        super().__init__(path, pragmas=pragmas, lock_type="IMMEDIATE")

    def _add_conn_hooks(self, conn: sqlite3.Connection) -> None:
        super()._add_conn_hooks(conn)  # type: ignore[misc]
        # SQLite folds case for ASCII only; the office searches in Cyrillic.
        conn.create_function("lower", 1, _lower, deterministic=True)
        conn.create_function("upper", 1, _upper, deterministic=True)
        conn.create_function("like", 2, _like, deterministic=True)
        conn.create_function("like", 3, _like, deterministic=True)
        conn.create_collation("russian", _compare_russian)


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _upper(text: Any) -> Any:
    return text.upper() if isinstance(text, str) else text


def _like(pattern: str | None, text: object, escape: str = "") -> bool | None:
    """LIKE without regard to letter case in any alphabet."""
    if pattern is None or text is None:
        return None
    return _like_expression(pattern.lower(), escape).fullmatch(str(text).lower()) is not None


@lru_cache(maxsize=256)
def _like_expression(pattern: str, escape: str) -> re.Pattern[str]:
    literal = f"{re.escape(escape)}(.)|" if escape else "(?!)()|"
    wildcards = {"%": ".*", "_": "."}
    return re.compile(
        re.sub(
            f"{literal}(.)", lambda match: wildcards.get(match[2], "") or re.escape(match[1] or match[2]), pattern, flags=re.S
        ),
        flags=re.S,
    )


def _compare_russian(left: str, right: str) -> int:
    """Order of the Russian alphabet, ё after е, without regard to case."""
    a, b = russian_key(left), russian_key(right)
    return (a > b) - (a < b)


def russian_key(text: str) -> str:
    """A key by which Python sorts as the Russian alphabet does: ё stands after е."""
    return text.lower().replace("ё", "е\uffff")


def connect(url: str) -> Database:
    """Bind the records to a database: `sqlite:///path` or `postgresql://…` (psycopg 3). Nothing is opened yet."""
    scheme = url.split(":", 1)[0]
    if scheme == "sqlite":
        opened: Database = EmbeddedDatabase(parse_url(url)["database"])
    elif scheme in {"postgresql", "postgres"}:
        opened = connect_url("psycopg3+pool" + url[len(scheme) :], max_connections=16, stale_timeout=300)
    else:
        raise ValueError(f"DATABASE_URL: неизвестный вид базы «{scheme}», нужен sqlite или postgresql.")
    database.initialize(opened)
    return opened


def embedded() -> bool:
    """Whether the records stand in the embedded SQLite database."""
    return isinstance(database.obj, SqliteDatabase)


@contextmanager
def connection() -> Iterator[None]:
    """A connection for a piece of work outside a request; nested use keeps the outer one."""
    with database.connection_context() if database.is_closed() else _already_open():
        yield


@contextmanager
def _already_open() -> Iterator[None]:
    yield


def utc_now() -> dt.datetime:
    """This moment, aware, in UTC. Acts never ask: they are told."""
    return dt.datetime.now(dt.UTC)


class UtcDateTimeField(DateTimeField):
    """An aware moment, kept as naive UTC, so that SQLite and PostgreSQL give back the same."""

    def db_value(self, value: dt.datetime | None) -> Any:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{self.name}: a moment without a time zone")
        return super().db_value(value.astimezone(dt.UTC).replace(tzinfo=None) if value else None)  # type: ignore[no-untyped-call]

    def python_value(self, value: Any) -> dt.datetime | None:
        moment = super().python_value(value)  # type: ignore[no-untyped-call]
        return moment.replace(tzinfo=dt.UTC) if moment else None


class Record(Model):
    """What all records share: the database and an id of their own."""

    id = AutoField()

    class Meta:
        database = database
        legacy_table_names = False


# --- People of the office ---------------------------------------------------------------------------------------------------


class User(Record):
    """Somebody who signs in to the office."""

    login = CharField(80, unique=True, verbose_name="Имя для входа")
    full_name = CharField(200, verbose_name="Фамилия, имя, отчество")
    password_hash = CharField(200, verbose_name="Пароль")
    active = BooleanField(default=True, verbose_name="Может входить")
    demo = BooleanField(default=False, verbose_name="Демонстрационная")
    created_at = UtcDateTimeField(default=utc_now, verbose_name="Создана")

    class Meta:
        table_name = "account"

    def __str__(self) -> str:
        return f"{self.full_name} ({self.login})"

    def role_set(self) -> frozenset[Role]:
        """The roles of this person; one query unless `roles` was prefetched."""
        return frozenset(Role(row.role) for row in self.roles)

    if TYPE_CHECKING:
        roles: "ModelSelect[UserRole]"


class UserRole(Record):
    """A role that a person holds; a person may hold several."""

    user = ForeignKeyField(User, backref="roles", on_delete="CASCADE", verbose_name="Учётная запись")
    role = CharField(20, choices=[(role.value, role.label) for role in Role], verbose_name="Роль")

    class Meta:
        indexes = ((("user", "role"), True),)

    def __str__(self) -> str:
        return Role(self.role).label


class SignIn(Record):
    """A signed-in session of the office. The cookie holds its token, the table only the token's hash; ended means dead."""

    token_hash = CharField(64, unique=True)
    user = ForeignKeyField(User, backref="sign_ins", on_delete="CASCADE")
    started_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "sign_in"


class FailedSignIn(Record):
    """A wrong password, kept as the throttle's memory: hashed name of the account and hashed network prefix, no more."""

    account_hash = CharField(64, index=True)
    origin_hash = CharField(64, index=True)
    at = UtcDateTimeField(index=True)

    class Meta:
        table_name = "failed_sign_in"


# --- Orders -----------------------------------------------------------------------------------------------------------------


class Order(Record):
    """An order (распоряжение) on qualification categories: the result of the service (2.3, 3.5, 3.6)."""

    kind = CharField(
        20, default=OrderKind.DECISION, choices=[(kind.value, kind.label) for kind in OrderKind], verbose_name="Вид"
    )
    title = CharField(500, verbose_name="Заголовок")
    basis = TextField(default="", verbose_name="Основание")
    number = CharField(40, null=True, verbose_name="Номер")
    registered_on = DateField(null=True, verbose_name="Дата")
    year = IntegerField(null=True, verbose_name="Год")
    signatory_position = CharField(200, default="", verbose_name="Должность подписывающего")
    signatory_name = CharField(200, default="", verbose_name="Подписывающий (И.О. Фамилия)")
    status = CharField(20, default="draft", verbose_name="Состояние")
    version = IntegerField(default=1, verbose_name="Версия")
    signed_on = DateField(null=True, verbose_name="Подписано")
    published_at = UtcDateTimeField(null=True, verbose_name="Опубликовано")
    pdf_sha256 = CharField(64, null=True, verbose_name="SHA-256 файла PDF")
    pdf_size = IntegerField(null=True, verbose_name="Размер PDF, байт")
    pdf_pages = IntegerField(null=True, verbose_name="Страниц в PDF")
    created_at = UtcDateTimeField(default=utc_now, verbose_name="Создано")
    created_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто создал")
    demo = BooleanField(default=False, verbose_name="Демонстрационное")

    class Meta:
        # "order" is a word of SQL; the table says whose orders they are.
        table_name = "official_order"
        indexes = ((("year", "number"), True), (("status", "published_at"), False))

    def __str__(self) -> str:
        return f"№ {self.number} от {self.registered_on:%d.%m.%Y}" if self.number and self.registered_on else self.title

    if TYPE_CHECKING:
        rulings: "ModelSelect[Ruling]"
        created_by_id: int | None

    @classmethod
    def published(cls) -> "ModelSelect[Order]":
        """Published orders, newest publication first."""
        return cls.select().where(cls.status == "published").order_by(cls.published_at.desc(), cls.id.desc())

    @classmethod
    def at(cls, year: int, number: str) -> "ModelSelect[Order]":
        """The published order of this address, if any."""
        return cls.published().where(cls.year == year, cls.number == number)

    def observe(self) -> frozenset[str]:
        """The facts that moves of `procedure/<edition>/order.toml` ask for; one query (the rows)."""
        facts = {
            "titled": bool(self.title.strip()),
            "has_rows": self.rulings.exists(),
            "signatory_named": bool(self.signatory_name.strip() and self.signatory_position.strip()),
            "number_given": bool(self.number),
            "date_given": self.registered_on is not None,
            "pdf_frozen": self.pdf_sha256 is not None,
        }
        return frozenset(name for name, true in facts.items() if true)


class Ruling(Record):
    """A row of an order: one person, one position, one category, established or refused."""

    order = ForeignKeyField(Order, backref="rulings", on_delete="RESTRICT", verbose_name="Распоряжение")
    number = IntegerField(verbose_name="№ п/п")
    surname = CharField(100, verbose_name="Фамилия")
    name = CharField(100, verbose_name="Имя")
    patronymic = CharField(100, default="", verbose_name="Отчество")
    position = CharField(300, verbose_name="Должность")
    organization = CharField(500, verbose_name="Организация")
    category = CharField(10, choices=[(category.value, category.label) for category in Category], verbose_name="Категория")
    established = BooleanField(default=True, verbose_name="Категория установлена")
    page = IntegerField(null=True, verbose_name="Страница PDF")

    class Meta:
        indexes = ((("order", "number"), True),)

    if TYPE_CHECKING:
        order_id: int

    @property
    def person(self) -> str:
        """Surname, name and patronymic in one line."""
        return " ".join(filter(None, (self.surname, self.name, self.patronymic)))


class Job(Record):
    """A piece of slow work with progress that outlives the process doing it. `target` is the id of the record it serves."""

    kind = CharField(40)
    target = IntegerField()
    state = CharField(20, default="queued")
    done = IntegerField(default=0)
    total = IntegerField(default=0)
    error = TextField(default="")
    attempts = IntegerField(default=0)
    queued_at = UtcDateTimeField(default=utc_now)
    beat_at = UtcDateTimeField(null=True)
    finished_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("kind", "target"), False), (("state",), False))

    @classmethod
    def latest(cls, kind: str, target: int) -> "Job | None":
        """The newest job of this kind for this record."""
        found: Job | None = cls.select().where(cls.kind == kind, cls.target == target).order_by(cls.id.desc()).first()
        return found


# --- Journal and pages ------------------------------------------------------------------------------------------------------


class JournalEntry(Record):
    """Who did what and when. Legal memory: entries are added, never changed; the database refuses anything else."""

    at = UtcDateTimeField(index=True, verbose_name="Когда")
    user = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Учётная запись")
    who = CharField(300, verbose_name="Кто")
    verb = CharField(60, verbose_name="Действие")
    subject = CharField(40, verbose_name="Вид записи")
    subject_id = IntegerField(null=True, verbose_name="Номер записи")
    details = TextField(default="", verbose_name="Подробности")

    class Meta:
        table_name = "journal"
        indexes = ((("subject", "subject_id"), False),)


class Page(Record):
    """A public page in Markdown, found by its path (`about`, without slashes at the ends)."""

    path = CharField(200, unique=True, verbose_name="Адрес")
    title = CharField(200, verbose_name="Заголовок")
    body = TextField(verbose_name="Текст (Markdown)")
    version = IntegerField(default=1, verbose_name="Версия")
    updated_at = UtcDateTimeField(default=utc_now, verbose_name="Изменена")


def demonstration() -> bool:
    """Whether this installation holds generated demonstration data, which every page must say; one query."""
    return bool(Order.select(fn.COUNT(Order.id)).where(Order.demo).scalar() or User.select().where(User.demo).exists())
