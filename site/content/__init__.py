"""The content tree of the site as visitors read it; what the office does with it is in `admin/acts/content/`."""

from .store import Content
from .tree import BARE, IDENTITY, FileFacts, Item, Tree, Words

__all__ = ["BARE", "IDENTITY", "Content", "FileFacts", "Item", "Tree", "Words"]
