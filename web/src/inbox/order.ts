// The order of every list, and how news changes a list that is already on the screen. Mirrors domain/conversation.rank.
import type { Conversation, Status } from "../api/types";

const far = 2 ** 52;

/** Ascending: those who wait, longest first; then the others, latest first. */
export function rank(conversation: Conversation): number {
  if (conversation.waiting_since) return Date.parse(conversation.waiting_since);
  return far - Date.parse(conversation.last_message?.at ?? conversation.created_at);
}

export interface View {
  assignee: "mine" | "unassigned" | "all";
  status: Status;
  inbox: string | null;
  tag: string | null;
  public: boolean; // only what everybody reads
  q: string;
}

/** Whether a conversation belongs to the view. With a search only the server knows: then null. */
export function belongs(conversation: Conversation, view: View, myId: string): boolean | null {
  if (conversation.status !== view.status) return false;
  if (view.assignee === "mine" && conversation.assignee?.id !== myId) return false;
  if (view.assignee === "unassigned" && conversation.assignee) return false;
  if (view.inbox && conversation.inbox.id !== view.inbox) return false;
  if (view.tag && !conversation.tags.includes(view.tag)) return false;
  if (view.public && !conversation.public) return false;
  return view.q ? null : true;
}

export function sorted(rows: Conversation[]): Conversation[] {
  const ranked = rows.map((row) => ({ row, rank: rank(row) })); // once each: dates are slow to read
  return ranked.sort((one, other) => one.rank - other.rank || (one.row.id < other.row.id ? -1 : 1)).map(({ row }) => row);
}

/** Where a row belongs among rows already in order; halves the distance, for news comes a hundred times a second. */
function placeIn(rows: Conversation[], news: Conversation): number {
  const wanted = rank(news);
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle] as Conversation;
    const there = rank(row);
    if (there < wanted || (there === wanted && row.id < news.id)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A further page is added; a row that moved between two requests is kept once, as it was told last. */
export function addPage(rows: Conversation[], page: Conversation[]): Conversation[] {
  const known = new Map(rows.map((row) => [row.id, row]));
  for (const row of page) known.set(row.id, row);
  return sorted([...known.values()]);
}

/**
 * The list after news about one conversation.
 * `complete` says that no further page exists; otherwise a row that ranks behind the last loaded one waits for its page.
 */
export function place(rows: Conversation[], news: Conversation, view: View, myId: string, complete: boolean): Conversation[] {
  const present = rows.some((row) => row.id === news.id);
  const fits = belongs(news, view, myId);
  if (fits === false || (fits === null && !present)) return present ? rows.filter((row) => row.id !== news.id) : rows;
  const others = rows.filter((row) => row.id !== news.id);
  const at = placeIn(others, news);
  if (complete || at < others.length || others.length === 0) others.splice(at, 0, news);
  return others;
}

/** The row to open after `id` leaves the list: the next one, else the one before. */
export function neighbour(rows: Conversation[], id: string, step: 1 | -1): string | null {
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) return rows[0]?.id ?? null;
  return rows[at + step]?.id ?? null;
}

/** Where an agent goes on after `id`: an answered one has sunk below those who wait, so the one who waits longest is next. */
export function onward(rows: Conversation[], id: string): string | null {
  const waits = (row: Conversation | undefined) => Boolean(row?.waiting_since);
  const first = rows[0]?.id === id ? rows[1] : rows[0];
  if (!waits(rows.find((row) => row.id === id)) && waits(first)) return first?.id ?? null;
  return neighbour(rows, id, 1) ?? neighbour(rows, id, -1);
}
