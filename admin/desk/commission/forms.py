# mypy: disallow-subclassing-any=False
"""The forms of the desks of the commission. Labels are those of the records; what is right is decided by the acts."""

from collections.abc import Iterable
from typing import Any

from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from ....models import Commission, Member, Sitting, User
from ....procedure.words import Seat
from ...acts.commission.compositions import Order, Person
from ...acts.commission.sittings import Plan
from ...login import TypedForm
from ..cases.forms import TimeOfDay
from ..forms import DayField, options, text

NO_NUMBER = "Напишите число цифрами."


class WholeNumber(IntegerField):
    """A number without a fraction, which may stay empty."""

    def __init__(self, label: str, **named: Any) -> None:
        super().__init__(label, validators=[Optional()], **named)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([value.strip() for value in valuelist])
        except ValueError:
            raise ValueError(NO_NUMBER) from None


class OrderForm(TypedForm):
    """The order that names a composition."""

    order_number = text(Commission.order_number, description="Например, 12-р.")
    order_on = DayField(str(Commission.order_on.verbose_name))
    valid_from = DayField(str(Commission.valid_from.verbose_name))
    valid_until = DayField(
        str(Commission.valid_until.verbose_name), needed=False, description="Пусто – до следующего распоряжения."
    )

    def order(self) -> Order:
        """What was typed."""
        return Order(self.order_number.data or "", self.order_on.data, self.valid_from.data, self.valid_until.data)


class EndForm(TypedForm):
    """The last day of a composition."""

    valid_until = DayField(str(Commission.valid_until.verbose_name))


class MemberForm(TypedForm):
    """A member of a composition."""

    full_name = text(Member.full_name)
    seat = SelectField(str(Member.seat.verbose_name), choices=options(Seat), default=Seat.MEMBER.value)
    position = text(Member.position)
    organization = text(Member.organization, description="Полностью, как в заявлениях: по нему замечают конфликт интересов.")
    user = SelectField(
        str(Member.user.verbose_name),
        description="Можно не указывать. По ней видно, что член комиссии сам аттестуется.",
    )

    def offer(self, accounts: Iterable[User]) -> None:
        """The accounts to choose from; nobody at first."""
        self.user.choices = [SelectChoice("", "— нет —"), *(SelectChoice(str(one.id), str(one)) for one in accounts)]

    def person(self, accounts: Iterable[User]) -> Person:
        """What was typed."""
        account = next((one for one in accounts if str(one.id) == self.user.data), None)
        typed = (self.full_name.data or "", Seat(self.seat.data), self.position.data or "", self.organization.data or "")
        return Person(*typed, account)


class SettingsForm(TypedForm):
    """What may be changed about a sitting with cases on its agenda."""

    capacity = WholeNumber(str(Sitting.capacity.verbose_name), description="Пусто – без предела.")
    slot_minutes = WholeNumber(
        str(Sitting.slot_minutes.verbose_name), description="Сколько отвести каждому, кто просил присутствовать."
    )
    commission = SelectField(
        str(Sitting.commission.verbose_name), description="Если не выбран – тот, что действует в день заседания."
    )

    def offer(self, compositions: Iterable[Commission]) -> None:
        """The compositions to choose from; by the day at first."""
        by_day = SelectChoice("", "— тот, что действует в этот день —")
        self.commission.choices = [by_day, *(SelectChoice(str(one.id), named(one)) for one in compositions)]


class SittingForm(SettingsForm):
    """A sitting with nothing on its agenda yet."""

    held_on = DayField(str(Sitting.held_on.verbose_name))
    begins_at = TimeOfDay(str(Sitting.begins_at.verbose_name))
    place = text(Sitting.place, description="Можно указать позже, до того как вынесете дела.")


class DayForm(TypedForm):
    """Another day, time or place, and why."""

    held_on = DayField(str(Sitting.held_on.verbose_name))
    begins_at = TimeOfDay(str(Sitting.begins_at.verbose_name))
    place = text(Sitting.place)
    reason = StringField(
        "Причина",
        validators=[InputRequired("Напишите причину.")],
        description="Останется в истории заседания и дел. Фамилий не пишите.",
    )


def named(commission: Commission) -> str:
    """A composition in one line of a list."""
    until = f" по {commission.valid_until:%d.%m.%Y}" if commission.valid_until else ""
    return f"№ {commission.order_number} от {commission.order_on:%d.%m.%Y}, с {commission.valid_from:%d.%m.%Y}{until}"


def plan(form: Any, compositions: Iterable[Commission], sitting: Sitting | None = None) -> Plan:
    """What was typed about a sitting; day, time and place stay as they are where they are not asked."""
    whole = form if "held_on" in form else None
    commission = next((one for one in compositions if str(one.id) == form.commission.data), None)
    if whole is None:
        assert sitting is not None
        when = (sitting.held_on, sitting.begins_at, sitting.place)
    else:
        when = (whole.held_on.data, whole.begins_at.data, whole.place.data or "")
    minutes = form.slot_minutes.data if form.slot_minutes.data is not None else int(Sitting.slot_minutes.default)
    return Plan(*when, form.capacity.data, minutes, commission)
