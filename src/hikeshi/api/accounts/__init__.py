from hikeshi.api.accounts import calendars, imports, organisations, people, rights, site

ROUTERS = (people.router, imports.router, organisations.router, rights.router, calendars.router, site.router)
