"""A panel that breaks says so in its own place; the rest of the page stands."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.runtime.scriptrunner_utils.exceptions import RerunException, StopException

from dashboard import drawn, sentences
from dashboard.parts import page
from dashboard.session import DENIAL, problem, refusal

log = logging.getLogger("onepicture")


@contextmanager
def panel(name: str) -> Iterator[None]:
    """Draw a panel: a denial is said in its reason's words, a fault in one sentence with its log number."""
    try:
        yield
    except (RerunException, StopException):
        raise
    except Exception as error:
        if not isinstance(error, DENIAL):
            drawn.passing()
        if refusal(error):
            page.notice(sentences.withheld(problem(error)))
            return
        number = uuid.uuid4().hex[:8]
        log.exception("panel %s failed, log number %s", name, number)
        page.notice(sentences.failed(name, number))
