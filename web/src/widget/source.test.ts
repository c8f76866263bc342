import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const HERE = import.meta.dirname;
const sources = (readdirSync(HERE, { recursive: true }) as string[])
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => ({ name, text: readFileSync(join(HERE, name), "utf8") }));

it("turns no text into markup, runs no text and writes no inline style", () => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|\beval\(|new Function|srcdoc|\.style\.|setAttribute\("style/;
  expect(sources.length).toBeGreaterThan(20);
  for (const { name, text } of sources) expect(forbidden.exec(text)?.[0], name).toBeUndefined();
});

it("plays no sound, sets no cookie and leaves the page's title alone", () => {
  for (const { name, text } of sources) {
    expect(/new Audio|AudioContext|document\.cookie|document\.title\s*=[^=]/.exec(text)?.[0], name).toBeUndefined();
  }
});
