"""The one address of every private file of a case, for the teacher, the staff and the experts alike."""

from flask import abort, send_file
from werkzeug.wrappers import Response

from ....models import utc_now
from ...cases import attachments
from ...files import path_of
from ..headers import POLICY_OF_UPLOADS, in_words
from ..layout import parts
from .room import person, public

# PostgreSQL refuses larger numbers for an id.
LARGEST_ID = 2**31


@public.get("/files/<int:id>")
def file(id: int) -> Response:
    """The file as it was brought, shown by the browser; the right is asked each time, whoever follows the link."""
    found = attachments.readable(id, person(), on=utc_now()) if id < LARGEST_ID else None
    if found is None:
        abort(404, "Такого файла нет, или он не для вас. Откройте его со страницы дела.")
    path = path_of(parts().settings.cases_dir, found.sha256, suffix="")
    if not path.exists():
        abort(404, "Файла нет в хранилище: сообщите нам о нём по контактам внизу страницы.")
    answer = send_file(path, found.media_type, download_name=found.name, conditional=False, etag=False)
    answer.headers["Content-Security-Policy"] = in_words(POLICY_OF_UPLOADS)
    del answer.headers["Last-Modified"]
    return answer
