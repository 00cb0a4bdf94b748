import type { RawObject } from "../model/raw-object.ts";
import type { Site } from "../simulator/site/site.ts";
import type { KindTruth } from "./kind-truth.fixture.ts";

/**
 * What a kind had to yield from a site that changes while it is read. Looked at before the read and after every change:
 * - what was there each time has to be yielded, once, in one of the states that it was in;
 * - what came or went may be yielded, once, in one of its states;
 * - nothing else may be.
 */
export class SiteWatch {
  readonly #truth: KindTruth;
  readonly #site: Site;
  readonly #states = new Map<string, Set<string>>();
  #lasting: ReadonlySet<string> | undefined;
  #looks = 0;

  constructor(truth: KindTruth, site: Site) {
    this.#truth = truth;
    this.#site = site;
    this.look();
  }

  /** How many things were there all the time. */
  get lasting(): number {
    return this.#lasting?.size ?? 0;
  }

  get changes(): number {
    return this.#looks - 1;
  }

  look(): void {
    this.#looks++;
    const present = new Set<string>();
    for (const projectState of ["live", "archived"] as const) {
      for (const [id, state] of this.#truth.things(this.#site, projectState)) {
        const seen = this.#states.get(id) ?? new Set();
        this.#states.set(id, seen.add(JSON.stringify(state)));
        if (projectState === "live") present.add(id);
      }
    }
    this.#lasting = this.#lasting?.intersection(present) ?? present;
  }

  /** What is wrong with what was read, in words; nothing if it is right. */
  complain(read: readonly Pick<RawObject, "id" | "body">[]): string[] {
    const complaints: string[] = [];
    const found = new Set<string>();
    for (const object of read) {
      const state = JSON.stringify(this.#truth.read(object.body()));
      if (found.has(object.id)) complaints.push(`${object.id} came twice`);
      found.add(object.id);
      const states = this.#states.get(object.id);
      if (states === undefined) complaints.push(`${object.id} is invented`);
      else if (!states.has(state)) complaints.push(`${object.id} never was ${state}, but ${[...states].join(" or ")}`);
    }
    for (const id of this.#lasting ?? []) if (!found.has(id)) complaints.push(`${id} is missing`);
    return complaints;
  }
}
