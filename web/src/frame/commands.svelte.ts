// Every command on one page: the key, the palette and the sheet of keys read the same list.
import * as acts from "../conversation/acts";
import { threads } from "../conversation/threads.svelte";
import type { Key } from "../i18n/shape";
import { addressOf, list } from "../inbox/list.svelte";
import type { IconName } from "../ui/icons";
import { router } from "./router.svelte";

/** What parts of the page can be asked to do from afar. Set by the part while it is on the screen. */
export const hands = $state<{
  reply?: (() => void) | undefined;
  note?: (() => void) | undefined;
  snooze?: (() => void) | undefined;
  assign?: (() => void) | undefined;
  tags?: (() => void) | undefined;
  search?: (() => void) | undefined;
  panel?: (() => void) | undefined;
  walk?: ((by: 1 | -1) => void) | undefined;
}>({});

export const overlays = $state({ palette: false, keys: false });

export interface Command {
  id: string;
  title: Key;
  keys: string[]; // alternatives; the first is shown
  group: "go" | "conversation" | "list";
  icon: IconName;
  run: () => void;
  possible?: () => boolean;
}

function openId(): string | null {
  const page = router.page;
  return page.name === "inbox" ? page.conversation : null;
}
function current() {
  const id = openId();
  return id ? (threads.peek(id)?.detail ?? null) : null;
}
const opened = () => current() !== null;
const step = (by: 1 | -1) => {
  if (hands.walk) return hands.walk(by);
  const id = list.neighbour(openId(), by);
  if (id) router.go(addressOf(id), { replace: openId() !== null });
};
const withCurrent = (act: (conversation: NonNullable<ReturnType<typeof current>>) => unknown) => () => {
  const conversation = current();
  if (conversation) void act(conversation);
};
const inList = () => router.page.name === "inbox" || Boolean(hands.walk);
const view = (assignee: string) => () => router.go(`/inbox?view=${assignee}`);

export const commands: Command[] = [
  { id: "next", title: "key.next", keys: ["j", "ArrowDown"], group: "list", icon: "down", run: () => step(1), possible: inList },
  { id: "previous", title: "key.previous", keys: ["k", "ArrowUp"], group: "list", icon: "up", run: () => step(-1), possible: inList },
  { id: "search", title: "key.search", keys: ["/"], group: "list", icon: "search", run: () => hands.search?.(), possible: () => Boolean(hands.search) },
  { id: "reply", title: "key.reply", keys: ["r"], group: "conversation", icon: "reply", run: () => hands.reply?.(), possible: opened },
  { id: "note", title: "key.note", keys: ["n"], group: "conversation", icon: "note", run: () => hands.note?.(), possible: opened },
  { id: "close", title: "key.close", keys: ["e"], group: "conversation", icon: "check", run: withCurrent((one) => (one.status === "closed" ? acts.reopen(one) : acts.close(one))), possible: opened },
  { id: "snooze", title: "key.snooze", keys: ["s"], group: "conversation", icon: "snooze", run: () => hands.snooze?.(), possible: opened },
  { id: "mine", title: "key.mine", keys: ["a"], group: "conversation", icon: "person", run: withCurrent((one) => acts.assignToMe(one)), possible: opened },
  { id: "assign", title: "key.assign", keys: ["Shift+a"], group: "conversation", icon: "person", run: () => hands.assign?.(), possible: opened },
  { id: "tags", title: "key.tags", keys: ["t"], group: "conversation", icon: "tag", run: () => hands.tags?.(), possible: opened },
  { id: "link", title: "key.link", keys: ["Shift+l"], group: "conversation", icon: "link", run: withCurrent((one) => acts.copyLink(one.id)), possible: opened },
  { id: "panel", title: "key.panel", keys: ["i"], group: "conversation", icon: "panel", run: () => hands.panel?.(), possible: opened },
  { id: "go-inbox", title: "key.go_inbox", keys: ["g i"], group: "go", icon: "inbox", run: () => router.go("/inbox") },
  { id: "go-mine", title: "key.go_mine", keys: ["g m"], group: "go", icon: "inbox", run: view("mine") },
  { id: "go-unassigned", title: "key.go_unassigned", keys: ["g u"], group: "go", icon: "inbox", run: view("unassigned") },
  { id: "go-orders", title: "key.go_orders", keys: ["g r"], group: "go", icon: "orders", run: () => router.go("/orders?tab=open") },
  { id: "go-tasks", title: "key.go_tasks", keys: ["g t"], group: "go", icon: "alert", run: () => router.go("/orders") },
  { id: "go-settings", title: "key.go_settings", keys: ["g s"], group: "go", icon: "settings", run: () => router.go("/settings/inboxes") },
  { id: "go-journal", title: "key.go_journal", keys: ["g j"], group: "go", icon: "journal", run: () => router.go("/settings/journal") },
  { id: "go-outbox", title: "key.go_outbox", keys: ["g o"], group: "go", icon: "outbox", run: () => router.go("/settings/outbox") },
  { id: "go-me", title: "key.go_me", keys: ["g p"], group: "go", icon: "person", run: () => router.go("/settings/me") },
  { id: "palette", title: "key.palette", keys: ["Mod+k"], group: "go", icon: "search", run: () => (overlays.palette = true) },
  { id: "keys", title: "key.keys", keys: ["?"], group: "go", icon: "help", run: () => (overlays.keys = true) },
];

export function commandOf(pressed: string): Command | undefined {
  return commands.find((one) => one.keys.includes(pressed) && (one.possible?.() ?? true));
}
