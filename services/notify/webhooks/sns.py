"""`POST /webhooks/sns`: what became of e-mail that SES has, signed by AWS. Only main uses it."""

from collections.abc import Callable, Sequence

import httpx
from flask import Blueprint, Response, request

from services.notify.adapters.ses_events import receipts_of
from services.notify.adapters.sns_messages import NotSigned, SnsMessage, SnsReader
from services.notify.domain.receipts import Receipt
from services.notify.webhooks.guard import Guard
from shared.logs import log
from shared.web import problem

Take = Callable[[Sequence[Receipt]], int]


def sns_webhook(reader: SnsReader, guard: Guard, take: Take) -> Blueprint:
    """The blueprint; asks AWS to begin where a topic of ours wants that confirmed."""
    hooks = Blueprint("sns", __name__)

    @hooks.post("/webhooks/sns")
    def told() -> Response:
        if refusal := guard.refusal():
            return refusal
        try:
            message = reader.read(request.get_data())
            if message.kind == "SubscriptionConfirmation":
                return _confirm(reader, message)
        except NotSigned as error:
            return problem(403, "Forbidden", str(error))
        take(receipts_of(message.words))
        return Response(status=204)

    return hooks


def _confirm(reader: SnsReader, message: SnsMessage) -> Response:
    try:
        reader.confirm(message)
    except httpx.HTTPError as fault:
        log().warning("a topic could not be confirmed", topic=message.topic, fault=str(fault))
        return problem(503, "Service Unavailable", "AWS did not answer. Please ask again.")
    log().info("a topic was confirmed", topic=message.topic)
    return Response(status=204)
