"""Sign-in by the city's OpenID Connect provider: code flow with PKCE, by Authlib. Pages use it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response as AnyResponse

from shared.failures import Permanent
from shared.grants import Grants
from shared.logs import log

PATIENCE = 10


class ProviderFailed(Permanent):
    """The provider, or what came from it, was no good."""


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """What is configured of the provider."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    roles: Mapping[str, Grants]
    name: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """A person for whom the provider vouches; `email` is '' where it did not check it."""

    subject: str
    email: str
    name: str
    grants: Grants


class Provider:
    """The provider, asked only when somebody signs in."""

    def __init__(self, app: Flask, settings: ProviderSettings) -> None:
        self.name = settings.name
        self._settings = settings
        place = settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        self._client: Any = OAuth(app).register(
            "provider",
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=place,
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": PATIENCE,
            },
        )

    def leave(self, back: str) -> AnyResponse:
        """The redirect to the provider, which sends the person to `back`; state, nonce and
        verifier are kept in the form's cookie."""
        try:
            answer: AnyResponse = self._client.authorize_redirect(back)
            return answer
        except (OAuthError, RequestException, ValueError) as fault:
            raise self._failed(fault) from fault

    def returned(self) -> Vouched:
        """Who came back; the code is exchanged, state, nonce and signature are checked."""
        try:
            token = self._client.authorize_access_token()
            claims = dict(token.get("userinfo") or {})
            if not claims.get("sub"):
                raise ProviderFailed("The provider did not say who signed in.")
            if self._settings.claim not in claims or "email" not in claims:
                more = dict(self._client.userinfo(token=token))
                claims = {**more, **claims} if more.get("sub") == claims["sub"] else claims
        except (OAuthError, RequestException, JoseError, ValueError, KeyError) as fault:
            raise self._failed(fault) from fault
        return self._vouched(claims)

    def _vouched(self, claims: Mapping[str, Any]) -> Vouched:
        said = claims.get(self._settings.claim) or []
        groups = [said] if isinstance(said, str) else [str(group) for group in said]
        grants = frozenset(g for group in groups for g in self._settings.roles.get(group, ()))
        email = str(claims.get("email") or "") if claims.get("email_verified") is True else ""
        name = str(claims.get("name") or claims.get("preferred_username") or email)
        return Vouched(f"{self._settings.issuer} {claims['sub']}", email, name[:100], grants)

    def _failed(self, fault: Exception) -> ProviderFailed:
        log().error("sign-in by the provider failed", fault=str(fault))
        return ProviderFailed(
            f"Signing in by {self.name} did not work. Please try again, or ask your administrator."
        )
