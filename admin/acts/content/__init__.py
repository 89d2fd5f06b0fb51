"""What the office does with the materials of its site. Each act is one transaction with its journal and gives the fresh node.

`version` is the version that the person's screen showed: if somebody was quicker, the act is refused, nothing changes.
"""

from .editing import autosave, forget_autosave, lock, unlock
from .files import keep_file
from .names import FIXED, Taken, made_from
from .places import move, mover, rename, reorder
from .removal import restore, trash
from .rules import confirm, settings
from .sharing import share, unshare
from .steps import (
    discard_copy,
    publish,
    publish_copy,
    reopen,
    send_back,
    send_back_copy,
    step,
    submit,
    submit_copy,
    withdraw,
)
from .texts import Texts
from .writing import Overtaken, create, restore_revision, save

__all__ = [
    "FIXED",
    "Overtaken",
    "Taken",
    "Texts",
    "autosave",
    "confirm",
    "create",
    "discard_copy",
    "forget_autosave",
    "keep_file",
    "lock",
    "made_from",
    "move",
    "mover",
    "publish",
    "publish_copy",
    "rename",
    "reopen",
    "reorder",
    "restore",
    "restore_revision",
    "save",
    "send_back",
    "send_back_copy",
    "settings",
    "share",
    "step",
    "submit",
    "submit_copy",
    "trash",
    "unlock",
    "unshare",
    "withdraw",
]
