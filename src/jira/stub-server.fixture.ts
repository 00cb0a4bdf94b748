import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json } from "../model/json.ts";

export interface StubRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Json | undefined;
}

export type StubAnswer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly json?: Json;
      readonly bytes?: Buffer | string;
    }
  /** `reset` closes the connection, `truncated` breaks off inside the body, `stall` never answers. */
  | "reset"
  | "truncated"
  | "stall";

/** A server on loopback that answers what a test says. */
export class StubServer {
  readonly requests: StubRequest[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: (request: StubRequest, index: number) => StubAnswer): Promise<StubServer> {
    const server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const url = new URL(incoming.url ?? "/", "http://stub");
        const text = Buffer.concat(chunks).toString();
        const request = {
          method: incoming.method ?? "",
          path: url.pathname,
          query: url.searchParams,
          headers: incoming.headers,
          body: text === "" ? undefined : (JSON.parse(text) as Json), // JSON.parse gives JSON
        };
        stub.requests.push(request);
        const given = answer(request, stub.requests.length - 1);
        if (given === "stall") return;
        if (given === "reset") {
          incoming.socket.destroy();
          return;
        }
        if (given === "truncated") {
          outgoing.writeHead(200, { "content-length": "100" });
          outgoing.write('{"half":', () => incoming.socket.destroy());
          return;
        }
        const { status = 200, headers = {}, json, bytes } = given;
        outgoing.writeHead(status, { "content-type": "application/json", ...headers });
        outgoing.end(bytes ?? JSON.stringify(json ?? {}));
      });
    });
    const stub = new StubServer(server);
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on TCP
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
