// Orders on the screen: one view, its pages, and the news about them.
import * as calls from "../api/order-calls";
import { Pages } from "../api/pages.svelte";
import type { Order } from "../api/order-shapes";
import type { LiveEvent, Page } from "../api/types";
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

class OrderList extends Pages<Order, OrderView> {
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

  protected override ask(cursor: string | null, signal?: AbortSignal): Promise<Page<Order>> {
    const { tab, q, status } = this.view;
    return calls.orders({ status: status ?? (tab === "open" ? "open" : null), q, cursor, limit: pageSize }, signal);
  }

  protected override joined(rows: Order[], page: Order[]): Order[] {
    const known = new Set(rows.map((one) => one.id));
    return [...rows, ...page.filter((one) => !known.has(one.id))];
  }
}

export const orderList = new OrderList({ tab: "open", q: "", status: null });
