from hikeshi.api.incidents import assets, configuring, course, deciding, files, kin, milestones, parts, records, reports

ROUTERS = (
    records.router,
    course.router,
    parts.router,
    milestones.router,
    deciding.router,
    kin.router,
    assets.router,
    files.router,
    reports.router,
    configuring.router,  # with it the routes of words: they share one router
)
