import type { Inbox } from "../api/types";

/** The line for the shop's page. */
export function snippetOf(origin: string, inbox: Pick<Inbox, "key">): string {
  return `<script src="${origin}/widget.js" data-inbox="${inbox.key}" async><\/script>`;
}
