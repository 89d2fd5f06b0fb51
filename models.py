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
    Value,
    fn,
)
from playhouse.db_url import connect as connect_url
from playhouse.db_url import parse as parse_url

from .procedure.words import Category, LocalRole, NodeKind, OrderKind, Role

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
