"""The desks of the office at /admin/: Flask-Admin shows, acts write."""

from flask import Flask
from flask_admin import Admin

from ...site.views import staff
from . import cases, complaints, content
from .base import formatted
from .commission import CommissionDesk, SittingDesk
from .complaints import ComplaintDesk
from .control import ControlDesk
from .corrections import CorrectionDesk
from .dashboard import Dashboard
from .districts import DistrictDesk
from .experts import AssignmentDesk, ExpertDesk, ParticipationDesk
from .journal import JournalDesk
from .letters import LetterDesk
from .orders import OrderDesk
from .outgoing import OutgoingDesk
from .regulation import RegulationDesk
from .roles import RolesDesk
from .staff_bar import bar_of
from .users import UserDesk


def init_app(app: Flask) -> None:
    """Put the desks into the application."""
    office = Admin(app, name="Рабочее место", index_view=Dashboard(name="Что ждёт", endpoint="admin", url="/admin"))
    office.add_views(
        cases.TodayDesk(name="Сегодня", endpoint="office_today", url="today"),
        cases.CaseDesk(name="Заявления", endpoint="office_cases", url="cases"),
        cases.ReviewDesk(name="Экспертиза", endpoint="office_reviews", url="cases"),
        cases.ReceptionDesk(name="Приём папок", endpoint="office_reception", url="reception"),
        ParticipationDesk(name="Моё участие", endpoint="office_participation", url="participation"),
        AssignmentDesk(name="Назначение экспертов", endpoint="office_assignment", url="/admin"),
        ExpertDesk(name="Банк экспертов", endpoint="office_experts", url="experts"),
        LetterDesk(name="Письма", endpoint="office_letters", url="letters"),
        SittingDesk(name="Заседания", endpoint="office_sittings", url="sittings"),
        CommissionDesk(name="Комиссия", endpoint="office_commission", url="commission"),
        cases.CalendarDesk(name="Календарь", endpoint="office_calendar", url="calendar"),
        DistrictDesk(name="Районы", endpoint="office_districts", url="districts"),
        ComplaintDesk(name="Жалобы", endpoint="office_complaints", url="complaints"),
        CorrectionDesk(name="Исправления", endpoint="office_corrections", url="corrections"),
        OrderDesk(name="Распоряжения", endpoint="office_orders", url="orders"),
        OutgoingDesk(name="Внешние системы", endpoint="office_outgoing", url="outgoing"),
        content.ContentDesk(name="Материалы", endpoint="office_content", url="content"),
        RegulationDesk(name="Регламент", endpoint="office_regulation", url="regulation"),
        ControlDesk(name="Контроль", endpoint="office_control", url="control"),
        JournalDesk(name="Журнал", endpoint="office_journal", url="journal"),
        UserDesk(name="Пользователи", endpoint="office_users", url="users"),
        RolesDesk(name="Роли", endpoint="office_roles", url="roles"),
    )
    for name, word in formatted().items():
        app.jinja_env.filters[name] = word
    cases.init_app(app)
    complaints.init_app(app)
    content.init_app(app)
    staff.offer(app, bar_of)
