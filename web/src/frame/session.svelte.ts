// Who is here, and the line to the server.
import * as calls from "../api/calls";
import { observe, Problem } from "../api/http";
import type { Me, Theme } from "../api/types";
import { preferredLanguage, speak } from "../i18n/words.svelte";

class Session {
  me = $state.raw<Me | null>(null);
  state = $state<"starting" | "out" | "in" | "unreachable">("starting");
  reachable = $state(true);
  live = $state(true);

  get myId(): string {
    return this.me?.agent.id ?? "";
  }
  get offline(): boolean {
    return !this.reachable;
  }

  /** Everything that can be done before the server answers: the words first. */
  async prepare(): Promise<void> {
    observe(
      // An answer that was under way when the line broke proves nothing about the line.
      (reached) => (this.reachable = reached && navigator.onLine),
      () => this.out(),
    );
    addEventListener("offline", () => (this.reachable = false));
    await speak(preferredLanguage());
  }

  async load(): Promise<void> {
    try {
      const me = await calls.me();
      if (me.agent.language) await speak(me.agent.language);
      applyTheme(me.agent.theme ?? "auto");
      this.me = me;
      this.state = "in";
    } catch (error) {
      this.state = error instanceof Problem && error.status === 401 ? "out" : this.me ? this.state : "unreachable";
    }
  }

  async signOut(): Promise<void> {
    await calls.signOut();
    this.out();
  }

  out(): void {
    this.me = null;
    this.state = "out";
  }
}

export function applyTheme(theme: Theme): void {
  const dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  try {
    if (theme === "auto") localStorage.removeItem("prilavok.theme");
    else localStorage.setItem("prilavok.theme", theme);
  } catch {
    // Without storage the theme comes from the account after the first paint.
  }
}

export const session = new Session();
