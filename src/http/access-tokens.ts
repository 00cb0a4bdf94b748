import { createHash, timingSafeEqual } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../runtime/clock.ts";
import { AuthenticationError } from "../runtime/errors.ts";

/** What a client signs in with, and what tokens are signed with. */
export interface ApiCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenSecret: string;
}

export interface AccessToken {
  readonly token: string;
  readonly expiresAtMs: number;
}

const LIFETIME_MS = 3 * 60 * 60 * 1000;
/** A token this close to its end is not handed out again: the client could not use it. */
const LAST_MOMENT_MS = 60 * 1000;
const SIGN_IN_AGAIN = "get a new one with POST /v1/auth/access_token";

/**
 * Makes and checks access tokens: signed JWTs with a life of 3 hours. Asking again while a token is valid gives the same
 * token, as Port does. A token outlives a restart, since the secret it is signed with does.
 */
export class AccessTokens {
  readonly #credentials: ApiCredentials;
  readonly #clock: Clock;
  readonly #key: Uint8Array;
  readonly organizationId: string;
  #current: AccessToken | undefined;
  /** The last token that passed, so that a client's next request costs no signature check. */
  #verified: AccessToken | undefined;

  constructor(credentials: ApiCredentials, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
    this.#key = new TextEncoder().encode(credentials.tokenSecret);
    this.organizationId = `org_${digest(credentials.clientId).toString("hex").slice(0, 16)}`;
  }

  /** Throws AuthenticationError when id or secret is wrong. */
  async issue(clientId: string, clientSecret: string): Promise<AccessToken> {
    const isKnown =
      isSame(clientId, this.#credentials.clientId) && isSame(clientSecret, this.#credentials.clientSecret);
    if (!isKnown) throw new AuthenticationError("The client id or the client secret is wrong");
    if (this.#current !== undefined && this.#current.expiresAtMs - this.#clock.now() > LAST_MOMENT_MS) {
      return this.#current;
    }
    // Whole seconds, as a JWT counts: two clients that ask at once get equal tokens.
    const issuedAt = Math.floor(this.#clock.now() / 1000);
    const expiresAtMs = issuedAt * 1000 + LIFETIME_MS;
    const token = await new SignJWT({ isMachine: true, orgId: this.organizationId })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer("quayside")
      .setSubject(clientId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAtMs / 1000)
      .sign(this.#key);
    this.#current = { token, expiresAtMs };
    return this.#current;
  }

  /** The client id that the token of an Authorization header belongs to; throws AuthenticationError. */
  async verify(authorization: string | undefined): Promise<string> {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) {
      throw new AuthenticationError(`The header "Authorization: Bearer <token>" is missing: ${SIGN_IN_AGAIN}`);
    }
    if (token !== this.#verified?.token || this.#verified.expiresAtMs <= this.#clock.now()) {
      this.#verified = { token, expiresAtMs: await this.#readExpiry(token) };
    }
    return this.#credentials.clientId;
  }

  async #readExpiry(token: string): Promise<number> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ["HS256"],
        subject: this.#credentials.clientId,
        requiredClaims: ["exp"],
        currentDate: new Date(this.#clock.now()),
      });
      return (payload.exp ?? 0) * 1000;
    } catch (cause) {
      const problem = cause instanceof errors.JWTExpired ? "has expired" : "is not valid here";
      throw new AuthenticationError(`The access token ${problem}: ${SIGN_IN_AGAIN}`, { cause });
    }
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** In constant time, whatever the lengths. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}
