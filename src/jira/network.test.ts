import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request as forward } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigurationError } from "../runtime/errors.ts";
import type { Logger } from "../runtime/logger.ts";
import { silentLogger } from "../runtime/logger.ts";
import { BasicAuthenticator } from "./authenticator.ts";
import { JiraClient } from "./jira-client.ts";
import type { NetworkSettings } from "./jira-settings.ts";
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from "./loopback-certificate.fixture.ts";
import { createDispatcher } from "./network.ts";
import { stubServices, stubSettings } from "./stub-jira.fixture.ts";

let folder: string;
const servers: Server[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "quayside-"))));
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const server of servers.splice(0)) {
    if ("closeAllConnections" in server && typeof server.closeAllConnections === "function")
      server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port; // it listens on TCP
}

const startTls = async (): Promise<string> => {
  const server = createTlsServer({ key: LOOPBACK_KEY, cert: LOOPBACK_CERTIFICATE }, (_, answer) =>
    answer.end('{"tls":1}'),
  );
  return `https://127.0.0.1:${await listen(server)}`;
};

const startPlain = async (): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer((_, answer) => answer.end('{"plain":1}')))}`;

/** A proxy that forwards and tunnels, and writes down what it was asked for. */
async function startProxy(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const onward = forward(incoming.url ?? "", { headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, socket, head) => {
    asked.push(`CONNECT ${incoming.url}`);
    const [host, port] = (incoming.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    for (const end of [onward, socket]) end.on("error", () => [onward, socket].forEach((each) => each.destroy()));
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked };
}

async function get(host: string, network: NetworkSettings): Promise<unknown> {
  const client = new JiraClient(stubSettings(host, { network }), new BasicAuthenticator("a", "b"), stubServices());
  try {
    return await client.getJson("/x", { maxAttempts: 1 });
  } finally {
    await client.close();
  }
}

test("a certificate of one's own is refused with advice, until its authority is named", async () => {
  const host = await startTls();
  await expect(get(host, {})).rejects.toThrow(
    /certificate is not trusted.*NODE_EXTRA_CA_CERTS or QUAYSIDE_EXTRA_CA_FILE/,
  );
  const extraCaFile = join(folder, "ca.pem");
  writeFileSync(extraCaFile, LOOPBACK_CERTIFICATE);
  expect(await get(host, { extraCaFile })).toEqual({ tls: 1 });
});

test("checking can be switched off, with a warning", async () => {
  expect(await get(await startTls(), { acceptAnyCertificate: true })).toEqual({ tls: 1 });
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) };
  await createDispatcher({ acceptAnyCertificate: true }, 1, logger).destroy();
  expect(warnings).toEqual([expect.stringContaining("can read the token")]);
});

test("a file of certificates that cannot be read is a mistake in the configuration", () => {
  const create = (): unknown => createDispatcher({ extraCaFile: join(folder, "none") }, 1, silentLogger);
  expect(create).toThrow(ConfigurationError);
  expect(create).toThrow(/check QUAYSIDE_EXTRA_CA_FILE/);
});

test("a proxy tunnels https and forwards http, for the hosts that are not excepted", async () => {
  const proxy = await startProxy();
  const secure = await startTls();
  const plain = await startPlain();
  const network = { httpProxy: proxy.url, httpsProxy: proxy.url, acceptAnyCertificate: true };
  expect(await get(secure, network)).toEqual({ tls: 1 });
  expect(await get(plain, network)).toEqual({ plain: 1 });
  expect(proxy.asked).toEqual([`CONNECT ${new URL(secure).host}`, `GET ${plain}/x`]);
  expect(await get(plain, { ...network, noProxy: "example.com,127.0.0.1" })).toEqual({ plain: 1 });
  expect(proxy.asked).toHaveLength(2);
});
