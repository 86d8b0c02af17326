from hikeshi.api.incidents import course, files, parts, records, reports, words

ROUTERS = (records.router, course.router, parts.router, files.router, reports.router, words.router)
