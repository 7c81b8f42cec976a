"""Each service applies exactly the facts that the routes table lets it hear."""

import pytest

from services.dispatch.worker import fact_handlers
from services.notify.adapters.texts import TemplateWords
from services.notify.domain.codes import CodeMaker
from services.notify.worker import Ears
from services.registration import worker as registration_worker
from services.registration.adapters.contacts import Contacts
from services.registration.adapters.links import Links
from shared.routes import facts_heard_by

HANDLED = {
    "registration": registration_worker.fact_handlers(
        registration_worker.Ears(Links("secret", "http://localhost"), Contacts())
    ),
    "dispatch": fact_handlers(lambda _: None),
    "notify": Ears(TemplateWords(), lambda _: None, CodeMaker("secret")).handlers(),
}


@pytest.mark.parametrize("service", HANDLED)
def test_a_service_has_a_handler_for_every_fact_it_hears_and_for_no_other(service: str) -> None:
    assert set(HANDLED[service]) == facts_heard_by(service)
