import { commandOf, overlays } from "./commands.svelte";
import { isTyping, stroke, Strokes } from "./keys";

/** Connects the keyboard to the commands; answers how to disconnect it. */
export function listenToKeys(): () => void {
  const strokes = new Strokes(["g"]);
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const pressed = stroke(event);
    if (!pressed) return;
    const free = pressed.startsWith("Mod+");
    if (!free && (isTyping(event.target) || overlays.palette || overlays.keys)) return;
    if (pressed.startsWith("Arrow") && !(event.target as Element | null)?.closest?.("[data-conversations], body:focus")) return;
    const command = commandOf(free ? pressed : strokes.press(pressed, event.timeStamp));
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
