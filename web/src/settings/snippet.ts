import type { Inbox } from "../api/types";

/** The line for the shop's page: the chat, or a product's card. */
export function snippetOf(origin: string, inbox: Pick<Inbox, "key">, everybody = false): string {
  if (everybody) return `<div data-prilavok-cards="${inbox.key}" data-product="SKU" data-name="NAME"></div>\n<script src="${origin}/cards.js" async><\/script>`;
  return `<script src="${origin}/widget.js" data-inbox="${inbox.key}" async><\/script>`;
}

/** Where customers begin to write to this inbox; the address is ours and outlives the bot behind it. */
export function sharedAddress(origin: string, inbox: Pick<Inbox, "id">): string {
  return `${origin}/b/${inbox.id}`;
}

/** The line that draws the button. */
export function buttonOf(origin: string, inbox: Pick<Inbox, "id">): string {
  return `<script src="${sharedAddress(origin, inbox)}/button.js" async><\/script>`;
}

export function anchorOf(origin: string, inbox: Pick<Inbox, "id">, words: string): string {
  return `<a href="${sharedAddress(origin, inbox)}" target="_blank" rel="noopener">${words}</a>`;
}

/** A form for the shop's own page; `asks` are the fields that the owner has chosen. */
export function formOf(origin: string, page: string, asks: Record<string, unknown>): string {
  const fields: [string, string][] = [
    ["ask_name", `  <input name="name" autocomplete="name">`],
    ["ask_email", `  <input name="email" type="email" autocomplete="email">`],
    ["ask_phone", `  <input name="phone" type="tel" autocomplete="tel">`],
    ["ask_order", `  <input name="order">`],
    ["ask_files", `  <input name="files" type="file" multiple>`],
  ];
  return [
    `<form action="${origin}${page}" method="post" enctype="multipart/form-data" data-prilavok>`,
    `  <textarea name="text" required></textarea>`,
    ...fields.filter(([name]) => asks[name] !== false).map(([, line]) => line),
    `  <button>…</button>`,
    `</form>`,
    `<script src="${origin}/f/form.js" async><\/script>`,
  ].join("\n");
}
