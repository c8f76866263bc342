import type { Unsent } from "./outgoing";
import type { Expected, Message, MessengerLink, Phone, Receipts } from "./protocol";

/** Everything that the view draws from. */
export interface ChatState {
  open: boolean;
  barred: boolean;
  status: "idle" | "connecting" | "live" | "offline";
  known: boolean; // the server has told who the shop is
  messages: Message[];
  unsent: Unsent[];
  hasOlder: boolean;
  loadingOlder: boolean;
  receipts: Receipts;
  readSeq: number;
  typing: string | null;
  expected: Expected | null;
  shop: string;
  greeting: Record<string, string>;
  quickReplies: string[];
  accent: string;
  position: string;
  links: MessengerLink[];
  phones: Phone[];
  linkUrls: Record<string, string>;
  email: string | null;
  fileLimit: number;
  notice: string | null;
}

export function blankThread(): Pick<
  ChatState,
  "messages" | "hasOlder" | "loadingOlder" | "receipts" | "readSeq" | "typing" | "linkUrls"
> {
  return {
    messages: [],
    hasOlder: false,
    loadingOlder: false,
    receipts: { delivered: 0, read: 0 },
    readSeq: 0,
    typing: null,
    linkUrls: {},
  };
}

export function blankState(): ChatState {
  return {
    ...blankThread(),
    open: false,
    barred: false,
    status: "idle",
    known: false,
    unsent: [],
    expected: null,
    shop: "",
    greeting: {},
    quickReplies: [],
    accent: "",
    position: "",
    links: [],
    phones: [],
    email: null,
    fileLimit: 0,
    notice: null,
  };
}
