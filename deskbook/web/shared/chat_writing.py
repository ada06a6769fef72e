"""What is written in a chat, by either side: its text and files, and what is wrong with them."""

from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deskbook.channels.email.attachments import safe_name
from deskbook.tickets.messages import LONGEST_TEXT, File, Written
from deskbook.web.shared.fields import Id, Lines, Spelled
from deskbook.web.shared.forms import Form, sent
from deskbook.web.uploads import LARGEST_FILE, LARGEST_TOGETHER, MOST_FILES, limits

OTHER_VERSION = gettext_lazy("Load this page again: it is of another version.")


class LineForm(Form):
    """A line of a chat, by either side; the same key again is the same line."""

    key = Spelled("", OTHER_VERSION, wrong=OTHER_VERSION, pattern=r"[0-9a-f]{32}")
    text, got = Lines(), Id()

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(sent(request))
        self.request = request

    def clean(self) -> None:
        wrong = files_problem(self.request)
        if not wrong and not self.request.FILES and not self.cleaned_data.get("text", "x"):
            wrong = _("Write something.")
        if wrong:
            self.add_error("text", wrong)

    @property
    def size(self) -> tuple[int, int]:
        """How much is said: characters, and bytes of files."""
        files = self.request.FILES.getlist("files")
        return len(self("text")) + len(self("key")), sum(file.size or 0 for file in files)

    def written(self) -> Written:
        """Returns the line as it is kept."""
        return Written(self("text"), files=files_of(self.request))


def files_problem(request: HttpRequest) -> str:
    """Returns what is wrong with the files of a line; "" when they may come."""
    files = request.FILES.getlist("files")
    for file in files:
        if not file.size:
            return _("“{name}” is empty. Choose it again, or leave it out.").format(name=file.name)
        if file.size > LARGEST_FILE:
            return _(
                "“{name}” has {size}; a file may have {most}. Send a smaller one, or part of it."
            ).format(
                name=file.name, size=filesizeformat(file.size), most=filesizeformat(LARGEST_FILE)
            )
    if len(files) > MOST_FILES or sum(file.size or 0 for file in files) > LARGEST_TOGETHER:
        return limits()
    return ""


def files_of(request: HttpRequest) -> tuple[File, ...]:
    """Returns the files of a line under names that are safe to store."""
    kept = []
    for number, file in enumerate(request.FILES.getlist("files"), start=1):
        content_type = file.content_type or "application/octet-stream"
        kept.append(
            File(safe_name(file.name or "", content_type, number), content_type, file.read())
        )
    return tuple(kept)


def text_problem(text: str) -> str:
    """Returns what is wrong with a text that is too long; "" when it fits."""
    if len(text) <= LONGEST_TEXT:
        return ""
    return _("This has more than {most} characters. Shorten it, or send it as a file.").format(
        most=LONGEST_TEXT
    )
