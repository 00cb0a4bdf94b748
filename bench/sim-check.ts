/**
 * Whether the simulator's answers are what the official OpenAPI documents describe: several hundred requests over all
 * endpoints, each body validated. The documents are read from the folder in QUAYSIDE_SPEC, or from ../shared/spec
 * beside the repository; without them there is nothing to check, and the check says so.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startSimulator, type Simulator } from "../src/simulator/simulator.ts";
import { AnswerChecker, type Verdict } from "./sim-check/answer-checker.ts";
import { listRequests, type CheckRequest } from "./sim-check/requests.ts";

interface Row {
  requests: number;
  valid: number;
  invalid: number;
  unspecified: number;
}

const folder = resolve(process.env.QUAYSIDE_SPEC ?? join(import.meta.dirname, "../../shared/spec"));
const documents = ["jira-platform-v3.json", "jira-software.json"].map((name) => join(folder, "jira", name));
const isQuick = process.argv.includes("--quick");

if (documents.every((file) => existsSync(file))) await main();
else {
  console.log(
    `No OpenAPI documents in ${join(folder, "jira")}: set QUAYSIDE_SPEC to a folder that holds them. Nothing checked.`,
  );
  console.log(JSON.stringify({ bench: "sim-check", requests: 0, valid: 0, invalid: 0, unspecified: 0 }));
}

async function main(): Promise<void> {
  const checker = new AnswerChecker(documents.map((file) => JSON.parse(readFileSync(file, "utf8"))));
  const rows = new Map<string, Row>();
  const complaints: string[] = [];
  for (const seed of isQuick ? [1] : [1, 2, 3]) {
    const simulator = await startSimulator({ seed, projects: 5, users: 30, issues: 400, teams: 3 });
    for (const request of listRequests(simulator)) {
      const verdict = await check(simulator, checker, request);
      count(rows, request.endpoint, verdict);
      if (verdict.outcome === "invalid") complaints.push(`${request.method} ${request.path}\n    ${verdict.complaint}`);
    }
    await simulator.close();
  }
  report(rows, complaints);
}

async function check(simulator: Simulator, checker: AnswerChecker, request: CheckRequest): Promise<Verdict> {
  const authorization = `Basic ${Buffer.from(`${simulator.email}:${simulator.token}`).toString("base64")}`;
  const response = await fetch(simulator.url + request.path, {
    method: request.method,
    headers: { authorization, "content-type": "application/json" },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const text = await response.text();
  if (response.status !== request.status) {
    return {
      outcome: "invalid",
      complaint: `answered ${response.status} instead of ${request.status}: ${text.slice(0, 200)}`,
    };
  }
  return checker.check(
    request.method,
    request.endpoint,
    response.status,
    response.headers.get("content-type") ?? "",
    text,
  );
}

function count(rows: Map<string, Row>, endpoint: string, verdict: Verdict): void {
  const row = rows.get(endpoint) ?? { requests: 0, valid: 0, invalid: 0, unspecified: 0 };
  row.requests++;
  row[verdict.outcome]++;
  rows.set(endpoint, row);
}

function report(rows: ReadonlyMap<string, Row>, complaints: readonly string[]): void {
  const total: Row = { requests: 0, valid: 0, invalid: 0, unspecified: 0 };
  const line = (name: string, row: Row): string =>
    `${name.padEnd(72)} ${[row.requests, row.valid, row.invalid, row.unspecified].map((one) => String(one).padStart(9)).join("")}`;
  console.log(`${"endpoint".padEnd(72)}  requests    valid  invalid  no schema`);
  for (const [endpoint, row] of [...rows].toSorted(([left], [right]) => left.localeCompare(right))) {
    console.log(line(endpoint, row));
    for (const key of ["requests", "valid", "invalid", "unspecified"] as const) total[key] += row[key];
  }
  console.log(line("all", total));
  for (const complaint of complaints.slice(0, 40)) console.log(complaint);
  console.log(JSON.stringify({ bench: "sim-check", endpoints: rows.size, ...total }));
  const isEnough = total.valid >= 300;
  if (!isEnough) console.log(`Only ${total.valid} answers were validated; the check asks for 300.`);
  process.exitCode = complaints.length > 0 || !isEnough ? 1 : 0;
}
