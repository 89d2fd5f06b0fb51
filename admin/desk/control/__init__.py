"""The desk «Контроль» (section IV): inspections and acts, terms broken and at risk, destruction, the journal's chain."""

from .desk import ControlDesk

__all__ = ["ControlDesk"]
