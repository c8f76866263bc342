// What people at a counter use; nobody scrolls through three thousand.
export const emoji = [
  "🙂", "😊", "😀", "😄", "😉", "😍", "🤗", "🤔", "😅", "😌", "😔", "😢", "🙏", "👍", "👌", "👏",
  "🤝", "💪", "👋", "❤️", "💚", "🔥", "✨", "🎉", "🎁", "🌷", "☀️", "⭐", "✅", "❌", "⚠️", "❗",
  "❓", "💬", "📞", "✉️", "📷", "📎", "📍", "📦", "🚚", "🏠", "🏪", "🕒", "📅", "💳", "💰", "🧾",
] as const;

/** The cell that an arrow key leads to; stays where there is none. */
export function walk(at: number, key: string, columns: number, count: number): number {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[key] ?? 0;
  const to = at + step;
  return to >= 0 && to < count ? to : at;
}
