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
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    ModelSelect,
    SqliteDatabase,
    TextField,
    TimeField,
    Value,
    fn,
)
from playhouse.db_url import connect as connect_url
from playhouse.db_url import parse as parse_url

from .procedure.complaints import lists
from .procedure.road import EDITION
from .procedure.words import (
    Category,
    Channel,
    Choice,
    ComplaintChannel,
    CorrectionChannel,
    Decision,
    LocalRole,
    NodeKind,
    OrderKind,
    Role,
    Seat,
    SubscriptionKind,
)

database = DatabaseProxy()


# --- The database -----------------------------------------------------------------------------------------------------------


class EmbeddedDatabase(SqliteDatabase):
    """SQLite as this product uses it: write-ahead log, foreign keys, immediate transactions, Russian letter case and order."""

    # An application whose number was given survives a power cut: each transaction ends on the disk.
    synchronous = "full"

    def __init__(self, path: str) -> None:
        pragmas = {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000, "synchronous": self.synchronous}
        # What was destroyed is not left in free pages, however SQLite was built.
        pragmas["secure_delete"] = 1
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


def locked(rows: "ModelSelect[Any]") -> "ModelSelect[Any]":
    """These rows, which nobody else changes until the transaction ends; SQLite lets nobody else write from its beginning."""
    return rows if embedded() else rows.for_update()


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


# --- People -----------------------------------------------------------------------------------------------------------------


class User(Record):
    """Somebody who signs in: to the cabinet everybody, to the office whoever has a role there.

    A teacher's login is the e-mail address. `totp_secret`: the second factor, encrypted; empty when it is off; `totp_counter`:
    the last step of time whose code was used.
    """

    login = CharField(80, unique=True, verbose_name="Имя для входа")
    full_name = CharField(200, verbose_name="Фамилия, имя, отчество")
    password_hash = CharField(200, verbose_name="Пароль")
    email = CharField(254, null=True, unique=True, verbose_name="Электронная почта")
    email_confirmed_at = UtcDateTimeField(null=True)
    phone = CharField(30, default="", verbose_name="Телефон")
    notify_email = BooleanField(default=True, verbose_name="Письма на электронную почту")
    notify_sms = BooleanField(default=False, verbose_name="СМС")
    notify_push = BooleanField(default=False, verbose_name="Уведомления на телефон")
    totp_secret = CharField(300, default="")
    totp_counter = IntegerField(default=0)
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
    """A signed-in session. The cookie holds its token, the table only the token's hash; ended means dead.

    `device` and `network` are what a person recognises a session of theirs by: a few words, the prefix of the address.
    """

    token_hash = CharField(64, unique=True)
    user = ForeignKeyField(User, backref="sign_ins", on_delete="CASCADE")
    started_at = UtcDateTimeField()
    seen_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)
    device = CharField(100, default="")
    network = CharField(50, default="")

    class Meta:
        table_name = "sign_in"


class FailedSignIn(Record):
    """A wrong password, kept as the throttle's memory: hashed name of the account and hashed network prefix, no more."""

    account_hash = CharField(64, index=True)
    origin_hash = CharField(64, index=True)
    at = UtcDateTimeField(index=True)

    class Meta:
        table_name = "failed_sign_in"


class ApiClient(Record):
    """Requests of one client to the programming interface in one minute: a keyed hash instead of its address, no more.

    `minute`: since the beginning of 1970. `taken`: requests that processes have taken for it, made or not yet.
    """

    client_hash = CharField(64, unique=True)
    minute = IntegerField(index=True)
    taken = IntegerField()

    class Meta:
        table_name = "api_client"


class OneTimeToken(Record):
    """A link that works once: to open an account, to set a new password, to change the address.

    `email` is the address that it was sent to and proves. An account to be opened does not exist yet: its token has no user
    but the name that was typed.
    """

    user = ForeignKeyField(User, null=True, backref="tokens", on_delete="CASCADE")
    purpose = CharField(20)
    token_hash = CharField(64, unique=True)
    email = CharField(254)
    full_name = CharField(200, default="")
    expires_at = UtcDateTimeField()
    used_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "one_time_token"

    if TYPE_CHECKING:
        user_id: int | None


class RecoveryCode(Record):
    """A code that replaces the second factor once."""

    user = ForeignKeyField(User, backref="recovery_codes", on_delete="CASCADE")
    code_hash = CharField(64)
    used_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "recovery_code"
        indexes = ((("user", "code_hash"), True),)


class Identity(Record):
    """How a state provider of identities knows this person: who came through it has proved who they are.

    Names and day of birth are what the provider said at the latest sign-in; it may leave out the last two.
    """

    user = ForeignKeyField(User, backref="identities", on_delete="CASCADE")
    issuer = CharField(300)
    subject = CharField(255)
    surname = CharField(160, verbose_name="Фамилия")
    name = CharField(160, verbose_name="Имя")
    patronymic = CharField(160, default="", verbose_name="Отчество")
    born_on = DateField(null=True, verbose_name="Дата рождения")
    linked_at = UtcDateTimeField()

    class Meta:
        indexes = ((("issuer", "subject"), True),)

    if TYPE_CHECKING:
        user_id: int


# --- Orders -----------------------------------------------------------------------------------------------------------------


class Order(Record):
    """An order (распоряжение) on qualification categories: the result of the service (2.3, 3.5, 3.6).

    `sitting` and `minutes`: the sitting that decided its rows, and the version of the minutes they were drafted from. `round`:
    of approval; whoever takes the order back to draft begins a new one.
    `amends`: the order whose rows an amending order changes (3.7.2); of one that came from elsewhere it is not known.
    """

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
    round = IntegerField(default=1, verbose_name="Круг согласования")
    sitting = DeferredForeignKey("Sitting", null=True, backref="orders", on_delete="RESTRICT", verbose_name="Заседание")
    minutes = DeferredForeignKey("Minutes", null=True, backref="orders", on_delete="RESTRICT", verbose_name="Протокол")
    amends = ForeignKeyField("self", null=True, backref="amendments", on_delete="RESTRICT", verbose_name="Изменяет")
    published_at = UtcDateTimeField(null=True, verbose_name="Опубликовано")
    withdrawn_at = UtcDateTimeField(null=True, verbose_name="Отозвано")
    withdrawal_reason = CharField(1000, default="", verbose_name="Причина отзыва")
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
        amendments: "ModelSelect[Order]"
        answers: "ModelSelect[Correction]"
        amends_id: int | None
        endorsements: "ModelSelect[Endorsement]"
        signatures: "ModelSelect[OrderSignature]"
        sitting_id: int | None
        minutes_id: int | None
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
    """A row of an order: one person, one position, one category, established or refused.

    `hearing`: the decision it states; `amends`: the row of another order in whose place it stands.
    """

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
    hearing = DeferredForeignKey("Hearing", null=True, backref="rulings", on_delete="RESTRICT", verbose_name="Решение")
    amends = ForeignKeyField("self", null=True, backref="amendments", on_delete="RESTRICT", verbose_name="Вместо строки")

    class Meta:
        indexes = ((("order", "number"), True),)

    if TYPE_CHECKING:
        order_id: int
        hearing_id: int | None
        amends_id: int | None

    @property
    def person(self) -> str:
        """Surname, name and patronymic in one line."""
        return " ".join(filter(None, (self.surname, self.name, self.patronymic)))


class Endorsement(Record):
    """A step of the approval of a draft (3.5.3, 3.7.2): whose it is, since when they have it, what they said.

    `name`: the step in the data. `came_at` is empty until the steps before are done.
    `outcome`: approved, returned, or dropped because the draft was taken back meanwhile.
    """

    order = ForeignKeyField(Order, backref="endorsements", on_delete="CASCADE")
    round = IntegerField(verbose_name="Круг")
    place = IntegerField(verbose_name="№")
    name = CharField(40)
    user = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="Кто согласует")
    came_at = UtcDateTimeField(null=True, verbose_name="Поступило")
    outcome = CharField(10, default="")
    remark = CharField(1000, default="", verbose_name="Замечание")
    settled_at = UtcDateTimeField(null=True, verbose_name="Рассмотрено")

    class Meta:
        indexes = ((("order", "round", "place"), True),)

    if TYPE_CHECKING:
        order_id: int
        user_id: int


class OrderSignature(Record):
    """The mark that an order was signed, with the certificate and the detached signature file when there are any.

    `dropped_at`: when the order was returned to draft; the mark no longer counts, the file stays. Days of validity included.
    """

    order = ForeignKeyField(Order, backref="signatures", on_delete="RESTRICT")
    signed_on = DateField(verbose_name="Подписано")
    owner = CharField(300, default="", verbose_name="Владелец сертификата")
    issuer = CharField(300, default="", verbose_name="Кем выдан")
    serial = CharField(64, default="", verbose_name="Серийный номер")
    valid_from = DateField(null=True, verbose_name="Действует с")
    valid_until = DateField(null=True, verbose_name="Действует по")
    file_name = CharField(200, default="", verbose_name="Файл подписи")
    sha256 = CharField(64, null=True, verbose_name="SHA-256 файла подписи")
    size = IntegerField(null=True, verbose_name="Размер файла подписи, байт")
    marked_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто отметил")
    marked_at = UtcDateTimeField(verbose_name="Отмечено")
    dropped_at = UtcDateTimeField(null=True, verbose_name="Отметка снята")

    class Meta:
        table_name = "order_signature"

    if TYPE_CHECKING:
        order_id: int
        marked_by_id: int | None


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


