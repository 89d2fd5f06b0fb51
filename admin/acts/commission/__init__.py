"""Verbs of the commission: its compositions, its sittings and their agendas, votes, minutes."""
