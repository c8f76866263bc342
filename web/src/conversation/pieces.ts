export interface Piece {
  text: string;
  href: string | null;
}

const link = /\b(?:https?:\/\/|www\.)[^\s<>"'«»]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;

/** A text cut into plain words and links. Only http, https and mailto ever become a link. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(link)) {
    const trimmed = match[0].replace(/[.,;:!?…]+$/u, "");
    const shown = trimmed.endsWith(")") && !trimmed.includes("(") ? trimmed.slice(0, -1) : trimmed;
    if (match.index > from) found.push({ text: text.slice(from, match.index), href: null });
    found.push({ text: shown, href: addressOf(shown) });
    from = match.index + shown.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), href: null });
  return found;
}

function addressOf(shown: string): string {
  if (/^https?:\/\//i.test(shown)) return shown;
  return /^www\./i.test(shown) ? `https://${shown}` : `mailto:${shown}`;
}
