export interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /(?:https?:\/\/|www\.)[^\s<>"«»“”]+|[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/giu;
const CLOSERS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Cuts a text into plain words and addresses. The pieces joined are the text; an href is only http(s) or mailto. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimTail(match[0]);
    const href = hrefOf(address);
    if (!href) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** The full stop after an address belongs to the sentence, a bracket only when it was opened inside the address. */
function trimTail(address: string): string {
  let kept = address;
  for (;;) {
    const last = kept[kept.length - 1] ?? "";
    const opener = CLOSERS[last];
    const unopened = opener !== undefined && kept.split(opener).length < kept.split(last).length;
    if (!unopened && !/[.,;:!?'…*_-]/.test(last)) return kept;
    kept = kept.slice(0, -1);
  }
}

function hrefOf(address: string): string | null {
  if (/^https?:\/\//i.test(address)) return safeHref(address);
  return /^www\./i.test(address) ? safeHref(`https://${address}`) : `mailto:${address}`;
}

const SCHEMES = new Set(["https:", "http:", "mailto:", "tg:", "viber:", "whatsapp:"]);

/** The address if a click on it can only lead somewhere, never run something; relative ones belong to `base`. */
export function safeHref(address: string, base?: string): string | null {
  if (!URL.canParse(address, base)) return null;
  const url = new URL(address, base);
  return SCHEMES.has(url.protocol) ? url.href : null;
}
