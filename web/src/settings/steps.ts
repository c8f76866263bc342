// A step of the guide in pieces: text, `code`, *words on a screen*, [links](https://…). Nothing else is markup.
export interface Piece {
  kind: "text" | "code" | "strong" | "link";
  text: string;
  href?: string;
}

const MARKS = /`([^`]+)`|\*{1,2}([^*]+)\*{1,2}|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g;

export function piecesOf(step: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of step.matchAll(MARKS)) {
    if (found.index > from) pieces.push({ kind: "text", text: step.slice(from, found.index) });
    const [whole, code, strong, text, href] = found;
    if (code !== undefined) pieces.push({ kind: "code", text: code });
    else if (strong !== undefined) pieces.push({ kind: "strong", text: strong });
    else pieces.push({ kind: "link", text: text ?? "", href });
    from = found.index + whole.length;
  }
  if (from < step.length) pieces.push({ kind: "text", text: step.slice(from) });
  return pieces;
}
