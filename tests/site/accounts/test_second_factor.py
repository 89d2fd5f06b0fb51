"""One-time codes: right, late, wrong, twice, at once; recovery codes."""

import datetime as dt

import pyotp
import pytest

from attestation.models import Database, JournalEntry, RecoveryCode, User
from attestation.site.accounts import second_factor as factor
from attestation.site.accounts.own import WrongProof
from attestation.tests.admin.conftest import at_once, sentence
from attestation.tests.conftest import NOON, PASSWORD

from .conftest import KEY, MakePerson

WRONG = "Код неверен. Проверьте, что время на телефоне выставлено точно, и введите новый код."
STEP = dt.timedelta(seconds=30)


def code_of(sealed: str, at: dt.datetime = NOON) -> str:
    return pyotp.TOTP(factor.shown(sealed, key=KEY)).at(at)


def turn_on(user: User, sealed: str, code: str = "", password: str = PASSWORD, by: User | None = None) -> list[str]:
    given = {"password": password, "key": KEY, "by": by or user, "on": NOON}
    return factor.turn_on(user, sealed, code or code_of(sealed), **given)


@pytest.fixture
def guarded(person: MakePerson) -> tuple[User, list[str]]:
    """Somebody with codes turned on, and their recovery codes."""
    user = person()
    codes = turn_on(user, factor.new_secret(key=KEY))
    return User.get_by_id(user.id), codes


def accepts(user: User, code: str, on: dt.datetime = NOON) -> bool:
    return factor.accepts(User.get_by_id(user.id), code, key=KEY, on=on)


def later(user: User, steps: int = 1) -> tuple[str, dt.datetime]:
    """The code of a later step, and the moment of it."""
    moment = NOON + steps * STEP
    return code_of(user.totp_secret, moment), moment


