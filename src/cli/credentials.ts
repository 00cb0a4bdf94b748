import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { DataFolder } from "../runtime/data-folder.ts";
import { ConfigurationError, toMessage } from "../runtime/errors.ts";

/** What a client of the catalog signs in with, and what its tokens are signed with. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tokenSecret: string;
}

/** Exactly the body of `POST /v1/auth/access_token`, so that `curl -d @file` works. */
export const CREDENTIALS_FILE = "credentials.json";
const TOKEN_SECRET_FILE = "token-secret";

/** Reads the credentials of a data folder, making them (mode 0600) on the first start. */
export function openCredentials(folder: DataFolder): Credentials {
  if (!existsSync(folder.file(CREDENTIALS_FILE))) {
    const made = {
      clientId: `quayside_${randomBytes(12).toString("hex")}`,
      clientSecret: randomBytes(32).toString("base64url"),
    };
    folder.writePrivate(CREDENTIALS_FILE, `${JSON.stringify(made)}\n`);
  }
  if (!existsSync(folder.file(TOKEN_SECRET_FILE))) {
    folder.writePrivate(TOKEN_SECRET_FILE, `${randomBytes(48).toString("base64url")}\n`);
  }
  const tokenSecret = readFileSync(folder.file(TOKEN_SECRET_FILE), "utf8").trim();
  return { ...readClient(folder.file(CREDENTIALS_FILE)), tokenSecret };
}

function readClient(path: string): { readonly clientId: string; readonly clientSecret: string } {
  try {
    const { clientId, clientSecret } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    if (typeof clientId === "string" && typeof clientSecret === "string") return { clientId, clientSecret };
    throw new Error("clientId and clientSecret must be there, as strings");
  } catch (cause) {
    throw new ConfigurationError(
      `Cannot read "${path}" (${toMessage(cause)}): mend it, or delete it to get new credentials`,
      [],
      {
        cause,
      },
    );
  }
}
