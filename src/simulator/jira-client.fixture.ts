import { startSimulator, type Simulator } from "./simulator.ts";
import type { SimulatorSettings } from "./options.ts";

/** An answer, its body read as whatever the test expects of it. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests state by their expectations what they take the body to be.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

export interface JiraClient {
  readonly simulator: Simulator;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Reply>;
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;
}

/** A simulator and the plainest client of it, both closed with the scope. */
export async function withJira(options: SimulatorSettings, use: (jira: JiraClient) => Promise<void>): Promise<void> {
  const simulator = await startSimulator(options);
  try {
    await use(createClient(simulator));
  } finally {
    await simulator.close();
  }
}

export function createClient(simulator: Simulator): JiraClient {
  const send: JiraClient["send"] = async (method, path, body, headers = {}) => {
    const url = path.startsWith("http") ? path : simulator.url + path;
    const authorization = toBasic(simulator.email, simulator.token);
    const given = { authorization, "content-type": "application/json", ...headers };
    const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
    const payload = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await fetch(url, { method, headers: sent, ...payload });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
  return { simulator, send, get: (path, headers) => send("GET", path, undefined, headers) };
}

export function toBasic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}

/** Ids of all pages of a search, and how long each page was. */
export async function searchAll(
  jira: JiraClient,
  body: Record<string, unknown>,
): Promise<{ readonly ids: string[]; readonly pages: number[]; readonly replies: Reply[] }> {
  const ids: string[] = [];
  const pages: number[] = [];
  const replies: Reply[] = [];
  let nextPageToken: string | undefined;
  do {
    const page = nextPageToken === undefined ? body : { ...body, nextPageToken };
    const reply = await jira.send("POST", "/rest/api/3/search/jql", page);
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    replies.push(reply);
    ids.push(...reply.body.issues.map((issue: { id: string }) => issue.id));
    pages.push(reply.body.issues.length);
    nextPageToken = reply.body.nextPageToken;
  } while (nextPageToken !== undefined);
  return { ids, pages, replies };
}
