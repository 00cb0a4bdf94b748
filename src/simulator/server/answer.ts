import { BytePage } from "./byte-page.ts";

/** What goes back over the wire. `bytes` hold one UTF-8 byte per character; see `wire/utf8-bytes.ts`. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly body?: Buffer;
  /** How many objects the body holds, which is what apps pay for. */
  readonly objects?: number;
  /** What happens to the connection instead of a whole answer. */
  readonly spoil?: "reset" | "truncated" | "stall";
  /** To be called when the body was sent whole. */
  readonly release?: () => void;
}

const jsonType = "application/json;charset=UTF-8";

export function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers,
    contentType: jsonType,
    body: Buffer.from(JSON.stringify(value)),
    objects: countObjects(value),
  };
}

export function jsonBytes(bytes: string, status = 200, objects = 0): Answer {
  return { status, contentType: jsonType, body: Buffer.from(bytes, "latin1"), objects };
}

/**
 * A long page of objects: `head`, the objects with commas between them, `tail`. They are copied to their places piece by
 * piece, since to make one string of them first takes twice the time.
 */
export function jsonPage<T>(
  head: string,
  objects: readonly T[],
  write: (object: T, sink: (bytes: string) => void) => void,
  tail: string,
): Answer {
  const page = new BytePage();
  page.write(head);
  for (const [place, object] of objects.entries()) {
    if (place > 0) page.write(",");
    write(object, page.write);
  }
  page.write(tail);
  const { body, release } = page;
  return { status: 200, contentType: jsonType, body, release, objects: objects.length };
}

function countObjects(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  const isPage = typeof value === "object" && value !== null && "values" in value && Array.isArray(value.values);
  return isPage ? (value.values as unknown[]).length : 1;
}

export function text(value: string, status: number, contentType = "text/html;charset=UTF-8"): Answer {
  return { status, contentType, body: Buffer.from(value) };
}

export function empty(status: number): Answer {
  return { status };
}

/** Jira's usual error body. */
export function refuse(
  status: number,
  messages: readonly string[],
  errors: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json({ errorMessages: messages, errors }, status, headers);
}

/** The body of what the framework itself refuses: unknown paths, wrong methods, numbers that are none. */
export function problem(
  status: number,
  title: string,
  detail: string,
  instance: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = Buffer.from(JSON.stringify({ type: "about:blank", title, status, detail, instance }));
  return { status, headers, contentType: "application/problem+json", body };
}

/** Thrown by whatever cannot go on; the answer is sent as it is. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`Refused with ${answer.status}`);
    this.name = "Refusal";
    this.answer = answer;
  }
}
