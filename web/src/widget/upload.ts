import type { Attachment } from "./protocol";

export type Uploaded = { kind: "done"; file: Attachment } | { kind: "refused"; reason: string } | { kind: "lost" };

export interface Upload {
  done: Promise<Uploaded>;
  stop(): void;
}

/** XMLHttpRequest, because fetch cannot tell how far an upload has come. `progress` is between 0 and 1. */
export function upload(url: string, token: string, file: File, progress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Uploaded>((settle) => {
    request.upload.onprogress = (event) => progress(event.total ? event.loaded / event.total : 0);
    request.onerror = request.onabort = request.ontimeout = () => settle({ kind: "lost" });
    request.onload = () => settle(answerOf(request.status, request.response as unknown));
  });
  request.open("POST", url);
  request.responseType = "json";
  request.setRequestHeader("Authorization", `Visitor ${token}`);
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.send(file);
  return { done, stop: () => request.abort() };
}

export function answerOf(status: number, body: unknown): Uploaded {
  if (status >= 200 && status < 300 && body) return { kind: "done", file: body as Attachment };
  if (status >= 500 || status === 0) return { kind: "lost" };
  const { detail } = (body ?? {}) as { detail?: string };
  return { kind: "refused", reason: detail ?? "" };
}
