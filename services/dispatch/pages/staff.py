"""The staff of the cities that one administers, and API tokens. Only `accounts.py` adds it."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.dispatch.pages.frame import Means, field, page
from shared.actor import current_actor
from shared.failures import Refused
from shared.grants import EVERYWHERE, ROLES, Grant, Grants, administers
from shared.tokens import SCOPES

Cities = Callable[[], list[tuple[str, str]]]


def add_staff(pages: Blueprint, means: Means, cities: Cities) -> None:
    """Add the routes to the pages' blueprint; `cities` gives every slug and name."""

    def everybody(status: int = 200, **words: object) -> Response:
        listed = means.people.listed(current_actor().grants)
        return page(
            "staff.html", status, listed=listed, **_choices(cities), **{"fields": {}} | words
        )

    @pages.get("/staff")
    def staff() -> Response:
        return everybody(done=session.pop("done", ""))

    @pages.post("/staff")
    def invite() -> Response:
        grant = Grant(field("city"), field("role"))
        mine = current_actor().grants
        try:
            secret = means.people.invite(field("email"), field("name"), [grant], mine)
        except Refused as refused:
            words = {"email": field("email"), "name": field("name")}
            return everybody(422, fault=str(refused), fields=refused.fields, **words)
        link = means.link(url_for(".invitation", token=secret))
        return everybody(link=link, whom=field("email"))

    show = partial(_one, means, cities)
    _add_person(pages, means, show)
    _add_access(pages, means, show)


def _add_person(pages: Blueprint, means: Means, one: Callable[..., Response]) -> None:
    @pages.get("/staff/<person_id>")
    def person(person_id: str) -> Response:
        return one(person_id, done=session.pop("done", ""))

    @pages.post("/staff/<person_id>/roles")
    def give_roles(person_id: str) -> AnyResponse:
        chosen = [text.partition("/") for text in request.form.getlist("grant")]
        wanted = [Grant(city, role) for city, _, role in chosen]
        me = current_actor().id
        done = "The roles are changed. The person has to sign in again."
        return _act(
            one, person_id, lambda mine: means.people.give(person_id, wanted, mine, me), done
        )

    @pages.post("/staff/<person_id>/link")
    def new_link(person_id: str) -> Response:
        try:
            secret = means.people.invite_again(person_id, current_actor().grants)
        except Refused as refused:
            return one(person_id, 422, fault=str(refused))
        return one(person_id, link=means.link(url_for(".invitation", token=secret)))


def _add_access(pages: Blueprint, means: Means, one: Callable[..., Response]) -> None:
    @pages.post("/staff/<person_id>/disable")
    def disable(person_id: str) -> AnyResponse:
        me = current_actor().id
        done = "The account is disabled and signed out everywhere."
        return _act(one, person_id, lambda mine: means.people.disable(person_id, mine, me), done)

    @pages.post("/staff/<person_id>/enable")
    def enable(person_id: str) -> AnyResponse:
        done = "The account is enabled."
        return _act(one, person_id, lambda mine: means.people.enable(person_id, mine), done)

    @pages.post("/staff/<person_id>/sign-out")
    def sign_person_out(person_id: str) -> AnyResponse:
        done = "The person is signed out everywhere."
        return _act(one, person_id, lambda mine: means.people.sign_out(person_id, mine), done)

    @pages.post("/staff/<person_id>/second-factor/off")
    def drop_second_factor(person_id: str) -> AnyResponse:
        done = "The second factor is removed."
        return _act(
            one, person_id, lambda mine: means.people.drop_second_factor(person_id, mine), done
        )


def _choices(cities: Cities) -> dict[str, object]:
    return {"roles": ROLES, "places": places(cities(), current_actor().grants)}


def _one(
    means: Means, cities: Cities, person_id: str, status: int = 200, **words: object
) -> Response:
    found = means.people.one(person_id, current_actor().grants)
    if found is None:
        abort(404, "There is no such account among those that you manage.")
    sessions = means.entrance.book.of(person_id)
    held = {(grant.city, grant.role) for grant in found.grants}
    return page(
        "person.html",
        status,
        found=found,
        sessions=sessions,
        held=held,
        **_choices(cities),
        **words,
    )


def _act(
    one: Callable[..., Response], person_id: str, change: Callable[[Grants], object], done: str
) -> AnyResponse:
    try:
        change(current_actor().grants)
    except Refused as refused:
        return one(person_id, 422, fault=str(refused))
    session["done"] = done
    return redirect(url_for(".person", person_id=person_id), 303)


def add_tokens(pages: Blueprint, means: Means, cities: Cities) -> None:
    """Add the routes of the page of API tokens."""

    def listing(status: int = 200, **words: object) -> Response:
        mine = current_actor().grants
        now = means.entrance.clock.now()
        made = means.tokens.listed(mine)
        fixed = {"tokens": made, "now": now, "scopes": SCOPES, "roles": ROLES, "fields": {}}
        return page("tokens.html", status, **fixed | {"places": places(cities(), mine)} | words)

    @pages.get("/tokens")
    def tokens() -> Response:
        return listing(done=session.pop("done", ""))

    @pages.post("/tokens")
    def make_token() -> Response:
        actor = current_actor()
        days = int(field("days")) if field("days").isdecimal() and len(field("days")) < 6 else 0
        grant = Grant(field("city"), field("role"))
        scopes = request.form.getlist("scope")
        try:
            text = means.tokens.make(field("name"), grant, scopes, days, actor.grants, actor.name)
        except Refused as refused:
            name = {"name": field("name")}
            return listing(422, fault=str(refused), fields=refused.fields, **name)
        return listing(made=text)

    @pages.post("/tokens/<token_id>/revoke")
    def revoke_token(token_id: str) -> AnyResponse:
        try:
            means.tokens.revoke(token_id, current_actor().grants)
        except Refused as refused:
            return listing(422, fault=str(refused))
        session["done"] = "The token is revoked."
        return redirect(url_for(".tokens"), 303)


def places(cities: list[tuple[str, str]], mine: Grants) -> list[tuple[str, str]]:
    """Where the holder of `mine` may give roles: slug and name."""
    found = [(slug, name) for slug, name in cities if administers(mine, slug)]
    return [(EVERYWHERE, "every city"), *found] if administers(mine, EVERYWHERE) else found
