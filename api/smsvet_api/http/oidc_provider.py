"""An OpenID Connect provider: its addresses and keys, and the check of the tokens that it issues."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from .settings import Settings

ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures with a public key. A token signed with the client's secret, or not at all, is refused."""
_TIMEOUT: Final = 10.0
_KEPT: Final = 3600.0
"""Seconds for which addresses and keys are kept."""
_LEEWAY: Final = 60
"""Seconds by which the clocks may differ."""
_LONGEST: Final = 255


class ProviderDownError(Exception):
    """The provider cannot be reached, or its metadata cannot be used."""


class TokenError(Exception):
    """The provider refuses the code, or the token is not for this login. The text is for the log, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class _Known:
    metadata: dict[str, Any]
    keys: KeySet
    until: float


class Provider:
    """The provider of the settings. Safe to share between requests."""

    def __init__(self, settings: Settings) -> None:
        assert settings.oidc_issuer is not None  # noqa: S101 - the routes exist only then
        self.issuer = settings.oidc_issuer.rstrip("/")
        self.settings = settings
        self._known: _Known | None = None

    def _client(self, callback: str) -> Any:
        return AsyncOAuth2Client(
            self.settings.oidc_client_id,
            self.settings.oidc_client_secret,
            scope=self.settings.oidc_scope,
            redirect_uri=callback,
            code_challenge_method="S256",
            timeout=_TIMEOUT,
        )

    async def login_url(self, callback: str, state: str, nonce: str, verifier: str) -> str:
        """Return the address to which the browser is sent. Raises ProviderDownError."""
        known = await self._metadata()
        async with self._client(callback) as client:
            url, _ = client.create_authorization_url(
                known.metadata["authorization_endpoint"], state=state, code_verifier=verifier, nonce=nonce
            )
        return str(url)

    async def claims(self, callback: str, code: str, nonce: str, verifier: str) -> dict[str, Any]:
        """Return the claims of the user for a code. Raises TokenError and ProviderDownError."""
        known = await self._metadata()
        try:
            async with self._client(callback) as client:
                token = await client.fetch_token(
                    known.metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                )
        except OAuthError as error:
            raise TokenError("the provider refused the code") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise ProviderDownError(type(error).__name__) from error
        issued = token.get("id_token")
        if not isinstance(issued, str):
            raise TokenError("there is no id_token")
        return await self._checked(issued, nonce)

    async def _checked(self, issued: str, nonce: str) -> dict[str, Any]:
        known = await self._metadata()
        try:
            decoded = jwt.decode(issued, known.keys, algorithms=ALGORITHMS)
        except (JoseError, ValueError):  # perhaps signed with a key that is newer than the known ones
            known = await self._metadata(renewed=True)
            try:
                decoded = jwt.decode(issued, known.keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError) as error:
                raise TokenError("the signature is wrong") from error
        claims: dict[str, Any] = decoded.claims
        audience = claims.get("aud")
        several = isinstance(audience, list) and len(audience) > 1
        try:
            jwt.JWTClaimsRegistry(
                leeway=_LEEWAY,
                iss={"essential": True, "value": str(known.metadata["issuer"])},
                aud={"essential": True, "value": str(self.settings.oidc_client_id)},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
                azp={"essential": several, "value": str(self.settings.oidc_client_id)},
            ).validate(claims)
        except JoseError as error:
            raise TokenError(f"a claim is wrong: {type(error).__name__}") from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST or "\0" in subject:
            raise TokenError("the subject cannot be stored")
        return claims

    async def _metadata(self, *, renewed: bool = False) -> _Known:
        if self._known is not None and not renewed and time.monotonic() < self._known.until:
            return self._known
        try:
            async with httpx2.AsyncClient(timeout=_TIMEOUT) as client:
                metadata = await _json(client, f"{self.issuer}/.well-known/openid-configuration")
                if str(metadata["issuer"]).rstrip("/") != self.issuer:
                    raise ProviderDownError("the metadata name another issuer")
                keys = KeySet.import_key_set(await _json(client, metadata["jwks_uri"]))
        except (httpx2.HTTPError, httpx2.InvalidURL, JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderDownError(type(error).__name__) from error
        self._known = _Known(metadata, keys, time.monotonic() + _KEPT)
        return self._known


async def _json(client: httpx2.AsyncClient, url: str) -> Any:
    response = await client.get(url)
    response.raise_for_status()
    return response.json()