def test_a_code_of_the_standard(person: MakePerson, monkeypatch: pytest.MonkeyPatch) -> None:
    """Appendix B of RFC 6238: at 59 seconds SHA-1 gives 94287082, whose last six digits applications show."""
    monkeypatch.setattr(pyotp, "random_base32", lambda: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    user = person(totp_secret=factor.new_secret(key=KEY))
    assert not accepts(user, "287083", dt.datetime(1970, 1, 1, 0, 0, 59, tzinfo=dt.UTC))
    assert accepts(user, "287 082", dt.datetime(1970, 1, 1, 0, 0, 59, tzinfo=dt.UTC))


def test_the_secret_is_sealed(guarded: tuple[User, list[str]]) -> None:
    user, codes = guarded
    secret = factor.shown(user.totp_secret, key=KEY)
    assert len(secret) == 32
    assert secret not in user.totp_secret
    assert factor.shown(user.totp_secret, key="another key") == ""
    assert not accepts(user, "000000")
    assert f"secret={secret}" in factor.address(user.totp_secret, user, "Аттестация", key=KEY)
    assert not set(codes) & {row.code_hash for row in RecoveryCode.select()}


def test_turned_on_by_a_right_code(guarded: tuple[User, list[str]]) -> None:
    user, codes = guarded
    assert (len(codes), len(set(codes)), factor.codes_left(user)) == (10, 10, 10)
    assert all(len(code) == 19 for code in codes)
    assert JournalEntry.get().verb == "totp_on"
    assert sentence(lambda: turn_on(user, factor.new_secret(key=KEY))) == "Подтверждение входа кодом уже включено."


def test_turning_on_asks_for_code_and_password(person: MakePerson) -> None:
    user, other, sealed = person(), person("other@example.org"), factor.new_secret(key=KEY)
    assert sentence(lambda: turn_on(user, sealed, "000000")) == WRONG
    assert sentence(lambda: turn_on(user, "nonsense", "000000")) == WRONG
    assert sentence(lambda: turn_on(user, sealed, by=other)) == "Менять можно только собственную учётную запись."
    with pytest.raises(WrongProof):
        turn_on(user, sealed, password="не тот пароль")
    assert User.get_by_id(user.id).totp_secret == ""


@pytest.mark.parametrize("steps", [1, 2])
def test_each_code_once(guarded: tuple[User, list[str]], steps: int) -> None:
    user, _ = guarded
    code, moment = later(user, steps)
    assert [accepts(user, code, moment) for _ in range(2)] == [True, False]


def test_the_code_that_turned_it_on_signs_nobody_in(guarded: tuple[User, list[str]]) -> None:
    user, _ = guarded
    assert not accepts(user, code_of(user.totp_secret))


def test_a_clock_one_step_off_is_forgiven_and_no_more(guarded: tuple[User, list[str]]) -> None:
    user, _ = guarded
    moment = NOON + 10 * STEP
    assert [accepts(user, code_of(user.totp_secret, moment + n * STEP), moment) for n in (-2, 2, -1, 0, 1)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    # The step that was used is the latest: what was before it is over.
    assert not accepts(user, code_of(user.totp_secret, moment), moment)


@pytest.mark.parametrize("code", ["", " ", "0", "12345", "1234567", "\0", "١٢٣٤٥٦", "１２３４５６", "я" * 100_000, "-" * 30])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a question of words
def test_no_code(guarded: tuple[User, list[str]], code: str) -> None:
    assert not accepts(guarded[0], code)


def test_the_same_code_twice_at_once(guarded: tuple[User, list[str]]) -> None:
    user, _ = guarded
    code, moment = later(user)
    answers: list[bool] = []
    at_once(*(lambda: answers.append(accepts(user, code, moment)) for _ in range(3)))
    assert sorted(answers) == [False, False, True]


def test_a_recovery_code_once(guarded: tuple[User, list[str]]) -> None:
    user, codes = guarded
    assert [accepts(user, code) for code in (codes[0].upper().replace("-", " "), codes[0], codes[1])] == [True, False, True]
    assert factor.codes_left(user) == 8
    assert [entry.verb for entry in JournalEntry.select().order_by(JournalEntry.id)][1:] == ["use_recovery_code"] * 2


def test_the_same_recovery_code_at_once(guarded: tuple[User, list[str]]) -> None:
    user, codes = guarded
    answers: list[bool] = []
    at_once(*(lambda: answers.append(accepts(user, codes[0])) for _ in range(3)))
    assert sorted(answers) == [False, False, True]


def test_somebody_elses_recovery_code(guarded: tuple[User, list[str]], person: MakePerson) -> None:
    other = person("other@example.org")
    turn_on(other, factor.new_secret(key=KEY))
    assert not accepts(other, guarded[1][0])


def test_renewing(guarded: tuple[User, list[str]]) -> None:
    user, codes = guarded
    code, moment = later(user)
    fresh = factor.renew_codes(user, code, key=KEY, by=user, on=moment)
    assert (len(fresh), set(fresh) & set(codes)) == (10, set())
    assert [accepts(user, one) for one in (codes[0], fresh[0])] == [False, True]
    with pytest.raises(WrongProof, match="неверен или уже использован"):
        factor.renew_codes(user, code, key=KEY, by=user, on=moment)


def test_turning_off(guarded: tuple[User, list[str]]) -> None:
    user, codes = guarded
    given = {"key": KEY, "by": user, "on": NOON}
    with pytest.raises(WrongProof):
        factor.turn_off(user, codes[0], password="не тот пароль", **given)
    with pytest.raises(WrongProof):
        factor.turn_off(user, "000000", password=PASSWORD, **given)
    factor.turn_off(user, codes[0], password=PASSWORD, **given)
    kept = User.get_by_id(user.id)
    assert (kept.totp_secret, kept.totp_counter, RecoveryCode.select().count()) == ("", 0, 0)
    refused = sentence(lambda: factor.turn_off(kept, codes[1], password=PASSWORD, key=KEY, by=kept, on=NOON))
    assert refused == "Подтверждение входа кодом выключено."


def test_the_table_takes_what_is_sealed(database: Database) -> None:
    assert len(factor.new_secret(key=KEY)) <= User.totp_secret.max_length
