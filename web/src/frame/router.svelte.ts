// Addresses are the state of the application: every view can be linked to, and back goes back.

export type Page =
  | { name: "inbox"; conversation: string | null }
  | { name: "orders"; part: "list" | "incidents"; item: string | null }
  | { name: "settings"; section: Section; item: string | null; kind: string | null };

const sections = ["inboxes", "shop", "sources", "policy", "templates", "whatif", "journal", "outbox", "me"] as const;
export type Section = (typeof sections)[number];

export function pageOf(path: string): Page {
  const [first, second, third, fourth] = path.split("/").filter(Boolean).map(decodeURIComponent);
  if (first === "settings") {
    const section = sections.find((one) => one === second) ?? "inboxes";
    if (section === "inboxes" && third === "new") return { name: "settings", section, item: "new", kind: fourth ?? null };
    return { name: "settings", section, item: ((section === "inboxes" || section === "sources") && third) || null, kind: (section === "sources" && fourth) || null };
  }
  if (first === "orders") return second === "incidents" ? { name: "orders", part: "incidents", item: third ?? null } : { name: "orders", part: "list", item: second ?? null };
  return { name: "inbox", conversation: first === "inbox" ? (second ?? null) : null };
}

const here = $state({ path: "/", search: "" });

class Router {
  /** Whether the page before this one is ours, so that "back" may use the browser's history. */
  depth = 0;

  get page(): Page {
    return pageOf(here.path);
  }
  get path(): string {
    return here.path;
  }
  param(name: string): string | null {
    return new URLSearchParams(here.search).get(name);
  }
  get search(): string {
    return here.search;
  }

  start(): void {
    this.read();
    addEventListener("popstate", () => this.read());
    document.addEventListener("click", (event) => this.follow(event));
  }

  go(address: string, { replace = false } = {}): void {
    if (address === here.path + here.search) return;
    history[replace ? "replaceState" : "pushState"](null, "", address);
    if (!replace) this.depth += 1;
    this.read();
  }

  /** Changes some of the query, keeps the rest. */
  set(values: Record<string, string | null>, { replace = true } = {}): void {
    const params = new URLSearchParams(here.search);
    for (const [key, value] of Object.entries(values)) {
      if (value) params.set(key, value);
      else params.delete(key);
    }
    const text = params.toString();
    this.go(here.path + (text ? `?${text}` : ""), { replace });
  }

  private read(): void {
    here.path = location.pathname;
    here.search = location.search;
  }

  private follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (!/^\/(inbox|orders|settings)(\/|$)/.test(link.pathname)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }
}

export const router = new Router();
