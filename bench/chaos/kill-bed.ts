import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "../../src/simulator/simulator.ts";
import { makeFolder } from "../../test/fixtures/folder.ts";
import { QuaysideProcess } from "../../test/fixtures/quayside-process.ts";
import { compareContents, type Contents } from "./content.ts";
import { Edits } from "./edits.ts";
import { CURRENT_ISSUES, EVERYTHING, toMappingText } from "./mapping.ts";
import { Oracle } from "./oracle.ts";
import { Quayside } from "./quayside.ts";
import { RunWatch, type Timeline } from "./run-watch.ts";
import { startSite } from "./world.ts";

/** Issues that Jira hands out at once. */
const PAGE_SIZE = 100;
const LATENCY_MS = 25;
const IDENTIFIER = "chaos";

/** Into an empty folder, or into one that an earlier sync has filled. */
export type SyncSort = "first" | "later";

export interface KillOutcome {
  /** Whether the next sync had something to complete; if not, `timeline` is that of a whole run. */
  readonly isInside: boolean;
  readonly timeline: Timeline;
  /** Pages of issues that were read more than once. */
  readonly readAgain: number;
  readonly problems: readonly string[];
}

/** A Jira, and the folders of the syncs that read it. */
export class KillBed {
  readonly #jira: Simulator;
  readonly #oracle: Oracle;
  readonly #edits: Edits;
  /** Of the syncs that find a catalog. */
  readonly #lasting: SyncFolder;

  private constructor(jira: Simulator, oracle: Oracle, edits: Edits, lasting: SyncFolder) {
    this.#jira = jira;
    this.#oracle = oracle;
    this.#edits = edits;
    this.#lasting = lasting;
  }

  static async open(seed: number, issues: number): Promise<KillBed> {
    const jira = await startSite(seed, { projects: 6, users: 30, issues, latencyMs: LATENCY_MS });
    return new KillBed(jira, await Oracle.load(), new Edits(jira.site, seed), await SyncFolder.make(jira));
  }

  /** An undisturbed run. */
  async measure(sort: SyncSort): Promise<Timeline> {
    if (sort === "later") this.#change();
    const { code, stderr, timeline } = await new RunWatch(this.#lasting.start(), this.#jira.requests).ended;
    if (code !== 0) throw new Error(`An undisturbed sync ended with ${code}: ${stderr}`);
    await this.#lasting.read();
    return timeline;
  }

  /** Kills a sync when it is at this share of a measured one, lets the next one complete it, and compares. */
  async killOnce(sort: SyncSort, share: number, measured: Timeline): Promise<KillOutcome> {
    if (sort === "later") this.#change();
    const folder = sort === "later" ? this.#lasting : await SyncFolder.make(this.#jira);
    try {
      const pagesBefore = this.#countPages();
      const killed = folder.start();
      const watch = new RunWatch(killed, this.#jira.requests);
      await watch.reach(share, measured);
      killed.kill("SIGKILL");
      const { timeline } = await watch.ended;
      const { code, stderr } = await folder.start().ended();
      const pages = Math.ceil((await this.#oracle.count(this.#jira, CURRENT_ISSUES)) / PAGE_SIZE);
      const { contents, newRuns } = await folder.read();
      return {
        isInside: newRuns === 1,
        timeline,
        readAgain: this.#countPages() - pagesBefore - pages * newRuns,
        problems: [
          ...(code === 0 ? [] : [`the next sync ended with ${code}: ${stderr}`]),
          ...compareContents(contents, await this.#oracle.expect(this.#jira, EVERYTHING)),
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
}

/** Where `quayside sync` keeps what it read from one Jira. */
class SyncFolder {
  readonly #folder: ReturnType<typeof makeFolder>;
  readonly #site: string;
  readonly #settings: Readonly<Record<string, string>>;
  readonly #knownRuns = new Set<string>();

  private constructor(folder: ReturnType<typeof makeFolder>, jira: Simulator) {
    const mapping = join(folder.path, "mapping.yaml");
    this.#folder = folder;
    this.#site = join(folder.path, "sites", new URL(jira.url).host.replace(":", "_"));
    this.#settings = {
      // Starting takes half as long, and a run is what is to be killed.
      NODE_COMPILE_CACHE: join(tmpdir(), "quayside-compile-cache"),
      OCEAN__INTEGRATION__IDENTIFIER: IDENTIFIER,
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
  static async make(jira: Simulator): Promise<SyncFolder> {
    const folder = new SyncFolder(makeFolder(), jira);
    await (await Quayside.open(folder.#site)).close();
    return folder;
  }

  start(): QuaysideProcess {
    return new QuaysideProcess(["sync"], this.#settings);
  }

  /** What the catalog holds, and how many runs were begun since this was asked before: one that is taken up is one. */
  async read(): Promise<{ readonly contents: Contents; readonly newRuns: number }> {
    const quayside = await Quayside.open(this.#site);
    try {
      const ids = (await quayside.store.runs.list(`jira/${IDENTIFIER}`, 10)).map(({ id }) => id);
      const newRuns = ids.filter((id) => !this.#knownRuns.has(id)).length;
      for (const id of ids) this.#knownRuns.add(id);
      return { contents: await quayside.readContents(), newRuns };
    } finally {
      await quayside.close();
    }
  }

  remove(): void {
    this.#folder.remove();
  }
}
