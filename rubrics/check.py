"""The validator of the data: everything that can be said against an edition, file by file and key by key."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib.resources.abc import Traversable

from .finder import FILE as FINDER
from .finder import Choice, Finder, read_finder
from .forms import CURRENT, folder, form_file, ready_forms
from .reading import Finding, read_edition, read_form
from .scoring import reach
from .shape import Conclusion, Counting, Criterion, Edition, Form, Period, Section, squeezed

_CLAUSE = re.compile(r"[1-9]\d*(\.[1-9]\d*)*(bis)?")
_QUIET = (Counting.SINGLE, Counting.UNSTATED)
_COUNTED = (Counting.SUM_EVENTS, Counting.SUM_OPTIONS)
_CAPPED = (Counting.SUM_CAPPED_POINTS, Counting.PER_ITEM)
_SEVERAL = (Counting.BEST_OF, Counting.SUM_OPTIONS, Counting.UNSTATED)
_FORBIDDEN = (Counting.SINGLE, Counting.BEST_OF)
_LIMIT = re.compile(r"суммир.*?не более (\w+)")
_NUMBERS = {"двух": 2, "трех": 3}


def check(name: str = CURRENT) -> list[Finding]:
    """Everything wrong with a packaged edition; an empty list means that it can be used."""
    return check_folder(folder(name), name)


def check_folder(place: Traversable, name: str) -> list[Finding]:
    """The same for any folder with `edition.toml`, `formNN.toml` and, where the finder is made already, `finder.toml`."""
    findings: list[Finding] = []
    data = _toml(place, "edition.toml", findings)
    if data is None:
        return findings
    edition, words, wrong = read_edition(data, "edition.toml", name, ready_forms(place))
    findings += wrong
    findings += _of_edition(edition, ready_forms(place))
    for number in ready_forms(place):
        if (form_data := _toml(place, form_file(number), findings)) is not None:
            findings += check_form(form_data, form_file(number), edition, words)
    if (place / FINDER).is_file() and (finder_data := _toml(place, FINDER, findings)) is not None:
        findings += check_finder(finder_data, edition)
    return findings


def check_form(data: dict[str, object], file: str, edition: Edition, words: Conclusion) -> list[Finding]:
    """Everything wrong with one form. The sense is judged only when the shape is right."""
    form, wrong = read_form(data, file, edition.name, words)
    return wrong or [Finding(file, key, text) for key, text in _of_form(form, file, edition)]


def check_finder(data: dict[str, object], edition: Edition) -> list[Finding]:
    """Everything wrong with the finder. The sense is judged only when the shape is right."""
    found, wrong = read_finder(data, edition)
    return wrong or [Finding(FINDER, key, text) for key, text in _of_finder(found, edition)]


def _toml(place: Traversable, file: str, findings: list[Finding]) -> dict[str, object] | None:
    try:
        return tomllib.loads((place / file).read_text(encoding="utf-8"))
    except OSError:
        findings.append(Finding(file, "", "файла нет"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        findings.append(Finding(file, "", f"файл не читается: {error}"))
    return None


def _of_edition(edition: Edition, ready: Iterable[int]) -> Iterator[Finding]:
    numbers = [entry.number for entry in edition.forms]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Finding("edition.toml", "form", "номера форм идут не подряд от 1")
    for number in ready:
        if number not in numbers:
            yield Finding(form_file(number), "number", "формы нет в списке edition.toml")
    for entry in edition.forms:
        for position in _repeated(entry.positions):
            yield Finding("edition.toml", f"form[{entry.number}].positions", f"должность «{position}» повторяется")


# A key and what is wrong with it.
Trouble = Iterator[tuple[str, str]]


def _of_form(form: Form, file: str, edition: Edition) -> Trouble:
    if file != form_file(form.number):
        yield "number", f"файл формы {form.number} называется {form_file(form.number)}"
    if len(form.conclusion.columns) != 5 or len(form.conclusion.thresholds_columns) != 3:
        yield "conclusion", "в таблице критериев пять столбцов, в таблице баллов три"
    clauses = [row.clause for row in form.criteria] + [group.clause for section in form.sections for group in section.groups]
    for clause in _repeated(clauses):
        yield f"criterion[{clause}]", "номер повторяется"
    for number in _repeated([section.number for section in form.sections]):
        yield f"section[{number}]", "номер раздела повторяется"
    for section in form.sections:
        yield from _of_section(form, section)
    yield from _of_positions(form, edition)
    yield from _of_thresholds(form)
    yield from _of_section_thresholds(form)


def _of_section(form: Form, section: Section) -> Trouble:
    key = f"section[{section.number}]"
    if not section.criteria:
        yield key, "в разделе нет ни одной строки"
    if section.rule == "best":
        said = (section.title, section.note, *(row.label for row in form.section_thresholds))
        if not section.words or not _quoted(section.words, said):
            yield f"{key}.words", "слова источника о лучшем результате не найдены в заголовке, примечании или таблице баллов"
    for group in section.groups:
        if not any(row.group == group.clause for row in section.criteria):
            yield f"{key}.group[{group.clause}]", "под заголовочной строкой нет ни одной строки"
    for row in section.criteria:
        where = f"{key}.criterion[{row.clause}]"
        for rule in (_of_clause, _of_options, _of_counting, _of_period, _of_restriction):
            yield from ((f"{where}.{name}" if name else where, text) for name, text in rule(form, section, row))


def _of_clause(form: Form, section: Section, row: Criterion) -> Trouble:
    if not _CLAUSE.fullmatch(row.clause):
        yield "clause", f"«{row.clause}» не похоже на номер: цифры через точку, без точки на конце"
    elif row.clause != section.number and not row.clause.startswith(f"{section.number}."):
        yield "clause", f"строка {row.clause} стоит в разделе {section.number}"
    if row.group and section.group(row.group) is None:
        yield "group", f"в разделе нет заголовочной строки «{row.group}»"


def _of_options(form: Form, section: Section, row: Criterion) -> Trouble:
    known = {role for threshold in form.thresholds for role in threshold.roles}
    for label in _repeated([option.full_label for option in row.options]):
        yield "options", f"подпись «{label}» повторяется"
    for option in row.options:
        key = f"options[{option.index}]"
        if option.points == 0:
            yield f"{key}.points", "ноль баллов: такой строки в источнике быть не может"
        if option.points < 0 and row.rule.type is not Counting.SINGLE:
            yield f"{key}.points", "вычет считается только правилом single"
        for role in sorted({option.role, *(role for role, _ in option.points_by_role)} - {""} - known):
            yield key, f"роли «{role}» нет в таблице баллов"
        if option.by_role and option.points not in dict(option.points_by_role).values():
            yield f"{key}.points", "значение не совпадает ни с одной ролью"
        has_next = option.next is not None or bool(option.next_by_discipline)
        if has_next != (row.rule.type is Counting.PER_ITEM):
            yield f"{key}.next", "баллы за каждого последующего нужны правилу per_item и только ему"
        for name, _ in option.next_by_discipline:
            if name not in [kind.name for kind in form.disciplines]:
                yield f"{key}.next_by_discipline", f"дисциплины «{name}» нет среди discipline"


def _of_counting(form: Form, section: Section, row: Criterion) -> Trouble:
    """The rule by itself; only one that makes sense is compared with the words of the row."""
    yield from list(_of_rule(form, section, row)) or _of_summing(form, section, row)


def _of_rule(form: Form, section: Section, row: Criterion) -> Trouble:
    rule = row.rule
    if rule.type is Counting.SINGLE and len(row.options) != 1:
        yield "rule", f"правило single, а вариантов {len(row.options)}"
    if rule.type in _SEVERAL and len(row.options) < 2:
        yield "rule", f"правило {rule.type} имеет смысл от двух вариантов"
    if rule.type is Counting.UNSTATED and section.rule == "best":
        yield "rule", "раздел сам говорит, что баллы не суммируются: нужно best_of"
    if rule.max_events is not None and (rule.type not in _COUNTED or rule.max_events < 1):
        yield "rule.max_events", "предел числа результатов нужен правилам sum_events и sum_options и не меньше 1"
    dearest = max((option.most_points for option in row.options), default=0)
    if rule.max_points is not None and (rule.type not in _CAPPED or rule.max_points < dearest):
        yield "rule.max_points", "предел баллов нужен правилам sum_capped_points и per_item и не меньше одного результата"
    if rule.type is Counting.SUM_CAPPED_POINTS and rule.max_points is None:
        yield "rule.max_points", "нет обязательного ключа"
    if rule.distinct_students and rule.type is not Counting.SUM_EVENTS:
        yield "rule.distinct_students", "разные обучающиеся считаются только правилом sum_events"
    if rule.type not in _QUIET and not rule.words:
        yield "rule.words", "нет слов источника"
    said = (row.evidence, row.note, row.label, section.words, section.note)
    if rule.words and not _quoted(rule.words, said):
        yield "rule.words", "этих слов нет ни в подтверждениях, ни в примечании"


def _of_summing(form: Form, section: Section, row: Criterion) -> Trouble:
    """The counting word and its limit against what the two last cells say about summing."""
    rule, said = row.rule, squeezed(f"{row.evidence} {row.note}")
    if section.rule == "best":
        return  # the section has its own words, perhaps outside the row
    if "суммир" not in said:
        allowed: tuple[Counting, ...] = _QUIET
    else:
        allowed = _FORBIDDEN if "не производится" in said else (*_COUNTED, *_CAPPED)
    if rule.type not in allowed:
        yield "rule", f"правило {rule.type} не сходится со словами источника о суммировании"
    limit = _LIMIT.search(said)
    printed = (_NUMBERS.get(limit[1]) or (int(limit[1]) if limit[1].isdigit() else None)) if limit else None
    counted = rule.max_events if rule.max_points is None else rule.max_points
    if rule.type in allowed and counted != printed:
        yield "rule", f"предел {counted} не сходится со словами источника: там {printed}"
    if rule.distinct_students != ("разных обучающихся" in said or "разных учащихся" in said):
        yield "rule.distinct_students", "не сходится со словами источника о разных обучающихся"


def _of_period(form: Form, section: Section, row: Criterion) -> Trouble:
    said = squeezed(f"{row.note} {section.note}")
    if ("межаттестационн" in said) != (row.period is Period.INTER_ATTESTATION):
        yield "period", "период не совпадает со словами примечания о межаттестационном периоде"
    for option in row.options:
        if option.note and ("межаттестационн" in squeezed(option.note)) != (option.period is Period.INTER_ATTESTATION):
            yield f"options[{option.index}].period", "период не совпадает с примечанием варианта"


def _of_restriction(form: Form, section: Section, row: Criterion) -> Trouble:
    limited = row.restricted_to is not None or bool(row.not_for)
    if limited != bool(row.restriction):
        yield "restriction", "ограничение пишется вместе: слова источника и список должностей"
    if row.restricted_to is not None and row.not_for:
        yield "not_for", "либо restricted_to, либо not_for"
    if row.restriction and not _quoted(row.restriction, (row.note, row.label)):
        yield "restriction", "этих слов нет ни в примечании, ни в строке"
    for position in (*(row.restricted_to or ()), *row.not_for):
        if position not in form.positions:
            yield "restricted_to" if row.restricted_to else "not_for", f"должности «{position}» нет в таблице баллов"


def _of_positions(form: Form, edition: Edition) -> Trouble:
    entry = edition.entry(form.number)
    for position in _repeated([squeezed(position) for position in form.positions]):
        yield "threshold", f"должность «{position}» повторяется"
    if entry is None:
        return
    for position in sorted(set(entry.positions) - set(form.positions)):
        yield "threshold", f"должность «{position}» из edition.toml не ведёт ни к одной строке формы"
    for position in sorted(set(form.positions) - set(entry.positions)):
        yield "threshold", f"должности «{position}» нет в списке edition.toml"
    if form.options_count != entry.options:
        yield "section", f"вариантов {form.options_count}, а в edition.toml их {entry.options}"


def _of_thresholds(form: Form) -> Trouble:
    for row in form.thresholds:
        key = f"threshold[{row.position}]"
        if not 0 < row.first.min <= row.highest.min:
            yield key, "порог первой категории должен быть больше нуля и не выше порога высшей"
        high = reach(form, row.position).high
        if high is not None and high < row.highest.min:
            yield key, f"порог {row.highest.min} недостижим: больше {high} набрать нельзя"


def _of_section_thresholds(form: Form) -> Trouble:
    rows = form.section_thresholds
    if not rows:
        return
    if [row.section for row in rows].count("total") != 1 or rows[-1].section != "total":
        yield "section_threshold", "последняя строка, и только она, — total"
    if sorted(number for row in rows for number in row.numbers) != sorted(section.number for section in form.sections):
        yield "section_threshold", "каждый раздел формы стоит ровно в одной строке"
    for row in rows:
        key = f"section_threshold[{row.section}]"
        for category, asked in (("first", row.first), ("highest", row.highest)):
            if asked.max is not None and asked.max < asked.min:
                yield f"{key}.{category}", "верхняя граница ниже нижней"
            for position in form.positions:
                high = reach(form, position, row.numbers or None).high
                if high is not None and high < asked.min:
                    yield f"{key}.{category}", f"порог {asked.min} недостижим: больше {high} набрать нельзя"


def _of_finder(found: Finder, edition: Edition) -> Trouble:
    questions = {"position": found.positions, "institution": found.institutions, "founder": found.founders}
    for name, choices in questions.items():
        for word in _repeated([word for choice in choices for word in _spellings(choice)]):
            yield name, f"ответ «{word}» повторяется"
    scopes = [rule.scope for rule in found.rules] + [gap.scope for gap in found.gaps]
    led = {position for scope in scopes for position in scope.positions}
    for choice in found.positions:
        if choice.key not in led:
            yield f"position[{choice.key}]", f"должность «{choice.name}» не ведёт ни к одной форме"
    rows = {(rule.match.form, rule.match.position) for rule in found.rules}
    for entry in edition.forms:
        for position in entry.positions:
            if (entry.number, position) not in rows:
                yield "rule", f"к строке «{position}» формы {entry.number} не ведёт ни одно правило"


def _spellings(choice: Choice) -> set[str]:
    """The words that people may answer with."""
    return {choice.key, squeezed(choice.name)}


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _quoted(words: str, texts: Iterable[str]) -> bool:
    """Whether one of the texts holds the words; case, spaces and line breaks do not matter."""
    return any(squeezed(words) in squeezed(text) for text in texts)
