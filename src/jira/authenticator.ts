import { readFile, stat } from "node:fs/promises";
import { ConfigurationError } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";

/** How requests prove who asks. */
export interface Authenticator {
  /** The value of the `Authorization` header. */
  authorize(): Promise<string>;
  /** Jira refused `authorization`: true if there is another one by now. */
  hasNewer(authorization: string): Promise<boolean>;
}

export class BasicAuthenticator implements Authenticator {
  readonly #header: string;

  constructor(user: string, password: string) {
    this.#header = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  }

  authorize(): Promise<string> {
    return Promise.resolve(this.#header);
  }

  hasNewer(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

export class BearerAuthenticator implements Authenticator {
  readonly #header: string;

  constructor(token: string) {
    this.#header = `Bearer ${token}`;
  }

  authorize(): Promise<string> {
    return Promise.resolve(this.#header);
  }

  hasNewer(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** An OAuth access token in a file that somebody else renews: read again whenever the file changes. */
export class TokenFileAuthenticator implements Authenticator {
  readonly #path: string;
  readonly #fallback: string | undefined;
  readonly #logger: Logger;
  #token: string | undefined;
  #version = "";

  constructor(path: string, fallback: string | undefined, logger: Logger) {
    this.#path = path;
    this.#fallback = fallback;
    this.#logger = logger;
  }

  async authorize(): Promise<string> {
    await this.#readIfChanged();
    return `Bearer ${this.#token ?? ""}`;
  }

  async hasNewer(authorization: string): Promise<boolean> {
    this.#version = ""; // a file may be rewritten within the resolution of its times
    return (await this.authorize()) !== authorization;
  }

  async #readIfChanged(): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#path);
      const version = `${mtimeMs}:${size}:${ino}`;
      if (version === this.#version) return;
      this.#token = (await readFile(this.#path, "utf8")).trim();
      this.#version = version;
    } catch (cause) {
      this.#useFallback(cause);
    }
  }

  /** Between two versions of a file there may be a moment without one: then the last token read serves on. */
  #useFallback(cause: unknown): void {
    if (this.#token !== undefined) return;
    if (this.#fallback === undefined) {
      throw new ConfigurationError(
        `Cannot read the OAuth access token from "${this.#path}": check OCEAN__OAUTH_ACCESS_TOKEN_FILE_PATH`,
        [],
        { cause },
      );
    }
    this.#logger.warn(
      { path: this.#path },
      "the OAuth token file cannot be read; the configured token is used instead",
    );
    this.#token = this.#fallback;
  }
}
