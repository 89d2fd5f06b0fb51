"""Fixtures of all tests: databases of both kinds, the application, the standing cast, orders."""

import datetime as dt
import gc
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

import attestation
from attestation import models
from attestation.admin.schema import migrate
from attestation.models import Order, Ruling, User, UserRole
from attestation.procedure.words import Role
from attestation.site import files, passwords
from attestation.site.settings import Settings
from attestation.tests.cases import World, open_world
from attestation.tests.cluster import Cluster
from attestation.tests.compiled import AddressMap, compile_once

NOON = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
PASSWORD = "верный пароль для проверок"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, those in a browser: two processes end together only if what is left at the end is short."""
    items.sort(key=lambda item: "browser" not in item.keywords)


def pytest_collection_finish() -> None:
    """Spare the tests the search for garbage among what thousands of them are made of, and among all that is imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


# --- Databases --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL cluster of this test process, with a migrated template database."""
    with Cluster.started() as started:
        started.create("template_of_tests")
        make_tables(started.url("template_of_tests"))
        yield started


# Databases of tests outlive no power cut, as those of tests/cluster.py.
models.EmbeddedDatabase.synchronous = "off"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    make_tables(f"sqlite:///{path}")
    return path


def make_tables(url: str) -> None:
    """Bring the database of this address to the newest shape, leave no connection behind."""
    models.connect(url)
    with models.connection():
        migrate()
    forget_connections()


def forget_connections() -> None:
    """Close what a pool still holds, so that the database can be copied or dropped."""
    if hasattr(models.database.obj, "close_all"):
        models.database.obj.close_all()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh migrated database, of each kind in turn."""
    if request.param == "sqlite":
        path = tmp_path / "attestation.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        with cluster.fresh("template_of_tests") as name:
            yield cluster.url(name)
            forget_connections()


@pytest.fixture
def database(database_url: str) -> Iterator[models.Database]:
    """The records bound to a fresh database, a connection open."""
    opened = models.connect(database_url)
    with models.connection():
        yield opened


# --- The application --------------------------------------------------------------------------------------------------------

compile_once()


def plain_settings(data_dir: Path, database_url: str) -> Settings:
    """Settings of an installation in this directory, on this database."""
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        secret_key="a key for tests only",
        host="127.0.0.1",
        port=8000,
        site_url="http://127.0.0.1:8000",
        workers=1,
        service_name="Аттестация педагогов",
        authority_name="Комитет по образованию",
        contact_address="г. Образцов, Учебная ул., д. 1",
        contact_phone="+7 (000) 000-00-00",
        contact_email="office@example.org",
        show_refusals=False,
        trusted_proxies=0,
        oidc_issuer="",
        oidc_client_id="",
        oidc_client_secret="",
        oidc_name="Госуслуги (ЕСИА)",
        procedure="spb-2021-04-13",
    )


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation of its own."""
    return plain_settings(tmp_path, database_url)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application over a fresh database. Work with records inside `models.connection()` or use `make_order`, `cast`."""
    made = attestation.create_app(settings)
    made.testing = True
    AddressMap.first = AddressMap.first or made.url_map
    with models.connection():
        yield made
    made.extensions["attestation"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a session."""
    return app.test_client()


@pytest.fixture
def change_settings(app: Flask) -> Callable[..., None]:
    """Change settings of the running application: `change_settings(show_refusals=True)`."""

    def change(**values: Any) -> None:
        parts = app.extensions["attestation"]
        app.extensions["attestation"] = replace(parts, settings=replace(parts.settings, **values))

    return change


# --- The standing cast ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cast:
    """One person for each role, and somebody who has left."""

    reception: User
    secretary: User
    leader: User
    expert: User
    deputy: User
    chairperson: User
    endorser: User
    complaints: User
    controller: User
    publisher: User
    editor: User
    admin: User
    departed: User

    def of(self, role: Role) -> User:
        """The person of this role."""
        person: User = getattr(self, role.value)
        return person


CAST = {
    "reception": ("registrator", "Приёмова Ольга Ивановна", Role.REGISTRAR),
    "secretary": ("sekretar", "Секретарева Анна Петровна", Role.SECRETARY),
    "leader": ("rukovoditel", "Группова Нина Сергеевна", Role.LEADER),
    "expert": ("ekspert", "Оценкина Мария Львовна", Role.EXPERT),
    "deputy": ("zamestitel", "Заместин Игорь Павлович", Role.DEPUTY_CHAIR),
    "chairperson": ("predsedatel", "Председателева Алла Фёдоровна", Role.CHAIR),
    "endorser": ("soglasuyuschij", "Согласова Ирина Маратовна", Role.ENDORSER),
    "complaints": ("zhaloby", "Разборова Юлия Степановна", Role.COMPLAINTS),
    "controller": ("nachalnik", "Проверяев Игорь Денисович", Role.CONTROLLER),
    "publisher": ("publikator", "Печатников Лев Ильич", Role.PUBLISHER),
    "editor": ("redaktor", "Словесная Вера Юрьевна", Role.EDITOR),
    "admin": ("admin", "Настройкин Пётр Олегович", Role.ADMIN),
    "departed": ("ushedshij", "Бывшева Инна Львовна", Role.PUBLISHER),
}


