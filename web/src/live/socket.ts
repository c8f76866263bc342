// The agents' socket: connects, resumes by seq, reconnects. What an event means is decided by whoever listens.
import type { LiveEvent } from "../api/types";
import { backOff, Resume } from "./resume";

export interface LiveHandlers {
  event: (event: LiveEvent) => void;
  /** Too much was missed; answers the seq from which the reloaded state goes on. */
  reset: () => Promise<number>;
  state: (connected: boolean) => void;
  signedOut: () => void;
}

const signInAgain = 4401;

export class LiveSocket {
  private socket: WebSocket | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private ended = false;
  private readonly resume: Resume;

  constructor(
    private readonly handlers: LiveHandlers,
    seq: number,
    private readonly open: (seq: number) => WebSocket = connect,
    private readonly chance: () => number = Math.random,
  ) {
    this.resume = new Resume(seq);
  }

  start(): void {
    clearTimeout(this.timer);
    if (this.ended || this.socket) return;
    const socket = (this.socket = this.open(this.resume.seq));
    socket.onmessage = ({ data }: MessageEvent<string>) => this.hear(socket, JSON.parse(data) as LiveEvent);
    socket.onclose = ({ code }) => this.closed(socket, code);
  }

  say(what: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(what));
  }

  stop(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private hear(socket: WebSocket, event: LiveEvent): void {
    if (event.kind === "reset") {
      this.socket = null;
      socket.onclose = null;
      socket.close();
      this.handlers.reset().then(
        (seq) => {
          this.resume.seq = seq;
          this.start();
        },
        () => this.later(), // still unreachable: the same reset will be told again
      );
      return;
    }
    if (event.kind === "hello") {
      this.failures = 0;
      this.handlers.state(true);
    }
    if (this.resume.accept(event)) this.handlers.event(event);
  }

  private closed(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return;
    this.socket = null;
    if (this.ended) return;
    this.handlers.state(false);
    if (code === signInAgain) {
      this.ended = true;
      this.handlers.signedOut();
      return;
    }
    this.later();
  }

  private later(): void {
    this.timer = setTimeout(() => this.start(), backOff(this.failures, this.chance()));
    this.failures += 1;
  }
}

function connect(seq: number): WebSocket {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return new WebSocket(`${scheme}://${location.host}/api/v1/live?seq=${seq}`);
}