# --- Journal --------------------------------------------------------------------------------------------------------------


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

    if TYPE_CHECKING:
        user_id: int | None


class JournalSeal(Record):
    """A link of the chain over the journal: its hash covers the entry and the hash before it. Added, never changed."""

    number = IntegerField(primary_key=True)
    entry = ForeignKeyField(JournalEntry, unique=True, on_delete="RESTRICT")
    previous = CharField(64)
    hash = CharField(64, unique=True)

    class Meta:
        table_name = "journal_seal"

    if TYPE_CHECKING:
        entry_id: int


class JournalCheck(Record):
    """A verification of the chain: how many entries were sealed, the newest hash, how many wait; the first break in words."""

    at = UtcDateTimeField(verbose_name="Когда")
    by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто")
    sealed = IntegerField(verbose_name="Запечатано записей")
    head = CharField(64, verbose_name="Голова цепочки")
    waiting = IntegerField(default=0)
    finding = CharField(500, default="")

    class Meta:
        table_name = "journal_check"


# --- Cases: applications and what belongs to them ---------------------------------------------------------------------------


class Commission(Record):
    """A composition of the attestation commission, put together by a numbered order for a stretch of time."""

    order_number = CharField(40, verbose_name="Номер распоряжения о составе")
    order_on = DateField(verbose_name="Дата распоряжения")
    valid_from = DateField(verbose_name="Действует с")
    valid_until = DateField(null=True, verbose_name="Действует по")
    version = IntegerField(default=1)
    demo = BooleanField(default=False)

    def __str__(self) -> str:
        return f"распоряжение № {self.order_number} от {self.order_on:%d.%m.%Y}"

    def acts_on(self, day: dt.date) -> bool:
        """Whether the order is in force on this day."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)

    if TYPE_CHECKING:
        members: "ModelSelect[Member]"
        sittings: "ModelSelect[Sitting]"


class Member(Record):
    """A member of one composition. Surname and organisation are what conflicts are seen by; an account is not needed."""

    commission = ForeignKeyField(Commission, backref="members", on_delete="RESTRICT", verbose_name="Состав")
    user = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Учётная запись")
    full_name = CharField(200, verbose_name="Фамилия, имя, отчество")
    position = CharField(300, default="", verbose_name="Должность")
    organization = CharField(500, default="", verbose_name="Место работы")
    seat = CharField(20, choices=[(seat.value, seat.label) for seat in Seat], verbose_name="В комиссии")

    class Meta:
        table_name = "commission_member"

    def __str__(self) -> str:
        return self.full_name

    if TYPE_CHECKING:
        commission_id: int
        user_id: int | None


class Sitting(Record):
    """A sitting of the commission: the day of which one is chosen for a case, its composition, how it went and who presided.

    `edition`: the procedure of its cases. `capacity`: the most cases, no limit when empty. `slot_minutes`: the time for each
    teacher who comes. `reason`: why its minutes were opened again, told in the next version of them.
    """

    edition = CharField(80, default=EDITION, verbose_name="Редакция")
    held_on = DateField(verbose_name="Дата заседания")
    begins_at = TimeField(null=True, verbose_name="Начало")
    place = CharField(300, default="", verbose_name="Место")
    capacity = IntegerField(null=True, verbose_name="Дел не больше")
    slot_minutes = IntegerField(default=10, verbose_name="Минут на приглашённого")
    status = CharField(20, default="planned", verbose_name="Состояние")
    commission = ForeignKeyField(
        Commission, null=True, backref="sittings", on_delete="RESTRICT", verbose_name="Состав комиссии"
    )
    presiding = ForeignKeyField(Member, null=True, on_delete="RESTRICT", verbose_name="Председательствует")
    minutes_number = CharField(40, default="", verbose_name="Номер протокола")
    opened_at = UtcDateTimeField(null=True, verbose_name="Открыто")
    closed_at = UtcDateTimeField(null=True, verbose_name="Завершено")
    reason = CharField(300, default="", verbose_name="Причина исправления протокола")
    version = IntegerField(default=1, verbose_name="Версия")
    demo = BooleanField(default=False, verbose_name="Демонстрационное")

    def __str__(self) -> str:
        return f"{self.held_on:%d.%m.%Y}"

    if TYPE_CHECKING:
        commission_id: int | None
        presiding_id: int | None
        hearings: "ModelSelect[Hearing]"
        attendances: "ModelSelect[Attendance]"
        minutes: "ModelSelect[Minutes]"

    def observe(self, today: dt.date) -> frozenset[str]:
        """The facts that moves of `procedure/<edition>/sitting.toml` ask for; seven queries at most."""
        lines, last = list(self.hearings.select(Hearing.decision, Hearing.put_off)), self.last_minutes()
        orders = Ruling.select().join(Order).switch(Ruling).join(Hearing).where(Hearing.sitting == self)
        facts = {
            "day_come": self.held_on <= today,
            "composition_named": self.commission is not None and self.commission.acts_on(self.held_on),
            "agenda_filled": bool(lines),
            "agenda_empty": not lines,
            "presided": self.presiding_id is not None,
            "all_decided": all(line.decision or line.put_off for line in lines),
            "minutes_numbered": bool(self.minutes_number),
            "minutes_made": last is not None and last.pdf_sha256 is not None,
            "minutes_signed": last is not None and last.signed_on is not None,
            "nothing_issued": not orders.where(Order.signed_on.is_null(False)).exists(),
        }
        return frozenset(name for name, true in facts.items() if true)

    def last_minutes(self) -> "Minutes | None":
        """The newest version of its minutes; one query."""
        found: Minutes | None = self.minutes.order_by(Minutes.number.desc()).first()
        return found


class Application(Record):
    """An application of a teacher and the case that grows from it, on the road of its edition.

    `answers`: the 19 fields of Appendix 1 as they were typed, by name; what lists and rules need of them stands in columns,
    written with the answers. `worksheet`: the fields of the teacher's own scoring. A merged one has handed everything over.
    `due_on`: the last working day on which the nearest term can still be met; `due_term` names it. `closed_on`: the day on
    which the road ended.
    """

    edition = CharField(80, verbose_name="Редакция")
    number = CharField(13, null=True, unique=True, verbose_name="Номер")
    channel = CharField(10, choices=[(one.value, one.label) for one in Channel], verbose_name="Как поступило")
    status = CharField(30, default="draft", verbose_name="Состояние")
    version = IntegerField(default=1, verbose_name="Версия")
    applicant = ForeignKeyField(User, null=True, backref="applications", on_delete="RESTRICT", verbose_name="Педагог")
    entered_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто внёс")
    answers = JSONField(default=dict, verbose_name="Ответы")
    complete = BooleanField(default=False, verbose_name="Заполнено полностью")
    surname = CharField(160, default="", verbose_name="Фамилия")
    name = CharField(160, default="", verbose_name="Имя")
    patronymic = CharField(160, default="", verbose_name="Отчество")
    born_on = DateField(null=True, verbose_name="Дата рождения")
    position = CharField(300, default="", verbose_name="Должность")
    organization = CharField(500, default="", verbose_name="Организация")
    # Not a field of the form: asked so that no relative is appointed, and never printed.
    home_address = CharField(300, default="", verbose_name="Адрес проживания")
    category = CharField(10, null=True, choices=[(one.value, one.label) for one in Category], verbose_name="Категория")
    held_category = CharField(10, default="", verbose_name="Имеющаяся категория")
    held_ruling = ForeignKeyField(Ruling, null=True, on_delete="RESTRICT", verbose_name="Запись архива о категории")
    search_text = TextField(default="", verbose_name="Для поиска")
    form = IntegerField(null=True, verbose_name="Форма оценки")
    worksheet = JSONField(default=dict, verbose_name="Самооценка")
    portfolio_way = CharField(10, default="", verbose_name="Как подаётся папка")
    mfc_sheets = IntegerField(null=True, verbose_name="Листов в папке из МФЦ")
    group_leader = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Руководитель экспертной группы")
    review_day = DateField(null=True, verbose_name="Дата экспертизы")
    considered_on = DateField(null=True, verbose_name="Рассмотрено комиссией")
    term_begins = DateField(null=True, verbose_name="Первый день аттестации")
    term_ends = DateField(null=True, verbose_name="Последний день аттестации")
    term_place = CharField(300, default="", verbose_name="Место аттестации")
    sitting = ForeignKeyField(Sitting, null=True, backref="applications", on_delete="RESTRICT", verbose_name="Заседание")
    decision = CharField(20, default="", verbose_name="Решение комиссии")
    minutes_number = CharField(40, default="", verbose_name="Номер протокола")
    minutes_on = DateField(null=True, verbose_name="Дата протокола")
    merged_into = ForeignKeyField("self", null=True, on_delete="RESTRICT", verbose_name="Объединено с заявлением")
    filed_on = DateField(null=True, verbose_name="Подано")
    due_on = DateField(null=True, verbose_name="Срок")
    due_term = CharField(40, default="", verbose_name="Какой срок")
    closed_on = DateField(null=True, verbose_name="Закрыто")
    created_at = UtcDateTimeField(default=utc_now, verbose_name="Создано")
    changed_at = UtcDateTimeField(default=utc_now, verbose_name="Изменено")
    demo = BooleanField(default=False, verbose_name="Демонстрационное")

    def __str__(self) -> str:
        return f"№ {self.number}" if self.number else "черновик"

    if TYPE_CHECKING:
        applicant_id: int | None
        entered_by_id: int | None
        held_ruling_id: int | None
        group_leader_id: int | None
        sitting_id: int | None
        merged_into_id: int | None
        events: "ModelSelect[CaseEvent]"
        papers: "ModelSelect[Paper]"
        files: "ModelSelect[CaseFile]"
        reviews: "ModelSelect[Review]"

    @property
    def person(self) -> str:
        """Surname, name and patronymic in one line."""
        return " ".join(filter(None, (self.surname, self.name, self.patronymic)))

    @classmethod
    def kept(cls) -> "ModelSelect[Application]":
        """All that were filed and stand for themselves: neither drafts nor merged into others."""
        return cls.select().where(cls.number.is_null(False), cls.merged_into.is_null(), cls.status != "draft")


class CaseSequence(Record):
    """How many numbers of a year have been given; a number is never given twice."""

    year = IntegerField(unique=True)
    last = IntegerField()

    class Meta:
        table_name = "case_sequence"


class CaseEvent(Record):
    """The day on which something happened in a case, by its name in the road; the latest, if it happened again."""

    application = ForeignKeyField(Application, backref="events", on_delete="CASCADE")
    name = CharField(40)
    day = DateField()

    class Meta:
        table_name = "case_event"
        indexes = ((("application", "name"), True),)

    if TYPE_CHECKING:
        application_id: int


class Duty(Record):
    """Something that somebody is expected to do in a case now: derived, written anew after each move.

    `user` is the one who has to; without it, whoever has the role in the office. `due_on`: the last working day for it.
    """

    application = ForeignKeyField(Application, backref="duties", on_delete="CASCADE")
    role = CharField(20)
    user = ForeignKeyField(User, null=True, on_delete="CASCADE")
    verb = CharField(40)
    term = CharField(40, default="")
    due_on = DateField(null=True)

    class Meta:
        indexes = ((("role", "due_on"), False), (("user", "due_on"), False))

    if TYPE_CHECKING:
        application_id: int
        user_id: int | None


class CheckMark(Record):
    """A member of staff states a fact that nobody but a person can see: an identity document was shown, a form was checked."""

    application = ForeignKeyField(Application, backref="marks", on_delete="CASCADE")
    fact = CharField(40)
    by = ForeignKeyField(User, on_delete="RESTRICT")
    at = UtcDateTimeField()
    note = CharField(300, default="", verbose_name="Пометка")

    class Meta:
        table_name = "check_mark"
        indexes = ((("application", "fact"), True),)


class Representative(Record):
    """Somebody who acts for the teacher in a case by a document (1.2). `user`: their account; without it they come on foot."""

    application = ForeignKeyField(Application, backref="representatives", on_delete="CASCADE")
    user = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    full_name = CharField(200, verbose_name="Фамилия, имя, отчество представителя")
    document = CharField(300, verbose_name="Доверенность или другой документ")
    expires_on = DateField(null=True, verbose_name="Действует по")
    added_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)

    if TYPE_CHECKING:
        application_id: int
        user_id: int | None


# --- Portfolio and files ----------------------------------------------------------------------------------------------------


class Paper(Record):
    """A line of the portfolio's inventory (опись, приложение № 2), tied to the row of the form that it proves."""

    application = ForeignKeyField(Application, backref="papers", on_delete="CASCADE")
    number = IntegerField(verbose_name="№")
    title = CharField(500, verbose_name="Документ")
    state = CharField(40, default="", verbose_name="Копия или оригинал")
    sheets = IntegerField(default=1, verbose_name="Листов")
    criterion = CharField(20, default="", verbose_name="Строка формы")

    class Meta:
        indexes = ((("application", "number"), True),)

    if TYPE_CHECKING:
        application_id: int
        files: "ModelSelect[CaseFile]"


