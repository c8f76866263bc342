import { readFrame, type ServerFrame } from "./protocol";

/** What a line needs of a WebSocket, so that a test can be the server. */
export interface Wire {
  send(data: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface LineEvents {
  up(): void; // the wire is there: say hello
  frame(frame: ServerFrame): void;
  down(): void; // it will be tried again
  barred(code: number): void; // 4403, 4404: it will not
}

const FIRST_PAUSE = 500; // ms
const LONGEST_PAUSE = 30_000;
const WELCOME_WITHIN = 15_000;
const BARRED = new Set([4403, 4404]);
const TOO_MANY = 4429;

/** A socket that comes back: back-off from 0.5 to 30 s with jitter, at once when `nudge` says that the world changed. */
export class Line {
  private wire: Wire | null = null;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;
  live = false;

  constructor(
    private readonly connect: () => Wire,
    private readonly events: LineEvents,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    this.wanted = true;
    if (!this.wire && this.timer === undefined) this.dial();
  }

  stop(): void {
    this.wanted = false;
    this.hangUp();
  }

  /** Begins anew at once, for instance as somebody else, or when an answer is overdue. */
  restart(): void {
    this.hangUp();
    this.tries = 0;
    if (this.wanted) this.dial();
  }

  /** The network went away: the browser knows it long before the socket does. */
  drop(): void {
    if (this.wire) this.lost(this.wire, 0);
  }

  /** The network or the visitor came back: do not wait for the rest of the pause. */
  nudge(): void {
    if (this.wanted && !this.wire) this.restart();
  }

  /** False when there is no line; whatever must not be lost is kept by the caller. */
  send(frame: object): boolean {
    if (this.live) this.wire?.send(JSON.stringify(frame));
    return this.live;
  }

  hello(frame: object): void {
    this.wire?.send(JSON.stringify(frame));
  }

  private dial(): void {
    this.clear();
    const wire = this.connect();
    this.wire = wire;
    this.timer = setTimeout(() => this.lost(wire, 0), WELCOME_WITHIN);
    wire.onopen = () => this.events.up();
    wire.onmessage = (event) => this.hear(readFrame(event.data));
    wire.onclose = (event) => this.lost(wire, event.code);
  }

  private hear(frame: ServerFrame | null): void {
    if (!frame) return;
    if (frame.kind === "welcome") {
      this.clear();
      this.live = true;
      this.tries = 0;
    }
    this.events.frame(frame);
  }

  private lost(wire: Wire, code: number): void {
    if (wire !== this.wire) return;
    this.hangUp();
    if (BARRED.has(code)) {
      this.wanted = false;
      this.events.barred(code);
    } else if (this.wanted) {
      this.timer = setTimeout(() => this.dial(), this.pause(code));
    }
  }

  private hangUp(): void {
    this.clear();
    const wire = this.wire;
    this.wire = null;
    this.live = false;
    if (!wire) return;
    wire.onopen = wire.onmessage = wire.onclose = null;
    wire.close(1000);
    this.events.down();
  }

  private pause(code: number): number {
    const grown = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.tries++);
    const base = code === TOO_MANY ? LONGEST_PAUSE : grown;
    return base * (0.5 + this.random() / 2); // jitter: a restarted server is not stormed by everybody at once
  }

  private clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
