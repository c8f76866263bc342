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

export type FormWord = "text" | "name" | "email" | "phone" | "order" | "files" | "send";

/** A form for the shop's own page; `asks` are the fields that the owner has chosen, `say` how each is called. */
export function formOf(origin: string, page: string, asks: Record<string, unknown>, say: (word: FormWord) => string): string {
  const inputs: [FormWord, string][] = [
    ["name", `name="name" autocomplete="name"`],
    ["email", `name="email" inputmode="email" autocomplete="email"`],
    ["phone", `name="phone" type="tel" autocomplete="tel"`],
    ["order", `name="order"`],
    ["files", `name="files" type="file" multiple`],
  ];
  return [
    `<form action="${origin}${page}" method="post" enctype="multipart/form-data" accept-charset="utf-8" data-prilavok>`,
    `  <p><label>${say("text")}<br><textarea name="text" required></textarea></label></p>`,
    ...inputs.filter(([word]) => asks[`ask_${word}`] !== false).map(([word, rest]) => `  <p><label>${say(word)}<br><input ${rest}></label></p>`),
    `  <button>${say("send")}</button>`,
    `</form>`,
    `<script src="${origin}/f/form.js" async><\/script>`,
  ].join("\n");
}
