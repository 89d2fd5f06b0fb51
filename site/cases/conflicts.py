"""Conflicts of interest between a teacher and an expert or a member of the commission: what speaks against them, in words.

Neither source has such a rule: it is our service's own, and the chair may decide otherwise (`allow_conflict`).
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping

from peewee import ModelSelect, prefetch

from ...models import Application, DeclaredConflict, Employment, Expert, Member, User
from ...procedure.terms import terms
from ..fields import folded

LIMIT = "employer_conflict"
NAMESAKE = "те же фамилия, имя и отчество"
# Endings by which a surname tells a man from a woman, in each part of a double one.
_GENDER = re.compile(r"((?<=[вн])а|ая|яя|ий|ый|ой)\b")
_SIGNS = re.compile(r"[^0-9a-zа-я]+")


def conflicts(application: Application, experts: Iterable[Expert], today: dt.date) -> dict[int, tuple[str, ...]]:
    """Account of the expert → what speaks against them; experts without a conflict are left out.

    The experts come with what `known` gathers for them, so that a whole bank costs no query here.
    """
    found = {expert.user_id: tuple(_reasons(application, expert, today)) for expert in experts}
    return {user_id: reasons for user_id, reasons in found.items() if reasons}


def known(experts: "ModelSelect[Expert]") -> list[Expert]:
    """These experts with their accounts, former employers and declarations; three queries."""
    people: list[Expert] = prefetch(
        experts.select_extend(User).join_from(Expert, User), Employment.select(), DeclaredConflict.select()
    )
    return people


def _reasons(application: Application, expert: Expert, today: dt.date) -> Iterable[str]:
    if application.applicant_id == expert.user_id:
        yield "это сам педагог"
    if _same(expert.organization, application.organization):
        yield "работает в той же организации"
    since = _years_before(today, terms(application.edition).limit(LIMIT).number)
    for former in expert.employments:
        if former.until >= since and _same(former.organization, application.organization):
            yield f"работал в той же организации до {former.until:%d.%m.%Y}"
    if _same_family(expert.surname, application.surname) and _same(expert.address, application.home_address):
        yield "та же фамилия и тот же адрес"
    for declared in expert.declared:
        if declared.application_id == application.id or _declared(declared, application):
            yield f"эксперт сам заявил о конфликте интересов{': ' if declared.reason else ''}{declared.reason}"


def of_member(application: Application, member: Member, bank: Mapping[int, Expert], today: dt.date) -> tuple[str, ...]:
    """What speaks against a member of the commission in a case, in words. `bank`: those of the members who are experts too, by
    account, as `known` gathers them. Who asked or acts for the teacher says `own_cases`. No query."""
    found = ["работает в той же организации"] if _same(member.organization, application.organization) else []
    if namesakes(application, member):
        found.append(NAMESAKE)
    elif _same_family(member.full_name.split(" ", 1)[0], application.surname):
        found.append("та же фамилия")
    expert = bank.get(member.user_id) if member.user_id else None
    return tuple(dict.fromkeys([*found, *(_reasons(application, expert, today) if expert else ())]))


def namesakes(application: Application, member: Member) -> bool:
    """Whether the teacher and the member have one full name: most likely they are one person, with or without an account."""
    return _same(member.full_name, application.person)


def _declared(declared: DeclaredConflict, application: Application) -> bool:
    return _same(declared.person, application.person) or _same(declared.organization, application.organization)


def _same(one: str, other: str) -> bool:
    """Whether both say the same, whatever the quotation marks, dots, spaces and letter case; nothing is the same as nothing."""
    return bool(plain(one)) and plain(one) == plain(other)


def plain(text: str) -> str:
    """Text by which names and addresses are compared."""
    return _SIGNS.sub(" ", folded(text)).strip()


def _same_family(one: str, other: str) -> bool:
    """Whether two surnames are one, also of a man and a woman: Иванов and Иванова."""
    return bool(plain(one)) and _GENDER.sub("", plain(one)) == _GENDER.sub("", plain(other))


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
