"""How amounts, counts and sizes are said in Russian."""

from collections.abc import Iterable

NO_BREAK = "\N{NO-BREAK SPACE}"


def amount(number: int) -> str:
    """Thousands kept apart by a no-break space: 12 345; four digits stand together."""
    return f"{number:,}".replace(",", NO_BREAK) if abs(number) >= 10_000 else str(number)


def plural(number: int, one: str, few: str, many: str) -> str:
    """The number with its noun: 1 строка, 2 строки, 5 строк, 11 строк."""
    tens, units = abs(number) % 100, abs(number) % 10
    word = many if 11 <= tens <= 14 or units == 0 or units >= 5 else one if units == 1 else few
    return f"{amount(number)}{NO_BREAK}{word}"


def spans(numbers: Iterable[int]) -> str:
    """«1–3, 7»: numbers in ascending order, runs of them drawn together."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in found)


def file_size(size: int) -> str:
    """Size of a file, given in bytes: 640 байт, 12 КБ, 1,4 МБ."""
    if size < 1024:
        return plural(size, "байт", "байта", "байт")
    if size < 1024 * 1024:
        return f"{round(size / 1024)}{NO_BREAK}КБ"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + f"{NO_BREAK}МБ"
