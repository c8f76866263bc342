import type { Page } from "./protocol";
import type { Keep } from "./store";

export type Marks = Record<string, string>;

export interface FirstVisit {
  at: string;
  url: string;
  referrer: string;
  utm: Marks;
}

const MARKS = ["source", "medium", "campaign", "term", "content", "id"];
const LONGEST = 200; // characters of one mark; advertisers write novels

export function marksOf(search: string): Marks {
  const query = new URLSearchParams(search);
  const found = MARKS.map((mark) => [mark, (query.get(`utm_${mark}`) ?? "").trim().slice(0, LONGEST)] as const);
  return Object.fromEntries(found.filter(([, value]) => value));
}

/** Without the fragment and without a password in it: the agent needs to see the page, not the visitor's secrets. */
export function pageOf(href: string, title: string, referrer: string): Page {
  const url = new URL(href);
  url.hash = url.username = url.password = "";
  return { url: url.href, title, referrer };
}

/** The marks of this visit: of the page it began with, until another advertisement brings the visitor again. */
export function visitMarks(session: Keep, search: string): Marks {
  const fresh = marksOf(search);
  if (Object.keys(fresh).length) session.set("utm", JSON.stringify(fresh));
  return JSON.parse(session.get("utm") ?? "{}") as Marks;
}

/**
 * Where this visitor first came from. It is written down only if the first page says something about it
 * (marks or a foreign referrer): everybody else's browser stays clean until they write.
 */
export function firstVisit(keep: Keep, page: Page, search: string, now: Date): FirstVisit | null {
  const known = keep.get("first");
  if (known) return JSON.parse(known) as FirstVisit;
  const utm = marksOf(search);
  const foreign = URL.canParse(page.referrer) && new URL(page.referrer).host !== new URL(page.url).host;
  if (!Object.keys(utm).length && !foreign) return null;
  const first = { at: now.toISOString(), url: page.url, referrer: page.referrer, utm };
  keep.set("first", JSON.stringify(first));
  return first;
}

const GLANCE = 2_000; // ms between two looks at the address where the browser cannot tell us

/**
 * Tells of every page inside a single-page shop. Nothing of the shop's is patched: the Navigation API tells,
 * and where it is missing we look at the address now and then. Returns how to stop.
 */
export function watchPages(tell: (page: Page) => void): () => void {
  let last = location.href;
  let settle = 0;
  const look = () => {
    if (location.href === last) return;
    const referrer = last;
    last = location.href;
    clearTimeout(settle);
    settle = window.setTimeout(() => tell(pageOf(last, document.title, referrer)), 300); // the title comes after the address
  };
  const { navigation } = window as unknown as { navigation?: EventTarget };
  navigation?.addEventListener("currententrychange", look);
  const timer = navigation ? 0 : window.setInterval(look, GLANCE);
  return () => {
    navigation?.removeEventListener("currententrychange", look);
    clearInterval(timer);
    clearTimeout(settle);
  };
}
