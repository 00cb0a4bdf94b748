import { expect } from "vitest";
import { startApi, type Api } from "../../bench/conformance/api.ts";

export type Document = Readonly<Record<string, unknown>>;
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Answer {
  readonly status: number;
  readonly body: Document;
}

/** A client of Port's API at a real server: what it sends is what goes over the socket. */
export class WireClient {
  readonly #url: string;
  readonly #userAgent: string;
  #token = "";

  constructor(api: Api, userAgent: string) {
    this.#url = api.url;
    this.#userAgent = userAgent;
  }

  /** As all clients do it; what some of them read of the answer is checked. */
  async signIn(credentials: Api["credentials"]): Promise<void> {
    const { status, body } = await this.call("POST", "/v1/auth/access_token", credentials);
    const { clientId, clientSecret } = credentials;
    expect([status, clientId.length > 0, clientSecret.length > 0]).toEqual([200, true, true]);
    expect(body).toMatchObject({ ok: true, tokenType: "Bearer", expiresIn: expect.any(Number) });
    this.#token = String(body["accessToken"]);
    const [, payload = "", ...rest] = this.#token.split(".");
    expect(rest).toHaveLength(1);
    expect(JSON.parse(Buffer.from(payload, "base64url").toString())).toMatchObject({ isMachine: true });
  }

  forgetToken(): void {
    this.#token = "expired.or.foreign";
  }

  /** The path of this server, or a whole address that it gave. */
  async call(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(path.startsWith("http") ? path : this.#url + path, {
      method,
      headers: {
        "user-agent": this.#userAgent,
        ...(this.#token !== "" && { authorization: `Bearer ${this.#token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    // Clients in Go decode nothing else.
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("x-trace-id")).toMatch(/^[0-9a-f]{32}$/);
    const answer = (await response.json()) as Document; // of an API that answers objects
    expect(answer["ok"]).toBe(response.status < 300);
    return { status: response.status, body: answer };
  }

  /** A call that must succeed; what it answers under its one key. */
  async get<Value = Document>(method: Method, path: string, key: string, body?: unknown): Promise<Value> {
    const answer = await this.call(method, path, body);
    expect(answer, `${method} ${path}`).toMatchObject({ body: { ok: true } });
    return answer.body[key] as Value; // as the test expects it
  }
}

export async function openWire(userAgent: string): Promise<{ readonly api: Api; readonly client: WireClient }> {
  const api = await startApi();
  return { api, client: new WireClient(api, userAgent) };
}
