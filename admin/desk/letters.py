# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Письма»: what went to whom and how it fared, what is held, how each text reads, how names are declined."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from ...models import Application, Letter, User, utc_now
from ...procedure.road import EDITIONS, road
from ...site import journal
from ...site.cases.rights import Part, parts_seen
from ...site.dates import day_of
from ...site.letters.declension import Kind, forms_of
from ...site.letters.envelope import paragraphs
from ...site.letters.texts import text
from ...site.letters.words import CHANNELS, COMMON, EXAMPLES, ROADS, STATES, titles
from ..access import Permission
from ..acts import letters as acts
from .base import LONGEST_SEARCH, Answer, Choice, ListDesk, Query, attempt, done, found, link, person, within_ids

# A list to be looked through before all of it goes.
SHOWN_HELD = 100
READ = "read"
# How many of the latest cases names are asked about.
NAMED_CASES = 50


@dataclass(frozen=True)
class Sample:
    """A letter of a road: what it is called, whom it is for, its text with example figures."""

    edition: str
    name: str
    title: str
    to: str
    clause: str
    subject: str


def addressee(letter: Letter) -> str:
    """Who gets the letter, in one line."""
    named = letter.user.full_name if letter.user else ""
    return ", ".join(filter(None, (named, letter.address)))


def case_of(letter: Letter) -> Any:
    """The case that the letter is about; a link to it."""
    case = letter.application
    return link(str(case), url_for("office_cases.case", id=case.id)) if case else ""


