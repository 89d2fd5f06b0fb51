"""The desks over cases: registries, the page of a case, its moves."""

from .desk import CaseDesk

__all__ = ["CaseDesk"]
