// How much waits for a person: the figure on the rail. In the first load, so it knows nothing of the pages.
import * as calls from "../api/order-calls";
import type { OrderCounts } from "../api/order-shapes";

class Attention {
  counts = $state.raw<OrderCounts | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;

  get needed(): number {
    return this.counts?.tasks ?? 0;
  }

  /** Counts follow the news at most every `wait` milliseconds. */
  recount(wait = 0): void {
    if (this.timer && wait) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      calls.orderCounts().then(
        (counts) => (this.counts = counts),
        () => undefined, // old figures stay until the next news; the bar says that the line is cut
      );
    }, wait);
  }
}

export const attention = new Attention();
