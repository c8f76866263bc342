"""What an admin may change of the settings without typing the password anew."""

import pytest

from prilavok.channels.base import laid_over
from prilavok.channels.xmpp import XmppConfig
from prilavok.domain.errors import BadInput

STORED = {"jid": "shop@example.org", "password": "secret", "port": 5222}


@pytest.mark.parametrize("change", [{"jid": "shop@evil.example"}, {"url": "evil.example"}])
def test_a_password_does_not_follow_the_account_to_another_server(change: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="type the secrets anew"):
        laid_over(XmppConfig, STORED, {**change, "password": ""})
    assert laid_over(XmppConfig, STORED, {"port": 5223, "password": ""})["password"] == "secret"