class CaseFile(Record):
    """A file of a case, kept as it was brought under its SHA-256; a removed one is out of the case, its row stays.

    Kinds: portfolio (belongs to a paper), previous_category, authority, conclusion, receipt, notice, other.
    """

    application = ForeignKeyField(Application, backref="files", on_delete="RESTRICT")
    kind = CharField(20)
    paper = ForeignKeyField(Paper, null=True, backref="files", on_delete="SET NULL")
    name = CharField(200, verbose_name="Имя файла")
    media_type = CharField(100)
    sha256 = CharField(64, verbose_name="SHA-256")
    size = IntegerField(verbose_name="Размер, байт")
    pages = IntegerField(null=True, verbose_name="Страниц")
    added_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    added_at = UtcDateTimeField()
    removed_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "case_file"

    if TYPE_CHECKING:
        application_id: int
        paper_id: int | None
        added_by_id: int | None


class Slot(Record):
    """A stretch of the office's time at one window in which one folder is taken (15 minutes, 2.17.2)."""

    starts_at = UtcDateTimeField(verbose_name="Начало")
    window = IntegerField(default=1, verbose_name="Окно")
    place = CharField(300, verbose_name="Место")
    application = ForeignKeyField(Application, null=True, backref="slots", on_delete="RESTRICT")
    booked_at = UtcDateTimeField(null=True)
    missed = BooleanField(default=False, verbose_name="Не пришли")
    demo = BooleanField(default=False)

    class Meta:
        indexes = ((("starts_at", "window"), True),)

    if TYPE_CHECKING:
        application_id: int | None


# --- Experts ----------------------------------------------------------------------------------------------------------------


class ExpertGroup(Record):
    """A group of experts and its leader."""

    name = CharField(200, unique=True, verbose_name="Экспертная группа")
    leader = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Руководитель")
    active = BooleanField(default=True, verbose_name="Действует")
    version = IntegerField(default=1)
    demo = BooleanField(default=False)

    class Meta:
        table_name = "expert_group"

    def __str__(self) -> str:
        return self.name

    if TYPE_CHECKING:
        leader_id: int | None


class Expert(Record):
    """An expert of the bank. The account says who signs in; surname, address and employers are what conflicts are seen by."""

    user = ForeignKeyField(User, unique=True, backref="experts", on_delete="RESTRICT", verbose_name="Учётная запись")
    group = ForeignKeyField(ExpertGroup, null=True, backref="experts", on_delete="RESTRICT", verbose_name="Группа")
    surname = CharField(160, verbose_name="Фамилия")
    position = CharField(300, default="", verbose_name="Должность")
    organization = CharField(500, default="", verbose_name="Место работы")
    address = CharField(300, default="", verbose_name="Адрес проживания")
    # Works in the department of attestation itself: needs no approval by an order (3.3.2).
    department = BooleanField(default=False, verbose_name="Сотрудник отдела аттестации")
    active = BooleanField(default=True, verbose_name="В банке")
    version = IntegerField(default=1)
    demo = BooleanField(default=False)

    if TYPE_CHECKING:
        user_id: int
        group_id: int | None
        specialities: "ModelSelect[Speciality]"
        approvals: "ModelSelect[Approval]"
        absences: "ModelSelect[Absence]"
        employments: "ModelSelect[Employment]"
        declared: "ModelSelect[DeclaredConflict]"


class Speciality(Record):
    """What an expert may judge: a scoring form, within it a position or a subject; empty means any."""

    expert = ForeignKeyField(Expert, backref="specialities", on_delete="CASCADE")
    form = IntegerField(verbose_name="Форма оценки")
    position = CharField(300, default="", verbose_name="Должность")
    subject = CharField(200, default="", verbose_name="Предмет")

    if TYPE_CHECKING:
        expert_id: int


class Approval(Record):
    """The numbered order that puts an expert on the list, and from when until when."""

    expert = ForeignKeyField(Expert, backref="approvals", on_delete="CASCADE")
    order_number = CharField(40, verbose_name="Номер распоряжения")
    order_on = DateField(verbose_name="Дата распоряжения")
    valid_from = DateField(verbose_name="Действует с")
    valid_until = DateField(verbose_name="Действует по")

    if TYPE_CHECKING:
        expert_id: int


class Absence(Record):
    """Days on which an expert takes nothing new."""

    expert = ForeignKeyField(Expert, backref="absences", on_delete="CASCADE")
    first_day = DateField(verbose_name="С")
    last_day = DateField(verbose_name="По")
    reason = CharField(200, default="", verbose_name="Причина")

    if TYPE_CHECKING:
        expert_id: int


class Employment(Record):
    """Where an expert worked before, and until when."""

    expert = ForeignKeyField(Expert, backref="employments", on_delete="CASCADE")
    organization = CharField(500, verbose_name="Место работы")
    until = DateField(verbose_name="Работал по")


