"""Time and ids, which the pure rooms take as arguments."""

from collections.abc import Callable
from datetime import datetime

Now = Callable[[], datetime]
NewId = Callable[[], str]
