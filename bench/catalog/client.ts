import { Pool } from "undici";
import type { CatalogServer } from "./catalog-server.ts";

export interface BenchRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** Asks the server over connections that stay open. */
export class Client {
  readonly #pool: Pool;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ url, token }: CatalogServer, connections: number) {
    this.#pool = new Pool(url, { connections });
    this.#headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  }

  /** Throws unless the server did what it was asked for. */
  async send({ method, path, body }: BenchRequest): Promise<string> {
    const answer = await this.#pool.request({ method, path, headers: this.#headers, body: body ?? null });
    const text = await answer.body.text();
    if (answer.statusCode > 201) throw new Error(`${method} ${path} was answered ${answer.statusCode}: ${text}`);
    return text;
  }

  close(): Promise<void> {
    return this.#pool.close();
  }
}
