"""Settings: name, default, help. Read from the environment (prefix ``BACKPACK_``) and from ``.env``."""

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from .errors import Misconfigured


def _is_site(value: str) -> bool:
    parts = urlsplit(value)
    more = (parts.username, parts.path.strip("/"), parts.query, parts.fragment)
    return parts.scheme in ("http", "https") and _has_host(value) and not any(more)


def _is_mail_server(value: str) -> bool:
    return urlsplit(value).scheme in ("smtp", "smtps") and _has_host(value)


def _has_host(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.hostname) and parts.port != 0  # raises ValueError when it is no number of a port


def _is_mailbox(value: str) -> bool:
    name, _, domain = value.rpartition("@")
    return bool(re.fullmatch(r"""[^\s<>@,;:"]+""", name)) and _is_host(domain)


def _is_host(value: str) -> bool:
    labels = value.removesuffix(".").split(".")
    return all(re.fullmatch(r"[\w-]{1,63}", label) for label in labels) and not labels[-1].isdecimal()


def _are_proxies(value: str) -> bool:
    # Whoever takes these at their word would take anything else for the name of a socket, and trust nobody.
    named = [one.strip() for one in value.split(",")]
    return value == "*" or all(ipaddress.ip_network(one) for one in named if one)


def _are_hosts(value: str) -> bool:
    return all(
        _is_host(one) or ipaddress.ip_network(one.strip("[]"), strict=False)
        for one in value.replace(",", " ").split()
    )


