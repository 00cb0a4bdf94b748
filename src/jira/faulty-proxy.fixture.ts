import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { Agent } from "undici";

const FAULTS = ["burst", "quota", "per-issue", "500", "503", "reset", "truncated", "stall"] as const;

const REASONS = {
  burst: { reason: "jira-burst-based", seconds: "1" },
  quota: { reason: "jira-quota-tenant-based", seconds: "5" },
  "per-issue": { reason: "jira-per-issue-on-write", seconds: "2" },
} as const;

/** Stands between a client and a Jira, and spoils a share of the requests in every way that Jira and networks have. */
export class FaultyProxy {
  readonly faults: (typeof FAULTS)[number][] = [];
  readonly #target: string;
  readonly #share: number;
  readonly #onRequest: (index: number) => void;
  readonly #agent = new Agent();
  readonly #server: Server;
  #state: number;
  #requests = 0;

  private constructor(options: { target: string; seed: number; share: number; onRequest: (index: number) => void }) {
    this.#target = options.target;
    this.#share = options.share;
    this.#onRequest = options.onRequest;
    this.#state = options.seed;
    this.#server = createServer((incoming, outgoing) => {
      this.#answer(incoming, outgoing).catch(() => outgoing.destroy());
    });
  }

  static async start(options: {
    readonly target: string;
    readonly seed: number;
    /** 0..1 */
    readonly share: number;
    /** Called before each request, e.g. to change something in the Jira behind. */
    readonly onRequest?: (index: number) => void;
  }): Promise<FaultyProxy> {
    const proxy = new FaultyProxy({ onRequest: () => undefined, ...options });
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
    const body = await buffer(incoming);
    this.#onRequest(this.#requests++);
    const fault = this.#pickFault();
    if (fault !== undefined) this.faults.push(fault);
    if (fault === "stall") return;
    if (fault === "reset") {
      incoming.socket.destroy();
      return;
    }
    if (fault === "500" || fault === "503") {
      outgoing.writeHead(Number(fault), fault === "503" ? { "retry-after": "1" } : {}).end("<html>Oops</html>");
      return;
    }
    if (fault !== undefined && fault !== "truncated") {
      const { reason, seconds } = REASONS[fault];
      outgoing.writeHead(429, { "retry-after": seconds, "ratelimit-reason": reason }).end("{}");
      return;
    }
    const { host: _, connection: __, ...headers } = incoming.headers;
    const answer = await this.#agent.request({
      origin: this.#target,
      path: incoming.url ?? "/",
      method: incoming.method ?? "GET",
      headers,
      body: body.length > 0 ? body : null,
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    outgoing.writeHead(answer.statusCode, { ...answer.headers, "content-length": bytes.length });
    if (fault === "truncated") outgoing.write(bytes.subarray(0, bytes.length / 2), () => incoming.socket.destroy());
    else outgoing.end(bytes);
  }

  /** Every kind of fault comes in its turn; when, is up to the seed. */
  #pickFault(): (typeof FAULTS)[number] | undefined {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32 < this.#share ? FAULTS[this.faults.length % FAULTS.length] : undefined;
  }
}
