"""Every address under /admin/ × every role and a stranger, compared with a table typed by hand."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin.acts import content
from attestation.models import Application, Complaint, Correction, Node, Order, User
from attestation.procedure.words import LocalRole, NodeKind, Role
from attestation.tests.conftest import NOON, Cast, MakeOrder

# What an author may open in a section that is shared with them; an approver may open all that is `ea` below.
AUTHORS = """
        POST /admin/content/{section}/bulk/
        GET /admin/content/{section}/name
        GET /admin/content/{section}/new/
        POST /admin/content/{section}/new/
        POST /admin/content/{section}/upload/
        GET /admin/content/{page}/edit/
        POST /admin/content/{page}/edit/
        POST /admin/content/{page}/autosave/
        POST /admin/content/{page}/forget/
        GET /admin/content/{page}/preview/
        POST /admin/content/{page}/preview/
        GET /admin/content/{page}/file/{number}
        GET /admin/content/{page}/history/
        GET /admin/content/{page}/history/compare/
        GET /admin/content/{page}/history/1/restore/
        POST /admin/content/{page}/history/1/restore/
        POST /admin/content/{page}/steps/{verb}/
        POST /admin/content/{page}/confirm/
        POST /admin/content/{page}/rename/
        POST /admin/content/{page}/move/
        GET /admin/content/{page}/trash/
        POST /admin/content/{page}/trash/
        GET /admin/content/trash/{trashed}/restore/
        POST /admin/content/trash/{trashed}/restore/
    """

# Whom each address lets in: s secretary, p publisher, e editor, a admin, r registrar, d deputy chair, c chair, l leader,
# x expert, n endorser, m complaints, k head of the department. The addresses of one row share their answer.
DOORS = {
    "spearclxdnmk": """
        GET /admin/
        GET /admin/roles/
    """,
    "spearcdnmk": """
        GET /admin/orders/
        GET /admin/orders/export.csv
        GET /admin/orders/{order}/
        GET /admin/orders/{order}/order.pdf
        GET /admin/orders/{order}/progress
        GET /admin/orders/{order}/signatures/{number}.sig
    """,
    "rsdclxkmnp": """
        GET /admin/today/
    """,
    # Approval: whose step it is, says the act.
    "dcnk": """
        GET /admin/orders/{order}/approve/
        POST /admin/orders/{order}/approve/
        GET /admin/orders/{order}/return_for_revision/
        POST /admin/orders/{order}/return_for_revision/
    """,
    # Complaints: confidential, also to an administrator.
    "mck": """
        GET /admin/complaints/
        GET /admin/complaints/export.csv
        GET /admin/complaints/{complaint}/
        GET /admin/complaints/{complaint}/letters/{letter}.pdf
        GET /admin/complaints/files/{number}
    """,
    "m": """
        GET /admin/complaints/enter
        POST /admin/complaints/enter
        GET /admin/complaints/{complaint}/do/{register}
        POST /admin/complaints/{complaint}/do/{register}
        GET /admin/complaints/{complaint}/act.pdf
        GET /admin/complaints/{complaint}/files
        POST /admin/complaints/{complaint}/files
    """,
    # Cases: a row of the office sees all, leaders and experts meet 404 where the case is not theirs.
    "rsdclxk": """
        GET /admin/cases/
        GET /admin/cases/export.csv
        GET /admin/cases/export.xlsx
        POST /admin/cases/views
        POST /admin/cases/views/{number}/remove
        GET /admin/cases/{case}/
        GET /admin/cases/{case}/review
        POST /admin/cases/{case}/review
        POST /admin/cases/{case}/review/draft
        POST /admin/cases/{case}/review/start
        POST /admin/cases/{case}/review/form
        GET /admin/cases/{case}/review/check
        GET /admin/cases/{case}/review/preview.pdf
        POST /admin/cases/{case}/review/sign
        POST /admin/cases/{case}/review/upload
        GET /admin/cases/{case}/review/upload/{token}
        POST /admin/cases/{case}/review/upload/{token}
        POST /admin/cases/{case}/review/finish
        GET /admin/cases/{case}/conclusion
        GET /admin/cases/{case}/dissent
        POST /admin/cases/{case}/dissent
        POST /admin/cases/{case}/dissent/sign
        GET /admin/cases/{case}/dissent.pdf
    """,
    "rslx": """
        GET /admin/cases/{case}/{register}
        POST /admin/cases/{case}/{register}
        POST /admin/cases/{case}/messages
        GET /admin/cases/{case}/files
        POST /admin/cases/{case}/files
    """,
    "rs": """
        GET /admin/cases/enter
        POST /admin/cases/enter
        GET /admin/cases/{case}/merge/{number}
        POST /admin/cases/{case}/merge/{number}
        GET /admin/reception/
        GET /admin/reception/open
        POST /admin/reception/open
        POST /admin/reception/close
        POST /admin/reception/{number}/missed
        GET /admin/reception/cases/{case}
        POST /admin/reception/cases/{case}
        POST /admin/reception/cases/{case}/cancel
    """,
    # Experts: who reads the bank and gives cases; who keeps entries; who rules over groups; an expert about themselves.
    "rsdcl": """
        GET /admin/experts/
        GET /admin/experts/export.csv
        GET /admin/experts/{number}/
        GET /admin/experts/groups/
        GET /admin/experts/assign
        GET /admin/experts/assign/proposal
        POST /admin/experts/assign/proposal
    """,
    "rsdl": """
        GET /admin/experts/new/
        POST /admin/experts/new/
        GET /admin/experts/{number}/edit/
        POST /admin/experts/{number}/edit/
        POST /admin/experts/{number}/{kind}/
        POST /admin/experts/{number}/{kind}/{number}/remove/
        POST /admin/experts/{number}/leave/
        POST /admin/experts/{number}/return/
        GET /admin/cases/{case}/experts
        POST /admin/cases/{case}/experts
    """,
    "rsd": """
        GET /admin/experts/groups/new/
        POST /admin/experts/groups/new/
        GET /admin/experts/groups/{number}/
        POST /admin/experts/groups/{number}/
        POST /admin/experts/groups/{number}/close/
        POST /admin/experts/groups/{number}/open/
    """,
    # A leader meets 404 in a case that is not theirs.
    "cl": """
        GET /admin/cases/{case}/conflict
        POST /admin/cases/{case}/conflict
    """,
    "x": """
        GET /admin/participation/
        POST /admin/participation/{kind}/
        POST /admin/participation/{kind}/{number}/remove/
        GET /admin/participation/conflict/{case}
        POST /admin/participation/conflict/{case}
    """,
    # Letters: the log for those who keep it; names of teachers only for those who enter applications.
    "rsa": """
        GET /admin/letters/
        GET /admin/letters/export.csv
        GET /admin/letters/{number}/
        POST /admin/letters/{number}/release/
        POST /admin/letters/{number}/recall/
        POST /admin/letters/{number}/retry/
        GET /admin/letters/held/
        POST /admin/letters/held/
        GET /admin/letters/texts/
        GET /admin/letters/texts/{verb}/
    """,
    "sr": """
        GET /admin/outgoing/
        GET /admin/outgoing/export.csv
        GET /admin/outgoing/{number}/
        POST /admin/outgoing/{number}/mark/
        POST /admin/outgoing/{number}/take-back/
        GET /admin/outgoing/mark/
        POST /admin/outgoing/mark/
        GET /admin/outgoing/export/
        POST /admin/outgoing/export/
        GET /admin/outgoing/batches/{number}/
        GET /admin/outgoing/batches/{number}/records.csv
        GET /admin/outgoing/batches/{number}/records.json
        POST /admin/outgoing/batches/{number}/take-back/
        GET /admin/letters/names/
        POST /admin/letters/names/
    """,
    "rsda": """
        GET /admin/calendar/
        POST /admin/calendar/
        POST /admin/calendar/{number}/remove
        POST /admin/calendar/years
        GET /admin/districts/
        POST /admin/districts/
        GET /admin/districts/districts.csv
    """,
    "sd": """
        GET /admin/sittings/new
        POST /admin/sittings/new
        GET /admin/sittings/{number}/edit
        POST /admin/sittings/{number}/edit
        GET /admin/sittings/{number}/day
        POST /admin/sittings/{number}/day
        POST /admin/sittings/{number}/cancel
        GET /admin/sittings/{number}/propose
        POST /admin/sittings/{number}/propose
        GET /admin/sittings/{number}/invitations/
        POST /admin/sittings/{number}/invitations/
        GET /admin/commission/new
        POST /admin/commission/new
        GET /admin/commission/{number}/copy
        POST /admin/commission/{number}/copy
        POST /admin/commission/{number}/order
        POST /admin/commission/{number}/end
        GET /admin/commission/{number}/members
        POST /admin/commission/{number}/members
        GET /admin/commission/{number}/members/{number}
        POST /admin/commission/{number}/members/{number}
        POST /admin/commission/{number}/members/{number}/remove
    """,
    # Who runs a sitting and keeps its minutes.
    "s": """
        POST /admin/sittings/{number}/run/open
        POST /admin/sittings/{number}/run/attendance
        POST /admin/sittings/{number}/run/presiding
        POST /admin/sittings/{number}/run/guests
        POST /admin/sittings/{number}/run/agree
        POST /admin/sittings/{number}/run/sort
        POST /admin/sittings/{number}/run/close
        POST /admin/sittings/{number}/run/{number}/vote
        POST /admin/sittings/{number}/run/{number}/put-off
        POST /admin/sittings/{number}/run/{number}/take-up
        POST /admin/sittings/{number}/run/{number}/recuse
        POST /admin/sittings/{number}/run/{number}/end-recusal
        POST /admin/sittings/{number}/minutes/sign
        POST /admin/sittings/{number}/minutes/signatures/{number}/remove
        POST /admin/sittings/{number}/minutes/print
        POST /admin/sittings/{number}/minutes/reopen
        POST /admin/sittings/{number}/minutes/release
    """,
    "sdck": """
        GET /admin/sittings/
        GET /admin/sittings/{number}/
        GET /admin/sittings/{number}/agenda/
        GET /admin/sittings/{number}/agenda.pdf
        GET /admin/sittings/{number}/run/
        GET /admin/sittings/{number}/run/{number}/
        GET /admin/sittings/{number}/minutes/
        GET /admin/sittings/{number}/minutes/{number}.pdf
        GET /admin/sittings/{number}/minutes/progress
        GET /admin/commission/
        GET /admin/commission/{number}/
    """,
    "spa": """
        GET /admin/orders/new/
        POST /admin/orders/new/
        GET /admin/orders/sample.csv
        GET /admin/orders/sitting/{number}/
        POST /admin/orders/sitting/{number}/
        GET /admin/orders/{order}/amend/
        POST /admin/orders/{order}/amend/
        POST /admin/orders/{order}/renew/
        GET /admin/orders/{order}/align/
        POST /admin/orders/{order}/align/
        GET /admin/orders/{order}/send_for_approval/
        POST /admin/orders/{order}/send_for_approval/
        GET /admin/orders/{order}/edit/
        POST /admin/orders/{order}/edit/
        GET /admin/orders/{order}/delete/
        POST /admin/orders/{order}/delete/
        GET /admin/orders/{order}/import/
        POST /admin/orders/{order}/import/
        GET /admin/orders/{order}/import/{token}/
        POST /admin/orders/{order}/import/{token}/
        GET /admin/orders/{order}/rows/new/
        POST /admin/orders/{order}/rows/new/
        GET /admin/orders/{order}/rows/1/
        POST /admin/orders/{order}/rows/1/
        GET /admin/orders/{order}/rows/1/delete/
        POST /admin/orders/{order}/rows/1/delete/
        POST /admin/orders/{order}/pdf/
        POST /admin/orders/{order}/steps/{kind}/
        GET /admin/orders/{order}/sign/
        POST /admin/orders/{order}/sign/
        GET /admin/orders/{order}/return_to_draft/
        POST /admin/orders/{order}/return_to_draft/
        GET /admin/orders/{order}/register/
        POST /admin/orders/{order}/register/
    """,
    "pa": """
        GET /admin/orders/{order}/unregister/
        POST /admin/orders/{order}/unregister/
        GET /admin/orders/{order}/publish/
        POST /admin/orders/{order}/publish/
        GET /admin/orders/{order}/withdraw/
        POST /admin/orders/{order}/withdraw/
    """,
    "pak": """
        GET /admin/journal/
        GET /admin/journal/export.csv
    """,
    # Control (section IV): the head of the department's; whoever leads sees terms, an administrator the journal's chain.
    "sdcka": """
        GET /admin/control/
    """,
    "k": """
        GET /admin/control/inspections/
        POST /admin/control/inspections/
        POST /admin/control/inspections/unscheduled
        GET /admin/control/inspections/{number}/
        POST /admin/control/inspections/{number}/close
        POST /admin/control/inspections/{number}/print
        GET /admin/control/inspections/{number}/act.pdf
        GET /admin/control/inspections/{number}/{number}/
        POST /admin/control/inspections/{number}/{number}/
        GET /admin/control/retention/
        POST /admin/control/retention/
        GET /admin/control/retention/{number}/
        POST /admin/control/retention/{number}/confirm
        POST /admin/control/retention/{number}/drop
        POST /admin/control/retention/{number}/print
        GET /admin/control/retention/{number}/act.pdf
    """,
    "ksdc": """
        GET /admin/control/terms/
        GET /admin/control/terms/cases
        GET /admin/control/terms/export.csv
        GET /admin/control/terms/export.xlsx
    """,
    "ka": """
        GET /admin/control/journal/
        POST /admin/control/journal/
    """,
    # Materials: everybody of the staff sees what there is; who writes is asked at each place.
    "eapsrcdnmk": """
        GET /admin/content/
        GET /admin/content/{section}/
        GET /admin/content/{page}/state/
        GET /admin/content/find/
        GET /admin/content/lookup
        GET /admin/content/reports/
        GET /admin/content/trash/
    """,
    "ea": """
        POST /admin/content/{section}/order/
        GET /admin/content/{page}/share/
        POST /admin/content/{page}/share/
        POST /admin/content/{page}/share/{user}/remove/
        POST /admin/content/{page}/settings/
        POST /admin/content/{page}/steps/{approving}/
    """
    + AUTHORS,
    # The official texts of the regulation.
    "ae": """
        GET /admin/regulation/
        GET /admin/regulation/export.csv
        GET /admin/regulation/import/
        POST /admin/regulation/import/
        GET /admin/regulation/import/{token}/
        POST /admin/regulation/import/{token}/
        GET /admin/regulation/1/
        POST /admin/regulation/1/show/
        POST /admin/regulation/1/withdraw/
    """,
    "rsdcmk": """
        GET /admin/corrections/
        GET /admin/corrections/export.csv
        GET /admin/corrections/{correction}/
    """,
    "sr ": """
        GET /admin/corrections/enter
        POST /admin/corrections/enter
        GET /admin/corrections/{correction}/do/{verb}
        POST /admin/corrections/{correction}/do/{verb}
    """,
    "a": """
        GET /admin/users/
        GET /admin/users/export.csv
        GET /admin/users/new/
        POST /admin/users/new/
        GET /admin/users/{user}/
        POST /admin/users/{user}/
        POST /admin/users/{user}/email/
        POST /admin/users/{user}/second-factor/
        POST /admin/users/{user}/password/
        POST /admin/users/{user}/deactivate/
        POST /admin/users/{user}/activate/
    """,
}
OPEN_TO_ALL = {"GET /admin/login", "POST /admin/login", "POST /admin/logout"}
LETTERS = {
    Role.SECRETARY: "s",
    Role.PUBLISHER: "p",
    Role.EDITOR: "e",
    Role.ADMIN: "a",
    Role.REGISTRAR: "r",
    Role.DEPUTY_CHAIR: "d",
    Role.CHAIR: "c",
    Role.LEADER: "l",
    Role.EXPERT: "x",
    Role.ENDORSER: "n",
    Role.COMPLAINTS: "m",
    Role.CONTROLLER: "k",
}
ADDRESSES = [(line.strip(), who) for who, lines in DOORS.items() for line in lines.splitlines() if line.strip()]


@dataclass(frozen=True)
class House:
    """Records to knock at."""

    order: Order
    user: User
    section: Node
    page: Node
    trashed: Node
    case: Application
    complaint: Complaint
    correction: Correction

    def address(self, door: str) -> tuple[str, str]:
        method, _, path = door.partition(" ")
        names = ("order", "user", "section", "page", "trashed", "case", "complaint", "correction")
        ids = {name: getattr(self, name).id for name in names}
        return method, path.format(
            **ids,
            kind="absences",
            verb="submit",
            approving="publish",
            register="register",
            letter="complaint_received",
            number=1,
            token="x" * 32,
        )


@pytest.fixture
def database_url(tmp_path, sqlite_template):  # type: ignore[no-untyped-def]
    """Doors do not depend on the kind of database: the embedded one is enough."""
    import shutil

    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


@pytest.fixture
def house(app: Flask, cast: Cast, make_order: MakeOrder) -> House:
    app.config["WTF_CSRF_ENABLED"] = False  # who may enter is asked here; the token has a test of its own
    return built(cast, make_order())


def built(cast: Cast, order: Order) -> House:
    """An order, a section with two drafts, one of them in the trash, and a case."""

    def made(parent: Node, kind: NodeKind, name: str) -> Node:
        texts = content.Texts(title=name, body="Текст")
        return content.create(parent, kind=kind, name=name, texts=texts, by=cast.admin, on=NOON)

    section = made(Node.get(Node.path == ""), NodeKind.FOLDER, "razdel")
    page, trashed = (made(section, NodeKind.PAGE, name) for name in ("stranica", "lishnee"))
    content.trash(trashed, version=1, by=cast.admin, on=NOON)
    asked = {"edition": "spb-2021-04-13", "number": "2026-000001-1", "channel": "portal", "status": "received"}
    case = Application.create(**asked, applicant=cast.departed, filed_on=NOON.date())
    said = {"edition": "spb-2021-04-13", "number": "Ж-2026-000001-1", "channel": "post", "status": "received"}
    complaint = Complaint.create(**said, entered_by=cast.complaints, received_on=NOON.date())
    asking = {"full_name": "Опечаткина Вера", "order_number": "1016-р", "order_on": NOON.date(), "errors": "Описка"}
    begun = {"edition": "spb-2021-04-13", "number": "И-2026-000001-1", "status": "received", "received_on": NOON.date()}
    correction = Correction.create(**begun, **asking, token="x" * 32)
    return House(order, cast.departed, section, page, trashed, case, complaint, correction)


def test_the_table_names_every_address(app: Flask) -> None:
    """No address of the office can appear without a line in the table above."""
    served = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/admin"):
            served |= {f"{method} {_shape(rule.rule)}" for method in rule.methods - {"HEAD", "OPTIONS"}}
    verbs = "send_for_approval|approve|return_for_revision|sign|return_to_draft|register|unregister|publish|withdraw"
    written = {re.sub(rf"(/orders/{{order}})/({verbs})/$", r"\1/*/", door) for door, _ in ADDRESSES}
    written = {re.sub(r"\{\w+\}|/1/", lambda found: "/*/" if found[0] == "/1/" else "*", door) for door in written}
    assert served == written | OPEN_TO_ALL


def _shape(rule: str) -> str:
    return re.sub(r"<[^>]+>", "*", rule)


def test_strangers_are_sent_to_sign_in(house: House, client: FlaskClient) -> None:
    """Nothing under /admin/ answers a stranger: no page, no export, no look-up, no file; a form gets a page that says why."""
    answers = {door: client.open(house.address(door)[1], method=house.address(door)[0]) for door, _ in ADDRESSES}
    told = {door: (answer.status_code, (answer.location or "").partition("?")[0]) for door, answer in answers.items()}
    assert told == {door: (302, "/admin/login") if door.startswith("GET") else (403, "") for door in answers}


@pytest.mark.parametrize("role", list(Role))
def test_doors(house: House, cast: Cast, role: Role, sign_in: Callable[[User], FlaskClient], app: Flask) -> None:
    """403 exactly where the table does not let the role in."""
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(cast.of(role))
    app.config["WTF_CSRF_ENABLED"] = False
    refused = {}
    for door, _who in ADDRESSES:
        method, path = house.address(door)
        answer = client.open(path, method=method)
        assert answer.status_code < 500, (door, answer.status_code)
        refused[door] = answer.status_code == 403
    assert refused == {door: LETTERS[role] not in who for door, who in ADDRESSES}
    assert Order.get_by_id(house.order.id).status == "published"


@pytest.mark.parametrize("role", list(LocalRole))
def test_doors_of_a_shared_section(
    house: House, cast: Cast, role: LocalRole, sign_in: Callable[[User], FlaskClient], app: Flask
) -> None:
    """Whoever has no role that helps, but a section shared with them, may there what their role there says, and no more."""
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(cast.secretary)
    app.config["WTF_CSRF_ENABLED"] = False
    content.share(house.section, cast.secretary, role, by=cast.admin, on=NOON)
    doors = [door for door, _ in ADDRESSES if door.partition(" ")[2].startswith("/admin/content/")]
    refused = {door for door in doors if client.open(house.address(door)[1], method=house.address(door)[0]).status_code == 403}
    approving = {
        "POST /admin/content/{section}/order/",
        "GET /admin/content/{page}/share/",
        "POST /admin/content/{page}/share/",
        "POST /admin/content/{page}/share/{user}/remove/",
        "POST /admin/content/{page}/settings/",
        "POST /admin/content/{page}/steps/{approving}/",
    }
    assert refused == (approving if role is LocalRole.AUTHOR else set())


def test_departed_cannot_sign_in(app: Flask, cast: Cast, sign_in: Callable[[User], FlaskClient]) -> None:
    with pytest.raises(AssertionError):
        sign_in(cast.departed)


def test_every_post_asks_for_the_token(
    app: Flask, cast: Cast, make_order: MakeOrder, sign_in: Callable[[User], FlaskClient]
) -> None:
    house = built(cast, make_order(status="draft"))
    client = sign_in(cast.admin)
    posts = [door for door, _ in ADDRESSES if door.startswith("POST")] + ["POST /admin/login", "POST /admin/logout"]
    answers = {door: client.post(house.address(door)[1]).status_code for door in posts}
    assert answers == dict.fromkeys(posts, 400)
    assert client.get("/admin/").status_code == 200
