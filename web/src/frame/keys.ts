// Keys as commands. Letters are taken by their place on the keyboard, so that j works while ё is on the screen.

/** "j", "?", "/", "g", "Mod+k", "Mod+Enter", "Escape". */
export function stroke(event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  if (event.altKey) return "";
  const foreign = event.key.length === 1 && event.key.charCodeAt(0) > 127;
  if (event.key === "?" || (event.code === "Slash" && event.shiftKey && (foreign || event.key === ","))) return mod + "?";
  if (event.key === "/" || (event.code === "Slash" && !event.shiftKey && (foreign || event.key === "."))) return mod + "/";
  if (event.key.length > 1) return mod + event.key;
  const letter = foreign ? (event.code.match(/^Key([A-Z])$/)?.[1]?.toLowerCase() ?? event.key) : event.key;
  return mod + (event.shiftKey && /^[a-z]$/i.test(letter) ? `Shift+${letter.toLowerCase()}` : letter.toLowerCase());
}

/** Where letters are text, not commands. */
export function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.closest) return false;
  const input = element.closest("input, textarea, select, [contenteditable='true']");
  return Boolean(input) && !["checkbox", "radio", "button"].includes((input as HTMLInputElement).type);
}

/** Follows sequences such as "g i": answers the whole sequence once it is complete. */
export class Strokes {
  private first = "";
  private until = 0;

  constructor(private readonly prefixes: string[], private readonly patience = 1200) {}

  press(stroke: string, at: number): string {
    if (this.first && at < this.until) {
      const whole = `${this.first} ${stroke}`;
      this.first = "";
      return whole;
    }
    this.first = "";
    if (this.prefixes.includes(stroke)) {
      this.first = stroke;
      this.until = at + this.patience;
      return "";
    }
    return stroke;
  }
}

const apple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);
const written: Record<string, string> = { Mod: apple ? "⌘" : "Ctrl", ArrowDown: "↓", ArrowUp: "↑" };

/** The caps to draw: "Mod+k" is Ctrl and K, "g i" is G and I. */
export function caps(keys: string): string[] {
  return keys.split(/[ +]/).map((key) => written[key] ?? (/^[a-z]$/.test(key) ? key.toUpperCase() : key));
}

export const shownKeys = (keys: string) => caps(keys).join(" ");