class DeclaredConflict(Record):
    """A conflict of interest that an expert declares: with a person, an organisation, or in one case."""

    expert = ForeignKeyField(Expert, backref="declared", on_delete="CASCADE")
    application = ForeignKeyField(Application, null=True, on_delete="CASCADE")
    person = CharField(300, default="", verbose_name="Фамилия, имя, отчество")
    organization = CharField(500, default="", verbose_name="Организация")
    reason = CharField(300, default="", verbose_name="В чём конфликт")
    declared_at = UtcDateTimeField()

    class Meta:
        table_name = "declared_conflict"

    if TYPE_CHECKING:
        application_id: int | None


class ConflictPermit(Record):
    """The chair lets an expert stay in a case in spite of a conflict, and says why."""

    application = ForeignKeyField(Application, backref="permits", on_delete="CASCADE")
    expert = ForeignKeyField(User, on_delete="RESTRICT")
    by = ForeignKeyField(User, on_delete="RESTRICT")
    reason = CharField(300, verbose_name="Причина")
    at = UtcDateTimeField()

    class Meta:
        table_name = "conflict_permit"
        indexes = ((("application", "expert"), True),)

    if TYPE_CHECKING:
        expert_id: int


# --- Review -----------------------------------------------------------------------------------------------------------------


class Review(Record):
    """The work of one expert on one case: what is scored and said so far. An ended one belongs to a replaced expert.

    `answers` are the fields of the worksheet, `proofs` the ids of papers by clause of the form. `scored`: every row was gone
    through and each scored one has its paper. `implied`: what the points give: positive, negative, open (threshold within the
    range); `outcome`: what the expert concludes.
    """

    application = ForeignKeyField(Application, backref="reviews", on_delete="RESTRICT")
    role = CharField(20)
    expert = ForeignKeyField(User, backref="reviews", on_delete="RESTRICT")
    assigned_at = UtcDateTimeField()
    ended_at = UtcDateTimeField(null=True)
    answers = JSONField(default=dict)
    proofs = JSONField(default=dict)
    scored = BooleanField(default=False)
    points_low = IntegerField(null=True)
    points_high = IntegerField(null=True)
    implied = CharField(10, default="")
    outcome = CharField(10, default="", verbose_name="Вывод")
    outcome_reason = TextField(default="", verbose_name="Обоснование")
    recommendations = TextField(default="", verbose_name="Рекомендации")
    comment = TextField(default="", verbose_name="Комментарий")
    commented_at = UtcDateTimeField(null=True)
    returned_at = UtcDateTimeField(null=True)
    return_reason = CharField(300, default="", verbose_name="Причина возврата")
    version = IntegerField(default=1)

    if TYPE_CHECKING:
        application_id: int
        expert_id: int
        conclusions: "ModelSelect[Conclusion]"


class Conclusion(Record):
    """A version of a conclusion, as it was given: never changed, only read. `signature`: uploaded or electronic."""

    review = ForeignKeyField(Review, backref="conclusions", on_delete="RESTRICT")
    number = IntegerField(verbose_name="Версия")
    file = ForeignKeyField(CaseFile, null=True, on_delete="RESTRICT")
    answers = JSONField(default=dict)
    proofs = JSONField(default=dict)
    points_low = IntegerField(null=True)
    points_high = IntegerField(null=True)
    outcome = CharField(10, verbose_name="Вывод")
    outcome_reason = TextField(default="")
    recommendations = TextField(default="")
    signature = CharField(12, verbose_name="Подпись")
    given_at = UtcDateTimeField(verbose_name="Дано")
    read_at = UtcDateTimeField(null=True, verbose_name="Прочтено")

    class Meta:
        indexes = ((("review", "number"), True),)

    if TYPE_CHECKING:
        review_id: int
        file_id: int | None


class Dissent(Record):
    """A record of disagreement (протокол разногласий): its five fields, and who drew it up."""

    application = ForeignKeyField(Application, unique=True, on_delete="RESTRICT")
    analysed_at = UtcDateTimeField(verbose_name="Дата и время анализа")
    person = CharField(300, verbose_name="Аттестуемый")
    position = CharField(300, verbose_name="Должность")
    organization = CharField(500, verbose_name="Организация")
    reasons = TextField(verbose_name="Причины конфликтной ситуации")
    drawn_up_by = ForeignKeyField(User, on_delete="RESTRICT")
    drawn_up_at = UtcDateTimeField()
    version = IntegerField(default=1)

    if TYPE_CHECKING:
        application_id: int


class DissentSignature(Record):
    """An expert's signature under a record of disagreement."""

    dissent = ForeignKeyField(Dissent, backref="signatures", on_delete="CASCADE")
    expert = ForeignKeyField(User, on_delete="RESTRICT")
    signed_at = UtcDateTimeField()

    class Meta:
        table_name = "dissent_signature"
        indexes = ((("dissent", "expert"), True),)

    if TYPE_CHECKING:
        expert_id: int


# --- The sitting ------------------------------------------------------------------------------------------------------------


class Hearing(Record):
    """A case in the agenda of a sitting, and what the commission decided on it.

    `number`: its place in the agenda, given when the sitting is opened. `slot_at`: when a teacher who asked to come is due.
    `roll_call`: taken out of the vote for all at once. A put-off one was heard without a decision: `motive` says why.
    """

    sitting = ForeignKeyField(Sitting, backref="hearings", on_delete="RESTRICT", verbose_name="Заседание")
    application = ForeignKeyField(Application, backref="hearings", on_delete="RESTRICT", verbose_name="Заявление")
    number = IntegerField(null=True, verbose_name="№ в повестке")
    slot_at = UtcDateTimeField(null=True, verbose_name="Время приглашения")
    came = BooleanField(default=False, verbose_name="Педагог присутствует")
    roll_call = BooleanField(default=False, verbose_name="Поимённое голосование")
    put_off = BooleanField(default=False, verbose_name="Отложено")
    decision = CharField(20, default="", choices=[(one.value, one.label) for one in Decision], verbose_name="Решение")
    motive = TextField(default="", verbose_name="Мотивы")
    decided_at = UtcDateTimeField(null=True, verbose_name="Решено")
    version = IntegerField(default=1)

    class Meta:
        indexes = ((("sitting", "application"), True),)

    if TYPE_CHECKING:
        sitting_id: int
        application_id: int
        votes: "ModelSelect[Vote]"
        recusals: "ModelSelect[Recusal]"


class Attendance(Record):
    """A stretch of time for which a member was in the room; whoever left and came back has two."""

    sitting = ForeignKeyField(Sitting, backref="attendances", on_delete="RESTRICT")
    member = ForeignKeyField(Member, on_delete="RESTRICT")
    arrived_at = UtcDateTimeField(verbose_name="Пришёл")
    left_at = UtcDateTimeField(null=True, verbose_name="Ушёл")

    if TYPE_CHECKING:
        sitting_id: int
        member_id: int


class Vote(Record):
    """How a member voted on a case in the open voting (3.4.2)."""

    hearing = ForeignKeyField(Hearing, backref="votes", on_delete="RESTRICT")
    member = ForeignKeyField(Member, on_delete="RESTRICT")
    choice = CharField(10, choices=[(choice.value, choice.label) for choice in Choice], verbose_name="Голос")

    class Meta:
        table_name = "case_vote"
        indexes = ((("hearing", "member"), True),)

    if TYPE_CHECKING:
        hearing_id: int
        member_id: int


class Recusal(Record):
    """A member takes no part in the vote on a case, and why."""

    hearing = ForeignKeyField(Hearing, backref="recusals", on_delete="RESTRICT")
    member = ForeignKeyField(Member, on_delete="RESTRICT")
    reason = CharField(300, verbose_name="Причина самоотвода")

    class Meta:
        indexes = ((("hearing", "member"), True),)

    if TYPE_CHECKING:
        hearing_id: int
        member_id: int


class Minutes(Record):
    """A version of the minutes of a sitting (протокол, 3.4.2): `told` is all that it says, frozen; the file is made from it.

    `signed_on`: the day of the last signature that it needs.
    """

    sitting = ForeignKeyField(Sitting, backref="minutes", on_delete="RESTRICT", verbose_name="Заседание")
    number = IntegerField(verbose_name="Версия")
    reason = CharField(300, default="", verbose_name="Причина новой версии")
    told = JSONField(verbose_name="Содержание")
    made_at = UtcDateTimeField(verbose_name="Составлен")
    made_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="Кто составил")
    pdf_sha256 = CharField(64, null=True, verbose_name="SHA-256 файла PDF")
    pdf_size = IntegerField(null=True, verbose_name="Размер PDF, байт")
    pdf_pages = IntegerField(null=True, verbose_name="Страниц в PDF")
    signed_on = DateField(null=True, verbose_name="Подписан всеми")

    class Meta:
        indexes = ((("sitting", "number"), True),)

    if TYPE_CHECKING:
        sitting_id: int
        made_by_id: int
        signatures: "ModelSelect[MinutesSignature]"

    def unsigned(self) -> list[int]:
        """The members whose signature is not marked yet, in the order of the sheet; one query."""
        signed = {row.member_id for row in self.signatures.select(MinutesSignature.member)}
        return [signer for signer in self.told["signers"] if signer not in signed]


