# mypy: disallow-subclassing-any=False
"""The form that every page of the office submits: fields that a person types."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm


class TypedForm(FlaskForm):
    """A form whose fields are text: a file or JSON sent in their place is no field at all, not a value of another type."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            if formdata is None or not form.is_submitted():
                return None
            return request.form or None
