"""Who may use which endpoint of dispatch: one row each, the first that fits holds.

A new endpoint needs a row here; without one it is refused, and a test fails.
"""

from shared.access import Door, Table, for_staff, own, public

READERS = "planner dispatcher notifier auditor"
PREPARERS = "planner dispatcher"

ACCESS: Table = (
    # --- for anybody ---
    *public("healthz", "readyz", "static", "*.static"),
    *public("accounts.sign_in", "accounts.enter", "accounts.code", "accounts.enter_code"),
    *public("accounts.to_provider", "accounts.from_provider", "accounts.sign_out"),
    *public("accounts.invitation", "accounts.accept"),
    # --- teams, by the cookie that their link sets ---
    *public("team.asset", "team.worker"),
    *own("team.*"),
    # --- one's own account ---
    *for_staff(Door.SIGNED_IN, "", "accounts.give_pass", "accounts.account", people=True),
    *for_staff(Door.SIGNED_IN, "", "accounts.change_password", people=True),
    *for_staff(Door.SIGNED_IN, "", "accounts.second_factor", "accounts.switch_on", people=True),
    *for_staff(Door.SIGNED_IN, "", "accounts.switch_off", people=True),
    *for_staff(Door.SIGNED_IN, "", "accounts.renew_recovery", people=True),
    *for_staff(Door.SIGNED_IN, "", "accounts.end_session", "accounts.end_others", people=True),
    # --- for administrators ---
    *for_staff(Door.SOME_CITY, "", "accounts.staff", "accounts.invite", people=True),
    *for_staff(Door.SOME_CITY, "", "accounts.person", "accounts.give_roles", people=True),
    *for_staff(Door.SOME_CITY, "", "accounts.disable", "accounts.enable", people=True),
    *for_staff(Door.SOME_CITY, "", "accounts.sign_person_out", people=True),
    *for_staff(Door.SOME_CITY, "", "accounts.drop_second_factor", people=True),
    *for_staff(Door.SOME_CITY, "", "accounts.new_link", people=True),
    *for_staff(Door.SOME_CITY, "", "accounts.tokens", "accounts.make_token", people=True),
    *for_staff(Door.SOME_CITY, "", "accounts.revoke_token", people=True),
    # --- looking back ---
    *for_staff(Door.SOME_CITY, "auditor", "audit.listed", people=True),
    *for_staff(Door.EVERY_CITY, "auditor", "letters.listed", "letters.one"),
    # --- the console ---
    *for_staff(Door.SOME_CITY, READERS, "console.cities"),
    *for_staff(Door.CITY, READERS, "console.board", "console.events"),
    *for_staff(Door.CITY, READERS, "console.wall", "console.lines"),
    # --- the live night ---
    *for_staff(Door.CITY, READERS, "night_api.night", "night_api.actions"),
    *for_staff(Door.CITY, READERS, "night_api.calibration"),
    *for_staff(Door.CITY, "dispatcher", "night_api.act", "night_api.undo_action"),
    *for_staff(Door.CITY, "dispatcher", "replies_api.seen"),
    *for_staff(Door.CITY, "dispatcher", "night_api.accept_proposal"),
    *for_staff(Door.CITY, "dispatcher", "night_api.decline_proposal"),
    *for_staff(Door.CITY, "dispatcher", "night_api.preview_walk_up"),
    *for_staff(Door.CITY, f"{READERS} team", "api.board", "api.plan", "api.route"),
    # --- the roster ---
    *for_staff(Door.CITY, READERS, "roster.page", "roster.changes", "roster.duty_sheets"),
    *for_staff(Door.CITY, "planner dispatcher", "roster.export_workbook", "roster.export_csv"),
    *for_staff(Door.CITY, "planner dispatcher", "roster.reveal", people=True),
    *for_staff(Door.CITY, "planner dispatcher", "roster_api.reveal"),
    *for_staff(Door.CITY, READERS, "roster.blank", "roster.entry"),
    *for_staff(Door.CITY, READERS, "roster_api.whole", "roster_api.entries", "roster_api.entry"),
    *for_staff(Door.CITY, READERS, "roster_api.changes"),
    *for_staff(Door.CITY, "planner dispatcher", "roster.move", "roster.undo"),
    *for_staff(Door.CITY, "planner dispatcher", "roster.add", "roster.save"),
    *for_staff(Door.CITY, "planner dispatcher", "roster_api.move", "roster_api.undo"),
    *for_staff(Door.CITY, "planner dispatcher", "roster_api.add", "roster_api.change"),
    *for_staff(Door.CITY, "planner dispatcher", "roster_api.remove"),
    *for_staff(Door.CITY, "planner", "roster.choose", "roster.upload"),
    *for_staff(Door.CITY, "planner", "roster.preview", "roster.use", "roster.errors"),
    # --- preparing the evening ---
    *for_staff(Door.CITY, READERS, "planning.show_*", "planning.list_*", "planning.compare_*"),
    *for_staff(Door.CITY, "planner dispatcher", "planning.check_plan", "planning.*_edit"),
    *for_staff(Door.CITY, "planner", "planning.*"),
    *for_staff(Door.CITY, READERS, "plan.overview", "plan.draft", "plan.compare", "plan.show_*"),
    *for_staff(Door.CITY, READERS, "plan.print_*"),
    *for_staff(Door.CITY, "planner dispatcher", "plan.check*", "plan.add_edit", "plan.withdraw"),
    *for_staff(Door.CITY, "planner", "plan.*"),
    # --- teams' links, and what teams bring back ---
    *for_staff(Door.CITY, PREPARERS, "team_links.*", "team_sheet.*", "trackers.*"),
    *for_staff(Door.CITY, PREPARERS, "field_reports.approve", "field_reports.disapprove"),
    *for_staff(Door.CITY, READERS, "field_reports.*", "positions.positions"),
    # --- vehicle trackers, by a token ---
    *for_staff(Door.CITY, "dispatcher team", "positions.owntracks", scope="positions"),
    *for_staff(Door.CITY, "dispatcher team", "positions.traccar", scope="positions"),
)
