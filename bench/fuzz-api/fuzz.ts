import { Pool } from "undici";
import type { Measured, ServedCatalog } from "../served-catalog/served-catalog.ts";
import { Random } from "../jq/random.ts";
import { toRequest, type FuzzRequest } from "./requests.ts";
import { LASTING, toBlueprint } from "./world.ts";

export interface FuzzFailure {
  readonly index: number;
  readonly request: FuzzRequest;
  readonly problem: string;
}

export interface FuzzReport {
  readonly answers: ReadonlyMap<number, number>;
  /** Answers that should not be: 5xx, none at all, or in another form than the API promises. */
  readonly failures: readonly FuzzFailure[];
  readonly measured: readonly Measured[];
  readonly slowest: readonly { readonly index: number; readonly ms: number; readonly request: FuzzRequest }[];
}

interface FuzzOptions {
  readonly seed: number;
  readonly requests: number;
  /** Only this one. */
  readonly only?: number;
  readonly onProgress?: (done: number) => void;
}

const AT_ONCE = 12;
const INTERVALS = 20;
const TIMEOUT_MS = 60_000;
const SHOWN_SLOWEST = 5;

/** Sends requests that are partly damaged, several at a time, and looks at every answer. */
export async function fuzzApi(served: ServedCatalog, options: FuzzOptions): Promise<FuzzReport> {
  const { seed, requests, only, onProgress } = options;
  const pool = new Pool(served.url, { connections: AT_ONCE, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  const answers = new Map<number, number>();
  const failures: FuzzFailure[] = [];
  const measured: Measured[] = [];
  const slowest: { index: number; ms: number; request: FuzzRequest }[] = [];
  const ask = async (index: number, request: FuzzRequest): Promise<void> => {
    const startedAt = performance.now();
    const { status, problem } = await send(pool, request);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (problem !== undefined) failures.push({ index, request, problem });
    slowest.push({ index, request, ms: Math.round(performance.now() - startedAt) });
    slowest.sort((a, b) => b.ms - a.ms).splice(SHOWN_SLOWEST);
  };
  for (const identifier of LASTING) {
    const body = JSON.stringify(toBlueprint(identifier, new Random(0)));
    const headers = { authorization: `Bearer ${served.token}` };
    await send(pool, { method: "POST", path: "/v1/blueprints", headers, body });
  }
  const batch = Math.ceil(requests / INTERVALS);
  for (let first = 0; first < requests && !served.hasEnded; first += batch) {
    const end = Math.min(first + batch, requests);
    let next = only ?? first;
    const last = only === undefined ? end : only + 1;
    const work = async (): Promise<void> => {
      while (next < last && !served.hasEnded) {
        const index = next++;
        await ask(index, toRequest(seed, index, served.token));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (!served.hasEnded) measured.push(await served.measure());
    onProgress?.(end);
    if (only !== undefined) break;
  }
  await pool.destroy();
  return { answers, failures, measured, slowest };
}

async function send(
  pool: Pool,
  { method, path, headers, body }: FuzzRequest,
): Promise<{ readonly status: number; readonly problem?: string }> {
  try {
    const response = await pool.request({ method, path: toAscii(path), headers, body: body ?? null });
    const text = await response.body.text();
    const problem = findProblem(method, path, response.statusCode, text);
    return { status: response.statusCode, ...(problem !== undefined && { problem }) };
  } catch (error) {
    return { status: 0, problem: `no answer: ${String(error)}` };
  }
}

/** As a client of HTTP would send it: what is no ASCII is percent-encoded, and everything else left alone. */
function toAscii(path: string): string {
  return path.replaceAll(/[^\x21-\x7e]/gu, (character) => encodeURIComponent(character));
}

function findProblem(method: string, path: string, status: number, text: string): string | undefined {
  if (status >= 500) return `answered ${status}: ${text.slice(0, 200)}`;
  // Dots as a segment lead elsewhere, as in every address.
  if (method === "HEAD" || !path.startsWith("/v1/") || /\/\.{1,2}(?:[/?#]|$)/.test(path)) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return `answered ${status} with what is no JSON: ${text.slice(0, 200)}`;
  }
  const { ok, error, message } = body as { ok?: unknown; error?: unknown; message?: unknown };
  const isFitting =
    status < 300 ? ok === true : ok === false && typeof error === "string" && typeof message === "string";
  return isFitting ? undefined : `answered ${status} in another form: ${text.slice(0, 200)}`;
}
