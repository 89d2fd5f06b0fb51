# mypy: disallow-subclassing-any=False
"""The forms of the desk of complaints. Labels are those of the records; what is right is decided by the acts."""

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from ....models import Complaint, DecisionAct, PaperRequest, Remedy
from ....procedure.complaints import Listed
from ....site.complaints import contents as texts
from ....site.complaints.contents import Contents
from ...acts.complaints.entering import PAPER
from ...login import TypedForm
from ..cases.forms import Ticks
from ..forms import DayField, text

NO_CHOICE = "Выберите из списка."
CHOSEN = InputRequired(NO_CHOICE)


def listed(rows: tuple[Listed, ...], nothing: str = "") -> list[SelectChoice]:
    """Rows of the data to choose from; `nothing`: the words for choosing none."""
    first = [SelectChoice("", nothing)] if nothing else []
    return first + [SelectChoice(row.name, row.title) for row in rows]


class EnterForm(TypedForm):
    """What could be read of a complaint on paper."""

    channel = RadioField("Как поступила", choices=[SelectChoice(one.value, one.label) for one in PAPER], validators=[CHOSEN])
    received_on = DayField("День поступления", description="День, когда жалоба пришла в Комитет: по штампу или расписке.")
    surname = text(Complaint.surname, description="Организации – того, кто подписал жалобу. Чего не прочесть, оставьте пустым.")
    name = text(Complaint.name)
    patronymic = text(Complaint.patronymic)
    organization = text(Complaint.organization, description="Если жалуется организация.")
    representative = text(Complaint.representative, description="Если жалобу подал представитель.")
    authority = text(Complaint.authority, description="Доверенность, решение или приказ: что, когда, кем выдано.")
    residence = text(Complaint.residence)
    postal_address = text(Complaint.postal_address, description="Куда отправить ответ.")
    phone = text(Complaint.phone)
    email = text(Complaint.email)
    electronic_answer = BooleanField(str(Complaint.electronic_answer.verbose_name))
    respondent = SelectField(str(Complaint.respondent.verbose_name))
    respondent_name = text(Complaint.respondent_name, description="Если в жалобе названы.")
    kinds = Ticks("Вид нарушения")
    subject = TextAreaField(str(Complaint.subject.verbose_name))
    arguments = TextAreaField(str(Complaint.arguments.verbose_name))

    def contents(self) -> Contents:
        """What was typed."""
        said = {name: self[name].data or "" for name in (*texts.LINES, *texts.TEXTS, "respondent")}
        return Contents(said, tuple(self.kinds.data or ()), bool(self.electronic_answer.data))


class RegisterForm(TypedForm):
    """What the official finds in the complaint: by it the term of consideration is counted."""

    kinds = Ticks("Вид нарушения", description="От вида зависит срок: пять или пятнадцать рабочих дней (пункт 5.5).")
    respondent = RadioField(str(Complaint.respondent.verbose_name), validators=[CHOSEN])


class ForwardForm(TypedForm):
    """Where the complaint goes."""

    recipient = text(Complaint.forwarded_to, description="Орган, который вправе решать по жалобе.")
    letter = text(Complaint.forwarding_letter, description="Дата и номер. Само письмо приложите файлом.")


class ReferForm(TypedForm):
    """By which law it will be considered."""

    law = text(Complaint.law, description="Например, Федеральный закон от 02.05.2006 № 59-ФЗ.")


class LeaveForm(TypedForm):
    """Why there will be no answer, and whether anybody can be told so."""

    silence = RadioField(str(Complaint.silence.verbose_name), validators=[CHOSEN])
    readable = BooleanField(str(Complaint.readable.verbose_name), default=True)


class AskForm(TypedForm):
    """What the complainant asks for."""

    what = text(PaperRequest.what)
    asked_on = DayField("Когда запрошено")


class GiveForm(TypedForm):
    """What was given."""

    request = RadioField("Запрос", validators=[CHOSEN])
    given_on = DayField("Когда дано")
    how = text(PaperRequest.how, description="Например, копия описи, отправлена почтой. Файл приложите к жалобе.")


class ActForm(TypedForm):
    """The act in the lines of Appendix 4."""

    outcome = RadioField("Решение", validators=[CHOSEN])
    ground = SelectField(
        str(DecisionAct.ground.verbose_name),
        description="Только если отказать обязан пункт 5.6; при отказе по существу – пусто.",
    )
    place = text(DecisionAct.place)
    official_position = text(DecisionAct.official_position)
    official_name = text(DecisionAct.official_name, description="Как в подписи: инициалы и фамилия.")
    against = TextAreaField(str(DecisionAct.against.verbose_name))
    summary = TextAreaField(str(DecisionAct.summary.verbose_name))
    grounds = TextAreaField(
        str(DecisionAct.grounds.verbose_name), description="Со ссылками на нормативные правовые акты; при отказе – его причины."
    )
    decision_on_act = TextAreaField(
        str(DecisionAct.decision_on_act.verbose_name),
        description="Правомерно или неправомерно, полностью или частично; отменить полностью или частично.",
    )
    decision = TextAreaField(
        str(DecisionAct.decision.verbose_name), description="Удовлетворить или не удовлетворить, полностью или частично."
    )
    measures = TextAreaField(
        str(DecisionAct.measures.verbose_name),
        description="Общими словами, если нужно: меры со сроками, названные на странице жалобы, впишутся сами.",
    )
    advice = TextAreaField(
        str(DecisionAct.advice.verbose_name), description="В акт не печатается, стоит в ответе: как получить услугу."
    )
    higher_authority = text(DecisionAct.higher_authority, description="Печатается после слов «может быть обжаловано в».")
    court = text(DecisionAct.court, description="Печатается после слов «либо в».")


class SignForm(TypedForm):
    """Number and day of the act."""

    number = text(DecisionAct.number)
    decided_on = DayField("Дата акта")


class RemedyForm(TypedForm):
    """A measure."""

    title = text(Remedy.title)
    responsible = text(Remedy.responsible)
    due_on = DayField("Исполнить до")


class DropRemedyForm(TypedForm):
    """Which measure is taken out."""

    remedy = RadioField("Мера", validators=[CHOSEN])


class FinishForm(TypedForm):
    """That a measure was taken."""

    remedy = RadioField("Мера", validators=[CHOSEN])
    done_on = DayField("Когда исполнена")
    done_by = text(Remedy.done_by)


class ProsecutorForm(TypedForm):
    """That the papers went to the prosecutor."""

    told_on = DayField("Когда передано")
    letter = text(Complaint.prosecutor_letter, description="Дата и номер письма.")


class LinkForm(TypedForm):
    """What the complaint is tied to."""

    application = StringField("Номер заявления", description="Например, 2026-000123-8. Пусто – без связи.")
    order_number = StringField("Номер распоряжения", description="Например, 1016-р.")
    order_year = IntegerField("Год распоряжения", validators=[Optional()])
    correction = StringField("Номер запроса об исправлении", description="Например, И-2026-000012-3.")


class FileForm(TypedForm):
    """A file that the office brings."""

    kind = RadioField("Что это", validators=[CHOSEN])
    file = FileField("Файл PDF или JPG")
