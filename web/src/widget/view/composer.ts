import type { Attachment } from "../protocol";
import type { Words } from "../words";
import { Attaching, type AttachingActs } from "./attaching";
import { el, icon } from "./dom";
import { emojiPicker } from "./emoji";

export interface ComposerActs extends Omit<AttachingActs, "changed"> {
  send(text: string, files: Attachment[]): void;
  typing(): void;
  /** The unfinished text, kept for this visit. */
  draft(text: string): void;
}

export class Composer {
  readonly node: HTMLElement;
  readonly field: HTMLTextAreaElement;
  private readonly grow: HTMLElement;
  private readonly attaching: Attaching;
  private readonly faces: HTMLElement;
  private readonly facesButton: HTMLElement;
  private readonly sendButton: HTMLButtonElement;
  private sendWhenReady = false;

  constructor(
    words: Words,
    private readonly acts: ComposerActs,
    draft: string,
  ) {
    this.attaching = new Attaching(words, { ...acts, changed: () => this.filesChanged() });
    this.field = el("textarea", {
      rows: 1, placeholder: words.field, "aria-label": words.fieldName, enterkeyhint: "send", autocomplete: "off", dir: "auto",
      input: () => this.typed(), keydown: (event) => this.key(event as KeyboardEvent), paste: (event) => this.pasted(event as ClipboardEvent),
    });
    this.grow = el("div", { class: "grow" }, this.field);
    this.faces = emojiPicker(words.emoji, (face) => this.insert(face), () => this.showFaces(false));
    const picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: -1, "aria-hidden": "true" });
    picker.addEventListener("change", () => {
      this.addFiles(picker.files ?? []);
      picker.value = "";
    });
    const tool = (label: string) => ({ type: "button", class: "icon", "aria-label": label, title: label });
    const clip = el("button", { ...tool(words.attach), click: () => picker.click() }, icon("clip"));
    const toggle = () => this.showFaces(this.faces.hidden);
    this.facesButton = el("button", { ...tool(words.emoji), "aria-expanded": "false", click: toggle }, icon("smile"));
    this.sendButton = el("button", { type: "submit", class: "send", "aria-label": words.send, title: words.send }, icon("send"));
    const submit = (event: Event) => {
      event.preventDefault();
      this.send();
    };
    const row = el("div", { class: "row" }, clip, this.grow, this.facesButton, this.sendButton, picker);
    this.node = el("form", { class: "composer", submit }, this.attaching.node, this.faces, row);
    this.write(draft);
  }

  addFiles(files: Iterable<File>): void {
    this.attaching.add([...files]);
    this.field.focus();
  }

  /** The line is back: files that waited for it go on. */
  resume(): void {
    this.attaching.resume();
  }

  private send(): void {
    const text = this.field.value.trim();
    if (!text && !this.attaching.ready.length && !this.attaching.busy) return;
    this.sendWhenReady = this.attaching.busy;
    this.node.classList.toggle("waits", this.sendWhenReady);
    if (this.sendWhenReady) return;
    this.acts.send(text, this.attaching.ready);
    this.attaching.clear();
    this.write("");
    this.showFaces(false);
    this.field.focus();
  }

  private filesChanged(): void {
    this.check();
    if (this.sendWhenReady && !this.attaching.busy) this.send();
  }

  private typed(): void {
    this.sendWhenReady = false;
    this.write(this.field.value);
    if (this.field.value) this.acts.typing();
  }

  private key(event: KeyboardEvent): void {
    // A word that is being composed (Chinese, Japanese, dictation) is finished by Enter, not sent.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  private pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.addFiles(files);
  }

  private insert(face: string): void {
    this.field.setRangeText(face, this.field.selectionStart, this.field.selectionEnd, "end");
    this.write(this.field.value);
    this.showFaces(false);
    this.field.focus();
  }

  private showFaces(shown: boolean): void {
    const had = this.faces.contains((this.node.getRootNode() as ShadowRoot).activeElement);
    this.faces.hidden = !shown;
    this.facesButton.setAttribute("aria-expanded", String(shown));
    if (shown) this.faces.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    else if (had) this.facesButton.focus();
  }

  private write(text: string): void {
    if (this.field.value !== text) this.field.value = text;
    this.grow.dataset.text = text; // a twin behind the field makes it as high as its words, without inline styles
    this.acts.draft(text);
    this.check();
  }

  private check(): void {
    const empty = !this.field.value.trim() && !this.attaching.ready.length && !this.attaching.busy;
    this.sendButton.classList.toggle("idle", empty);
    if (!this.attaching.busy) this.node.classList.remove("waits");
  }
}