class LetterDesk(ListDesk):
    """Letters, newest first."""

    permission = Permission.KEEP_LETTERS
    # Names of teachers are for those who enter their applications.
    stricter = {"names": Permission.ENTER_CASES}  # noqa: RUF012 — as in Desk
    model_class = Letter
    heading = "Письма"
    list_template = "desk/letters.html"
    can_export = True
    search_label = "Номер заявления или адрес"
    column_list = ("created_at", "name", "user", "application", "channel", "state", "sent_at", "read_at")
    column_labels = {"application": "Заявление"}  # noqa: RUF012 — Flask-Admin's own attribute
    cells = {  # noqa: RUF012
        "name": lambda letter: link(titles().get(letter.name, letter.name), url_for("office_letters.letter", id=letter.id)),
        "user": addressee,
        "application": case_of,
        "channel": lambda letter: CHANNELS[letter.channel],
        "state": lambda letter: STATES[letter.state],
    }
    choices = (
        Choice(
            "state",
            "Состояние",
            lambda: [*STATES.items(), (READ, "Прочтено")],
            lambda query, state: query.where(Letter.read_at.is_null(False) if state == READ else Letter.state == state),
        ),
        Choice("channel", "Способ", lambda: CHANNELS.items(), lambda query, way: query.where(Letter.channel == way)),
        Choice("name", "Письмо", lambda: titles().items(), lambda query, name: query.where(Letter.name == name)),
    )

    def get_query(self) -> Query:
        query = Letter.select(Letter, User, Application).left_outer_join(User).switch(Letter).left_outer_join(Application)
        return query.where(acts.within_reach(person()))

    def matching(self, query: Query, word: str) -> Query:
        return query.where(Application.number.startswith(word) | (Letter.address == word.lower()))

    def more(self, query: Query, wanted: Any) -> dict[str, Any]:
        return {"held": acts.held(person()).select(Letter.id).order_by().count()}

    # One letter

    @expose("/<int:id>/")
    def letter(self, id: int) -> Answer:
        """What became of a letter, and what it says, for whoever may read letters of the case."""
        return self._letter_page(self._found_letter(id))

    @expose("/<int:id>/release/", methods=("POST",))
    def release(self, id: int) -> Answer:
        """Let a held letter go."""
        return self._changed(id, acts.release, "Письмо отпущено.")

    @expose("/<int:id>/recall/", methods=("POST",))
    def recall(self, id: int) -> Answer:
        """Take a held letter out."""
        return self._changed(id, acts.recall, "Письмо снято с отправки.")

    @expose("/<int:id>/retry/", methods=("POST",))
    def retry(self, id: int) -> Answer:
        """Send a failed letter again."""
        return self._changed(id, acts.retry, "Письмо снова ждёт отправки.")

    # All that are held

    @expose("/held/", methods=("GET", "POST"))
    def held(self) -> Answer:
        """All held letters, looked through before they go together."""
        if request.method == "GET":
            return self._held_page()
        last, count = (request.form.get(name, type=int, default=0) for name in ("last", "count"))
        gone = attempt(lambda: acts.release_all(last=within_ids(last), count=count, by=person(), on=utc_now()))
        if gone is None:
            return self._held_page(), 409
        flash(f"Отпущено писем: {gone}.", "success")
        return redirect(url_for(".index_view"))

    # Names and positions

    @expose("/names/", methods=("GET", "POST"))
    def names(self) -> Answer:
        """Names and positions in the genitive: what the rules suggest, to be confirmed or put right."""
        if request.method == "GET":
            return self._names_page()
        kind, words, genitive = (request.form.get(name, "") for name in ("kind", "words", "genitive"))
        if kind not in set(Kind):
            abort(400)
        if not done(lambda: acts.confirm_form(Kind(kind), words, genitive, by=person(), on=utc_now())):
            return self._names_page(), 409
        flash(f"Запомнено: {words} — {genitive}.", "success")
        return redirect(url_for(".names", search=request.args.get("search", "")))

    # Texts

    @expose("/texts/")
    def texts(self) -> Answer:
        """Every letter of every road, and those of accounts."""

        def samples(edition: str) -> list[Sample]:
            return [_sample(edition, letter.name) for letter in road("application", edition).letters]

        roads = [(ROADS[edition], samples(edition)) for edition in EDITIONS]
        return self.render("desk/letter_texts.html", roads=roads, common=[_sample("", name) for name in COMMON])

    @expose("/texts/<chosen>/")
    def sample(self, chosen: str) -> Answer:
        """A text with example figures in the place of its own; `edition` in the address names the road."""
        edition = request.args.get("edition", "")
        if edition not in ("", *EDITIONS) or chosen not in _names(edition):
            abort(404)
        filled = text(chosen, edition).filled(EXAMPLES)
        return self.render(
            "desk/letter_text.html",
            sample=_sample(edition, chosen),
            paragraphs=paragraphs(filled.body),
            raw=text(chosen, edition),
            examples=EXAMPLES,
        )

    def _found_letter(self, id: int) -> Letter:
        letter = found(Letter, id)
        if not Letter.select().where(Letter.id == id, acts.within_reach(person())).exists():
            abort(404)
        return letter

    def _changed(self, id: int, act: Callable[..., Letter], told: str) -> Answer:
        letter = self._found_letter(id)
        if done(lambda: act(letter, by=person(), on=utc_now())):
            flash(told, "success")
            return redirect(url_for(".letter", id=id))
        return self._letter_page(found(Letter, id)), 409

    def _letter_page(self, letter: Letter) -> str:
        case = letter.application
        readable = case is not None and Part.LETTERS in parts_seen(case, person(), day_of(utc_now()))
        return self.render(
            "desk/letter.html",
            letter=letter,
            title=titles().get(letter.name, letter.name),
            channel=CHANNELS[letter.channel],
            state=STATES[letter.state],
            readable=readable and not letter.private,
            paragraphs=paragraphs(letter.body),
            history_entries=list(journal.history("letter", letter.id)),
            verbs=journal.VERBS,
        )

    def _names_page(self) -> str:
        search = " ".join(request.args.get("search", "").replace("\0", "").split())[:LONGEST_SEARCH]
        cases = Application.kept().where(acts.case_within_reach(person())).order_by(Application.id.desc())
        for word in search.split():
            cases = cases.where(Application.search_text.contains(word.lower()) | Application.number.startswith(word))
        forms = forms_of(list(cases.limit(NAMED_CASES)))
        waiting = [form for form in forms if not form.confirmed]
        return self.render("desk/letter_names.html", search=search, waiting=waiting, kept=[f for f in forms if f.confirmed])

    def _held_page(self) -> str:
        waiting = acts.held(person())
        letters = list(waiting.limit(SHOWN_HELD))
        count = waiting.select(Letter.id).order_by().count()
        last = letters[-1].id if count == len(letters) and letters else _last_of(waiting)
        rows = [
            (letter, titles().get(letter.name, letter.name), addressee(letter), CHANNELS[letter.channel]) for letter in letters
        ]
        return self.render("desk/letters_held.html", rows=rows, count=count, last=last)


def _last_of(waiting: Any) -> int:
    last = waiting.order_by(Letter.id.desc()).first()
    return last.id if last else 0


def _names(edition: str) -> frozenset[str]:
    """The letters of the road, or those of no road."""
    return frozenset(letter.name for letter in road("application", edition).letters) if edition else frozenset(COMMON)


def _sample(edition: str, name: str) -> Sample:
    subject = text(name, edition).filled(EXAMPLES).subject
    if not edition:
        return Sample("", name, COMMON[name], "", "", subject)
    whole = road("application", edition)
    letter = whole.letter(name)
    to = ", ".join(whole.title_of(role) for role in letter.to)
    return Sample(edition, name, letter.title, to, letter.clause, subject)
