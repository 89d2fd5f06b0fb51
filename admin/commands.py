"""The console command `attestation`: what an operator does from a shell."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from ..models import connection, utc_now
from ..procedure.words import Role
from ..site.parts import Parts
from ..site.search import sources
from ..site.settings import Settings
from . import content_commands, control_commands, first_pages, letter_commands, regulation_commands, rubric_commands
from . import demo as demonstration
from . import worker as background
from .acts import users
from .schema import migrate
from .shell import refusals_as_errors

SECONDS_TO_STOP = 10
# -P: the current folder is not a place to import from (the checkout holds a folder called `site`).
PYTHON = (sys.executable, "-P")


def init_app(app: Flask) -> None:
    """Add the commands to the application's own group."""
    of_data = (rubric_commands.score, rubric_commands.rubrics, regulation_commands.group, content_commands.content)
    of_control = (control_commands.verify_journal, control_commands.retention)
    for command in (init, demo, serve, worker, search, user, letter_commands.group, *of_data, *of_control):
        app.cli.add_command(command)


@click.command()
@with_appcontext
def init() -> None:
    """Привести базу к нынешнему виду и загрузить первые страницы; повторный запуск ничего не портит."""
    with connection():
        applied = migrate()
        added = first_pages.load()
    for name in applied:
        click.echo(f"Миграция выполнена: {name}")
    for path in added:
        click.echo(f"Страница загружена: /{path}/")
    if not applied and not added:
        click.echo("База в порядке, ничего делать не нужно.")


@click.command()
@click.option("--orders", default=40, show_default=True, type=click.IntRange(1, 2000), help="Сколько распоряжений.")
@click.option("--rows", nargs=2, default=(300, 1500), show_default=True, type=click.IntRange(1, 5000), help="Строк: от и до.")
@click.option("--seed", default=1, show_default=True, help="Зерно: одно и то же даёт одни и те же данные.")
@click.option("--cases", default=300, show_default=True, type=click.IntRange(0, 5000), help="Сколько заявлений.")
@with_appcontext
def demo(orders: int, rows: tuple[int, int], seed: int, cases: int) -> None:
    """Наполнить пустую установку вымышленными данными; начатое и прерванное продолжается."""
    with connection(), refusals_as_errors():
        demonstration.generate(_parts().settings, orders=orders, rows_range=rows, seed=seed, progress=Progress(), cases=cases)
    click.echo("Демонстрационные учётные записи (имя — пароль):")
    for account in demonstration.ACCOUNTS:
        click.echo(f"  {account.login:<20} {account.password:<20} {account.title}")


@click.command()
@with_appcontext
def serve() -> None:
    """Запустить сайт (granian) и фоновую работу; оба останавливаются вместе."""
    settings = _parts().settings
    _parts().close()
    _check_port(settings)
    site = [*PYTHON, "-m", "granian", "--interface", "wsgi", "--host", settings.host, "--port", str(settings.port)]
    site += ["--workers", str(settings.workers), "--blocking-threads", "1", "--respawn-failed-workers", "--no-access-log"]
    site += ["--log-level", "warning", "attestation.wsgi:app"]
    click.echo(f"Сайт:            {settings.site_url}/")
    click.echo(f"Рабочее место:   {settings.site_url}/admin/")
    click.echo("Остановить: Ctrl+C")
    worker = [*PYTHON, "-c", "import attestation; attestation.main()", "worker"]
    sys.exit(_together(site, worker, folder=settings.data_dir, environ=_told(settings)))


@click.command()
@with_appcontext
def worker() -> None:
    """Выполнять фоновую работу: изготовление PDF, обновление поиска."""
    try:
        background.serve(_parts().settings)
    except background.WorkerRuns as other:
        raise click.ClickException(str(other)) from None


search = AppGroup("search", help="Поисковый указатель.")


@search.command()
@with_appcontext
def rebuild() -> None:
    """Построить указатель заново рядом с действующим и переключиться на него; сайт при этом работает."""
    sources.rebuild(_parts().index, Progress("Поисковый указатель"))
    click.echo("Указатель построен.")


user = AppGroup("user", help="Учётные записи рабочего места.")


@user.command()
@click.argument("login")
@click.option("--name", prompt="Фамилия, имя, отчество", help="Фамилия, имя, отчество.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.password_option(prompt="Пароль", confirmation_prompt="Пароль ещё раз", help="Лучше ввести по запросу.")
@with_appcontext
def add(login: str, name: str, roles: tuple[str, ...], password: str) -> None:
    """Добавить учётную запись LOGIN с ролями."""
    with connection(), refusals_as_errors():
        users.add_user(login=login, full_name=name, password=password, roles=frozenset(map(Role, roles)), by=None, on=utc_now())
    click.echo(f"Учётная запись «{login}» добавлена.")


class Progress:
    """Progress of a long step: one line that grows on a terminal, a line every tenth elsewhere."""

    def __init__(self, step: str = "") -> None:
        self.step = step
        self.shown = ""

    def __call__(self, *news: str | int) -> None:
        step, done, total = news if len(news) == 3 else (self.step, *news)
        part = int(done) * 100 // max(int(total), 1)
        line = f"{step}: {done} из {total} ({part if sys.stdout.isatty() else part // 10 * 10} %)"
        key = line if sys.stdout.isatty() else f"{step} {part // 10}"
        if key == self.shown:
            return
        self.shown = key
        last = int(done) >= int(total)
        click.echo(f"\r{line}\x1b[K" if sys.stdout.isatty() else line, nl=last or not sys.stdout.isatty())


def _parts() -> Parts:
    parts: Parts = current_app.extensions["attestation"]
    return parts


def _check_port(settings: Settings) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError:
            taken = f"Адрес {settings.host}:{settings.port} занят другой программой или недоступен."
            raise click.ClickException(f"{taken} Выберите другой порт, например: PORT=8001 make run") from None


def _told(settings: Settings) -> dict[str, str]:
    """The environment for processes that run in another folder: what depended on the current one is said in full."""
    return {**os.environ, "DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url}


def _together(*commands: list[str], folder: Path, environ: dict[str, str]) -> int:
    """Run the processes until one ends or we are told to stop, then end the others. The first exit status that is not 0.

    They run in a folder of their own: granian takes names of modules relative to the current one, which may be our checkout.
    """
    processes = [
        # A group of its own for each: what a process leaves behind, such as a half-started worker of granian, is found by it.
        subprocess.Popen(command, cwd=folder, env=environ, start_new_session=True, preexec_fn=_end_with_parent)
        for command in commands
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.2)
        return next((process.returncode for process in processes if process.returncode), 0)
    except (KeyboardInterrupt, SystemExit):
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            _wait_or_kill(process)


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    """Give the process its time to stop, then end whatever is left of its group."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_STOP)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _end_with_parent() -> None:
    """In the child: be told to stop when the parent dies, even by kill -9 (Linux)."""
    if os.uname().sysname == "Linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
