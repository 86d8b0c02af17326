from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.models import Incident
