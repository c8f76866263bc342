// The weight of what a browser must fetch first, in gzip. Fails above the promise: application 150 KB, widget 25 KB.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../src/prilavok/web/static/", import.meta.url));
const weigh = (name) => gzipSync(readFileSync(join(root, name)), { level: 9 }).length;
const shown = (bytes) => `${(bytes / 1024).toFixed(1)} KB`.padStart(9);
let failed = false;

function check(what, names, limit) {
  let total = 0;
  for (const name of names) {
    const size = weigh(name);
    total += size;
    console.log(`${shown(size)}  ${name}`);
  }
  failed ||= total > limit * 1024;
  console.log(`${shown(total)}  ${what}, limit ${limit} KB${total > limit * 1024 ? ": TOO HEAVY" : ""}\n`);
}

/** The entry scripts of the page and everything they import before they can run. */
function firstLoad() {
  const page = readFileSync(join(root, "index.html"), "utf8");
  const found = new Set();
  const follow = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const [, path] of readFileSync(join(root, name), "utf8").matchAll(/(?:from|^import|;import)\s*"\.\/([^"]+\.js)"/g)) follow(join(name, "..", path));
  };
  for (const [, path] of page.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)) follow(path);
  // One dictionary is fetched before anything is drawn; the heaviest counts.
  const code = [...found].map((name) => readFileSync(join(root, name), "utf8")).join("\n");
  const dictionaries = [...new Set([...code.matchAll(/import\("\.\/((?:ru|uk|en)-[\w-]+\.js)"\)/g)].map(([, name]) => `assets/${name}`))];
  dictionaries.sort((one, other) => weigh(other) - weigh(one));
  return [...found, ...dictionaries.slice(0, 1)];
}

check("first load of the application", firstLoad(), 150);
if (existsSync(join(root, "widget.js"))) check("widget", ["widget.js"], 25);
process.exit(failed ? 1 : 0);
