"""Hands texts to AWS SNS and e-mail to SES. Fulfils `SmsSender` and `EmailSender`.

Neither can be asked what it has, and the library's own retries are off: after a timeout they would
send a second time. What SES made of a letter comes by its events, with our id as a tag.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from botocore.parsers import ResponseParserError
from botocore.session import Session

from services.notify.adapters.batches import hand_in
from services.notify.adapters.mail import BadAddress, Sender, to_mail
from services.notify.domain.outcomes import Accepted, Deferred, Outcome, Refused, Unsure
from services.notify.domain.wording import one_line
from services.notify.ports.senders import Letter, Sought, Text
from shared.clock import Clock

TAG = "porchlight-message"
_NEVER_LEFT = (
    EndpointConnectionError,
    ConnectTimeoutError,
    NoCredentialsError,
    PartialCredentialsError,
)
_PERMANENT = {
    "InvalidParameter": "AWS says that this address cannot be used",
    "InvalidParameterException": "AWS says that this address cannot be used",
    "InvalidParameterValue": "AWS says that this address cannot be used",
    "ParameterValueInvalid": "AWS says that this address cannot be used",
    "BadRequestException": "AWS refused it",
    "MessageRejected": "SES refused it",
    "OptedOut": "opted out at AWS",
    "OptedOutException": "opted out at AWS",
}


@dataclass(frozen=True, slots=True)
class AwsAccount:
    """How AWS is reached; without a key the machine's own role is used. `repr` shows no secret."""

    region: str
    endpoint_url: str
    key_id: str
    secret: str
    configuration_set: str
    sender_id: str

    def __repr__(self) -> str:
        return f"AwsAccount({self.region})"

    def client(self, service: str, timeout: float, at_once: int) -> Any:
        """The service's client; may be used from many threads."""
        return Session().create_client(
            service,
            region_name=self.region,
            endpoint_url=self.endpoint_url or None,
            aws_access_key_id=self.key_id or None,
            aws_secret_access_key=self.secret or None,
            config=Config(
                connect_timeout=4.0,
                read_timeout=timeout,
                retries={"total_max_attempts": 1},
                ignore_configured_endpoint_urls=True,
                max_pool_connections=at_once * 4,
            ),
        )


class Sns:
    """Fulfils `SmsSender`."""

    name = "sns"

    def __init__(self, account: AwsAccount, timeout: float = 8.0, at_once: int = 8) -> None:
        self._sender_id = account.sender_id
        self._client = account.client("sns", timeout, at_once)
        self._pool = ThreadPoolExecutor(at_once, self.name)

    def send_texts(self, texts: Sequence[Text]) -> Sequence[Outcome]:
        return hand_in(texts, self._send, self._pool)

    def known(self, _sought: Sequence[Sought]) -> Mapping[str, Outcome] | None:
        return None

    def _send(self, text: Text) -> Outcome:
        attributes = {"AWS.SNS.SMS.SMSType": "Transactional"}
        if text.sender:
            attributes["AWS.MM.SMS.OriginationNumber"] = text.sender
        elif self._sender_id:
            attributes["AWS.SNS.SMS.SenderID"] = self._sender_id
        typed = {k: {"DataType": "String", "StringValue": v} for k, v in attributes.items()}
        return _tried(
            lambda: self._client.publish(
                PhoneNumber=text.to, Message=text.body, MessageAttributes=typed
            )
        )


class Ses:
    """Fulfils `EmailSender`."""

    name = "ses"

    def __init__(
        self,
        account: AwsAccount,
        sender: Sender,
        clock: Clock,
        timeout: float = 8.0,
        at_once: int = 8,
    ) -> None:
        self._account = account
        self._sender = sender
        self._clock = clock
        self._client = account.client("sesv2", timeout, at_once)
        self._pool = ThreadPoolExecutor(at_once, self.name)

    def send_letters(self, letters: Sequence[Letter]) -> Sequence[Outcome]:
        return hand_in(letters, self._send, self._pool)

    def known(self, _sought: Sequence[Sought]) -> Mapping[str, Outcome] | None:
        return None

    def _send(self, letter: Letter) -> Outcome:
        try:
            mail = to_mail(letter, self._sender, self._clock.now())
        except BadAddress:
            return Refused("this is not an e-mail address")
        asked: dict[str, Any] = {
            "FromEmailAddress": self._sender.address,
            "Destination": {"ToAddresses": [letter.to]},
            "Content": {"Raw": {"Data": mail.as_bytes()}},
            "EmailTags": [{"Name": TAG, "Value": letter.id}],
        }
        if self._account.configuration_set:
            asked["ConfigurationSetName"] = self._account.configuration_set
        return _tried(lambda: self._client.send_email(**asked))


def _tried(send: Callable[[], Mapping[str, Any]]) -> Outcome:
    try:
        return Accepted(str(send()["MessageId"]))
    except ParamValidationError:
        return Refused("AWS says that this address cannot be used")
    except ClientError as error:
        return _judge(error)
    except _NEVER_LEFT as error:
        return Deferred(f"AWS cannot be reached: {type(error).__name__}")
    except (BotoCoreError, ResponseParserError, KeyError):
        return Unsure("AWS broke off before it said whether it has the message")


def _judge(error: ClientError) -> Outcome:
    code = one_line(str(error.response.get("Error", {}).get("Code", "")))[:60]
    words = str(error.response.get("Error", {}).get("Message", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if "not verified" in words or "authority to send" in words:
        # SES says so of our own address, or of everybody's while the account is in its sandbox.
        return Deferred("SES has not verified the address that we write from, or is on trial")
    if code in _PERMANENT:
        return Refused(f"{_PERMANENT[code]} ({code})", opted_out=code.startswith("OptedOut"))
    if status in (502, 504):
        return Unsure("AWS had no answer, so the message may be on its way")
    return Deferred(f"AWS asked to wait or fails ({code or status})")
