"""Radio buttons of a fillable PDF: WeasyPrint names every button like its group, so here each group is one field."""

from typing import Any

JOINT = ": "
"""Between the question and the answer in the title of a button."""


def tell_choices(pdf: Any) -> None:
    """A group says the question, its buttons only the answers; the form lists the group and not the buttons again."""
    form = pdf.catalog.get("AcroForm")
    if form is None:
        return
    by_reference = {element.reference: element for element in pdf.objects if hasattr(element, "reference")}
    fields = form["Fields"]
    for reference in [*fields]:
        field = by_reference[reference]
        if "Parent" in field:
            fields.remove(reference)
            del field["T"]
        elif "Kids" in field:
            question, _, _ = field["TU"].string.rpartition(JOINT)
            field["TU"].string = question
