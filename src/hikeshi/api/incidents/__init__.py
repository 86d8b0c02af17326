from hikeshi.api.incidents import course, parts, records, reports, words

ROUTERS = (records.router, course.router, parts.router, reports.router, words.router)
