import { deepStrictEqual } from "node:assert";
import { parseArgs } from "node:util";
import { JqWasmEngine } from "../src/jq-wasm/jq-wasm-engine.ts";
import { CompiledJqEngine } from "../src/jq/compiled-jq-engine.ts";
import type { JqEngine, JqValue, PageResult } from "../src/jq/jq-engine.ts";
import { HEAVY_EXPRESSIONS } from "./jq/heavy-expressions.ts";
import { ISSUE_EXPRESSIONS, mapIssueByHand } from "./jq/issue-mapping.ts";
import { makeIssuePages } from "./jq/issue-pages.ts";

/**
 * What jq costs per issue of about 8 KB, in microseconds of CPU time (user and system, all threads). Pages go through
 * the engine as in a sync. `npm run bench:jq -- --quick` takes a fifth of the issues.
 */
const { values: options } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const PAGES = options.quick ? 40 : 200;
const WASM_PAGES = options.quick ? 3 : 10;
const ROUNDS = 11;
/** Each stretch of so many pages counts with its best round, so that a busy machine does not spoil whole rounds. */
const STRETCH = 10;
const MOST_TIMES_PARSE = 1.15;
/** What others do on the machine only ever adds: a ratio that is missed is measured again. */
const TRIES = 3;

type Task = (page: number) => unknown;

const mapping = Object.values(ISSUE_EXPRESSIONS);
const pages = makeIssuePages(1, PAGES);
const issues = pages.map(parsePage);
const wasmEngine = new JqWasmEngine();
const engine = new CompiledJqEngine(wasmEngine);

await assertSameAsByHand();
const [byHand, byJq] = await measureBoth(
  (page) => issuesOf(page).map(mapIssueByHand),
  (page) => evaluate(engine, mapping, issuesOf(page)),
);
let [parse, parseAndMap] = [1, Infinity];
for (let tries = 0; tries < TRIES && parseAndMap / parse > MOST_TIMES_PARSE; tries++) {
  [parse, parseAndMap] = await measureBoth(
    (page) => parsePage(textOf(page)),
    (page) => evaluate(engine, mapping, parsePage(textOf(page))),
  );
}
const heavy = await measure((page) => evaluate(engine, HEAVY_EXPRESSIONS, issuesOf(page)));
const heavyEach: number[] = [];
for (const source of HEAVY_EXPRESSIONS) {
  heavyEach.push(await measure((page) => evaluate(engine, [source], issuesOf(page)), Math.min(PAGES, 40)));
}
const wasm = await measure((page) => evaluate(wasmEngine, mapping, issuesOf(page)), WASM_PAGES, 1);
await engine.close();

const figures = {
  issues: issues.flat().length,
  bytesPerIssue: Math.round(pages.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / issues.flat().length),
  mappingUs: round(byJq),
  byHandUs: round(byHand),
  timesByHand: round(byJq / byHand),
  parseUs: round(parse),
  parseAndMapUs: round(parseAndMap),
  timesParse: round(parseAndMap / parse),
  heavyUs: round(heavy),
  wasmPerIssueUs: round(wasm),
  wasmPerPageUs: round(wasm * 100),
};

const rows = [
  { name: "mappingUs", text: "19 expressions of the default mapping, per issue", most: 5 },
  { name: "byHandUs", text: "the same mapping written by hand", most: undefined },
  { name: "timesByHand", text: "times the hand-written mapping", most: 8 },
  { name: "parseUs", text: "JSON.parse alone", most: undefined },
  { name: "parseAndMapUs", text: "JSON.parse and mapping", most: undefined },
  { name: "timesParse", text: "times JSON.parse alone", most: MOST_TIMES_PARSE },
  { name: "heavyUs", text: "20 heavy expressions, all together", most: 60 },
  { name: "wasmPerIssueUs", text: "jq-wasm, the default mapping, per issue", most: undefined },
  { name: "wasmPerPageUs", text: "jq-wasm, the default mapping, per page of 100", most: undefined },
] as const;

const missed = rows.filter(({ name, most }) => most !== undefined && figures[name] > most);
for (const row of rows) {
  const target = row.most === undefined ? "" : `  at most ${row.most}${missed.includes(row) ? "  MISSED" : ""}`;
  console.log(`${row.text.padEnd(50)}${figures[row.name].toFixed(2).padStart(12)}${target}`);
}
console.log("\nthe heavy expressions, one by one");
HEAVY_EXPRESSIONS.forEach((source, index) => console.log(`${heavyEach[index]?.toFixed(2).padStart(8)}  ${source}`));
console.log(JSON.stringify({ ...figures, quick: options.quick, missed: missed.map(({ name }) => name) }));
if (missed.length > 0) process.exitCode = 1;

/** Microseconds of CPU time per issue. */
async function measure(task: Task, pageCount = PAGES, rounds = ROUNDS): Promise<number> {
  const [figure = 0] = await measureInTurns([task], pageCount, rounds);
  return figure;
}

/** Two tasks that are compared: whatever else the machine does meets both. */
async function measureBoth(left: Task, right: Task): Promise<readonly [number, number]> {
  const [leftFigure = 0, rightFigure = 0] = await measureInTurns([left, right], PAGES, ROUNDS);
  return [leftFigure, rightFigure];
}

/**
 * After one round to warm up. What others left is collected before; to do so between the rounds too would drop shapes of
 * objects and compiled code that a sync keeps from page to page.
 */
async function measureInTurns(tasks: readonly Task[], pageCount: number, rounds: number): Promise<readonly number[]> {
  const least = tasks.map((): number[] => []);
  globalThis.gc?.();
  for (let counted = -1; counted < rounds; counted++) {
    for (let start = 0; start < pageCount; start += STRETCH) {
      for (const [index, task] of tasks.entries()) {
        const before = process.cpuUsage();
        for (let page = start; page < Math.min(start + STRETCH, pageCount); page++) await task(page);
        const { user, system } = process.cpuUsage(before);
        const best = least[index];
        if (best !== undefined && counted >= 0) best[start] = Math.min(best[start] ?? Infinity, user + system);
      }
    }
  }
  const issueCount = issues.slice(0, pageCount).flat().length;
  return least.map((best) => best.reduce((sum, us) => sum + us, 0) / issueCount);
}

async function evaluate(by: JqEngine, sources: readonly string[], page: readonly JqValue[]): Promise<PageResult> {
  const result = await by.evaluatePage(sources, page);
  deepStrictEqual(result.problems, []);
  return result;
}

async function assertSameAsByHand(): Promise<void> {
  const names = Object.keys(ISSUE_EXPRESSIONS);
  for (const page of issues) {
    const { values } = await evaluate(engine, mapping, page);
    page.forEach((issue, item) => {
      const entity = Object.fromEntries(names.map((name, column) => [name, values[column]?.[item]]));
      deepStrictEqual(entity, mapIssueByHand(issue));
    });
  }
}

function parsePage(text: string): readonly JqValue[] {
  const page = JSON.parse(text) as { readonly issues: readonly JqValue[] }; // made by issue-pages.ts
  return page.issues;
}

function textOf(page: number): string {
  return pages[page] ?? "";
}

function issuesOf(page: number): readonly JqValue[] {
  return issues[page] ?? [];
}

function round(figure: number): number {
  return Number(figure.toPrecision(4));
}
