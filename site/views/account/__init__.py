"""The cabinet: what a person who signed in sees and does below /account/, and the pages that lead into it."""

# Each module puts its pages into the room.
from . import entrance as entrance
from . import home as home
from .room import public as public
