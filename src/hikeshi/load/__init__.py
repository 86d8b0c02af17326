"""Who carries how much, and who is given what is new: capacity and skills of people, rules of assignment, limits.

Stands above service levels, since an overdue record weighs on whoever owns it. ``choosing`` and ``capacity`` are pure.
"""
