"""Files that a reader hands over: dropped anywhere on the page, or picked. They are read here, and sent nowhere."""

from collections.abc import Callable, Coroutine
from typing import Any

from . import dom
from .owner import Owner


class File:
    """A file not read yet. `name` is what its owner calls it, `size` its bytes."""

    def __init__(self, handle: Any) -> None:
        self.name, self.size = str(handle.name), int(handle.size)
        self._handle = handle

    async def read(self) -> bytes:
        """Its bytes. Raises OSError if the browser can't read it, as it can't read a folder."""
        return await dom.file_bytes(self._handle)


async def of_the_site(name: str) -> bytes:
    """A file of this site. Raises OSError, saying which, if it can't be had."""
    return await dom.fetch_bytes(f"./{name}")


def give(name: str, data: bytes, media: str) -> None:
    """Hand the reader a file: the browser puts it among the downloads."""
    dom.download(name, data, media)


class FilePicker:
    """Gives the file that is picked in a field of type "file" to `taken`."""

    def __init__(self, owner: Owner, field: str, taken: Callable[[File], Coroutine]) -> None:
        self._owner, self._field, self._taken = owner, owner.ui[field].element, taken
        owner.on(field, "change", lambda _event: self._picked())

    def _picked(self) -> None:
        self._take(self._field.files)
        self._field.value = ""  # so that the same file, changed meanwhile, can be picked again

    def _take(self, files: Any) -> None:
        if files and files.length:
            self._owner.spawn(self._taken(File(files.item(0))))


class FileTaker(FilePicker):
    """Takes whatever file is dropped on the page, too; a piece of text that is dragged here goes to `pasted`."""

    def __init__(
        self,
        owner: Owner,
        field: str,
        taken: Callable[[File], Coroutine],
        pasted: Callable[[str], None],
    ) -> None:
        super().__init__(owner, field, taken)
        self._pasted = pasted
        for event, handler in (
            ("dragenter", self._over),
            ("dragover", self._over),
            ("dragleave", self._left),
            ("drop", self._dropped),
        ):
            owner.add(dom.listen(dom.document, event, handler))

    @staticmethod
    def _kind(event: Any) -> str:
        """What is being dragged: "files", "text", or "" for a thing that is not for us."""
        kinds = [str(kind) for kind in event.dataTransfer.types] if event.dataTransfer else []
        if "Files" in kinds:
            return "files"
        into_a_field = event.target.nodeType == 1 and event.target.closest("input, textarea")
        return "text" if "text/plain" in kinds and not into_a_field else ""

    def _over(self, event: Any) -> None:
        kind = self._kind(event)
        if kind:
            event.preventDefault()  # else the browser would open the file in place of the page
        dom.set_attr(dom.root, "data-dropping", kind or None)

    def _left(self, event: Any) -> None:
        if not event.relatedTarget:  # it has left the window, not just one element for another
            dom.set_attr(dom.root, "data-dropping", None)

    def _dropped(self, event: Any) -> None:
        dom.set_attr(dom.root, "data-dropping", None)
        kind = self._kind(event)
        if kind:
            event.preventDefault()
        if kind == "files":
            self._take(event.dataTransfer.files)
        elif kind == "text":
            self._pasted(str(event.dataTransfer.getData("text/plain")))
