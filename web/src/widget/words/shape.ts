export type Language = "ru" | "uk" | "en";
export type Unit = "minute" | "hour" | "day";
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>>;

/** What the server refuses a visitor, in its English words; # where a number stands. */
export type Refusal =
  | "The message is too long: at most # characters."
  | "The message is empty."
  | "At most # files in one message."
  | "A file of this message is not there. Attach it again."
  | "Too many messages at once. Wait a moment."
  | "Too many tries. Wait # seconds."
  | "This file is empty."
  | "That is larger than # MB, the limit here."
  | "The virus scanner found a virus in this file. It was not attached."
  | "It is not possible to go on there at the moment."
  | "Something went wrong on our side. Nothing you sent was lost if it was accepted before; try again."
  | "Something went wrong on our side. The message is kept here; it will be sent again.";

/** Everything the widget says. Nobody blames, nobody shouts; customers are Вы / Ви. */
export interface Words {
  language: Language;
  launcher: string;
  unread: Forms; // "# new messages"
  dialog: string; // when the shop has no name
  close: string;
  greeting: string;
  field: string;
  fieldName: string;
  send: string;
  attach: string;
  emoji: string;
  log: string;
  offline: string;
  connecting: string;
  loadingOlder: string;
  jump: string;
  waiting: string;
  sent: string;
  delivered: string;
  read: string;
  refused: string;
  refusals: Record<Refusal, string> | null; // null: as they come
  retry: string;
  remove: string;
  edited: string;
  deleted: string;
  you: string;
  typing: (name: string) => string;
  somebody: string;
  today: string;
  yesterday: string;
  stored: string; // "we have your message"
  usually: (span: string) => string;
  hope: (span: string) => string; // the same when nothing was measured yet
  span: Record<Unit, Forms>; // "in # minutes"
  oneSpan: Record<Unit, string>;
  night: string;
  away: string;
  answerAt: (when: string) => string;
  answerLater: string;
  tomorrow: string;
  weekdays: readonly string[]; // from Sunday, as in "on Monday"
  around: (day: string, time: string) => string;
  quickReplies: string;
  goOn: string;
  goOnByMail: string;
  goOnIn: (title: string) => string;
  goOnHint: string;
  linkWait: string;
  writeTo: (address: string) => string;
  call: (number: string) => string;
  mailSubject: (shop: string) => string;
  tooLarge: (limit: string) => string;
  uploading: (name: string) => string;
  uploadFailed: string;
  uploadWaits: string;
  removeFile: (name: string) => string;
  drop: string;
  picture: (name: string) => string;
  file: (name: string) => string;
  newWindow: string;
  sizes: readonly [string, string, string]; // B, KB, MB
}
