"""What shuts somebody out is said while a text is saved: which line, what to do, and whether it may be published so."""

import pytest

from attestation.procedure.words import NodeKind
from attestation.site.content.findings import Finding, Severity, errors, findings
from attestation.site.content.tree import Tree

from .test_tree import ROOT, item

TREE = Tree([ROOT, item(17, 1, "a", kind=NodeKind.PAGE), item(18, 1, "a.jpg", kind=NodeKind.FILE)])


def told(body: str) -> list[tuple[int | None, str]]:
    return [(finding.line, finding.sentence) for finding in findings(body, TREE)]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "Текст без всего.",
        "## Раздел\n\n### Часть\n\n#### Ещё часть\n\n## Раздел",
        "[Порядок подачи заявления](node:17) и ![Вход в здание с улицы](node:18)",
        "[](node:17)",
        "[Закон (PDF, 1,2 МБ)](https://example.org/a.pdf) и [план, docx, 15 кб](/a.docx)",
        "[Официальный сайт](https://example.org/)",
        "| Год | Число |\n|-----|-------|\n| 2025 | 3 |",
        "<table><tr><th>Год</th></tr><tr><td>2025</td></tr></table>",
        "    # код\n\n    ![](a.png) [здесь](/)\n\n`![](a.png)` и `[здесь](/)`",
        "<!-- ![](a.png) [здесь](/) -->",
        "Написать: <office@example.org>",
    ],
)
def test_nothing_to_mend(body: str) -> None:
    assert told(body) == []


def test_headings() -> None:
    body = "# Первый\n\nтекст\n\n#### Четвёртый\n\nДругой\n------\n\n##\n\n### **Третий** [с ссылкой](/x/)\n\n###### Шестой"
    assert told(body) == [
        (1, "Заголовок «Первый» — первого уровня, а это уровень названия страницы: поставьте ##."),
        (5, "Заголовок «Четвёртый» перескакивает через уровень: поставьте ##."),
        (10, "Заголовок пуст: впишите его или уберите решётки."),
        (14, "Заголовок «Шестой» перескакивает через уровень: поставьте ####."),
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("[здесь](/x/)", "Ссылка «здесь» не говорит, куда ведёт: назовите в ней страницу или документ."),
        ("[Здесь.](/x/)", "Ссылка «Здесь.» не говорит, куда ведёт: назовите в ней страницу или документ."),
        ("[**тут**](node:17)", "Ссылка «тут» не говорит, куда ведёт: назовите в ней страницу или документ."),
        ("[Подробнее…][а]\n\n[а]: /x/", "Ссылка «Подробнее…» не говорит, куда ведёт: назовите в ней страницу или документ."),
        ("[«ссылка»](/x/)", "Ссылка ««ссылка»» не говорит, куда ведёт: назовите в ней страницу или документ."),
        ('<a href="/x/">по\nссылке</a>', "Ссылка «по ссылке» не говорит, куда ведёт: назовите в ней страницу или документ."),
        ("[](/x/)", "У ссылки нет слов: впишите между квадратными скобками, куда она ведёт."),
        ("<https://example.org/a>",
         "Вместо названия у ссылки адрес «https://example.org/a»: назовите страницу или документ словами."),
        ("[www.example.org](https://example.org)",
         "Вместо названия у ссылки адрес «www.example.org»: назовите страницу или документ словами."),
        ("[Закон](https://example.org/Закон.PDF?x=1)",
         "Ссылка «Закон» ведёт на файл: допишите вид и размер, например «(PDF, 240 КБ)»."),
        ("[Закон (PDF)](https://example.org/a.pdf)",
         "Ссылка «Закон (PDF)» ведёт на файл: допишите вид и размер, например «(PDF, 240 КБ)»."),
        ("[Форма](/files/form.doc)", "Ссылка «Форма» ведёт на файл: допишите вид и размер, например «(DOC, 240 КБ)»."),
        ("[Порядок](node:99)", "Ссылка «Порядок» ведёт на удалённый материал: выберите другой или уберите её."),
    ],
)  # fmt: skip
def test_links(typed: str, said: str) -> None:
    assert [sentence for _, sentence in told(f"Первая строка\n\n{typed}")] == [said]
    assert errors(typed) == ()


MISSING = "У картинки нет описания: впишите между квадратными скобками, что на ней видно."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("![](node:18)", MISSING),
        ("![ ](node:18)", MISSING),
        ('<img src="node:18">', MISSING),
        ("[![](node:18)](/x/)", MISSING),
        ("![photo.JPG](node:18)", "Описание картинки «photo.JPG» не говорит, что на ней: опишите словами, что видно."),
        ("![IMG_20260310](node:18)", "Описание картинки «IMG_20260310» не говорит, что на ней: опишите словами, что видно."),
        ("![Фото](node:18)", "Описание картинки «Фото» не говорит, что на ней: опишите словами, что видно."),
    ],
)
def test_a_picture_without_a_description_is_not_published(typed: str, said: str) -> None:
    assert Finding(said, 3, Severity.ERROR) in findings(f"Первая строка\n\n{typed}", TREE)
    assert [finding.sentence for finding in errors(typed)] == [said]


def test_other_findings_on_pictures() -> None:
    long = "Вход " * 50
    assert told(f"![{long}и ещё](node:18)") == [
        (1, "Описание картинки длиннее 250 знаков: перенесите подробности в текст страницы.")
    ]
    assert told("![Вход в здание](node:99)") == [(1, "Картинка удалена с сайта: вставьте другую или уберите её.")]
    assert told("![Вход в здание](node:17)") == [
        (1, "Вместо картинки указана страница: вставьте картинку или сделайте ссылку.")
    ]


def test_tables() -> None:
    said = "У таблицы нет заголовков столбцов: впишите их в первую строку."
    body = (
        "Текст\n\n|  |  |\n|--|--|\n| 2025 | 3 |\n\n| Год | Число |\n|:--|--:|\n| 1 | 2 |\n\n<table><tr><td>1</td></tr></table>"
    )
    assert told(body) == [(3, said), (11, said)]


def test_lines_of_the_same_thing_several_times() -> None:
    body = "[здесь](/a/)\n\nи\n\n[здесь](/b/)\n\n![](node:18)\n![](node:18)\n"
    assert [line for line, _ in told(body)] == [1, 5, 7, 8]


def test_the_words_of_severity() -> None:
    assert [severity.label for severity in Severity] == ["нужно исправить до публикации", "стоит исправить"]
