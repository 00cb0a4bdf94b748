import { Agent } from "undici";
import type { JsonObject } from "../../src/model/json.ts";
import { DEFAULT_GATE_LIMITS } from "../../src/jira/gate.ts";
import { readAccess } from "./access.ts";

const { url, email, token } = readAccess(process.env);
const authorization = `Basic ${Buffer.from(`${email}:${token}`).toString("base64")}`;
const agent = new Agent({ connections: DEFAULT_GATE_LIMITS.maxInFlight });

/** What every sort of client has to do: send, receive, `JSON.parse`. Nothing else. */
export async function postToJira(path: string, body: JsonObject): Promise<JsonObject> {
  const response = await agent.request({
    origin: url,
    path,
    method: "POST",
    headers: { authorization, accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 200)}`);
  return JSON.parse(text) as JsonObject; // both searches and bulk reads answer objects
}
