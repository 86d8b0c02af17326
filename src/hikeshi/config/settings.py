"""Django's settings, composed from the environment. Nothing here is edited by a site."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from hikeshi.config import environment
from hikeshi.config.databases import databases
from hikeshi.intake.inbox.address import Access, BadInbox, read_stream
from hikeshi.kernel.http import proxy
from hikeshi.mailboxes.ports import BadMail, read_ports

ENVIRONMENT = environment.read()
PACKAGE = Path(__file__).resolve().parent.parent

MASTER_KEY = environment.master_key(ENVIRONMENT.key_file)
SECRET_KEY = hashlib.blake2b(MASTER_KEY.encode(), person=b"hikeshi.session").hexdigest()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ["*"]  # the Host header decides nothing here: links are built from HIKESHI_PUBLIC_URL
DATA_ROOT = ENVIRONMENT.data
FILE_LIMIT = ENVIRONMENT.file_megabytes * 1_000_000  # of one file
CASE_FILES_LIMIT = ENVIRONMENT.case_megabytes * 1_000_000  # of all files of one incident
DISK_SPARE = ENVIRONMENT.spare_megabytes * 1_000_000  # what files leave free for everything else the desk writes

INSTALLED_APPS = [
    "hikeshi.ledger",
    "hikeshi.search",
    "hikeshi.accounts",
    "hikeshi.retention",
    "hikeshi.notify",
    "hikeshi.assets",
    "hikeshi.intake.inbox",
    "hikeshi.intake",
    "hikeshi.oncall",
    "hikeshi.incidents",
    "hikeshi.service_levels",
    "hikeshi.rooms",
    "hikeshi.mailboxes",
    "hikeshi.canary",
    "hikeshi.load",
    "hikeshi.finding",
    "hikeshi.forms",
    "hikeshi.lists",
    "hikeshi.figures",
    "hikeshi.notices",
    "hikeshi.knowledge",
    "hikeshi.reports",
    "hikeshi.engine",
    "hikeshi.web",
    "hikeshi.portal",
    "hikeshi.api",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "hikeshi.web.middleware.headers",
    "hikeshi.web.packing.packed",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hikeshi.web.middleware.vocabulary",
    "hikeshi.web.middleware.reader",
    "hikeshi.web.signin.middleware.note_acting",
    "hikeshi.web.middleware.Pages",
    "hikeshi.web.signin.middleware.SecondFactorAsked",
    "allauth.account.middleware.AccountMiddleware",
    "hikeshi.web.taking.taken",
]
ROOT_URLCONF = "hikeshi.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["hikeshi.web.templatetags.quick"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hikeshi.web.context.everywhere",
            ],
        },
    },
]
FORM_RENDERER = "hikeshi.web.widgets.Renderer"
DATABASES = databases(ENVIRONMENT.database_url, ENVIRONMENT.data)
DATABASE_ROUTERS = ["hikeshi.config.databases.InboxRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
PASSWORD_HASHERS = ["hikeshi.accounts.hashing.Argon2"]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name", "email"]},
    },
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
]
SESSION_ENGINE = "hikeshi.accounts.sessions"
SESSION_COOKIE_AGE = 24 * 60 * 60  # from sign-in on, however busy (NIST SP 800-63B-4 section 2.2.3)

# Signing in: django-allauth carries the steps, hikeshi.web.signin answers what it asks.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
ACCOUNT_ADAPTER = "hikeshi.web.signin.adapters.AccountAdapter"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = False  # they would lock others out, and live in one process; hikeshi.accounts.throttle counts
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True  # no choice to make: every session ends by itself
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_DISPLAY = "hikeshi.web.signin.adapters.shown"
MFA_ADAPTER = "hikeshi.web.signin.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_RECOVERY_CODE_DIGITS = 12
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # telephones run half a minute early or late

# Cookies leave the machine over TLS only, wherever there is TLS.
try:
    proxy.use(ENVIRONMENT.outgoing_proxy)
except proxy.BadProxy:
    raise environment.BadEnvironment("HIKESHI_OUTGOING_PROXY: write http://[user:password@]host[:port].") from None
PUBLIC_URL: str = ENVIRONMENT.public_url
try:
    MAIL_RECEIVER = read_ports(
        environment.text("HIKESHI_MAIL"),
        environment.text("HIKESHI_MAIL_SENDERS"),
        ENVIRONMENT.certificate,
        ENVIRONMENT.certificate_key,
    )
except BadMail as error:
    raise environment.BadEnvironment(str(error)) from None
try:
    INBOX = read_stream(
        environment.text("HIKESHI_INBOX"),
        Access(
            user=environment.text("HIKESHI_INBOX_USER"),
            password=environment.text("HIKESHI_INBOX_PASSWORD"),
            token=environment.text("HIKESHI_INBOX_TOKEN"),
            authority=environment.text("HIKESHI_INBOX_AUTHORITY"),
            certificate=environment.text("HIKESHI_INBOX_CERTIFICATE"),
            certificate_key=environment.text("HIKESHI_INBOX_CERTIFICATE_KEY"),
            credentials=environment.text("HIKESHI_INBOX_CREDENTIALS"),
        ),
        replicas=environment.number("HIKESHI_INBOX_REPLICAS", 3),
        megabytes=environment.number("HIKESHI_INBOX_MEGABYTES", 10_000),
    )
except BadInbox as error:
    raise environment.BadEnvironment(str(error)) from None
if INBOX is not None and not ENVIRONMENT.database_url:
    raise environment.BadEnvironment("HIKESHI_INBOX is for several machines: they share HIKESHI_DATABASE_URL too.")
TLS = bool(ENVIRONMENT.certificate) or PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_NAME = "__Host-session" if TLS else "session"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if TLS else "csrf"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if TLS else 0

LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = None
# Pictures and scripts of the page that describes the API. The package is loaded where the API is, not by every process.
STATICFILES_DIRS = [Path(str(find_spec("ninja").origin)).parent / "static"]  # type: ignore[union-attr]  # installed
WHITENOISE_USE_FINDERS = True  # files are served from where they are installed; nothing is copied at start
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/vendor/"  # hashed or versioned names, see tools/assets.py
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
# A form's files stay in memory while they are small; what is larger goes sealed into the vault, never in clear to disk.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "hikeshi.incidents.uploads.Sealing",
]
CSRF_FAILURE_VIEW = "hikeshi.web.errors.forged"
CSRF_COOKIE_HTTPONLY = True
