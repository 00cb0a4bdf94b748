/**
 * Whether the API does what Port's OpenAPI document and docs/api.md say: for each operation that is supported, requests
 * that must succeed, whose effect is read back, and requests that must be refused with a certain status and word; all
 * over HTTP, against the real server. The document is read from the folder in QUAYSIDE_SPEC, or from ../shared/spec
 * beside the repository; without it there is nothing to check, and the check says so. With --quick fewer of each.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { startApi, type Answer, type Api } from "./conformance/api.ts";
import { createWorld, type Case, type Make } from "./conformance/case.ts";
import { CASES } from "./conformance/cases.ts";
import { NOT_SUPPORTED } from "./conformance/port-operations.ts";
import { ResponseSchemas } from "./conformance/response-schemas.ts";

const folder = resolve(process.env["QUAYSIDE_SPEC"] ?? join(import.meta.dirname, "../../shared/spec"));
const file = join(folder, "port-openapi.yaml");
const REQUESTS_OF_EACH = process.argv.includes("--quick") ? 10 : 30;
const METHODS = ["get", "put", "post", "patch", "delete"];

interface Row {
  valid: number;
  invalid: number;
  /** Answers that the document has a schema for. */
  bySchema: number;
  failures: string[];
}

if (existsSync(file)) await main();
else console.log(`No OpenAPI document at ${file}: set QUAYSIDE_SPEC to a folder that holds it. Nothing checked.`);

async function main(): Promise<void> {
  const document = parse(readFileSync(file, "utf8")) as { paths: Record<string, object> };
  const inDocument = Object.entries(document.paths).flatMap(([path, operations]) =>
    METHODS.filter((method) => method in operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const isDecidedOtherwise = new Set(NOT_SUPPORTED.flatMap(({ operations }) => operations));
  const supported = inDocument.filter((operation) => !isDecidedOtherwise.has(operation));
  const schemas = new ResponseSchemas(document);
  const api = await startApi();
  const rows = new Map<string, Row>();
  let seed = 0;
  for (const operation of supported) {
    const row: Row = { valid: 0, invalid: 0, bySchema: 0, failures: [] };
    rows.set(operation, row);
    const { valid, invalid } = CASES[operation] ?? { valid: [], invalid: [] };
    if (valid.length === 0) row.failures.push("there are no requests for it");
    for (let index = 0; index < REQUESTS_OF_EACH && valid.length > 0; index++) {
      for (const makers of [valid, invalid])
        await run(makers[index % makers.length], operation, seed++, { api, schemas, row });
    }
  }
  await api.close();
  report(rows, inDocument.length);
}

async function run(
  make: Make | undefined,
  operation: string,
  seed: number,
  { api, schemas, row }: { readonly api: Api; readonly schemas: ResponseSchemas; readonly row: Row },
): Promise<void> {
  if (make === undefined) return;
  const made = await make(createWorld(api, seed));
  const answer = await api.send(made.method, made.path, made.body, made.headers);
  const isSuccess = made.status < 300;
  if (isSuccess) row.valid++;
  else row.invalid++;
  const problem = findProblem(made, answer) ?? (await findProblemAfterwards(made, api));
  const misfit = schemas.check(operation, answer);
  if (misfit !== undefined) row.bySchema++;
  const complaint = problem ?? (misfit === "" ? undefined : misfit);
  if (complaint !== undefined) row.failures.push(`${made.method} ${made.path}: ${complaint}`);
}

function findProblem({ status, code, has, isFitting }: Case, { status: answered, body }: Answer): string | undefined {
  const shown = JSON.stringify(body).slice(0, 300);
  if (answered !== status) return `answered ${answered} instead of ${status}: ${shown}`;
  if (body["ok"] !== status < 300) return `ok is ${String(body["ok"])}`;
  if (code !== undefined && body["error"] !== code) return `the error is ${String(body["error"])} instead of ${code}`;
  if (isFitting?.(body) === false) return `has not what it must: ${shown}`;
  return contains(body, has ?? {}) ? undefined : `has not all of ${JSON.stringify(has).slice(0, 300)}: ${shown}`;
}

async function findProblemAfterwards({ afterwards }: Case, api: Api): Promise<string | undefined> {
  if (afterwards === undefined) return undefined;
  const read = await api.send("GET", afterwards.path);
  const problem = findProblem({ method: "GET", status: 200, ...afterwards }, read);
  return problem && `read back, it ${problem}`;
}

/** Every key and element of the second is in the first. */
function contains(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null) return isDeepStrictEqual(actual, expected);
  if (typeof actual !== "object" || actual === null) return false;
  if (Array.isArray(expected)) {
    return Array.isArray(actual) && expected.every((each, index) => contains(actual[index], each));
  }
  const found = new Map(Object.entries(actual));
  return Object.entries(expected).every(([key, value]) => contains(found.get(key), value));
}

function report(rows: ReadonlyMap<string, Row>, inDocument: number): void {
  const width = Math.max(...[...rows.keys()].map((operation) => operation.length));
  console.log(`${"operation".padEnd(width)}  valid  invalid  by schema  conforms`);
  for (const [operation, { valid, invalid, bySchema, failures }] of rows) {
    const numbers = [String(valid).padStart(5), String(invalid).padStart(7), String(bySchema).padStart(9)];
    console.log(`${operation.padEnd(width)}  ${numbers.join("  ")}  ${failures.length === 0 ? "yes" : "NO"}`);
    for (const failure of new Set(failures.slice(0, 3))) console.log(`    ${failure}`);
  }
  const all = [...rows.values()];
  const conforming = all.filter(({ failures }) => failures.length === 0).length;
  const sum = (pick: (row: Row) => number): number => all.reduce((total, row) => total + pick(row), 0);
  const result = {
    bench: "conformance",
    operations: inDocument,
    supported: all.length,
    conforming,
    valid: sum((row) => row.valid),
    invalid: sum((row) => row.invalid),
    bySchema: sum((row) => row.bySchema),
  };
  console.log(`In the document ${inDocument}, supported ${all.length}, conforming ${conforming}.`);
  console.log(JSON.stringify(result));
  process.exitCode = conforming === all.length ? 0 : 1;
}