class MinutesSignature(Record):
    """The mark that a member has signed a version of the minutes."""

    minutes = ForeignKeyField(Minutes, backref="signatures", on_delete="RESTRICT")
    member = ForeignKeyField(Member, on_delete="RESTRICT")
    signed_on = DateField(verbose_name="Подписано")
    marked_by = ForeignKeyField(User, on_delete="RESTRICT")

    class Meta:
        table_name = "minutes_signature"
        indexes = ((("minutes", "member"), True),)

    if TYPE_CHECKING:
        minutes_id: int
        member_id: int


# --- Complaints -------------------------------------------------------------------------------------------------------------


class Complaint(Record):
    """A complaint about the order in which the service is given (section V). Nobody but its office reads it.

    `token` is the key of the submitted form: one press makes one complaint. Surname and name are those of the complainant; of
    an organisation, of whoever signed for it. What could not be read on paper stays empty.
    `due_on`: the last working day on which the nearest term can still be met; `due_term` names it.
    """

    edition = CharField(80, verbose_name="Редакция")
    number = CharField(20, unique=True, verbose_name="Номер")
    token = CharField(64, null=True, unique=True)
    channel = CharField(10, choices=[(one.value, one.label) for one in ComplaintChannel], verbose_name="Как поступила")
    status = CharField(30, verbose_name="Состояние")
    version = IntegerField(default=1, verbose_name="Версия")
    author = ForeignKeyField(User, null=True, backref="complaints", on_delete="RESTRICT", verbose_name="Кто подал")
    entered_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто внёс")
    received_on = DateField(verbose_name="Поступила")
    surname = CharField(160, default="", verbose_name="Фамилия")
    name = CharField(160, default="", verbose_name="Имя")
    patronymic = CharField(160, default="", verbose_name="Отчество")
    organization = CharField(500, default="", verbose_name="Организация")
    residence = CharField(300, default="", verbose_name="Место жительства или нахождения")
    postal_address = CharField(300, default="", verbose_name="Почтовый адрес")
    phone = CharField(100, default="", verbose_name="Телефон")
    email = CharField(254, default="", verbose_name="Электронная почта")
    electronic_answer = BooleanField(default=False, verbose_name="Ответ нужен и в электронной форме")
    representative = CharField(200, default="", verbose_name="Представитель")
    authority = CharField(300, default="", verbose_name="Документ представителя")
    respondent = CharField(20, default="", verbose_name="На кого жалоба")
    respondent_name = CharField(300, default="", verbose_name="Должность, фамилия, имя, отчество")
    subject = TextField(default="", verbose_name="Что обжалуется")
    arguments = TextField(default="", verbose_name="Доводы")
    application = ForeignKeyField(Application, null=True, backref="complaints", on_delete="RESTRICT", verbose_name="Заявление")
    order = ForeignKeyField(Order, null=True, backref="complaints", on_delete="RESTRICT", verbose_name="Распоряжение")
    correction = DeferredForeignKey(
        "Correction", null=True, backref="complaints", on_delete="RESTRICT", verbose_name="Запрос об исправлении"
    )
    silence = CharField(20, default="", verbose_name="Почему без ответа")
    readable = BooleanField(default=True, verbose_name="Фамилия и почтовый адрес читаются")
    forwarded_to = CharField(300, default="", verbose_name="Куда направлена")
    forwarding_letter = CharField(100, default="", verbose_name="Сопроводительное письмо")
    law = CharField(300, default="", verbose_name="По какому закону")
    prosecutor_on = DateField(null=True, verbose_name="Передано в прокуратуру")
    prosecutor_letter = CharField(100, default="", verbose_name="Письмо в прокуратуру")
    search_text = TextField(default="", verbose_name="Для поиска")
    due_on = DateField(null=True, verbose_name="Срок")
    due_term = CharField(40, default="", verbose_name="Какой срок")
    created_at = UtcDateTimeField(default=utc_now, verbose_name="Создана")
    changed_at = UtcDateTimeField(default=utc_now, verbose_name="Изменена")
    demo = BooleanField(default=False, verbose_name="Демонстрационная")

    def __str__(self) -> str:
        return f"№ {self.number}"

    if TYPE_CHECKING:
        author_id: int | None
        entered_by_id: int | None
        application_id: int | None
        order_id: int | None
        correction_id: int | None
        kinds: "ModelSelect[ComplaintKind]"
        events: "ModelSelect[ComplaintEvent]"
        files: "ModelSelect[ComplaintFile]"
        remedies: "ModelSelect[Remedy]"
        requests: "ModelSelect[PaperRequest]"
        letters: "ModelSelect[Letter]"

    @property
    def person(self) -> str:
        """Surname, name and patronymic in one line."""
        return " ".join(filter(None, (self.surname, self.name, self.patronymic)))

    @property
    def complainant(self) -> str:
        """Whose complaint it is: the organisation, or the person."""
        return self.organization or self.person

    def kind_names(self) -> list[str]:
        """The kinds of infringement that it names; one query, none where they are prefetched."""
        return [row.kind for row in sorted(self.kinds, key=lambda row: row.id)]

    def act(self) -> "DecisionAct | None":
        """The decision act or its draft; one query."""
        found: DecisionAct | None = DecisionAct.get_or_none(DecisionAct.complaint == self)
        return found

    def observe(self) -> frozenset[str]:
        """The facts that moves of `procedure/<edition>/complaint.toml` ask for; five queries."""
        act, remedies = self.act(), list(self.remedies)
        needed = (self.complainant, self.surname, self.residence, self.phone, self.postal_address, self.respondent)
        represented = bool(self.authority) or not self.representative
        facts = {
            "contents_given": all((*needed, self.subject, self.arguments)) and represented,
            "kind_named": self.kinds.exists(),
            "within_competence": any(one.ours for one in lists(self.edition).respondents if one.name == self.respondent),
            "recipient_named": bool(self.forwarded_to and self.forwarding_letter),
            "law_named": bool(self.law),
            "silence_grounded": bool(self.silence),
            "author_readable": self.readable,
            "author_unreadable": not self.readable,
            "act_written": act is not None,
            "remedy_planned": bool(remedies),
            "remedies_finished": all(one.done_on for one in remedies),
            "answer_sent": self.events.where(ComplaintEvent.name == "answered").exists(),
            "papers_asked": self.requests.where(PaperRequest.given_on.is_null()).exists(),
        }
        return frozenset(name for name, true in facts.items() if true)


class ComplaintSequence(Record):
    """How many numbers of a year have been given to complaints."""

    year = IntegerField(unique=True)
    last = IntegerField()

    class Meta:
        table_name = "complaint_sequence"


class ComplaintKind(Record):
    """A kind of infringement that a complaint names (5.1.1), by its name in the data."""

    complaint = ForeignKeyField(Complaint, backref="kinds", on_delete="CASCADE")
    kind = CharField(40)

    class Meta:
        table_name = "complaint_kind"
        indexes = ((("complaint", "kind"), True),)


class ComplaintEvent(Record):
    """The day on which something happened to a complaint, by its name in the road; the latest, if it happened again."""

    complaint = ForeignKeyField(Complaint, backref="events", on_delete="CASCADE")
    name = CharField(40)
    day = DateField()

    class Meta:
        table_name = "complaint_event"
        indexes = ((("complaint", "name"), True),)


class ComplaintFile(Record):
    """A file of a complaint, kept under its SHA-256.

    Kinds: paper and authority come with it; scan, forwarding and given are the office's; act and answer are frozen.
    """

    complaint = ForeignKeyField(Complaint, backref="files", on_delete="RESTRICT")
    kind = CharField(20)
    name = CharField(200, verbose_name="Имя файла")
    media_type = CharField(100)
    sha256 = CharField(64, verbose_name="SHA-256")
    size = IntegerField(verbose_name="Размер, байт")
    pages = IntegerField(null=True, verbose_name="Страниц")
    added_by = ForeignKeyField(User, null=True, on_delete="RESTRICT")
    added_at = UtcDateTimeField()

    class Meta:
        table_name = "complaint_file"

    if TYPE_CHECKING:
        complaint_id: int


class DecisionAct(Record):
    """The decision act on a complaint, in the lines of Appendix 4: a draft until it has a number, a day and a frozen file.

    `outcome` is the verb of the move that the decision is; `ground`: why the complaint had to be refused, if it had to (5.6).
    """

    complaint = ForeignKeyField(Complaint, unique=True, on_delete="RESTRICT")
    outcome = CharField(20, verbose_name="Решение")
    ground = CharField(20, default="", verbose_name="Основание отказа")
    number = CharField(40, null=True, verbose_name="Номер акта")
    decided_on = DateField(null=True, verbose_name="Дата акта")
    place = CharField(200, verbose_name="Место составления")
    official_position = CharField(200, verbose_name="Должность решившего")
    official_name = CharField(200, verbose_name="Инициалы и фамилия решившего")
    against = TextField(verbose_name="Что и чьё обжалуется")
    summary = TextField(verbose_name="Краткое содержание жалобы")
    grounds = TextField(verbose_name="Доводы и основания решения")
    decision_on_act = TextField(verbose_name="Решение об обжалованном решении, действии, бездействии")
    decision = TextField(verbose_name="Решение по существу жалобы")
    measures = TextField(default="", verbose_name="Меры")
    higher_authority = CharField(300, verbose_name="Куда обжаловать")
    court = CharField(300, verbose_name="В какой суд обжаловать")
    advice = TextField(default="", verbose_name="Что делать заявителю")
    file = ForeignKeyField(ComplaintFile, null=True, on_delete="RESTRICT")

    class Meta:
        table_name = "decision_act"

    if TYPE_CHECKING:
        file_id: int | None


