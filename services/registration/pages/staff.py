"""The blueprint of all that staff change. The composition root adds it behind the gate."""

from flask import Blueprint

from services.registration.desk import Desk
from services.registration.pages.staff_changes import add_decisions, add_refusals, add_staff_forms
from services.registration.pages.staff_many import add_bulk, add_merging
from services.registration.staff_desk.bulk import BulkDesk
from services.registration.staff_desk.doubles import DoublesDesk
from services.registration.staff_desk.lists import StaffDesk


def make_staff_changes(
    desk: Desk, staff: StaffDesk, bulk: BulkDesk, doubles: DoublesDesk
) -> Blueprint:
    """One party, many at once, doubles."""
    pages = Blueprint("staff", __name__)
    add_staff_forms(pages, desk, staff)
    add_decisions(pages, desk, staff)
    add_refusals(pages, desk, staff)
    add_bulk(pages, desk, staff, bulk)
    add_merging(pages, desk, doubles)
    return pages
