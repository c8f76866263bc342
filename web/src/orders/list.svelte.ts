// Orders on the screen: one view, its pages, and the news about them.
import * as calls from "../api/order-calls";
import type { Order } from "../api/order-shapes";
import type { LiveEvent } from "../api/types";
import { listeners } from "../live/live.svelte";
import { isOpen } from "./progress";

export type Tab = "needs" | "open" | "all";
export interface OrderView {
  tab: Tab;
  q: string;
  status: string | null;
}

export function viewOf(param: (name: string) => string | null): OrderView {
  const tab = param("tab");
  const q = param("q") ?? "";
  return { tab: tab === "open" || tab === "all" ? tab : "needs", q, status: param("status") };
}

const pageSize = 50;

class OrderList {
  rows = $state.raw<Order[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  error = $state.raw<unknown>(null);
  busy = $state(false);
  next = $state.raw<string | null>(null);
  private key = "";
  private view: OrderView = { tab: "open", q: "", status: null };
  private asked: AbortController | null = null;

  show(view: OrderView): void {
    const key = JSON.stringify(view);
    if (key === this.key) return;
    this.key = key;
    this.view = view;
    this.rows = [];
    void this.reload();
  }

  async reload(): Promise<void> {
    this.asked?.abort();
    const asked = (this.asked = new AbortController());
    if (!this.rows.length) this.state = "loading";
    try {
      const page = await calls.orders(this.question(null), asked.signal);
      if (asked.signal.aborted) return;
      this.rows = page.items;
      this.next = page.next;
      this.state = "ready";
    } catch (error) {
      if (asked.signal.aborted) return;
      this.error = error;
      if (!this.rows.length) this.state = "failed";
    }
  }

  async more(): Promise<void> {
    if (!this.next || this.busy) return;
    this.busy = true;
    const key = this.key;
    try {
      const page = await calls.orders(this.question(this.next));
      if (key !== this.key) return;
      const known = new Set(this.rows.map((one) => one.id));
      this.rows = [...this.rows, ...page.items.filter((one) => !known.has(one.id))];
      this.next = page.next;
    } catch (error) {
      this.error = error; // the button stays; the next press asks again
    } finally {
      this.busy = false;
    }
  }

  neighbour(id: string, by: 1 | -1): string | null {
    const at = this.rows.findIndex((one) => one.id === id);
    return at < 0 ? null : (this.rows[at + by]?.id ?? null);
  }

  /** Asks anew for the one order that changed; a new one comes on top, one that no longer belongs leaves. */
  private async refresh(id: string): Promise<void> {
    const present = this.rows.some((one) => one.id === id);
    if (!present && (this.view.q || this.view.status)) return;
    const news: Order = await calls.order(id);
    const fits = this.view.status ? news.status === this.view.status : this.view.tab !== "open" || isOpen(news.status);
    if (!fits) this.rows = this.rows.filter((one) => one.id !== id);
    else if (present) this.rows = this.rows.map((one) => (one.id === id ? news : one));
    else if (this.state === "ready" && news.placed_at >= (this.rows[0]?.placed_at ?? "")) this.rows = [news, ...this.rows];
  }

  /** Follows the news while the list is on the screen. Several changes within a moment are asked about once. */
  follow(): () => void {
    const changed = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      const ids = [...changed];
      changed.clear();
      if (ids.length > 5) void this.reload();
      else for (const id of ids) this.refresh(id).catch((error: unknown) => (this.error = error));
    };
    const hear = (event: LiveEvent) => {
      if ((event.kind !== "order.changed" && event.kind !== "task.changed") || !event.order_id) return;
      changed.add(event.order_id);
      timer ??= setTimeout(flush, 400);
    };
    listeners.add(hear);
    return () => {
      clearTimeout(timer);
      listeners.delete(hear);
    };
  }

  private question(cursor: string | null): calls.OrderQuery {
    const { tab, q, status } = this.view;
    return { status: status ?? (tab === "open" ? "open" : null), q, cursor, limit: pageSize };
  }
}

export const orderList = new OrderList();
