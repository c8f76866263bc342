"""An owner lets the shop into a mailbox that takes no passwords, in a browser and on the simulator's own page."""

from collections.abc import Callable

from playwright.sync_api import expect

from prilavok.simulator import authority
from tests.journeys.open_shop import OpenShop
from tests.journeys.people import Agent

MAILBOX = "shop@outlook.example"


def test_an_owner_refuses_allows_and_reads_since_when(shop: OpenShop, agent_at: Callable[..., Agent]) -> None:
    mail, page = shop.demo.mail, f"{shop.url}{authority.PATH}"
    config = {
        "address": MAILBOX,
        "sign_in": "microsoft",
        "client_id": authority.CLIENT_ID,
        "client_secret": authority.CLIENT_SECRET,
        "authorize_url": f"{page}/authorize",
        "token_url": f"{page}/token",
        "imap_host": "127.0.0.1",
        "imap_port": mail.imap_port,
        "imap_security": "none",
        "smtp_host": "127.0.0.1",
        "smtp_port": mail.smtp_port,
        "smtp_security": "none",
    }
    made = shop.ask("POST", "/api/v1/inboxes", {"kind": "email", "name": "Outlook", "config": config})
    try:
        at = agent_at(path=f"/settings/inboxes/{made['id']}").page
        for decision in ("Refuse", "Allow"):
            at.get_by_role("button", name="Sign in at Microsoft").click()
            expect(at.get_by_label("Account")).to_have_value(MAILBOX)
            at.get_by_role("button", name=decision).click()
            expect(at.get_by_role("heading", name="Outlook", exact=True)).to_be_visible()
            if decision == "Refuse":
                expect(at.get_by_text("The sign-in at Microsoft was refused there")).to_be_visible()
        expect(at.get_by_role("heading", name="Signed in at Microsoft")).to_be_visible()
        expect(at.get_by_role("button", name="Sign in again")).to_be_visible()
        assert shop.ask("GET", f"/api/v1/inboxes/{made['id']}")["state"] == "active"
    finally:
        shop.ask("DELETE", f"/api/v1/inboxes/{made['id']}")