class Remedy(Record):
    """A measure by which an infringement is put right, until when, and when and by whom it was taken (5.7)."""

    complaint = ForeignKeyField(Complaint, backref="remedies", on_delete="CASCADE")
    title = CharField(300, verbose_name="Мера")
    responsible = CharField(200, verbose_name="Кто исполняет")
    due_on = DateField(verbose_name="Исполнить до")
    done_on = DateField(null=True, verbose_name="Исполнено")
    done_by = CharField(200, default="", verbose_name="Кто исполнил")

    if TYPE_CHECKING:
        complaint_id: int


class PaperRequest(Record):
    """What the complainant asked for to ground the complaint (5.9), and when and how it was given."""

    complaint = ForeignKeyField(Complaint, backref="requests", on_delete="CASCADE")
    what = CharField(500, verbose_name="Какие сведения или документы")
    asked_on = DateField(verbose_name="Запрошено")
    given_on = DateField(null=True, verbose_name="Дано")
    how = CharField(300, default="", verbose_name="Что и как дано")

    class Meta:
        table_name = "paper_request"

    if TYPE_CHECKING:
        complaint_id: int


# --- Subscriptions of visitors ----------------------------------------------------------------------------------------------


class Subscriber(Record):
    """A mailbox that is written to about what is published; nothing else is known of its owner.

    `seed`: what the links to its own page are signed with; with it they stop working. Everything goes with the record.
    """

    email = CharField(254, unique=True, verbose_name="Электронная почта")
    seed = CharField(32)
    created_at = UtcDateTimeField()

    if TYPE_CHECKING:
        subscriptions: "ModelSelect[Subscription]"


class Subscription(Record):
    """What a mailbox is written to about. `words`: the organisation as the archive is asked for it; empty for other kinds.

    Asked for, then confirmed by the link of a letter, of which the table knows the hash.
    """

    subscriber = ForeignKeyField(Subscriber, backref="subscriptions", on_delete="CASCADE")
    kind = CharField(20, choices=[(kind.value, kind.label) for kind in SubscriptionKind])
    words = CharField(200, default="", verbose_name="Организация")
    token_hash = CharField(64, null=True, unique=True)
    asked_at = UtcDateTimeField()
    confirmed_at = UtcDateTimeField(null=True)

    class Meta:
        indexes = ((("subscriber", "kind", "words"), True),)

    if TYPE_CHECKING:
        subscriber_id: int


class SubscriptionNotice(Record):
    """That a subscriber was written to about an order: that it was published, or withdrawn. Nobody is written to twice."""

    subscriber = ForeignKeyField(Subscriber, on_delete="CASCADE")
    order = ForeignKeyField(Order, on_delete="RESTRICT")
    event = CharField(20)

    class Meta:
        table_name = "subscription_notice"
        indexes = ((("order", "event", "subscriber"), True),)

    if TYPE_CHECKING:
        subscriber_id: int


# --- Letters and messages ---------------------------------------------------------------------------------------------------


class Letter(Record):
    """A letter by one channel to one addressee: held until released, waiting, sent, failed for good, bounced, called back.

    A private one (confirmation of an address, a reset) is nobody's but its addressee's: no screen shows it, and its text is
    wiped once it is sent. `next_try_at`: when a waiting one is to be tried, at the earliest; whoever tries it puts that off.
    """

    application = ForeignKeyField(Application, null=True, backref="letters", on_delete="CASCADE")
    complaint = ForeignKeyField(Complaint, null=True, backref="letters", on_delete="RESTRICT")
    user = ForeignKeyField(User, null=True, backref="letters", on_delete="RESTRICT", verbose_name="Кому")
    subscriber = ForeignKeyField(Subscriber, null=True, backref="letters", on_delete="CASCADE")
    name = CharField(40, verbose_name="Письмо")
    role = CharField(20, default="")
    channel = CharField(10, verbose_name="Способ")
    address = CharField(254, default="", verbose_name="Адрес")
    subject = CharField(300, verbose_name="Тема")
    body = TextField(verbose_name="Текст")
    state = CharField(10, default="queued", verbose_name="Состояние")
    private = BooleanField(default=False)
    path = CharField(300, default="", verbose_name="Куда ведёт")
    message_id = CharField(120, default="")
    attempts = IntegerField(default=0)
    error = CharField(500, default="", verbose_name="Ошибка")
    created_at = UtcDateTimeField(verbose_name="Составлено")
    next_try_at = UtcDateTimeField(null=True, verbose_name="Следующая попытка")
    sent_at = UtcDateTimeField(null=True, verbose_name="Отправлено")
    read_at = UtcDateTimeField(null=True, verbose_name="Прочтено")

    if TYPE_CHECKING:
        application_id: int | None
        complaint_id: int | None
        user_id: int | None
        subscriber_id: int | None


class Declined(Record):
    """A person's name or a position in the genitive, as a clerk confirmed it. `words`: the same in the nominative."""

    kind = CharField(10)
    words = CharField(500, verbose_name="Кто, что")
    genitive = CharField(500, verbose_name="Кого, чего")
    confirmed_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="Кто подтвердил")
    confirmed_at = UtcDateTimeField(verbose_name="Подтверждено")

    class Meta:
        indexes = ((("kind", "words"), True),)


class Message(Record):
    """A message in a case between the teacher's side and the office."""

    application = ForeignKeyField(Application, backref="messages", on_delete="CASCADE")
    author = ForeignKeyField(User, on_delete="RESTRICT")
    from_office = BooleanField()
    text = TextField(verbose_name="Сообщение")
    sent_at = UtcDateTimeField()
    read_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "case_message"

    if TYPE_CHECKING:
        application_id: int
        author_id: int


# --- What follows from a publication, and what is carried over to systems of others -------------------------------------------


class Publication(Record):
    """That an order was published, by whom and when. What follows from it are its steps, each done by a job."""

    order = ForeignKeyField(Order, unique=True, backref="publications", on_delete="RESTRICT", verbose_name="Распоряжение")
    by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="Кто опубликовал")
    at = UtcDateTimeField(verbose_name="Опубликовано")

    if TYPE_CHECKING:
        order_id: int
        steps: "ModelSelect[PublicationStep]"


class PublicationStep(Record):
    """Something that follows from a publication. `name`: the kind of job that does it; `done_at`: when it was done."""

    publication = ForeignKeyField(Publication, backref="steps", on_delete="CASCADE")
    name = CharField(40)
    done_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "publication_step"
        indexes = ((("publication", "name"), True),)

    if TYPE_CHECKING:
        publication_id: int


class OutgoingBatch(Record):
    """Records for one system that went out in one file."""

    system = CharField(20, verbose_name="Система")
    made_at = UtcDateTimeField(verbose_name="Выгружено")
    made_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="Кто выгрузил")

    class Meta:
        table_name = "outgoing_batch"

    if TYPE_CHECKING:
        records: "ModelSelect[OutgoingRecord]"


class OutgoingRecord(Record):
    """What has to be carried over into a system of others about a case or an order.

    `name`: which row of the edition's `outgoing` asks for it; `verb`: the move after which. `order`: the one that tells the
    result. `due_on`: the last working day for it. Settled when somebody has marked that it is entered there.
    """

    application = ForeignKeyField(Application, null=True, backref="outgoing", on_delete="RESTRICT", verbose_name="Заявление")
    order = ForeignKeyField(Order, null=True, backref="outgoing", on_delete="RESTRICT", verbose_name="Распоряжение")
    edition = CharField(80)
    name = CharField(40, verbose_name="Что передать")
    verb = CharField(40)
    system = CharField(20, verbose_name="Система")
    made_at = UtcDateTimeField(verbose_name="Возникло")
    due_on = DateField(verbose_name="Внести до")
    status = CharField(20, default="waiting", verbose_name="Состояние")
    batch = ForeignKeyField(OutgoingBatch, null=True, backref="records", on_delete="RESTRICT", verbose_name="Выгрузка")
    settled_at = UtcDateTimeField(null=True, verbose_name="Внесено")
    settled_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто отметил")

    class Meta:
        table_name = "outgoing_record"

    if TYPE_CHECKING:
        application_id: int | None
        order_id: int | None
        batch_id: int | None


# --- Control ----------------------------------------------------------------------------------------------------------------


