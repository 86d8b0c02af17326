"""Files in a form on their way to a record: sealed as they come, so that none ever lies on the disk in clear."""

from collections.abc import Callable, Iterator
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from hikeshi.incidents import actions
from hikeshi.incidents.models import Attachment
from hikeshi.incidents.vaulting import vault
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Refusal
from hikeshi.kernel.vault import Draft, NoRoom, TooBig, Writing

AROUND: Final = 1_000_000
"""Bytes a form may have besides its file."""


class SealedFile(UploadedFile):  # type: ignore[type-arg]  # Django's own class takes none while it runs
    """Whole and sealed, and gone with the request unless it is kept."""

    def __init__(self, writing: Writing, draft: Draft, name: str, content_type: str) -> None:
        super().__init__(None, name, content_type, draft.size)
        self.draft = draft
        self.kept = False
        self._writing = writing

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return vault().read(self.draft.uuid, self.draft.sealed_key)

    def read(self, num_bytes: int | None = None) -> bytes:
        return b"".join(self.chunks())

    def close(self) -> None:
        if not self.kept:
            self._writing.abandon()


class Sealing(FileUploadHandler):
    """``refused``: the file that could not be taken and why; nothing after it was read."""

    chunk_size = 1 << 18

    def __init__(self, request: HttpRequest | None = None, *, limit: int | None = None) -> None:
        super().__init__(request)
        self.refused: tuple[str, Refusal] | None = None
        self._limit = settings.FILE_LIMIT if limit is None else limit
        self._writing: Writing | None = None

    def new_file(  # noqa: PLR0917  # as Django calls it
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, bytes] | None = None,
    ) -> None:
        super().new_file(field_name, file_name, content_type, content_length, charset, content_type_extra)
        try:
            self._writing = vault().receive(limit=self._limit)
        except NoRoom as refusal:
            self._refuse(refusal)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self._writing is None:
            return
        try:
            self._writing.write(raw_data)
        except (TooBig, NoRoom) as refusal:
            self._refuse(refusal)
        except BaseException:
            self.upload_interrupted()
            raise

    def file_complete(self, file_size: int) -> SealedFile | None:
        writing, self._writing = self._writing, None
        if writing is None:
            return None
        try:
            draft = writing.finish()
        except NoRoom as refusal:
            self._writing = writing
            self._refuse(refusal)
        return SealedFile(writing, draft, self.file_name or "", self.content_type or "")

    def upload_interrupted(self) -> None:
        if self._writing is not None:
            self._writing.abandon()
            self._writing = None

    def _refuse(self, refusal: Refusal) -> None:
        self.upload_interrupted()
        self.refused = (self.file_name or "", refusal)
        raise StopUpload(connection_reset=True)


class Several(Sealing):
    """Files that are bounded together. The words of a form that stand before its files are read first and are there
    whatever becomes of the files: nothing is refused before the first of them begins.

    ``asked``: called once before it, with what the form says it brings; may raise a Refusal.
    """

    def __init__(self, request: HttpRequest, *, limit: int, asked: Callable[[int], None]) -> None:
        super().__init__(request, limit=limit)
        self.limit = limit
        self._asked: Callable[[int], None] | None = asked
        self._declared = 0

    def handle_raw_input(  # as Django calls it
        self,
        input_data: object,
        META: dict[str, str],  # noqa: N803  # its name in Django
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self._declared = content_length

    def new_file(  # noqa: PLR0917  # as above
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, bytes] | None = None,
    ) -> None:
        self.file_name = file_name
        asked, self._asked = self._asked, None
        if asked is not None:
            try:
                admit(self._declared, limit=self.limit)
                asked(self._declared)
            except Refusal as refusal:
                self._refuse(refusal)
        super().new_file(field_name, file_name, content_type, content_length, charset, content_type_extra)

    def file_complete(self, file_size: int) -> SealedFile | None:
        self._limit -= file_size
        return super().file_complete(file_size)


def admit(size: int, *, limit: int | None = None) -> None:
    """What the declared length of a form decides before it is read. Raises TooBig, NoRoom."""
    allowed = settings.FILE_LIMIT if limit is None else limit
    if size > allowed + AROUND:
        raise TooBig(allowed)
    vault().make_room(size)


def leave_free(size: int, *, times: int) -> None:
    """For those who may fill the disk less than others. Raises NoRoom."""
    vault().make_room(size + settings.DISK_SPARE * (times - 1))


def keep(*, by: Actor, ref: str, file: "UploadedFile[bytes]") -> Attachment:
    """Attaches a file of a form, whichever way it came in. Raises NotFound, NotAllowed, Invalid, NoRoom."""
    words = {"name": file.name or "", "content_type": file.content_type or ""}
    if not isinstance(file, SealedFile):
        return actions.attach_file(by=by, ref=ref, chunks=file.chunks(), **words)
    row = actions.keep_file(by=by, ref=ref, draft=file.draft, **words)
    file.kept = True
    return row
