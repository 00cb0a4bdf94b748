import { deepStrictEqual } from "node:assert";
import { parseArgs } from "node:util";
import { JqWasmEngine } from "../src/jq-wasm/jq-wasm-engine.ts";
import { CompiledJqEngine } from "../src/jq/compiled-jq-engine.ts";
import { compileJq, type JqProgram } from "../src/jq/compile-jq.ts";
import type { JqValue } from "../src/jq/jq-engine.ts";
import { HEAVY_EXPRESSIONS } from "./jq/heavy-expressions.ts";
import { ISSUE_EXPRESSIONS, mapIssueByHand } from "./jq/issue-mapping.ts";
import { makeIssuePages } from "./jq/issue-pages.ts";

/**
 * What jq costs per issue of about 8 KB, in microseconds of CPU time (user and system, all threads), the least of
 * several rounds. `npm run bench:jq -- --quick` takes a fifth of the issues.
 */
const { values: options } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const PAGES = options.quick ? 40 : 200;
const ROUNDS = options.quick ? 4 : 5;
const WASM_PAGES = options.quick ? 3 : 10;

type Columns = (readonly (JqValue | undefined)[])[];

const pages = makeIssuePages(1, PAGES);
const issues = pages.map(parsePage);
const issueCount = issues.reduce((sum, page) => sum + page.length, 0);
const names = Object.keys(ISSUE_EXPRESSIONS);
const mapping = Object.values(ISSUE_EXPRESSIONS).map((source) => compileJq(source));
const heavy = HEAVY_EXPRESSIONS.map((source) => compileJq(source));

assertSameAsByHand();
const byHand = measure(() => issues.map((page) => page.map(mapIssueByHand).length));
const byJq = measure(() => issues.map((page) => mapPage(mapping, page).length));
const parse = measure(() => pages.map((text) => parsePage(text).length));
const parseAndMap = measure(() => pages.map((text) => mapPage(mapping, parsePage(text)).length));
const byEngine = await measureEngine();
const heavyTotal = measure(() => issues.map((page) => mapPage(heavy, page).length));
const wasm = await measureWasm();

const bytes = pages.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / issueCount;
const figures = {
  issues: issueCount,
  bytesPerIssue: Math.round(bytes),
  mappingUs: round(byJq),
  enginePageUs: round(byEngine),
  byHandUs: round(byHand),
  timesByHand: round(byJq / byHand),
  parseUs: round(parse),
  parseAndMapUs: round(parseAndMap),
  timesParse: round(parseAndMap / parse),
  heavyUs: round(heavyTotal),
  wasmPerIssueUs: round(wasm),
  wasmPerPageUs: round(wasm * 100),
};

const targets = [
  { name: "mappingUs", text: "19 expressions of the default mapping, per issue", most: 5 },
  { name: "enginePageUs", text: "the same through the engine, page by page", most: undefined },
  { name: "byHandUs", text: "the same mapping written by hand", most: undefined },
  { name: "timesByHand", text: "times the hand-written mapping", most: 8 },
  { name: "parseUs", text: "JSON.parse alone", most: undefined },
  { name: "parseAndMapUs", text: "JSON.parse and mapping", most: undefined },
  { name: "timesParse", text: "times JSON.parse alone", most: 1.15 },
  { name: "heavyUs", text: "20 heavy expressions, all together", most: 60 },
  { name: "wasmPerIssueUs", text: "jq-wasm, the default mapping, per issue", most: undefined },
  { name: "wasmPerPageUs", text: "jq-wasm, the default mapping, per page of 100", most: undefined },
] as const;

const missed = targets.filter(({ name, most }) => most !== undefined && figures[name] > most);
for (const { name, text, most } of targets) {
  const verdict = most === undefined ? "" : `at most ${most}${figures[name] > most ? "  MISSED" : ""}`;
  console.log(`${text.padEnd(50)}${figures[name].toFixed(2).padStart(12)}  ${verdict}`);
}
console.log(`\n${heavy.length} heavy expressions, one by one`);
const sample = issues.slice(0, 40);
const sampleShare = issueCount / sample.flat().length;
heavy.forEach((program, index) => {
  const each = measure(() => sample.map((page) => mapPage([program], page).length)) * sampleShare;
  console.log(`${each.toFixed(2).padStart(8)}  ${HEAVY_EXPRESSIONS[index]}`);
});
console.log(JSON.stringify({ ...figures, quick: options.quick, missed: missed.map(({ name }) => name) }));
if (missed.length > 0) process.exitCode = 1;

function parsePage(text: string): readonly JqValue[] {
  const page = JSON.parse(text) as { readonly issues: readonly JqValue[] }; // made by issue-pages.ts
  return page.issues;
}

function mapPage(programs: readonly JqProgram[], page: readonly JqValue[]): Columns {
  return programs.map((program) => page.map((issue) => program.first(issue)));
}

function assertSameAsByHand(): void {
  for (const page of issues) {
    const columns = mapPage(mapping, page);
    page.forEach((issue, item) => {
      const entity = Object.fromEntries(names.map((name, column) => [name, columns[column]?.[item]]));
      deepStrictEqual(entity, mapIssueByHand(issue));
    });
  }
}

/** Microseconds of CPU time per issue. */
function measure(task: () => unknown): number {
  task();
  return Math.min(
    ...Array.from({ length: ROUNDS }, () => {
      globalThis.gc?.();
      const before = process.cpuUsage();
      task();
      return toUs(before, issueCount);
    }),
  );
}

async function measureEngine(): Promise<number> {
  const engine = new CompiledJqEngine(new JqWasmEngine());
  const programs = Object.values(ISSUE_EXPRESSIONS);
  let least = Infinity;
  for (let round = 0; round <= ROUNDS; round++) {
    globalThis.gc?.();
    const before = process.cpuUsage();
    for (const page of issues) await engine.evaluatePage(programs, page);
    least = Math.min(least, toUs(before, issueCount));
  }
  await engine.close();
  return least;
}

async function measureWasm(): Promise<number> {
  const engine = new JqWasmEngine();
  const programs = Object.values(ISSUE_EXPRESSIONS);
  const [warmUp = [], ...rest] = issues.slice(0, WASM_PAGES + 1);
  const first = await engine.evaluatePage(programs, warmUp);
  deepStrictEqual(first.values, mapPage(mapping, warmUp));
  const before = process.cpuUsage();
  for (const page of rest) await engine.evaluatePage(programs, page);
  const us = toUs(before, rest.flat().length);
  await engine.close();
  return us;
}

function toUs(before: NodeJS.CpuUsage, count: number): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

function round(figure: number): number {
  return Number(figure.toPrecision(4));
}
