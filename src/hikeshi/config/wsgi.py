"""Django alone, for a WSGI server of the site's own choice."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
application = get_wsgi_application()
