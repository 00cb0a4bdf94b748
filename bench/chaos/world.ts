import { makeFolder } from "../../test/fixtures/folder.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { must } from "../../src/runtime/errors.ts";
import type { ReadMode, Run } from "../../src/store/run-store.ts";
import type { SimulatorSettings } from "../../src/simulator/options.ts";
import { startSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { compareContents, type Contents } from "./content.ts";
import { toMappingText, type ChaosResource } from "./mapping.ts";
import { MeddlingProxy } from "./meddling-proxy.ts";
import { Oracle } from "./oracle.ts";
import { Quayside, type Meddle } from "./quayside.ts";

/** Sites of all rows are made at this time, so that a seed makes the same site on any day. */
const ORIGIN_MS = Date.UTC(2026, 5, 1);

export interface WorldOptions {
  readonly seed: number;
  readonly site: SimulatorSettings;
  readonly resources: readonly ChaosResource[];
  /** Puts a planted bug into the product. */
  readonly plant: Meddle;
  /** For the product; the site has its own. */
  readonly clock?: Clock;
  /** How long the product waits for an answer that does not come. */
  readonly timeoutMs?: number;
  /** Puts a proxy between the product and the site. */
  readonly hasProxy?: boolean;
}

export interface SyncOptions {
  /** Changes the parts below a planted bug: what goes wrong around the product is not part of it. */
  readonly meddle?: Meddle;
  readonly mode?: ReadMode | "chosen";
}

/** A Jira, the product that reads it, and an oracle that knows what has to come out. */
export class World {
  readonly jira: Simulator;
  readonly quayside: Quayside;
  readonly #proxy: MeddlingProxy | undefined;
  readonly #options: WorldOptions;
  readonly #oracle: Oracle;
  readonly #folder: ReturnType<typeof makeFolder>;
  readonly #time: SiteTime;

  private constructor(
    options: WorldOptions,
    parts: {
      readonly time: SiteTime;
      readonly jira: Simulator;
      readonly proxy: MeddlingProxy | undefined;
      readonly quayside: Quayside;
      readonly oracle: Oracle;
      readonly folder: ReturnType<typeof makeFolder>;
    },
  ) {
    this.#options = options;
    this.jira = parts.jira;
    this.#proxy = parts.proxy;
    this.quayside = parts.quayside;
    this.#oracle = parts.oracle;
    this.#folder = parts.folder;
    this.#time = parts.time;
  }

  static async open(options: WorldOptions): Promise<World> {
    const time = new SiteTime();
    const jira = await startSite(options.seed, options.site, time);
    const folder = makeFolder();
    return new World(options, {
      time,
      jira,
      proxy: options.hasProxy === true ? await MeddlingProxy.start(jira.url) : undefined,
      quayside: await Quayside.open(folder.path),
      oracle: await Oracle.load(),
      folder,
    });
  }

  get proxy(): MeddlingProxy {
    return must(this.#proxy, "the row has asked for a proxy");
  }

  /** Everything is read, or in the mode `chosen` what the product takes for necessary. */
  sync({ meddle = (seams) => seams, mode = "verifying" }: SyncOptions = {}): Promise<Run> {
    const { resources, plant, clock, timeoutMs } = this.#options;
    const { email: user, token: password } = this.jira;
    return this.quayside.sync({
      mapping: toMappingText(resources),
      jira: {
        host: (this.#proxy ?? this.jira).url,
        deployment: "cloud",
        credentials: { type: "basic", user, password },
        ...(timeoutMs !== undefined && { timeoutMs }),
      },
      mode: mode === "chosen" ? undefined : mode,
      ...(clock !== undefined && { clock }),
      meddle: (seams) => plant(meddle(seams)),
    });
  }

  /** Lets time pass in Jira. */
  passTime(ms: number): void {
    this.#time.pass(ms);
  }

  expect(): Promise<Contents> {
    return this.#oracle.expect(this.jira, this.#options.resources);
  }

  /** Where the catalog is not what Jira and the mapping make of it. */
  async compare(): Promise<readonly string[]> {
    return compareContents(await this.quayside.readContents(), await this.expect());
  }

  async keys(): Promise<readonly string[]> {
    return [...(await this.quayside.readContents()).keys()];
  }

  async close(): Promise<void> {
    await this.quayside.close();
    await this.#proxy?.close();
    await this.jira.close();
    this.#folder.remove();
  }
}

/** Starts on the same day in every run, goes on as time does, and may jump ahead. */
class SiteTime implements Clock {
  readonly #startedAt = performance.now();
  #passedMs = 0;

  now(): number {
    return ORIGIN_MS + this.#passedMs + Math.floor(performance.now() - this.#startedAt);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }

  pass(ms: number): void {
    this.#passedMs += ms;
  }
}

export function startSite(
  seed: number,
  settings: SimulatorSettings,
  clock: Clock = new SiteTime(),
): Promise<Simulator> {
  return startSimulator({ seed, clock, originMs: ORIGIN_MS, ...settings });
}

/** Runs a row in a world of its own. */
export async function withWorld<Result>(
  options: WorldOptions,
  use: (world: World) => Promise<Result>,
): Promise<Result> {
  const world = await World.open(options);
  try {
    return await use(world);
  } finally {
    await world.close();
  }
}
