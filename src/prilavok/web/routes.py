"""Every path with its permission. public: anybody · signed: the handler checks a signature or a token of its own ·
agent, admin, owner: a signed-in colleague with at least that role.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from prilavok.commerce.shape import GivenOrder
from prilavok.web import (
    admin,
    calls,
    deliveries,
    files,
    hooks,
    inbox,
    incidents,
    ops,
    order_shapes,
    orders,
    people,
    plans,
    policy,
    policy_shapes,
    risk,
    session,
    shapes,
    sources,
    supply,
    templates,
    visitor_files,
    whatif,
)
from prilavok.web.public import courier_page, order_page, phones_page, tracking, wishes_page


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: str
    handler: Callable[[Any], Awaitable[Any]]
    permission: str
    body: type | None = None
    answer: Any = None
    status: int = 200


ROUTES: tuple[Route, ...] = (
    # Vendors. First, because paths are looked through in this order and nobody knocks as often
    Route("POST", "/hooks/{key}", hooks.hook, "signed"),
    Route("GET", "/hooks/{key}", hooks.hook, "signed"),
    Route("POST", "/hooks/{key}/{event}", hooks.hook, "signed"),
    Route("POST", "/hooks/{key}/{group}/{event}", hooks.hook, "signed"),
    # Oneself
    Route("POST", "/api/v1/session", session.sign_in, "public", session.SignIn),
    Route("DELETE", "/api/v1/session", session.sign_out, "agent", status=204),
    Route("GET", "/signin/{token}", session.show_link, "signed"),
    Route("POST", "/signin/{token}", session.follow_link, "signed"),
    Route("GET", "/api/v1/me", session.me, "agent", answer=session.Me),
    Route("PATCH", "/api/v1/me", session.edit_me, "agent", session.MyChanges, session.Me),
    Route("GET", "/api/v1/agents", session.agents, "agent", answer=session.AgentList),
    # The inbox
    Route("GET", "/api/v1/conversations", inbox.list_conversations, "agent", answer=inbox.ConversationList),
    Route("GET", "/api/v1/conversations/counts", inbox.counts, "agent", answer=inbox.AllCounts),
    Route("GET", "/api/v1/conversations/{id}", inbox.show, "agent", answer=shapes.OpenConversation),
    Route("PATCH", "/api/v1/conversations/{id}", inbox.change, "agent", inbox.ConversationChanges, shapes.Conversation),
    Route("GET", "/api/v1/conversations/{id}/messages", inbox.list_messages, "agent", answer=inbox.MessageList),
    Route("POST", "/api/v1/conversations/{id}/messages", inbox.write, "agent", inbox.NewMessage, shapes.Message, 201),
    Route("POST", "/api/v1/conversations/{id}/read", inbox.seen, "agent", inbox.SeenUpTo, status=204),
    Route("GET", "/api/v1/conversations/{id}/draft", inbox.show_draft, "agent", answer=inbox.StoredDraft),
    Route("PUT", "/api/v1/conversations/{id}/draft", inbox.keep_draft, "agent", inbox.Draft, status=204),
    Route("DELETE", "/api/v1/conversations/{id}/draft", inbox.drop_draft, "agent", status=204),
    Route("POST", "/api/v1/messages/{id}/retry", inbox.retry, "agent", answer=shapes.Message),
    Route("POST", "/api/v1/messages/{id}/leave", inbox.leave, "agent", answer=shapes.Message),
    Route("DELETE", "/api/v1/messages/{id}", inbox.take_back, "agent", status=204),
    Route("GET", "/api/v1/messages/{id}/html", files.mail_page, "agent"),
    Route("GET", "/api/v1/tags", inbox.tags, "agent", answer=inbox.TagList),
    Route("POST", "/api/v1/files", files.upload, "agent", answer=shapes.File, status=201),
    Route("GET", "/files/{id}/{name}", files.download, "signed"),
    Route("GET", "/api/v1/contacts/{id}", people.show, "agent", answer=shapes.Contact),
    Route("PATCH", "/api/v1/contacts/{id}", people.change, "agent", people.ContactChanges, shapes.Contact),
    # The telephone
    Route("GET", "/api/v1/calls", calls.ringing, "agent", answer=calls.CallList),
    Route("GET", "/api/v1/calls/{id}", calls.show, "agent", answer=calls.CallCard),
    Route("GET", "/api/v1/phones", calls.phones, "agent", answer=calls.ShopPhones),
    Route("GET", "/api/v1/inboxes/{id}/duty", calls.duty, "agent", answer=calls.OnDuty),
    Route("GET", "/phones/{token}", phones_page.show, "signed"),
    # Orders
    Route("GET", "/api/v1/orders", orders.list_orders, "agent", answer=orders.OrderList),
    Route("GET", "/api/v1/orders/counts", orders.counts, "agent", answer=order_shapes.OrderCounts),
    Route("GET", "/api/v1/orders/{id}", orders.show, "agent", answer=order_shapes.WholeOrder),
    Route("PUT", "/api/v1/orders/{id}", orders.put_order, "agent", GivenOrder, order_shapes.OrderTaken),
    Route("PATCH", "/api/v1/orders/{id}", orders.change, "agent", orders.OrderChanges, order_shapes.WholeOrder),
    Route("POST", "/api/v1/orders/{id}/events", orders.add_events, "agent", answer=order_shapes.OrderTaken),
    Route("PUT", "/api/v1/orders/{id}/wishes", orders.set_wishes, "agent", orders.GivenWishes, order_shapes.WholeOrder),
    Route("POST", "/api/v1/orders/{id}/acknowledge", orders.acknowledge, "agent", answer=order_shapes.WholeOrder),
    # Incidents, and whether buyers are real
    Route("GET", "/api/v1/incidents", incidents.list_incidents, "agent", answer=incidents.IncidentList),
    Route("POST", "/api/v1/incidents", incidents.add, "admin", incidents.Draft, incidents.Incident, 201),
    Route("POST", "/api/v1/incidents/preview", incidents.preview, "agent", incidents.Wanted, incidents.Preview),
    Route("GET", "/api/v1/incidents/{id}", incidents.show, "agent", answer=incidents.Incident),
    Route("POST", "/api/v1/incidents/{id}/start", incidents.start, "admin", answer=incidents.Incident),
    Route("POST", "/api/v1/incidents/{id}/stop", incidents.stop, "admin", answer=incidents.Spared),
    # The policy
    Route("GET", "/api/v1/policy", policy.show, "agent", answer=policy_shapes.Policy),
    Route("PUT", "/api/v1/policy", policy.change, "owner", policy_shapes.NewPolicy, policy_shapes.Policy),
    Route("GET", "/api/v1/policy/versions", policy.versions, "agent", answer=policy_shapes.PolicyVersions),
    Route("GET", "/api/v1/policy/versions/{id}", policy.version, "agent", answer=policy_shapes.Policy),
    Route("POST", "/api/v1/policy/decide", policy.decide, "agent", policy_shapes.DryRun, policy_shapes.Decided),
    Route("POST", "/api/v1/policy/rehearse", whatif.rehearse, "agent", policy_shapes.Rehearsal, policy_shapes.Runs),
    Route("POST", "/api/v1/simulate", whatif.simulate, "agent", policy_shapes.WhatIf, policy_shapes.Runs),
    Route("GET", "/api/v1/risk", risk.show, "agent", answer=risk.Judgement),
    Route("PUT", "/api/v1/risk", risk.change, "owner", risk.Borders, risk.Judgement),
    Route("POST", "/api/v1/risk/learn", risk.learn_now, "admin", answer=risk.Judgement),
    Route("DELETE", "/api/v1/risk", risk.forget, "owner", answer=risk.Judgement),
    Route("GET", "/api/v1/contacts/{id}/preferences", people.show_preferences, "agent", answer=people.Preferences),
    Route(
        "PUT",
        "/api/v1/contacts/{id}/preferences",
        people.change_preferences,
        "agent",
        people.PreferenceChanges,
        people.Preferences,
    ),
    Route("POST", "/api/v1/orders/{id}/courier-link", deliveries.courier_link, "agent", answer=deliveries.Link),
    Route("GET", "/api/v1/orders/{id}/timeline", plans.timeline, "agent", answer=plans.Listed),
    Route("GET", "/api/v1/plans", plans.list_plans, "agent", answer=plans.OrderPlans),
    Route("POST", "/api/v1/plans/{id}/stop", plans.stop, "agent", status=204),
    Route("GET", "/api/v1/tasks", plans.list_tasks, "agent", answer=plans.Listed),
    Route("POST", "/api/v1/tasks/{id}/call", plans.call, "agent", answer=dict[str, Any]),
    Route("POST", "/api/v1/tasks/{id}/done", plans.finish_task, "agent", plans.Done, dict[str, Any]),
    Route("GET", "/api/v1/templates", templates.list_templates, "agent", answer=templates.TemplateList),
    Route("PUT", "/api/v1/templates", templates.save, "admin", templates.OwnText, templates.TemplateList),
    Route("POST", "/api/v1/templates/preview", templates.preview, "agent", templates.OwnText, templates.Preview),
    # Settings
    Route("GET", "/api/v1/delivery-settings", deliveries.show, "agent", answer=deliveries.DeliverySettings),
    Route(
        "PUT",
        "/api/v1/delivery-settings",
        deliveries.change,
        "admin",
        deliveries.DeliveryChanges,
        deliveries.DeliverySettings,
    ),
    Route("GET", "/api/v1/channels", admin.channels, "agent"),
    Route("GET", "/api/v1/inboxes", admin.list_inboxes, "agent"),
    Route("POST", "/api/v1/inboxes", admin.add_inbox, "admin", admin.NewInbox, admin.Inbox, 201),
    Route("POST", "/api/v1/inboxes/check", admin.check_inbox, "admin", admin.InboxCheck, admin.Checked),
    Route("GET", "/api/v1/inboxes/{id}", admin.show_inbox, "admin", answer=admin.Inbox),
    Route("PATCH", "/api/v1/inboxes/{id}", admin.change_inbox, "admin", admin.InboxChanges, admin.Inbox),
    Route("DELETE", "/api/v1/inboxes/{id}", admin.remove_inbox, "owner", status=204),
    Route("GET", "/api/v1/inboxes/{id}/health", admin.health, "agent"),
    Route("GET", "/api/v1/sources", sources.list_sources, "agent", answer=sources.SourceList),
    Route("POST", "/api/v1/sources", sources.add_source, "admin", sources.NewSource, sources.OrderSource, 201),
    Route("PATCH", "/api/v1/sources/{id}", sources.change_source, "admin", sources.SourceChanges, sources.OrderSource),
    Route("DELETE", "/api/v1/sources/{id}", sources.remove_source, "owner", status=204),
    Route("PUT", "/api/v1/stock", supply.put_stock, "agent", supply.Stock, supply.Stocked),
    Route("GET", "/api/v1/imports", supply.list_imports, "agent", answer=supply.ImportList),
    Route("POST", "/api/v1/imports", supply.begin, "admin", answer=supply.Import, status=201),
    Route("GET", "/api/v1/imports/{id}", supply.show, "agent", answer=supply.Import),
    Route("POST", "/api/v1/imports/{id}/stop", supply.stop, "admin", answer=supply.Import),
    Route("GET", "/api/v1/outbox", admin.list_outbox, "agent"),
    Route("POST", "/api/v1/outbox/{id}/retry", admin.retry_outbox, "agent", status=204),
    Route("DELETE", "/api/v1/outbox/{id}", admin.drop_outbox, "agent", status=204),
    Route("GET", "/api/v1/journal", admin.list_journal, "admin"),
    Route("GET", "/api/v1/journal/{id}/raw", admin.raw_delivery, "admin"),
    Route("POST", "/api/v1/journal/replay", admin.replay, "admin", admin.Replay, admin.Replayed),
    # Everybody outside
    Route("POST", "/api/v1/inbox-messages/{inbox_id}", hooks.api_messages, "signed"),
    Route("POST", "/chat/files", visitor_files.upload, "signed", status=201),
    Route("OPTIONS", "/chat/files", visitor_files.allow_upload, "signed", status=204),
    Route("GET", "/t/{token}", tracking.show, "signed"),
    Route("GET", "/o/{token}", order_page.show, "signed"),
    Route("POST", "/o/{token}", order_page.act, "signed"),
    Route("GET", "/w/{token}", wishes_page.show, "signed"),
    Route("POST", "/w/{token}", wishes_page.save, "signed"),
    Route("GET", "/u/{token}", wishes_page.ask_to_leave, "signed"),
    Route("POST", "/u/{token}", wishes_page.leave, "signed"),
    Route("GET", "/k/courier.js", courier_page.script, "public"),
    Route("GET", "/k/worker.js", courier_page.script, "public"),
    Route("GET", "/k/{token}", courier_page.show, "signed"),
    Route("POST", "/k/{token}", courier_page.act, "signed"),
    # Operators
    Route("GET", "/healthz", ops.alive, "public"),
    Route("GET", "/readyz", ops.ready, "public"),
    Route("GET", "/metrics", ops.metrics, "public"),
    Route("GET", "/openapi.json", ops.openapi, "public"),
)
