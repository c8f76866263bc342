import type { Inbox } from "../api/types";

/** The line for the shop's page. The inbox's public key is the end of its hook address. */
export function snippetOf(origin: string, inbox: Pick<Inbox, "id" | "hook_url">): string {
  const key = inbox.hook_url.split("/").filter(Boolean).at(-1) ?? inbox.id;
  return `<script src="${origin}/widget.js" data-inbox="${key}" async><\/script>`;
}
