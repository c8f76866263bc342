import { el } from "./dom";

const FACES = "🙂 😊 😄 😂 😉 😍 🤔 😕 😢 😡 👍 👎 🙏 👋 👌 💪 👏 🤝 ❤️ 💚 🔥 🎉 🎁 ⭐ ✅ ❌ ❓ ❗ 📦 🚚 🛒 💳 📷 📞 ⏰ 🏠".split(" ");

/** A handful that people use with shops; the telephone's own keyboard has the rest. Arrow keys walk, Escape leaves. */
export function emojiPicker(label: string, choose: (face: string) => void, leave: () => void): HTMLElement {
  const buttons = FACES.map((face, i) =>
    el("button", { type: "button", class: "face", tabindex: i ? -1 : 0, click: () => choose(face) }, face),
  );
  const walk = (event: Event) => {
    const { key } = event as KeyboardEvent;
    if (key === "Escape") {
      event.stopPropagation();
      return leave();
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 9, ArrowUp: -9 }[key];
    if (!step) return;
    event.preventDefault();
    const here = buttons.findIndex((button) => button === event.target);
    const next = buttons[(here + step + buttons.length) % buttons.length];
    buttons.forEach((button) => button.setAttribute("tabindex", button === next ? "0" : "-1"));
    next?.focus();
  };
  return el("div", { class: "faces", role: "group", "aria-label": label, keydown: walk, hidden: true }, ...buttons);
}
