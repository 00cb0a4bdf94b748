import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import type { RawObject } from "../model/raw-object.ts";

/** As many as the reference sends, and on its reasons: enough to try a mapping on. */
const MAX_EXAMPLES = 5;

const SECRET_KEY = /token|secret|passw|authorization|credential|api[-_]?key|private[-_]?key/i;
/** Tokens that are told by their form: JSON web tokens, those of Atlassian, AWS, GitHub and Slack, and PEM keys. */
const SECRET_TEXT =
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.|\bATATT3[\w-]{10,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const HIDDEN = "[hidden]";

/** Collects the first raw objects of each kind in a run, without what looks secret. */
export class RawExamples {
  readonly #byKind = new Map<string, JsonObject[]>();

  add(kind: string, objects: readonly RawObject[]): void {
    const examples = this.#byKind.get(kind) ?? [];
    for (const object of objects.slice(0, MAX_EXAMPLES - examples.length)) examples.push(hideSecrets(object.body()));
    this.#byKind.set(kind, examples);
  }

  list(): readonly (readonly [kind: string, examples: readonly JsonObject[]])[] {
    return [...this.#byKind];
  }
}

export function hideSecrets(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, SECRET_KEY.test(key) && value !== null ? HIDDEN : hide(value)]),
  );
}

/** Characters of a sample. */
const MAX_SAMPLE = 200;

/** What an expression looked at: the value behind the plain path it starts with, or else the object. */
export function toSample(object: JsonObject, expression: string | undefined): string {
  const [path = ""] = /^\s*(?:\.[A-Za-z_]\w*)+/.exec(expression ?? "") ?? [];
  let value: Json = hideSecrets(object);
  for (const key of path.trim().split(".").slice(1)) {
    if (!isJsonObject(value)) break;
    value = value[key] ?? null;
  }
  const text = JSON.stringify(value);
  return text.length > MAX_SAMPLE ? `${text.slice(0, MAX_SAMPLE)}...` : text;
}

function hide(value: Json): Json {
  if (typeof value === "string") return SECRET_TEXT.test(value) ? HIDDEN : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(hide);
  return isJsonObject(value) ? hideSecrets(value) : value;
}