class Inspection(Record):
    """A check of cases by the head of the department (4.2): of a quarter's sample, or of one case for a reason.

    `seed`: what the sample was drawn by, `population`: out of how many. Closed when all is checked; then the act is printed.
    """

    kind = CharField(12, verbose_name="Вид проверки")
    year = IntegerField(null=True, verbose_name="Год")
    quarter = IntegerField(null=True, verbose_name="Квартал")
    percent = IntegerField(null=True, verbose_name="Доля, процентов")
    seed = CharField(64, default="", verbose_name="Зерно выборки")
    population = IntegerField(default=1, verbose_name="Из скольких дел")
    basis = CharField(500, verbose_name="Основание")
    proposals = TextField(default="", verbose_name="Предложения")
    version = IntegerField(default=1)
    appointed_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="Кто назначил")
    appointed_at = UtcDateTimeField(verbose_name="Назначена")
    closed_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто закончил")
    closed_at = UtcDateTimeField(null=True, verbose_name="Закончена")
    act_sha256 = CharField(64, null=True, verbose_name="SHA-256 акта")
    act_size = IntegerField(null=True)

    if TYPE_CHECKING:
        cases: "ModelSelect[InspectedCase]"


class InspectedCase(Record):
    """A case of an inspection: the answer to each question by its name, and what the system noticed when it was answered."""

    inspection = ForeignKeyField(Inspection, backref="cases", on_delete="CASCADE")
    application = ForeignKeyField(Application, backref="inspected", on_delete="RESTRICT", verbose_name="Заявление")
    place = IntegerField(verbose_name="№")
    answers = JSONField(default=dict)
    noticed = JSONField(default=dict)
    remarks = TextField(default="", verbose_name="Выявленные недостатки")
    proposals = TextField(default="", verbose_name="Предложения по устранению")
    checked_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто проверил")
    checked_at = UtcDateTimeField(null=True, verbose_name="Проверено")
    version = IntegerField(default=1)

    class Meta:
        table_name = "inspected_case"

    if TYPE_CHECKING:
        inspection_id: int
        application_id: int


class Destruction(Record):
    """What is destroyed because its time is over: listed, confirmed by the head of the department, done, with an act.

    `day`: as of which day the list was made.
    """

    day = DateField(verbose_name="По состоянию на")
    state = CharField(10, default="prepared", verbose_name="Состояние")
    version = IntegerField(default=1)
    prepared_by = ForeignKeyField(User, on_delete="RESTRICT", verbose_name="Кто составил")
    prepared_at = UtcDateTimeField(verbose_name="Составлен")
    confirmed_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто утвердил")
    confirmed_at = UtcDateTimeField(null=True, verbose_name="Утверждён")
    done_at = UtcDateTimeField(null=True, verbose_name="Исполнен")
    act_sha256 = CharField(64, null=True, verbose_name="SHA-256 акта")
    act_size = IntegerField(null=True)

    if TYPE_CHECKING:
        items: "ModelSelect[DestructionItem]"


class DestructionItem(Record):
    """A line of an act of destruction: one record (`target`), or all of a store at once. `sha256`: of a file.

    `count` was planned, `done` was destroyed; a record that was in use again meanwhile has the outcome `kept`.
    """

    destruction = ForeignKeyField(Destruction, backref="items", on_delete="CASCADE")
    store = CharField(40)
    target = IntegerField(null=True)
    about = CharField(200, default="")
    sha256 = CharField(64, default="")
    size = IntegerField(default=0)
    count = IntegerField(default=1)
    done = IntegerField(default=0)
    outcome = CharField(10, default="")
    settled_at = UtcDateTimeField(null=True)

    class Meta:
        table_name = "destruction_item"


# --- Corrections ------------------------------------------------------------------------------------------------------------


class Correction(Record):
    """A request to correct an error in a published order (3.7), in the words of whoever found it.

    `token` is the key of the submitted form and of the page that tells what becomes of it. `order_number` and `order_on` are as
    they were named; `order` is the one that is meant. `due_on`: the last working day on which its term can still be met.
    """

    edition = CharField(80, verbose_name="Редакция")
    number = CharField(20, unique=True, verbose_name="Номер")
    token = CharField(64, unique=True)
    channel = CharField(
        10, choices=[(one.value, one.label) for one in CorrectionChannel], default="form", verbose_name="Как поступил"
    )
    status = CharField(20, verbose_name="Состояние")
    version = IntegerField(default=1, verbose_name="Версия")
    author = ForeignKeyField(User, null=True, backref="corrections", on_delete="RESTRICT", verbose_name="Кто отправил")
    entered_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто внёс")
    full_name = CharField(200, verbose_name="Фамилия, имя, отчество")
    representative = CharField(200, default="", verbose_name="Представитель и его документ")
    email = CharField(254, default="", verbose_name="Электронная почта")
    phone = CharField(100, default="", verbose_name="Телефон")
    postal_address = CharField(300, default="", verbose_name="Почтовый адрес")
    order_number = CharField(40, verbose_name="Номер распоряжения")
    order_on = DateField(verbose_name="Дата распоряжения")
    order = ForeignKeyField(Order, null=True, backref="corrections", on_delete="RESTRICT", verbose_name="Распоряжение")
    line = IntegerField(null=True, verbose_name="Строка приложения")
    errors = TextField(verbose_name="Что написано неверно и как должно быть")
    amending = ForeignKeyField(
        Order, null=True, backref="answers", on_delete="RESTRICT", verbose_name="Распоряжение о внесении изменений"
    )
    reason = CharField(1000, default="", verbose_name="Причина")
    received_on = DateField(verbose_name="Поступил")
    registered_on = DateField(null=True, verbose_name="Зарегистрирован")
    closed_on = DateField(null=True, verbose_name="Закрыт")
    due_on = DateField(null=True, verbose_name="Срок")
    created_at = UtcDateTimeField(default=utc_now, verbose_name="Создан")
    demo = BooleanField(default=False, verbose_name="Демонстрационный")

    def __str__(self) -> str:
        return f"№ {self.number}"

    if TYPE_CHECKING:
        order_id: int | None
        amending_id: int | None
        author_id: int | None
        entered_by_id: int | None

    def observe(self) -> frozenset[str]:
        """The facts that moves of `correction.toml` ask for; two queries at most."""
        facts = {
            "order_found": self.order is not None and self.order.status == "published",
            "amendment_drafted": self.amending_id is not None,
        }
        return frozenset(name for name, true in facts.items() if true)


class CorrectionSequence(Record):
    """How many numbers of a year have been given to requests for correction."""

    year = IntegerField(unique=True)
    last = IntegerField()

    class Meta:
        table_name = "correction_sequence"


# --- What the office sets for itself ----------------------------------------------------------------------------------------


class CalendarException(Record):
    """A day that is working or off whatever the production calendar says."""

    day = DateField(unique=True, verbose_name="День")
    working = BooleanField(verbose_name="Рабочий")
    note = CharField(200, default="", verbose_name="Основание")

    class Meta:
        table_name = "calendar_exception"


class CalendarYear(Record):
    """A year whose transfers the office has entered in full."""

    year = IntegerField(unique=True, verbose_name="Год")

    class Meta:
        table_name = "calendar_year"


class OrganizationDistrict(Record):
    """In which district an organisation is, for the statistics. `key`: its name as names are compared."""

    key = CharField(500, unique=True)
    organization = CharField(500, verbose_name="Организация")
    district = CharField(100, verbose_name="Район")

    class Meta:
        table_name = "organization_district"


class SavedView(Record):
    """Filters of a list that somebody keeps under a name. `query`: the query string of the list's address."""

    user = ForeignKeyField(User, backref="saved_views", on_delete="CASCADE")
    desk = CharField(40)
    name = CharField(80, verbose_name="Название")
    query = CharField(1000)

    class Meta:
        table_name = "saved_view"
        indexes = ((("user", "desk", "name"), True),)


# --- The content tree -------------------------------------------------------------------------------------------------------


class Blob(Record):
    """An uploaded file by its content: kept under its SHA-256, its type told by what is in it and not by its name."""

    sha256 = CharField(64, unique=True, verbose_name="SHA-256")
    media_type = CharField(100, verbose_name="Тип")
    size = IntegerField(verbose_name="Размер, байт")
    width = IntegerField(null=True, verbose_name="Ширина, точек")
    height = IntegerField(null=True, verbose_name="Высота, точек")
    created_at = UtcDateTimeField(default=utc_now, verbose_name="Загружен")


