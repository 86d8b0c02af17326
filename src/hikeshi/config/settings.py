"""Django's settings, composed from the environment. Nothing here is edited by a site."""

import hashlib
from pathlib import Path

from hikeshi.config import environment
from hikeshi.config.databases import databases

ENVIRONMENT = environment.read()
PACKAGE = Path(__file__).resolve().parent.parent

MASTER_KEY = environment.master_key(ENVIRONMENT.key_file)
SECRET_KEY = hashlib.blake2b(MASTER_KEY.encode(), person=b"hikeshi.session").hexdigest()
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ["*"]  # the Host header decides nothing here: links are built from HIKESHI_PUBLIC_URL
DATA_ROOT = ENVIRONMENT.data

INSTALLED_APPS = [
    "hikeshi.ledger",
    "hikeshi.accounts",
    "hikeshi.intake.inbox",
    "hikeshi.intake",
    "hikeshi.incidents",
    "hikeshi.engine",
    "hikeshi.web",
    "hikeshi.api",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ninja",
]
MIDDLEWARE = [
    "hikeshi.web.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hikeshi.web.middleware.reader",
    "hikeshi.web.middleware.Pages",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "hikeshi.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
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
SESSION_COOKIE_AGE = 24 * 60 * 60
LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = ENVIRONMENT.time_zone
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True  # files are served from where they are installed; nothing is copied at start
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/vendor/"  # hashed or versioned names, see tools/assets.py
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_FAILURE_VIEW = "hikeshi.web.errors.forged"
CSRF_COOKIE_HTTPONLY = True
