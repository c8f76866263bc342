"""Where the customer's letters go and whence the shop's come: its mailbox, and agencies with addresses of their own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any, Protocol

from prilavok.simulator.agencies import AgencyOffice, Letter, written
from prilavok.simulator.authority import MAILBOX
from prilavok.simulator.mail import base_address

REMEMBERED = 5000  # letters


class MailLike(Protocol):
    """What it uses of the mail server. `shut`: addresses whose mailbox is no more."""

    shut: set[str]

    def deliver(self, raw: bytes, to: str) -> Any: ...
    def mailbox(self, address: str) -> Sequence[bytes]: ...


class PostOffice:
    """`shop`: the mailbox that the shop reads; `agencies` by the shop's addresses that they serve."""

    def __init__(self, mail: MailLike, shop: str, agencies: Mapping[str, AgencyOffice]) -> None:
        self.mail, self.agencies = mail, dict(agencies)
        self.addresses = (shop, *self.agencies)
        self._sent: dict[str, tuple[AgencyOffice, Letter]] = {}  # what agencies brought, by Message-ID
        for agency in self.agencies.values():
            agency.arrives = self._bringing(agency)

    def address(self, given: str) -> str:
        """The shop's address behind a header or a wish; its first one for any other."""
        found = base_address(parseaddr(given)[1] or given)
        return found if found in {*self.addresses, MAILBOX} else self.addresses[0]

    def post(self, raw: bytes, to: str) -> None:
        agency = self.agencies.get(to)
        if agency is None:
            self.mail.deliver(raw, to)
        else:
            agency.user_writes(raw)

    def close(self, address: str, *, closed: bool) -> None:
        """A mailbox that is no more: whatever is sent there comes back."""
        for known in (self.mail.shut, *(agency.dead for agency in self.agencies.values())):
            (known.add if closed else known.discard)(address)

    def opened(self, message_id: str) -> None:
        """Pictures are loaded: who counts that, tells the shop."""
        if message_id in self._sent:
            agency, letter = self._sent[message_id]
            agency.opened(letter)

    def bounced(self, message_id: str) -> bool:
        """False: no agency brought this letter, so its post office has to write to the shop."""
        if message_id not in self._sent:
            return False
        agency, letter = self._sent[message_id]
        agency.bounced(letter)
        return True

    def complained(self, message_id: str) -> bool:
        """The same."""
        if message_id not in self._sent:
            return False
        agency, letter = self._sent[message_id]
        agency.complained(letter)
        return True

    def _bringing(self, agency: AgencyOffice) -> Any:
        def arrives(letter: Letter, to: str) -> None:
            self._sent[f"<{letter.message_id}>"] = (agency, letter)
            if len(self._sent) > REMEMBERED:
                del self._sent[next(iter(self._sent))]
            at: datetime = agency.now()
            self.mail.deliver(written(letter, at), to)

        return arrives
