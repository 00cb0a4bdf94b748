import { must } from "../../runtime/errors.ts";

/**
 * Which project issue `n` lies in, and which number it has there, without a table: projects take turns in a fixed
 * cycle in which some come more often, so that projects differ in size.
 */
export class Numbering {
  readonly issues: number;
  /** Project of each place in the cycle. */
  readonly #slots: readonly number[];
  /** How many places of the same project lie before each place. */
  readonly #ranks: readonly number[];
  /** Places of each project. */
  readonly #places: readonly (readonly number[])[];

  constructor(projects: number, issues: number) {
    this.issues = projects === 0 ? 0 : issues;
    const rounds = [0, 1, 2].map((round) =>
      Array.from({ length: projects }, (_, project) => project).filter((project) => round <= 2 - (project % 3)),
    );
    this.#slots = rounds.flat();
    const places: number[][] = Array.from({ length: projects }, () => []);
    this.#ranks = this.#slots.map((project, place) => must(places[project], "a slot names a project").push(place) - 1);
    this.#places = places;
  }

  projectOf(n: number): number {
    return this.#slots[n % this.#slots.length] ?? 0;
  }

  numberOf(n: number): number {
    const cycle = Math.floor(n / this.#slots.length);
    const place = n % this.#slots.length;
    const weight = this.#places[this.#slots[place] ?? 0]?.length ?? 1;
    return cycle * weight + (this.#ranks[place] ?? 0) + 1;
  }

  /** The issue with this number, or undefined when the project was not generated with so many. */
  find(project: number, number: number): number | undefined {
    const places = this.#places[project];
    if (places === undefined || number < 1) return undefined;
    const cycle = Math.floor((number - 1) / places.length);
    const n = cycle * this.#slots.length + (places[(number - 1) % places.length] ?? 0);
    return n < this.issues ? n : undefined;
  }

  countOf(project: number): number {
    const places = this.#places[project];
    if (places === undefined) return 0;
    const cycles = Math.floor(this.issues / this.#slots.length);
    const rest = this.issues % this.#slots.length;
    return cycles * places.length + places.filter((place) => place < rest).length;
  }
}
