"""Messages with the office."""

from flask import flash, redirect, request, url_for
from wtforms import TextAreaField

from ....models import Message, utc_now
from ...cases import messages as acts
from ...cases.rights import Part
from ..acting import done
from ..signing import TypedForm
from .cases import mine
from .room import Answer, page, person, public


class MessageForm(TypedForm):
    """A message to the office."""

    text = TextAreaField(str(Message.text.verbose_name), description="Ответят сотрудники, которые ведут дело. До 5000 знаков.")


@public.route("/applications/<int:id>/messages", methods=["GET", "POST"])
def messages(id: int) -> Answer:
    """The correspondence; what the office has written is read by being shown."""
    case, form = mine(id, Part.MESSAGES), MessageForm()
    if request.method == "POST" and done(lambda: acts.write(case, form.text.data or "", by=person(), on=utc_now())):
        flash("Сообщение отправлено.", "success")
        return redirect(url_for("account.messages", id=case.id))
    said = list(acts.of(case))
    acts.mark_read(case, by=person(), on=utc_now())
    return page("messages.html", case=case, said=said, form=form), 409 if request.method == "POST" else 200
