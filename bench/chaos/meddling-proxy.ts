import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { Agent } from "undici";

export interface MeddledAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Stands between the product and Jira; `onRequest` may answer in its place, or change the Jira behind. */
export class MeddlingProxy {
  /** By method and path, without the query. */
  onRequest: (request: string) => MeddledAnswer | undefined = () => undefined;
  readonly #target: string;
  readonly #agent = new Agent();
  readonly #server: Server;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => {
      this.#answer(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  static async start(target: string): Promise<MeddlingProxy> {
    const proxy = new MeddlingProxy(target);
    await new Promise<void>((resolve) => void proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on TCP
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#agent.destroy();
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = incoming;
    const body = await buffer(incoming);
    const meddled = this.onRequest(`${method} ${url.split("?")[0]}`);
    if (meddled !== undefined) {
      outgoing.writeHead(meddled.status, { "content-type": "application/json" }).end(JSON.stringify(meddled.body));
      return;
    }
    const { host: _, connection: __, ...passed } = headers;
    const stop = new AbortController();
    outgoing.on("close", () => stop.abort());
    const { signal } = stop;
    const request = {
      origin: this.#target,
      path: url,
      method,
      headers: passed,
      body: body.length > 0 ? body : null,
      signal,
    };
    const answer = await this.#agent.request(request);
    outgoing.writeHead(answer.statusCode, answer.headers);
    await pipeline(answer.body, outgoing);
  }
}
