"""Messages with the office, and the letters of a case as they came to the cabinet."""

from flask import flash, redirect, request, url_for
from wtforms import TextAreaField

from ....models import Letter, Message, utc_now
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


@public.get("/applications/<int:id>/letters")
def letters(id: int) -> str:
    """The letters that came to this person's cabinet, the newest first; they are read by being shown."""
    case = mine(id, Part.LETTERS)
    own = Letter.application == case, Letter.user == person(), Letter.channel == "cabinet", ~Letter.private
    found = list(Letter.select().where(*own).order_by(Letter.id.desc()))
    Letter.update(read_at=utc_now()).where(*own, Letter.read_at.is_null()).execute()
    return page("letters.html", case=case, letters=found)
