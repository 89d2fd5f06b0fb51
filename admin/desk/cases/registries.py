"""The registries of the road as lists: whose they are, what they hold, how they are narrowed and found through."""

import datetime as dt
from typing import Any

from flask import g
from peewee import Expression, fn

from ....models import Application, Review, User, UserRole, embedded, russian_key, utc_now
from ....procedure.numbers import WrongNumber, parse
from ....procedure.road import road
from ....procedure.shape import Registry
from ....procedure.words import CaseRole, Category, Channel, Role
from ....site.cases.people import EXPERTS, everywhere
from ....site.cases.sight import DRAFT
from ....site.dates import day_of
from ....site.fields import folded
from ..base import Choice, Query

ALL = "all"
# Comes after every digit and dash that a number goes on with.
BEYOND_DIGITS = ":"


# --- Registries -------------------------------------------------------------------------------------------------------------


def registries(edition: str) -> tuple[Registry, ...]:
    """The registries of applications, in the order of the road."""
    return tuple(one for one in road("application", edition).registries if one.of == "applications")


def own(edition: str, user: User) -> tuple[Registry, ...]:
    """The registries of somebody: the office sees all of them, leaders and experts those that the road gives them."""
    if everywhere(user):
        return registries(edition)
    held = user.role_set()
    roles = {CaseRole.GROUP_LEADER} if Role.LEADER in held else set()
    roles |= EXPERTS if Role.EXPERT in held else set()
    return tuple(one for one in registries(edition) if roles & set(one.roles))


def listed(edition: str, registry: str) -> Expression:
    """The condition for the applications of a registry; all but drafts for all of them.

    Of many statuses the few others are named: that leaves the database free to read the list in its order.
    """
    whole = road("application", edition)
    inside = set(whole.statuses) - {DRAFT} if registry == ALL else set(whole.listed_in(registry))
    outside = set(whole.statuses) - inside
    few = len(inside) <= len(outside)
    found: Expression = Application.status.in_(sorted(inside)) if few else Application.status.not_in(sorted(outside))
    return found


# --- Filters ----------------------------------------------------------------------------------------------------------------


def filters(edition: str, user: User) -> tuple[Choice, ...]:
    """The filters of the lists of applications under this procedure, for whoever looks at them.

    By expert only those narrow who may know the experts: a second expert would find out the first one so (3.3.2).
    """
    knows = bool(everywhere(user)) or Role.LEADER in user.role_set()
    return tuple(choice for choice in _filters(edition, user) if knows or choice.name != "expert")


def _filters(edition: str, user: User) -> tuple[Choice, ...]:
    return (
        Choice("status", "Состояние", lambda: _status_titles(edition), _by(Application.status)),
        Choice("category", "Категория", lambda: [(one.value, one.label) for one in Category], _by(Application.category)),
        Choice("term", "Срок", lambda: list(TERMS.items()), _by_term),
        Choice("leader", "Руководитель группы", lambda: _people(Role.LEADER), _by_leader),
        Choice("expert", "Эксперт", lambda: _people(Role.EXPERT), _by_expert(user)),
        Choice("channel", "Как поступило", lambda: [(one.value, one.label) for one in Channel], _by(Application.channel)),
        Choice("position", "Должность, слово", tuple, _by_position, "text"),
        Choice("organization", "Организация, слово", tuple, _by_organization, "text"),
        Choice("since", "Подано с", tuple, _filed_since, "date"),
        Choice("until", "Подано по", tuple, _filed_until, "date"),
    )


TERMS = {"overdue": "срок прошёл", "today": "последний день сегодня", "week": "до конца недели", "none": "без срока"}


def _status_titles(edition: str) -> list[tuple[str, str]]:
    titles = road("application", edition).statuses
    return [(name, title) for name, title in titles.items() if name != DRAFT]


def _people(role: Role) -> list[tuple[str, str]]:
    """Leaders, or experts, in alphabetical order; one query for both in a request."""
    if "case_people" not in g:
        held = UserRole.select(UserRole, User).join(User).where(UserRole.role.in_([Role.LEADER, Role.EXPERT]))
        g.case_people = sorted(held, key=lambda one: russian_key(one.user.full_name))
    return [(str(one.user_id), one.user.full_name) for one in g.case_people if one.role == role]


def _by(column: Any) -> Any:
    return lambda query, value: query.where(column == value)


def _by_leader(query: Query, user_id: str) -> Query:
    return query.where(Application.group_leader == int(user_id))


def _by_expert(user: User) -> Any:
    """Cases that an expert judges; of those in which whoever asks is the second expert, none that another one judges."""

    def narrow(query: Query, user_id: str) -> Query:
        standing = Review.ended_at.is_null()
        judged = Review.select(Review.application).where(Review.expert == int(user_id), standing)
        if int(user_id) != user.id:
            blind = Review.expert == user, Review.role == CaseRole.SECOND_EXPERT, standing
            query = query.where(Application.id.not_in(Review.select(Review.application).where(*blind)))
        return query.where(Application.id.in_(judged))

    return narrow


def _by_term(query: Query, which: str) -> Query:
    today = day_of(utc_now())
    sunday = today + dt.timedelta(days=6 - today.weekday())
    if which == "overdue":
        return query.where(Application.due_on < today)
    if which == "today":
        return query.where(Application.due_on == today)
    if which == "week":
        return query.where(Application.due_on >= today, Application.due_on <= sunday)
    return query.where(Application.due_on.is_null())


def _by_position(query: Query, typed: str) -> Query:
    return _by_words(query, fn.REPLACE(fn.LOWER(Application.position), "ё", "е"), typed)


def _by_organization(query: Query, typed: str) -> Query:
    # The text for searching ends with the organisation, folded letter by letter: it need not be folded again for every row.
    length = fn.LENGTH(Application.organization)
    text = Application.search_text
    return _by_words(query, fn.SUBSTR(text, 0 - length) if embedded() else fn.RIGHT(text, length), typed)


def _by_words(query: Query, folded_column: Any, typed: str) -> Query:
    """Rows whose column holds all words. The whole text is asked for all of them first: it is compared as it is."""
    words = folded(typed).split()
    for text in (Application.search_text, folded_column):
        query = query.where(*(_within(text, word) for word in words))
    return query


def _filed_since(query: Query, day: str) -> Query:
    return query.where(Application.filed_on >= found) if (found := _day(day)) else query


def _filed_until(query: Query, day: str) -> Query:
    return query.where(Application.filed_on <= found) if (found := _day(day)) else query


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


# --- Search -----------------------------------------------------------------------------------------------------------------


def matching(query: Query, word: str) -> Query:
    """The applications that this word finds: a number, whole or its beginning, also of one that was merged into another;
    otherwise a piece of the name, position or organisation, whatever the letter case and ё."""
    try:
        number = str(parse(word))
    except WrongNumber:
        plain = folded(word.removeprefix("№"))
        told = _within(Application.search_text, plain)
        if plain[:1].isdigit():
            beginning = (Application.number >= plain) & (Application.number < plain + BEYOND_DIGITS)
            return query.where(beginning | told)
        return query.where(told)
    merged = Application.alias()
    heir = merged.select(merged.merged_into).where(merged.number == number, merged.merged_into.is_null(False))
    return query.where((Application.number == number) | Application.id.in_(heir))


def _within(text: Any, piece: str) -> Expression:
    found: Expression = (fn.INSTR if embedded() else fn.STRPOS)(text, piece) > 0
    return found
