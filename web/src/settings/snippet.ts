import type { Inbox } from "../api/types";

/** The line for the shop's page: the chat, or a product's card. */
export function snippetOf(origin: string, inbox: Pick<Inbox, "key">, everybody = false): string {
  if (everybody) return `<div data-prilavok-cards="${inbox.key}" data-product="SKU" data-name="NAME"></div>\n<script src="${origin}/cards.js" async><\/script>`;
  return `<script src="${origin}/widget.js" data-inbox="${inbox.key}" async><\/script>`;
}
