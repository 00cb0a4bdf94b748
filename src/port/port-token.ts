import type { JsonObject } from "../model/json.ts";
import type { Clock } from "../runtime/clock.ts";
import { UpstreamError } from "../runtime/errors.ts";

/** A token this close to its end is replaced before it is used. */
const MARGIN_MS = 30_000;

/** The access token of a client: fetched when it is first needed, again shortly before it expires, or when it is refused. */
export class PortToken {
  readonly #clock: Clock;
  readonly #fetch: () => Promise<JsonObject>;
  #current: { readonly header: string; readonly replaceAtMs: number } | undefined;
  #pending: Promise<string> | undefined;

  /** `fetch` signs in and gives the body of the answer. */
  constructor(options: { readonly clock: Clock; readonly fetch: () => Promise<JsonObject> }) {
    this.#clock = options.clock;
    this.#fetch = options.fetch;
  }

  /** The value of the Authorization header. All who ask while a token is fetched wait for the same one. */
  async authorize(): Promise<string> {
    if (this.#current !== undefined && this.#clock.now() < this.#current.replaceAtMs) return this.#current.header;
    this.#pending ??= this.#renew().finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  /** Forgets a token that was refused, unless there is a newer one already. */
  refuse(header: string): void {
    if (this.#current?.header === header) this.#current = undefined;
  }

  async #renew(): Promise<string> {
    const askedAtMs = this.#clock.now();
    const { accessToken, expiresIn, tokenType } = await this.#fetch();
    if (typeof accessToken !== "string" || typeof expiresIn !== "number") {
      throw new UpstreamError(
        "The answer to the sign-in has no access token: check that OCEAN__PORT__BASE_URL is a Port API",
        { method: "POST", url: "/v1/auth/access_token" },
      );
    }
    const lifetimeMs = expiresIn * 1000;
    const header = `${typeof tokenType === "string" ? tokenType : "Bearer"} ${accessToken}`;
    // Of a token that is short-lived at once, half the time is used: a margin alone could leave nothing.
    this.#current = { header, replaceAtMs: askedAtMs + Math.max(lifetimeMs - MARGIN_MS, lifetimeMs / 2) };
    return header;
  }
}
