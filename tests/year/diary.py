"""What is to happen in the simulated year, in the order of its moments. Nothing sleeps: the clock goes from one to the next."""

import datetime as dt
import heapq
from collections.abc import Callable
from itertools import count

from attestation.site.cases.calendar import office_calendar
from attestation.site.dates import CITY, day_of

Act = Callable[[], object]
NIGHT = dt.time(23)


def moment(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """The moment of this time of the day in the city, as the records hold it."""
    return dt.datetime.combine(day, dt.time(hour, minute), CITY).astimezone(dt.UTC)


class Diary:
    """Acts by their moments. `now` is the moment of the act that is happening; `night` is called at the end of every day."""

    def __init__(self, begins: dt.date, night: Act) -> None:
        self.now = moment(begins, 0)
        self.night = night
        self.calendar = office_calendar()
        self._acts: list[tuple[dt.datetime, int, Act]] = []
        self._numbers = count()

    @property
    def today(self) -> dt.date:
        return day_of(self.now)

    def put(self, when: dt.datetime, act: Act) -> None:
        """Let something happen at this moment, or now if it has passed."""
        heapq.heappush(self._acts, (max(when, self.now), next(self._numbers), act))

    def later(self, days: int, act: Act, hour: int = 10, minute: int = 0) -> None:
        """Let something happen on the working day that comes so many days after today, or next after it."""
        self.put(moment(self.working(self.today + dt.timedelta(days=days)), hour, minute), act)

    def working(self, day: dt.date) -> dt.date:
        """This day, or the next one on which the office works."""
        while not self.calendar.is_working(day):
            day += dt.timedelta(days=1)
        return day

    def live(self, until: dt.date, tell: Callable[[dt.date], None]) -> None:
        """Let everything happen up to this day, the nights included."""
        day = self.today
        while day <= until:
            while self._acts and day_of(self._acts[0][0]) <= day:
                self.now, _, act = heapq.heappop(self._acts)
                act()
            self.now = moment(day, NIGHT.hour)
            self.night()
            tell(day)
            day += dt.timedelta(days=1)
