"""Calls as the providers make them, signed the way each documents."""

import base64
import datetime as dt
import functools
import hashlib
import hmac
import json
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from backpack.sources.webhooks import Call

NOW = dt.datetime(2026, 5, 4, 12, 0, tzinfo=dt.UTC)
PASSWORD = "a-password-of-some-length"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:award-mails"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123abcd.pem"
CONFIRM = f"https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=23a4"
RAW = b"From: a@b.test\r\nSubject: You earned a badge\r\n\r\nCongratulations, Mar\xc3\xada!\r\n"
SENDER = "noreply@issuer.test"


def basic(password: str = PASSWORD) -> dict[str, str]:
    """The header that a password in an address becomes."""
    return {"authorization": f"Basic {base64.b64encode(f'backpack:{password}'.encode()).decode()}"}


def postmark(to: str, password: str = PASSWORD, **more: object) -> Call:
    told = {"FromFull": {"Email": SENDER}, "OriginalRecipient": to, "RawEmail": RAW.decode(), **more}
    return Call({"content-type": "application/json", **basic(password)}, json.dumps(told).encode())


def mailgun(to: str, key: str = PASSWORD, at: dt.datetime = NOW, **more: str | None) -> Call:
    stamp, token = str(int(at.timestamp())), "t" * 50
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    fields = {
        "recipient": to,
        "sender": SENDER,
        "body-mime": RAW.decode(),
        "timestamp": stamp,
        "token": token,
        "signature": signature,
        **more,
    }
    sent = {name: value for name, value in fields.items() if value is not None}
    return Call({"content-type": "application/x-www-form-urlencoded"}, urlencode(sent).encode())


def form(fields: dict[str, bytes]) -> Call:
    """A form as multipart/form-data."""
    parts = [
        b'--edge\r\ncontent-disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v)
        for n, v in fields.items()
    ]
    return Call({"content-type": "multipart/form-data; boundary=edge"}, b"".join(parts) + b"--edge--\r\n")


def sendgrid(to: str, at: dt.datetime = NOW, signed: bool = True, **more: bytes) -> Call:
    envelope = json.dumps({"to": [to], "from": SENDER}).encode()
    plain = form({"envelope": envelope, "email": RAW, **more})
    stamp = str(int(at.timestamp()))
    headers = basic()
    if signed:
        signature = sendgrid_key().sign(stamp.encode() + plain.body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
            "x-twilio-email-event-webhook-timestamp": stamp,
        }
    return Call({**plain.headers, **headers}, plain.body)


@functools.cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def sendgrid_public_key() -> str:
    """As SendGrid shows it: base64 of the DER."""
    der = (
        sendgrid_key()
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return base64.b64encode(der).decode()


def received(to: str, content: str = RAW.decode(), **more: object) -> dict[str, object]:
    """What SES tells of a mail."""
    told = {
        "notificationType": "Received",
        "receipt": {"recipients": [to], "action": {"type": "SNS", "topicArn": TOPIC}},
        "mail": {"source": SENDER, "destination": ["somebody@else.test"]},
        "content": content,
    }
    return {**told, **more}


def ses(message: object, version: str = "2", signed: bool = True, **more: str) -> Call:
    """A message of SNS, signed over its parts in the order of their names."""
    told = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Receipt Notification",
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": "2026-05-04T12:00:00.000Z",
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE,
        **more,
    }
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    if told["Type"] != "Notification":
        del told["Subject"]
    text = "".join(f"{name}\n{told[name]}\n" for name in names if name in told)
    key, digest = _sns()[0], {"1": hashes.SHA1}.get(version, hashes.SHA256)
    signature = key.sign(text.encode(), padding.PKCS1v15(), digest()) if signed else b"none"
    told["Signature"] = base64.b64encode(signature).decode()
    return Call({"content-type": "text/plain; charset=UTF-8"}, json.dumps(told).encode())


def confirmation(address: str = CONFIRM) -> Call:
    """SNS asks whether we want to be called."""
    more = {"Type": "SubscriptionConfirmation", "Token": "23a4", "SubscribeURL": address}
    return ses("You have chosen to subscribe to the topic.", **more)


def certificate(at: dt.datetime = NOW) -> bytes:
    """The certificate of SNS, valid the day before and the day after."""
    key, name = _sns()
    day = dt.timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    dated = made.not_valid_before(at - day).not_valid_after(at + day)
    return dated.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@functools.cache
def _sns() -> tuple[rsa.RSAPrivateKey, x509.Name]:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    return rsa.generate_private_key(65537, 2048), name
