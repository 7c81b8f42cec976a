"""Sessions for the forms' guard only: a request without our cookie costs nothing. Main uses it."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class FormSessions(SecureCookieSessionInterface):
    """Flask's own cookie sessions, which build a signer for each request, cookie or not."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.accessed or session.modified or session.permanent:
            super().save_session(app, session, response)
