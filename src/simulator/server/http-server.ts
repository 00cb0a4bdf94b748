import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ConflictError, toMessage } from "../../runtime/errors.ts";
import { toHex, type Random } from "../random.ts";
import { problem, type Answer } from "./answer.ts";
import type { IncomingRequest } from "./dispatcher.ts";

export type Respond = (request: IncomingRequest) => Promise<Answer>;

const maxBodyBytes = 10_000_000;

/** A node:http server that keeps connections alive and sends what `respond` makes of each request. */
export class HttpServer {
  readonly #server: Server;
  readonly #random: Random;
  #served = 0;
  #isClosing = false;

  constructor(respond: Respond, random: Random) {
    this.#random = random;
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      void this.#serve(request, response, respond);
    });
  }

  /** The port, which the system chose if 0 was asked for. */
  async listen(port: number, host: string): Promise<number> {
    try {
      this.#server.listen(port, host);
      await once(this.#server, "listening");
    } catch (error) {
      throw new ConflictError(
        `The simulator cannot listen on ${host}:${port} (${toMessage(error)}): choose another port`,
        {
          cause: error,
        },
      );
    }
    // A server that listens on TCP has such an address.
    return (this.#server.address() as AddressInfo).port;
  }

  /** Requests that wait for their answer get none. */
  close(): Promise<void> {
    this.#isClosing = true;
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse, respond: Respond): Promise<void> {
    const { method = "GET", url = "/", headers } = request;
    try {
      const body = await readBody(request);
      this.#send(response, await respond({ method, url, authorization: headers.authorization, body }));
    } catch (error) {
      if (this.#isClosing) return;
      // The stack goes to whoever runs the simulator: an answer of 500 that nobody asked for is a bug here.
      process.emitWarning(error instanceof Error ? error : String(error));
      if (!response.headersSent) this.#send(response, problem(500, "Internal Server Error", "", url));
    }
  }

  #send(response: ServerResponse, answer: Answer): void {
    // A stalled request stays open until its client, or the end of the server, closes it.
    if (answer.spoil === "stall") return;
    if (answer.spoil === "reset") {
      response.socket?.resetAndDestroy();
      return;
    }
    const trace = toHex(this.#random, this.#served++, 1101, 32);
    response.writeHead(answer.status, {
      "Atl-Traceid": trace,
      "Atl-Request-Id": trace.slice(0, 8),
      "X-Arequestid": trace.slice(0, 16),
      "Cache-Control": "no-cache, no-store, no-transform",
      Server: "AtlassianEdge",
      ...(answer.contentType === undefined ? {} : { "Content-Type": answer.contentType }),
      ...(answer.status === 204 ? {} : { "Content-Length": String(answer.body?.length ?? 0) }),
      ...answer.headers,
    });
    if (answer.spoil === "truncated") {
      const half = answer.body?.subarray(0, Math.floor(answer.body.length / 2)) ?? "";
      response.write(half, () => response.socket?.destroy());
      return;
    }
    response.end(answer.body, answer.release);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    // Without an encoding set, a request yields buffers.
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > maxBodyBytes) throw new Error(`A request body is longer than ${maxBodyBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
