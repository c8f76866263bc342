// A list on the screen that comes page by page: one view at a time, the latest question wins.
import type { Page } from "./types";

export abstract class Pages<Row extends { id: string }, View> {
  rows = $state.raw<Row[]>([]);
  state = $state<"loading" | "ready" | "failed">("loading");
  error = $state.raw<unknown>(null);
  loadingMore = $state(false);
  protected next = $state.raw<string | null>(null);
  private key = "";
  private asked: AbortController | null = null;

  constructor(protected view: View) {}

  protected abstract ask(cursor: string | null, signal?: AbortSignal): Promise<Page<Row>>;
  /** A further page is added; a row that moved between two requests is kept once. */
  protected abstract joined(rows: Row[], page: Row[]): Row[];

  get complete(): boolean {
    return this.next === null;
  }

  show(view: View): void {
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
      const page = await this.ask(null, asked.signal);
      if (asked.signal.aborted) return;
      this.rows = this.joined([], page.items);
      this.next = page.next;
      this.state = "ready";
    } catch (error) {
      if (asked.signal.aborted) return;
      this.error = error;
      if (!this.rows.length) this.state = "failed";
    }
  }

  async more(): Promise<void> {
    if (!this.next || this.loadingMore || this.state !== "ready") return;
    this.loadingMore = true;
    const key = this.key;
    try {
      const page = await this.ask(this.next);
      if (key !== this.key) return;
      this.rows = this.joined(this.rows, page.items);
      this.next = page.next;
    } catch (error) {
      this.error = error; // the next scroll or press asks again
    } finally {
      this.loadingMore = false;
    }
  }
}
