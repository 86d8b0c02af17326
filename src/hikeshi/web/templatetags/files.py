"""What a file looks like in a list: `{% load files %}`."""

from django import template
from django.utils.safestring import SafeString

from hikeshi.incidents.filenames import Look
from hikeshi.incidents.queries import FileView
from hikeshi.kernel.vault.refusals import MEGABYTE
from hikeshi.web.templatetags.show import icon

register = template.Library()


@register.filter
def megabytes(size: int) -> str:
    """A limit as its setting gives it."""
    return f"{size / MEGABYTE:,.10g}"


@register.simple_tag
def look(file: FileView) -> SafeString:
    """By its name alone: a hint, no promise."""
    looks = {
        Look.IMAGE: icon("photo"),
        Look.DOCUMENT: icon("file-text"),
        Look.TABLE: icon("file-spreadsheet"),
        Look.TEXT: icon("file-description"),
        Look.ARCHIVE: icon("package"),
        Look.MAIL: icon("mail"),
        Look.PROGRAM: icon("file-code"),
        Look.OTHER: icon("file"),
    }
    return looks[file.look]
