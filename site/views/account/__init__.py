"""The cabinet: what a person who signed in sees and does below /account/, and the pages that lead into it."""

# Each module puts its pages into the room.
from . import appeals as appeals
from . import appointments as appointments
from . import case as case
from . import conclusion as conclusion
from . import correspondence as correspondence
from . import entrance as entrance
from . import files as files
from . import filing as filing
from . import forgotten as forgotten
from . import home as home
from . import letters as letters
from . import opening as opening
from . import portfolio as portfolio
from . import profile as profile
from . import provider as provider
from . import representative as representative
from . import security as security
from . import steps as steps
from .room import public as public