class Node(Record):
    """A place in the content tree of the site: what kind of material, where it stands, who sees it from when until when.

    What it says stands in its revisions, numbered from 1: `head` is the newest text (after a working copy was discarded the
    published one, whose number is not the highest), `live` the one that visitors read from `live_from` on, `previous` the one
    they read until then. Nothing has to happen at that moment: readers compare dates.
    The root has the empty path; a trashed node keeps its path, which others may then take.
    """

    parent = ForeignKeyField("self", null=True, backref="children", on_delete="RESTRICT", verbose_name="Раздел")
    kind = CharField(10, choices=[(kind.value, kind.label) for kind in NodeKind], verbose_name="Вид")
    name = CharField(80, verbose_name="Имя в адресе")
    path = CharField(400, verbose_name="Адрес")
    position = IntegerField(default=0, verbose_name="Место в разделе")
    status = CharField(20, default="draft", verbose_name="Состояние")
    version = IntegerField(default=1, verbose_name="Версия")
    head = IntegerField(default=1, verbose_name="Последняя редакция")
    live = IntegerField(null=True, verbose_name="Опубликованная редакция")
    live_from = UtcDateTimeField(null=True, verbose_name="Показывать с")
    previous = IntegerField(null=True, verbose_name="Редакция до этого")
    expires_at = UtcDateTimeField(null=True, verbose_name="Показывать до")
    first_public_at = UtcDateTimeField(null=True, verbose_name="Впервые опубликован")
    reason = CharField(300, default="", verbose_name="Причина снятия")
    in_navigation = BooleanField(default=True, verbose_name="Показывать в меню")
    legal = BooleanField(default=False, verbose_name="Публикуют только вдвоём")
    restricted = BooleanField(default=False, verbose_name="Правят только указанные сотрудники")
    reviewed_on = DateField(null=True, verbose_name="Актуальность проверена")
    trashed_with = ForeignKeyField("self", null=True, backref="trashed", on_delete="RESTRICT", verbose_name="Удалён вместе с")
    trashed_at = UtcDateTimeField(null=True, verbose_name="Удалён")
    created_at = UtcDateTimeField(default=utc_now, verbose_name="Создан")
    created_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто создал")

    def __str__(self) -> str:
        return f"/{self.path}/" if self.path else "/"

    if TYPE_CHECKING:
        children: "ModelSelect[Node]"
        revisions: "ModelSelect[Revision]"
        parent_id: int | None
        trashed_with_id: int | None
        created_by_id: int | None

    @classmethod
    def kept(cls) -> "ModelSelect[Node]":
        """Nodes outside the trash, in the order of their addresses."""
        return cls.select().where(cls.trashed_with.is_null()).order_by(cls.path)

    @classmethod
    def below(cls, node: "Node") -> "ModelSelect[Node]":
        """Everything kept below this node, itself left out."""
        inside = cls.path.startswith(f"{node.path}/") if node.path else cls.path != ""
        return cls.kept().where(inside)

    def chain(self) -> list["Node"]:
        """The nodes from the root down to this one, itself included, also when some of them are in the trash; one query."""
        above, step = Node.alias("above"), Node.alias("step")
        parent = above.select(above.id, above.parent, Value(1).alias("level")).where(above.id == self.parent_id)
        found = parent.cte("chain", recursive=True, columns=("id", "parent_id", "level"))
        further = step.select(step.id, step.parent, found.c.level + 1).join(found, on=found.c.parent_id == step.id)
        whole = found.union_all(further)
        ancestors = Node.select().join(whole, on=whole.c.id == Node.id).with_cte(whole).order_by(whole.c.level.desc())
        return [*ancestors, self]

    def revision(self, number: int | None = None) -> "Revision":
        """The text of this number, the newest without one; Revision.DoesNotExist when there is none."""
        found: Revision = self.revisions.where(Revision.number == (number or self.head)).get()
        return found

    def observe(self, by: User) -> frozenset[str]:
        """The facts that moves of `procedure/office/content.toml` ask for when this person makes them; three queries."""
        legal = any(node.legal for node in self.chain())
        since = Revision.number > (self.live or 0)
        authors = {revision.author_id for revision in self.revisions.where(since)}
        facts = {
            "complete": self.revision().complete(NodeKind(self.kind)),
            "reviewed": not legal or self.status in {"review", "published_review"},
            "second_person": not legal or by.id not in authors,
        }
        return frozenset(name for name, true in facts.items() if true)


class Revision(Record):
    """What a node said at one moment: written once, never changed. Which fields matter depends on the node's kind."""

    node = ForeignKeyField(Node, backref="revisions", on_delete="RESTRICT", verbose_name="Материал")
    number = IntegerField(verbose_name="Редакция")
    title = CharField(200, verbose_name="Заголовок")
    summary = CharField(500, default="", verbose_name="Кратко")
    body = TextField(default="", verbose_name="Текст (Markdown)")
    # A link: an address of this or another site, or `node:17`.
    target = CharField(500, default="", verbose_name="Куда ведёт")
    # A listing: the saved query, as `site/content/listing.py` writes it.
    query = TextField(default="", verbose_name="Что собирает")
    blob = ForeignKeyField(Blob, null=True, on_delete="RESTRICT", verbose_name="Файл")
    file_name = CharField(200, default="", verbose_name="Имя файла")
    created_at = UtcDateTimeField(default=utc_now, verbose_name="Сохранена")
    author = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто")
    note = CharField(300, default="", verbose_name="Что изменилось")

    class Meta:
        indexes = ((("node", "number"), True),)

    if TYPE_CHECKING:
        node_id: int
        blob_id: int | None
        author_id: int | None

    def complete(self, kind: NodeKind) -> bool:
        """Whether it says what a material of this kind has to say before anybody sees it."""
        needed = {NodeKind.PAGE: self.body, NodeKind.NEWS: self.body, NodeKind.LINK: self.target, NodeKind.FILE: self.blob_id}
        return bool(self.title.strip()) and bool(needed.get(kind, True))


class Autosave(Record):
    """What somebody typed and has not saved yet, over the version of the node that they began from."""

    node = ForeignKeyField(Node, backref="autosaves", on_delete="CASCADE")
    user = ForeignKeyField(User, on_delete="CASCADE")
    version = IntegerField()
    title = CharField(200, default="")
    summary = CharField(500, default="")
    body = TextField(default="")
    saved_at = UtcDateTimeField()

    class Meta:
        indexes = ((("node", "user"), True),)


class EditLock(Record):
    """Who is editing a node until when: a courtesy to others, not a barrier."""

    node = ForeignKeyField(Node, unique=True, on_delete="CASCADE")
    user = ForeignKeyField(User, on_delete="CASCADE")
    until = UtcDateTimeField()

    class Meta:
        table_name = "edit_lock"

    if TYPE_CHECKING:
        user_id: int


class Share(Record):
    """A person who may write, or write and publish, in a section whatever their role in the office."""

    node = ForeignKeyField(Node, backref="shares", on_delete="CASCADE", verbose_name="Раздел")
    user = ForeignKeyField(User, on_delete="CASCADE", verbose_name="Сотрудник")
    role = CharField(10, choices=[(role.value, role.label) for role in LocalRole], verbose_name="Что может")

    class Meta:
        indexes = ((("node", "user"), True),)

    if TYPE_CHECKING:
        node_id: int
        user_id: int


class FormerAddress(Record):
    """An address where something public stood before it was moved or trashed; it leads to where the node is now."""

    path = CharField(400, unique=True, verbose_name="Прежний адрес")
    node = ForeignKeyField(Node, backref="former_addresses", on_delete="CASCADE", verbose_name="Материал")
    left_at = UtcDateTimeField(verbose_name="С какого времени")

    class Meta:
        table_name = "former_address"

    if TYPE_CHECKING:
        node_id: int


class ContentVersion(Record):
    """One row whose value grows with every change of what public pages show; triggers of the database see to it."""

    value = IntegerField()

    class Meta:
        table_name = "content_version"

    @classmethod
    def current(cls) -> int:
        """The value now; one query."""
        found: int = cls.select(cls.value).scalar()
        return found


# --- The regulation ---------------------------------------------------------------------------------------------------------


class OfficialText(Record):
    """An official document of the regulation, read from one file for one edition. At most one of an edition is shown."""

    edition = CharField(80, verbose_name="Редакция")
    file_name = CharField(200, verbose_name="Файл")
    sha256 = CharField(64, verbose_name="SHA-256 файла")
    clauses_placed = IntegerField(verbose_name="Пунктов")
    active = BooleanField(default=False, verbose_name="На сайте")
    imported_at = UtcDateTimeField(default=utc_now, verbose_name="Загружен")
    imported_by = ForeignKeyField(User, null=True, on_delete="RESTRICT", verbose_name="Кто загрузил")

    class Meta:
        table_name = "official_text"

    def __str__(self) -> str:
        return self.file_name

    if TYPE_CHECKING:
        clauses: "ModelSelect[OfficialClause]"
        imported_by_id: int | None


class OfficialClause(Record):
    """The official wording of a clause, or of a section's heading and lead; paragraphs are parted by an empty line."""

    official = ForeignKeyField(OfficialText, backref="clauses", on_delete="RESTRICT", verbose_name="Документ")
    number = CharField(30, verbose_name="Номер")
    text = TextField(verbose_name="Официальный текст")

    class Meta:
        table_name = "official_clause"
        indexes = ((("official", "number"), True),)

    if TYPE_CHECKING:
        official_id: int

    @classmethod
    def shown(cls, edition: str) -> "ModelSelect[OfficialClause]":
        """What the site shows of this edition, each with its document; one query."""
        return cls.select(cls, OfficialText).join(OfficialText).where(OfficialText.edition == edition, OfficialText.active)

    @property
    def paragraphs(self) -> list[str]:
        """The paragraphs of the wording."""
        return self.text.split("\n\n")


def demonstration() -> bool:
    """Whether this installation holds generated demonstration data, which every page must say; one query."""
    return bool(Order.select(fn.COUNT(Order.id)).where(Order.demo).scalar() or User.select().where(User.demo).exists())
