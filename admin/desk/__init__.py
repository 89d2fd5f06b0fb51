"""The desks of the office at /admin/: Flask-Admin shows, acts write."""

from flask import Flask
from flask_admin import Admin

from ...site.views import staff
from . import cases, content
from .base import formatted
from .dashboard import Dashboard
from .experts import AssignmentDesk, ExpertDesk, ParticipationDesk
from .journal import JournalDesk
from .letters import LetterDesk
from .orders import OrderDesk
from .regulation import RegulationDesk
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
        cases.SittingDesk(name="Заседания", endpoint="office_sittings", url="sittings"),
        cases.CalendarDesk(name="Календарь", endpoint="office_calendar", url="calendar"),
        OrderDesk(name="Распоряжения", endpoint="office_orders", url="orders"),
        content.ContentDesk(name="Материалы", endpoint="office_content", url="content"),
        RegulationDesk(name="Регламент", endpoint="office_regulation", url="regulation"),
        JournalDesk(name="Журнал", endpoint="office_journal", url="journal"),
        UserDesk(name="Пользователи", endpoint="office_users", url="users"),
    )
    for name, word in formatted().items():
        app.jinja_env.filters[name] = word
    cases.init_app(app)
    content.init_app(app)
    staff.offer(app, bar_of)
