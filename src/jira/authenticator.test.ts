import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigurationError } from "../runtime/errors.ts";
import { silentLogger } from "../runtime/logger.ts";
import { TokenFileAuthenticator } from "./authenticator.ts";
import { stubJira } from "./stub-jira.fixture.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "quayside-"));
  file = join(folder, "token");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("an expired token is replaced by the new one in the file, and reading goes on", async () => {
  writeFileSync(file, "old\n");
  const authenticator = new TokenFileAuthenticator(file, undefined, silentLogger);
  const { client, stub, close } = await stubJira(
    ({ headers }) => {
      if (headers.authorization === "Bearer new") return { json: { ok: true } };
      writeFileSync(file, "new\n");
      return { status: 401 };
    },
    { authenticator },
  );
  expect(await client.getJson("/x")).toEqual({ ok: true });
  expect(stub.requests).toHaveLength(2);
  await close();
});

test("an expired token with nothing new in the file is refused once", async () => {
  writeFileSync(file, "old");
  const authenticator = new TokenFileAuthenticator(file, undefined, silentLogger);
  const credentials = { type: "token-file", path: file } as const;
  const { client, stub, close } = await stubJira(() => ({ status: 401 }), { authenticator, credentials });
  await expect(client.getJson("/x")).rejects.toThrow(/OCEAN__OAUTH_ACCESS_TOKEN_FILE_PATH/);
  expect(stub.requests).toHaveLength(1);
  writeFileSync(file, "renewed");
  await expect(client.getJson("/x")).rejects.toThrow(/401/);
  expect(stub.requests[1]?.headers.authorization).toBe("Bearer renewed");
  await close();
});

test("a file that cannot be read gives way to the configured token, or is a mistake in the configuration", async () => {
  expect(await new TokenFileAuthenticator(file, "spare", silentLogger).authorize()).toBe("Bearer spare");
  await expect(new TokenFileAuthenticator(file, undefined, silentLogger).authorize()).rejects.toThrow(
    ConfigurationError,
  );
});

test("while a file is being replaced the last token serves on", async () => {
  writeFileSync(file, "first");
  const authenticator = new TokenFileAuthenticator(file, undefined, silentLogger);
  await authenticator.authorize();
  rmSync(file);
  expect(await authenticator.authorize()).toBe("Bearer first");
});