def password_hash() -> str:
    """The hash of PASSWORD, which is slow to make on purpose; by the parameters of this test, or signing in makes it anew."""
    return _hashed_by(passwords.HASHER)


@cache
def _hashed_by(hasher: PasswordHasher) -> str:
    return hasher.hash(PASSWORD)


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    """The standing cast in the database of this test; everybody's password is PASSWORD."""
    request.getfixturevalue("app" if "app" in request.fixturenames else "database")
    rows = [
        {
            "login": login,
            "full_name": full_name,
            "active": name != "departed",
            "password_hash": password_hash(),
            "created_at": NOON,
        }
        for name, (login, full_name, _role) in CAST.items()
    ]
    with models.database.atomic():
        User.insert_many(rows).execute()
        people = {user.login: user for user in User.select()}
        UserRole.insert_many([{"user": people[login], "role": role} for login, _full_name, role in CAST.values()]).execute()
    return Cast(**{name: people[login] for name, (login, _full_name, _role) in CAST.items()})


@pytest.fixture
def world(cast: Cast, settings: Settings, small_pdf: bytes) -> World:
    """The standing cast with a teacher, a bank of experts and cases to walk; see tests/cases.py."""
    return open_world(cast, settings.cases_dir, small_pdf, NOON)


def csrf_token(client: FlaskClient, path: str) -> str:
    """The CSRF token of the first form on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(path).text)
    assert found, f"no CSRF token on {path}"
    return found[1]


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """Sign a person in through the real form; gives a client of their own."""

    def signed(user: User) -> FlaskClient:
        client = app.test_client()
        token = csrf_token(client, "/admin/login")
        form = {"login": user.login, "password": PASSWORD, "csrf_token": token}
        answer = client.post("/admin/login", data=form)
        assert answer.status_code == 302, answer.text
        return client

    return signed


# --- Orders -----------------------------------------------------------------------------------------------------------------

PEOPLE = (
    ("Иванова", "Мария", "Петровна", "Учитель начальных классов", "ГБОУ СОШ № 45", "first", True),
    ("Соловьёва", "Алёна", "Игоревна", "Воспитатель", "ГБДОУ детский сад № 145", "highest", True),
    ("Римская-Корсакова", "Ольга", "Львовна", "Концертмейстер", "СПб ГБПОУ «Музыкальное училище»", "highest", True),
    ("Отказова", "Нина", "Фёдоровна", "Учитель-логопед", "ГБОУ школа № 450", "first", False),
)
Row = tuple[str, str, str, str, str, str, bool]


@pytest.fixture(scope="session")
def small_pdf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A valid PDF of one empty page."""
    path = tmp_path_factory.mktemp("pdf") / "small.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path, static_id=True)
    return path.read_bytes()


MakeOrder = Callable[..., Order]


@pytest.fixture
def make_order(request: pytest.FixtureRequest, settings: Settings, small_pdf: bytes) -> MakeOrder:
    """Write an order straight into the database: `make_order("1016-р", on, rows, status=…)`; published by default."""
    request.getfixturevalue("app" if "app" in request.fixturenames else "database")

    def make(
        number: str = "1016-р",
        registered_on: dt.date = dt.date(2021, 4, 13),
        rows: tuple[Row, ...] = PEOPLE,
        *,
        status: str = "published",
        **fields: Any,
    ) -> Order:
        order = Order.create(
            title="Об установлении (отказе в установлении) квалификационной категории педагогическим работникам",
            basis="протокол заседания аттестационной комиссии от 08.04.2021 № 4",
            signatory_position="Председатель Комитета",
            signatory_name="А.Б. Образцова",
            created_at=NOON,
            **fields,
        )
        names = ("surname", "name", "patronymic", "position", "organization", "category", "established")
        Ruling.insert_many(
            [{"order": order, "number": i, "page": 2, **dict(zip(names, row, strict=True))} for i, row in enumerate(rows, 1)]
        ).execute()
        later: dict[str, Any] = {}
        if status != "draft":
            later |= {"signed_on": registered_on}
        if status in {"registered", "published"}:
            later |= {"number": number, "registered_on": registered_on, "year": registered_on.year}
        if status == "published":
            moment = dt.datetime.combine(registered_on, dt.time(9), dt.UTC)
            sha = files.freeze(settings.files_dir, small_pdf)
            later |= {"pdf_sha256": sha, "pdf_size": len(small_pdf), "pdf_pages": 1, "published_at": moment}
        if later:
            Order.update(status=status, **later).where(Order.id == order.id).execute()
        return Order.get_by_id(order.id)

    return make
