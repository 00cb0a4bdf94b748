import type { Clock } from "../../runtime/clock.ts";
import { createRandom, toHex, toUuid } from "../random.ts";
import { toUserName, type SiteUser } from "../site/people.ts";
import type { Caller } from "./jira-request.ts";

interface Grant {
  readonly kind: "oauth" | "scoped";
  readonly scopes: ReadonlySet<string> | undefined;
  readonly expiresMs: number;
}

/** A refresh token that nobody uses dies after this time. */
const idleLifeMs = 90 * 86_400_000;
const reuseLeewayMs = 10 * 60_000;

const anonymous: Caller = { user: undefined, kind: "anonymous", scopes: undefined };

/**
 * The ways to prove who one is, all for the same user: e-mail and API token at the site; at the gateway e-mail and a
 * scoped token, or an OAuth access token; on Data Center a personal access token.
 */
export class Credentials {
  readonly email: string;
  readonly token: string;
  readonly cloudId: string;
  /** Of the app that asks for OAuth tokens and registers webhooks. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Of the organization that the site and its teams belong to. */
  readonly organizationId: string;
  readonly #user: SiteUser;
  readonly #clock: Clock;
  readonly #seed: number;
  readonly #grants = new Map<string, Grant>();
  readonly #refreshTokens = new Map<string, { readonly diesMs: number }>();

  constructor(user: SiteUser, seed: number, clock: Clock) {
    const random = createRandom(seed);
    this.#user = user;
    this.#clock = clock;
    this.#seed = seed;
    this.email = user.emailAddress;
    this.token = `ATATT3${toHex(random, 0, 1001, 40)}`;
    this.cloudId = toUuid(random, 0, 1002);
    this.clientId = toHex(random, 0, 1005, 32);
    this.clientSecret = `ATOA${toHex(random, 0, 1006, 60)}`;
    this.organizationId = toUuid(random, 0, 1004);
  }

  /** A token that works at the gateway alone, as the password beside the e-mail. */
  grantScopedToken(scopes?: readonly string[]): string {
    return this.#grant("scoped", scopes, Number.POSITIVE_INFINITY);
  }

  /** An access token for `Authorization: Bearer` at the gateway. */
  grantOAuthToken(options: { readonly ttlMs?: number; readonly scopes?: readonly string[] } = {}): string {
    return this.#grant("oauth", options.scopes, this.#clock.now() + (options.ttlMs ?? 3_600_000));
  }

  /** For a refresh, which gives a new one each time. */
  grantRefreshToken(): string {
    return this.#issueRefreshToken();
  }

  /**
   * A new pair for a refresh token, or undefined for one that is not good. The old one still works for a few minutes,
   * for clients that lost the answer, and then no more.
   */
  refresh(
    refreshToken: string,
    ttlMs: number,
  ): { readonly accessToken: string; readonly refreshToken: string } | undefined {
    const nowMs = this.#clock.now();
    const token = this.#refreshTokens.get(refreshToken);
    if (token === undefined || token.diesMs <= nowMs) return undefined;
    this.#refreshTokens.set(refreshToken, { diesMs: Math.min(token.diesMs, nowMs + reuseLeewayMs) });
    return { accessToken: this.grantOAuthToken({ ttlMs }), refreshToken: this.#issueRefreshToken(nowMs) };
  }

  /** Undefined for credentials that are given but not good. */
  findCaller(authorization: string | undefined, isGateway: boolean, isServer: boolean): Caller | undefined {
    if (authorization === undefined) return isGateway ? undefined : anonymous;
    const [scheme = "", value = ""] = authorization.split(" ");
    if (scheme.toLowerCase() === "bearer")
      return isServer ? this.#byToken(value) : this.#byGrant(value, "oauth", isGateway);
    if (scheme.toLowerCase() !== "basic") return undefined;
    const [name = "", ...password] = Buffer.from(value, "base64").toString("utf8").split(":");
    if (name !== this.email && !(isServer && name === toUserName(this.#user))) return undefined;
    if (isGateway) return this.#byGrant(password.join(":"), "scoped", isGateway);
    return password.join(":") === this.token ? { user: this.#user, kind: "basic", scopes: undefined } : undefined;
  }

  #issueRefreshToken(nowMs = this.#clock.now()): string {
    const token = `RT${toHex(createRandom(this.#seed), this.#refreshTokens.size + 1, 1007, 48)}`;
    this.#refreshTokens.set(token, { diesMs: nowMs + idleLifeMs });
    return token;
  }

  #byToken(token: string): Caller | undefined {
    return token === this.token ? { user: this.#user, kind: "token", scopes: undefined } : undefined;
  }

  #byGrant(token: string, kind: Grant["kind"], isGateway: boolean): Caller | undefined {
    const grant = this.#grants.get(token);
    if (grant?.kind !== kind || !isGateway || grant.expiresMs <= this.#clock.now()) return undefined;
    return { user: this.#user, kind, scopes: grant.scopes };
  }

  #grant(kind: Grant["kind"], scopes: readonly string[] | undefined, expiresMs: number): string {
    const token = `${kind === "oauth" ? "eyJ" : "ATSTT3"}${toHex(createRandom(this.#seed), this.#grants.size + 1, 1003, 48)}`;
    this.#grants.set(token, { kind, scopes: scopes && new Set(scopes), expiresMs });
    return token;
  }
}
