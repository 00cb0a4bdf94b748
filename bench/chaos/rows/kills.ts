import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { makeFolder } from "../../../test/fixtures/folder.ts";
import { QuaysideProcess } from "../../../test/fixtures/quayside-process.ts";
import { Random } from "../../jq/random.ts";
import { compareContents, type Contents } from "../content.ts";
import { Edits } from "../edits.ts";
import { CURRENT_ISSUES, EVERYTHING, toMappingText } from "../mapping.ts";
import { Oracle } from "../oracle.ts";
import { Quayside } from "../quayside.ts";
import { Findings, type ChaosRow } from "../row.ts";
import { startSite } from "../world.ts";

const PAGE_SIZE = 100;
/** Pages that may be on their way from Jira to the disk at once: 8 being fetched, and 8 being written. */
const CONCURRENCY = 16;
const LEAST_INSIDE = 0.8;
/** Every third sync that is killed is a first one; the others find a catalog and a tenth of the issues changed. */
const FIRST_EVERY = 3;
const LATENCY_MS = 25;

interface MeasuredRun {
  /** From the first request to the end of the process. */
  readonly durationMs: number;
}

/**
 * `quayside sync` in a process of its own, killed with -9 at times that are spread evenly over the length of an
 * undisturbed run. The sync after it completes what was begun, and reads again no more than what was on its way.
 */
export const kills: ChaosRow = {
  name: "kill -9",
  run: async ({ seed, isQuick }) => {
    const bed = await KillBed.open(seed, isQuick ? 1500 : 3000);
    try {
      const findings = new Findings();
      const count = isQuick ? 10 : 100;
      const measured = { first: await bed.measure("first"), later: await bed.measure("later") };
      const random = new Random(seed);
      let inside = 0;
      let readAgain = 0;
      for (const [kill, share] of spread(count, random).entries()) {
        const sort = kill % FIRST_EVERY === 0 ? "first" : "later";
        const outcome = await bed.killOnce(sort, share * measured[sort].durationMs);
        if (outcome.isInside) inside++;
        readAgain += outcome.readAgain;
        const step = `kill ${kill + 1}, ${sort} sync, at ${Math.round(share * 100)} %`;
        findings.expect(step, outcome.readAgain <= CONCURRENCY, `${outcome.readAgain} pages were read again`);
        findings.add(step, outcome.problems);
      }
      findings.expect("all kills", inside >= count * LEAST_INSIDE, `only ${inside} of ${count} were inside a run`);
      const figures = {
        kills: count,
        inside,
        readAgain,
        firstMs: measured.first.durationMs,
        laterMs: measured.later.durationMs,
      };
      return { problems: findings.problems, figures };
    } finally {
      await bed.close();
    }
  },
};

/** Shares of a run, one from each of `count` equal parts of it, in random order. */
function spread(count: number, random: Random): readonly number[] {
  const shares = random.list(count, (part) => (part + random.next()) / count);
  return random.some(shares, count, count);
}

/** A Jira, and the folders of the syncs that read it. */
class KillBed {
  readonly #jira: Simulator;
  readonly #oracle: Oracle;
  readonly #edits: Edits;
  /** Of the syncs that find a catalog. */
  readonly #lasting: DataFolder;

  private constructor(jira: Simulator, oracle: Oracle, edits: Edits, lasting: DataFolder) {
    this.#jira = jira;
    this.#oracle = oracle;
    this.#edits = edits;
    this.#lasting = lasting;
  }

  static async open(seed: number, issues: number): Promise<KillBed> {
    const jira = await startSite(seed, { projects: 6, users: 30, issues, latencyMs: LATENCY_MS });
    return new KillBed(jira, await Oracle.load(), new Edits(jira.site, seed), await DataFolder.make(jira));
  }

  async measure(sort: "first" | "later"): Promise<MeasuredRun> {
    if (sort === "later") this.#change();
    const sync = this.#lasting.start();
    await this.#firstRequest();
    const startedAt = performance.now();
    const { code, stderr } = await sync.ended();
    if (code !== 0) throw new Error(`An undisturbed sync ended with ${code}: ${stderr}`);
    return { durationMs: Math.round(performance.now() - startedAt) };
  }

  async killOnce(
    sort: "first" | "later",
    atMs: number,
  ): Promise<{ readonly isInside: boolean; readonly readAgain: number; readonly problems: readonly string[] }> {
    if (sort === "later") this.#change();
    const folder = sort === "later" ? this.#lasting : await DataFolder.make(this.#jira);
    try {
      const pagesBefore = this.#countPages();
      const killed = folder.start();
      await this.#firstRequest();
      await setTimeout(atMs);
      killed.kill("SIGKILL");
      const { stdout } = await killed.ended();
      const { code, stderr } = await folder.start().ended();
      const pages = Math.ceil((await this.#oracle.count(this.#jira, CURRENT_ISSUES)) / PAGE_SIZE);
      const actual = await folder.read();
      return {
        isInside: stdout === "",
        readAgain: this.#countPages() - pagesBefore - pages * (stdout === "" ? 1 : 2),
        problems: [
          ...(code === 0 ? [] : [`the next sync ended with ${code}: ${stderr}`]),
          ...compareContents(actual, await this.#oracle.expect(this.#jira, EVERYTHING)),
        ],
      };
    } finally {
      if (folder !== this.#lasting) folder.remove();
    }
  }

  async close(): Promise<void> {
    await this.#jira.close();
    this.#lasting.remove();
  }

  #change(): void {
    this.#edits.mix(this.#jira.site.countIssues() / 10);
  }

  #countPages(): number {
    return this.#jira.requests.count("POST /rest/api/3/issue/bulkfetch");
  }

  /** Before it a process only starts, and to kill that would prove little. */
  async #firstRequest(): Promise<void> {
    const before = this.#jira.requests.total;
    while (this.#jira.requests.total === before) await setTimeout(1);
  }
}

/** Where `quayside sync` keeps what it read from one Jira. */
class DataFolder {
  readonly #folder: ReturnType<typeof makeFolder>;
  readonly #site: string;
  readonly #settings: Readonly<Record<string, string>>;

  private constructor(folder: ReturnType<typeof makeFolder>, jira: Simulator) {
    const mapping = join(folder.path, "mapping.yaml");
    this.#folder = folder;
    this.#site = join(folder.path, "sites", new URL(jira.url).host.replace(":", "_"));
    this.#settings = {
      // Starting takes half as long, and a run is what is to be killed.
      NODE_COMPILE_CACHE: join(tmpdir(), "quayside-compile-cache"),
      OCEAN__INITIALIZE_PORT_RESOURCES: "false",
      OCEAN__INTEGRATION__CONFIG__JIRA_HOST: jira.url,
      OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL: jira.email,
      OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN: jira.token,
      QUAYSIDE_VERIFY_INTERVAL: "0",
      QUAYSIDE_DATA: folder.path,
      QUAYSIDE_MAPPING: mapping,
    };
    mkdirSync(this.#site, { recursive: true });
    writeFileSync(mapping, toMappingText(EVERYTHING));
  }

  /** With the blueprints of the rows in it. */
  static async make(jira: Simulator): Promise<DataFolder> {
    const folder = new DataFolder(makeFolder(), jira);
    await (await Quayside.open(folder.#site)).close();
    return folder;
  }

  start(): QuaysideProcess {
    return new QuaysideProcess(["sync"], this.#settings);
  }

  async read(): Promise<Contents> {
    const quayside = await Quayside.open(this.#site);
    try {
      return await quayside.readContents();
    } finally {
      await quayside.close();
    }
  }

  remove(): void {
    this.#folder.remove();
  }
}