def _is_topic(value: str) -> bool:
    return bool(re.fullmatch(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]+", value))


SHAPES: dict[str, tuple[Callable[[str], bool], str]] = {
    "base_url": (_is_site, "https://badges.example.org, without a path"),
    "mail_url": (_is_mail_server, "smtp://user:password@mail.example.org:587"),
    "mail_from": (_is_mailbox, "badges@example.org"),
    "inbox_domain": (_is_host, "in.badges.example.org"),
    "ses_topic": (_is_topic, "arn:aws:sns:eu-west-1:123456789012:award-mails"),
    "proxies": (_are_proxies, "10.0.0.7,172.16.0.0/12, with no names among them"),
    "fetch_allow": (_are_hosts, "intranet.example.org,10.0.0.0/8"),
}
"""Settings that would otherwise be noticed only when they are used, each with what it should look like."""


class Settings(BaseSettings):
    """Everything an operator may set. Each field's description is its row in README's table."""

    model_config = SettingsConfigDict(
        env_prefix="BACKPACK_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    data_dir: Path = Field(Path("data"), description="Where everything lives that has no address of its own")
    base_url: str = Field(
        "http://127.0.0.1:8000", description="The address people use; all links are built from it"
    )
    database_url: str = Field("", description="SQLite in DATA_DIR when empty; postgresql://…")
    blob_url: str = Field("", description="Files in DATA_DIR when empty; s3://bucket/prefix")
    queue_url: str = Field(
        "",
        description="SQLite in DATA_DIR when empty; postgresql://… or redis://…",
    )
    secret_key: str = Field(
        "", description="At least 32 characters; made and kept in DATA_DIR when BASE_URL is local"
    )
    mail_url: str = Field(
        "", description="smtp://user:password@host:port for outgoing mail; /dev/mail when empty and local"
    )
    mail_from: str = Field("", description="Sender of outgoing mail; backpack@<host of BASE_URL> when empty")
    inbox_domain: str = Field(
        "", description="Domain of the personal import addresses; host of BASE_URL when empty"
    )
    smtp_listen: str = Field("", description="host:port where award mails are taken by SMTP; off when empty")
    lmtp_listen: str = Field("", description="host:port where award mails are taken by LMTP; off when empty")
    smtp_tls_cert: str = Field(
        "", description="PEM file with our certificate and its chain, for STARTTLS; not offered when empty"
    )
    smtp_tls_key: str = Field("", description="PEM file with its key; in the same file when empty")
    smtp_tls_required: bool = Field(
        False, description="Whether SMTP takes mail only over TLS; LMTP never asks for it"
    )
    authserv_id: str = Field(
        "",
        description="Name under which our own mail server writes Authentication-Results; unread when empty",
    )
    imap_minutes: int = Field(
        15, ge=1, description="How often connected mailboxes are looked into, in minutes"
    )
    postmark_secret: str = Field(
        "", description="Password in the address that Postmark posts to; /inbound/postmark is off when empty"
    )
    mailgun_key: str = Field(
        "", description="Mailgun's webhook signing key; /inbound/mailgun/mime is off when empty"
    )
    sendgrid_key: str = Field(
        "",
        description="Public key of SendGrid's security policy, or a password in the address; "
        "/inbound/sendgrid is off when empty",
    )
    ses_topic: str = Field(
        "", description="ARN of the SNS topic that Amazon SES posts to; /inbound/ses is off when empty"
    )
    metrics_token: str = Field(
        "", description="Who sends it as bearer may read /metrics; when empty, local runs only"
    )
    proxies: str = Field(
        "", description="Addresses of our own reverse proxies, comma-separated; only they may say who asks"
    )
    fetch_allow: str = Field(
        "", description="Hosts and networks that may be fetched though not public, comma-separated"
    )
    vc_api_binding: bool = Field(
        True,
        description="Whether the VC-API verifies only what is signed with a key shown to be the issuer's",
    )
    trusted_issuers: str = Field(
        "",
        description="JSON file of issuers whose keys this backpack vouches for: their ids, each with its keys "
        "or DIDs; nobody when empty",
    )
    host: str = Field("127.0.0.1", description="Where serve listens")
    port: int = Field(8000, ge=1, le=65535, description="Where serve listens")
    web_processes: int = Field(1, ge=1, description="How many web processes serve starts")
    job_workers: int = Field(2, ge=1, description="How many jobs a worker runs at a time")

    def __init__(self, **given: Any) -> None:
        """Read them. Raises Misconfigured."""
        try:
            super().__init__(**given)
        except UnicodeDecodeError:
            raise Misconfigured("The file .env is not text in UTF-8.", "Save it as UTF-8.") from None
        except OSError as error:
            raise Misconfigured(f"The file .env cannot be read: {error.strerror}.") from error

    @field_validator(*SHAPES)
    @classmethod
    def _in_shape(cls, value: str, info: ValidationInfo) -> str:
        fits, example = SHAPES[str(info.field_name)]
        with contextlib.suppress(ValueError):  # what cannot even be taken apart
            if not value or fits(value):
                return value
        raise ValueError(f"it should look like {example}")

    @field_validator("base_url")
    @classmethod
    def _as_browsers_write_it(cls, value: str) -> str:
        parts = urlsplit(value)
        usual = ":443" if parts.scheme == "https" else ":80"
        return f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"

    @model_validator(mode="wrap")
    @classmethod
    def _in_a_sentence(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """What cannot be read is told to whoever set it. Raises Misconfigured."""
        try:
            return handler(given)
        except ValidationError as error:
            wrong = error.errors()[0]
            name = "_".join(str(part) for part in wrong["loc"]).upper()
            why = wrong["msg"].removeprefix("Value error, ")
            raise Misconfigured(
                f"BACKPACK_{name} is not usable: {why[:1].lower()}{why[1:]}.", "README tells of each setting."
            ) from None

    @model_validator(mode="after")
    def _at_its_port(self) -> Self:
        """Left alone, BASE_URL is where serve listens on this machine."""
        if "base_url" not in self.model_fields_set:
            self.base_url = f"http://127.0.0.1:{self.port}"
        return self

    @property
    def host_name(self) -> str:
        """Host of BASE_URL, without port."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def is_local(self) -> bool:
        """Whether this instance is for one machine only: BASE_URL is a loopback address."""
        if self.host_name == "localhost" or self.host_name.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host_name).is_loopback
        except ValueError:
            return False

    @property
    def is_https(self) -> bool:
        """Whether people reach it by https."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'backpack.db'}"

    @property
    def inbox_host(self) -> str:
        """Domain of the personal import addresses."""
        return self.inbox_domain or self.host_name

    @property
    def sender(self) -> str:
        """From address of our own mail."""
        return self.mail_from or f"backpack@{self.host_name}"

    @cached_property
    def key(self) -> bytes:
        """The instance's secret; made on first use when local. Raises Misconfigured when weak or absent."""
        if self.secret_key:
            if len(self.secret_key) < 32:
                raise Misconfigured(
                    "BACKPACK_SECRET_KEY is shorter than 32 characters.", "Set a longer random one."
                )
            return self.secret_key.encode()
        if not self.is_local:
            raise Misconfigured(
                "BACKPACK_SECRET_KEY is not set, and BACKPACK_BASE_URL is not local.",
                'Set it to a random text: python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
            )
        return _kept_key(self.data_dir / "secret.key")


def made(folder: Path, try_this: str = "Look at BACKPACK_DATA_DIR.") -> Path:
    """This folder, made when absent. Raises Misconfigured when nothing can be kept in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise Misconfigured(f"Nothing can be kept in {folder}: {error.strerror}.", try_this) from error
    return folder


def _kept_key(path: Path) -> bytes:
    """The key in this file, made with mode 0600 when absent; whoever makes it first wins."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=made(path.parent), prefix=path.name) as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    try:
        return path.read_text().strip().encode()
    except OSError as error:
        raise Misconfigured(
            f"{path} cannot be read: {error.strerror}.", "Give it to whoever runs Backpack."
        ) from error
