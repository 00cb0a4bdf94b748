import type { SiteUser } from "../site/people.ts";
import type { IssueRenderer } from "../wire/issue-renderer.ts";
import type { Wire } from "../wire/wire.ts";
import { problem, Refusal, refuse } from "./answer.ts";

/** Who calls. Without credentials it is nobody, whom Jira lets look at what is public: nothing. */
export interface Caller {
  readonly user: SiteUser | undefined;
  readonly kind: "anonymous" | "basic" | "scoped" | "oauth" | "token";
  /** What an OAuth or scoped token may do; undefined for everything. */
  readonly scopes: ReadonlySet<string> | undefined;
}

export interface RequestParts {
  readonly method: string;
  /** As it was asked for, with the gateway's prefix. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly rawBody: Buffer;
  readonly caller: Caller;
  readonly renderer: IssueRenderer;
}

/** A request on its way to a route, with readers that refuse the way Jira does. */
export class JiraRequest {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly caller: Caller;
  readonly renderer: IssueRenderer;
  readonly #rawBody: Buffer;

  constructor(parts: RequestParts) {
    this.method = parts.method;
    this.path = parts.path;
    this.params = parts.params;
    this.query = parts.query;
    this.caller = parts.caller;
    this.renderer = parts.renderer;
    this.#rawBody = parts.rawBody;
  }

  get wire(): Wire {
    return this.renderer.wire;
  }

  get isAnonymous(): boolean {
    return this.caller.kind === "anonymous";
  }

  param(name: string): string {
    return this.params[name] ?? "";
  }

  /** Who acts, in the list of people. */
  get actorIndex(): number {
    return this.caller.user?.index ?? 0;
  }

  /** A whole number from the query string. */
  number(name: string, preset: number): number {
    const given = this.query.get(name);
    if (given === null || given === "") return preset;
    if (!/^-?\d{1,15}$/.test(given)) {
      const detail = `Failed to convert '${name}' with value: '${given}'`;
      throw new Refusal(problem(400, "Bad Request", detail, this.path));
    }
    return Number(given);
  }

  /** Values of a parameter that may be repeated or hold several, separated by commas. */
  list(name: string): string[] {
    return this.query
      .getAll(name)
      .flatMap((value) => value.split(","))
      .map((value) => value.trim())
      .filter((value) => value !== "");
  }

  flag(name: string): boolean {
    return this.query.get(name) === "true";
  }

  get hasBody(): boolean {
    return this.#rawBody.length > 0;
  }

  /** The body, which must be a JSON object. */
  body(): Readonly<Record<string, unknown>> {
    const value = this.json();
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal(invalidPayload());
    // An object of JSON that is no array has string keys.
    return value as Record<string, unknown>;
  }

  json(): unknown {
    try {
      return JSON.parse(this.#rawBody.toString("utf8"));
    } catch {
      const message = "There was an error parsing JSON. Check that your request body is valid.";
      throw new Refusal({ ...refuse(400, []), body: Buffer.from(JSON.stringify({ errorMessages: [message] })) });
    }
  }
}

/** What a body with an unknown key or a wrong type gets; it has no `errors`. */
export function invalidPayload(): ReturnType<typeof refuse> {
  const message = "Invalid request payload. Refer to the REST API documentation and try again.";
  return { ...refuse(400, []), body: Buffer.from(JSON.stringify({ errorMessages: [message] })) };
}

export function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
