from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "hikeshi.search"
    label = "search"
