"""Text fields of a fillable PDF: WeasyPrint fixes the size of their letters, so here long words shrink instead of being cut."""

from typing import Any


def let_text_shrink(pdf: Any) -> None:
    """A size of zero leaves it to the viewer: as large as the field is high, smaller as the words get longer."""
    for field in pdf.objects:
        if isinstance(field, dict) and field.get("FT") == "/Tx":
            *_, font, _, _ = field["DA"].string.split()
            field["DA"].string = font + b" 0 Tf 0 g"
