import type { Attachment } from "../protocol";
import { upload, type Upload } from "../upload";
import { refusalIn, type Words } from "../words";
import { sizeWords } from "./bubble";
import { el, icon } from "./dom";

export interface AttachingActs {
  /** Where to upload, or null while there is no line. */
  target(name: string): { url: string; token: string } | null;
  limit(): number;
  changed(): void;
  say(words: string): void;
}

interface Chip {
  file: File;
  node: HTMLElement;
  note: HTMLElement;
  bar: HTMLProgressElement;
  running: Upload | null;
  result: Attachment | null;
  dead: boolean; // refused or too large: it will not go, whatever the line does
}

const THUMB = 40; // CSS px

/** Files chosen for the next message. They upload at once, wait for a line when there is none, and try again with it. */
export class Attaching {
  readonly node = el("ul", { class: "chips", hidden: true });
  private chips: Chip[] = [];

  constructor(
    private readonly words: Words,
    private readonly acts: AttachingActs,
  ) {}

  get busy(): boolean {
    return this.chips.some((chip) => !chip.result && !chip.dead);
  }

  get ready(): Attachment[] {
    return this.chips.flatMap((chip) => (chip.result ? [chip.result] : []));
  }

  add(files: Iterable<File>): void {
    for (const file of files) {
      const chip = this.chipOf(file);
      this.chips.push(chip);
      this.node.append(chip.node);
      const limit = this.acts.limit();
      if (limit && file.size > limit) this.kill(chip, this.words.tooLarge(sizeWords(limit, this.words)));
    }
    this.resume();
    this.changed();
  }

  /** Starts whatever is not under way: called when files are added and whenever the line comes back. */
  resume(): void {
    for (const chip of this.chips) {
      if (!chip.result && !chip.running && !chip.dead) void this.run(chip);
    }
  }

  /** The message took the files along. Refused ones have been read about and go too. */
  clear(): void {
    this.chips = [];
    this.node.replaceChildren();
    this.changed();
  }

  private async run(chip: Chip): Promise<void> {
    const target = this.acts.target(chip.file.name);
    if (!target) {
      chip.note.textContent = this.words.uploadWaits;
      return;
    }
    chip.note.textContent = sizeWords(chip.file.size, this.words);
    const showProgress = (share: number) => (chip.bar.value = share);
    chip.running = upload(target.url, target.token, chip.file, showProgress);
    const outcome = await chip.running.done;
    chip.running = null;
    if (!this.chips.includes(chip)) return;
    if (outcome.kind === "done") {
      chip.result = outcome.file;
      chip.bar.hidden = true;
    } else if (outcome.kind === "refused") this.kill(chip, refusalIn(this.words, outcome.reason) || this.words.uploadFailed);
    else chip.note.textContent = this.words.uploadWaits;
    this.changed();
  }

  private kill(chip: Chip, reason: string): void {
    chip.dead = true;
    chip.bar.hidden = true;
    chip.note.textContent = reason;
    chip.node.classList.add("dead");
    this.acts.say(`${chip.file.name}: ${reason}`);
  }

  private remove(chip: Chip): void {
    this.chips = this.chips.filter((other) => other !== chip);
    chip.running?.stop();
    chip.node.remove();
    this.changed();
  }

  private changed(): void {
    this.node.hidden = !this.chips.length;
    this.acts.changed();
  }

  private chipOf(file: File): Chip {
    const note = el("small", {}, sizeWords(file.size, this.words));
    const bar = el("progress", { max: 1, value: 0, "aria-label": this.words.uploading(file.name) });
    const out = { type: "button", class: "icon", "aria-label": this.words.removeFile(file.name) };
    const thumb = el("span", { class: "thumb" }, icon("file"));
    const name = el("span", { class: "file-name", dir: "auto" }, file.name);
    const node = el("li", { class: "chip" }, thumb, el("span", { class: "about" }, name, note, bar));
    const chip: Chip = { file, node, note, bar, running: null, result: null, dead: false };
    node.append(el("button", { ...out, click: () => this.remove(chip) }, icon("close")));
    if (file.type.startsWith("image/")) void drawThumb(file, thumb);
    return chip;
  }
}

/** A canvas rather than a blob: address, which a strict img-src would forbid. */
async function drawThumb(file: File, place: HTMLElement): Promise<void> {
  const picture = await createImageBitmap(file).catch(() => null); // not every image type can be drawn; the icon stays
  if (!picture) return;
  const side = THUMB * Math.min(2, window.devicePixelRatio || 1);
  const canvas = el("canvas", { width: side, height: side, "aria-hidden": "true" });
  const scale = Math.max(side / picture.width, side / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d")?.drawImage(picture, (side - width) / 2, (side - height) / 2, width, height);
  picture.close();
  place.replaceChildren(canvas);
}
