import type { JqEngine, JqValue, PageResult } from "../jq/jq-engine.ts";
import type { EntityInput } from "../model/entity.ts";
import type { JsonObject } from "../model/json.ts";
import type { MappingResource } from "../model/mapping.ts";
import { EntityTemplate, type NamedProgram } from "./entity-template.ts";
import { expandItems } from "./expand-items.ts";
import type { MappingProblem } from "./mapping-problem.ts";

/** What a mapping made of one raw object. */
export interface MappedObject {
  readonly entities: readonly EntityInput[];
  /** Items (mostly one per object) that the selector's query dropped. */
  readonly filtered: number;
  /** Items without an entity: an error on the way, no identifier or no blueprint. */
  readonly rejected: number;
  readonly problems: readonly MappingProblem[];
}

/** One raw object, or one element of it when the resource has `itemsToParse`. */
interface Item {
  readonly owner: number;
  readonly body: JsonObject;
}

type Counted = { entities: EntityInput[]; filtered: number; rejected: number; problems: MappingProblem[] };

/**
 * Turns the raw objects of a resource into entities: a page at a time, one program after the other over all of it. An
 * error costs one value (null instead), or one item if it is in the selector, the identifier or the blueprint.
 */
export class ResourceMapper {
  readonly #resource: MappingResource;
  readonly #jq: JqEngine;
  readonly #programs: NamedProgram[] = [];
  readonly #sources: readonly string[];
  readonly #templates: readonly EntityTemplate[];

  constructor(resource: MappingResource, jq: JqEngine) {
    this.#resource = resource;
    this.#jq = jq;
    this.#templates = resource.mappings.map((mapping) => new EntityTemplate(mapping, this.#programs));
    this.#sources = this.#programs.map(({ source }) => source);
  }

  /** One result per body, in order. */
  async map(bodies: readonly JsonObject[]): Promise<readonly MappedObject[]> {
    const objects = bodies.map((): Counted => ({ entities: [], filtered: 0, rejected: 0, problems: [] }));
    const selected = await this.#select(await this.#toItems(bodies, objects), objects);
    const page = await this.#jq.evaluatePage(this.#sources, toInputs(selected));
    const problems = Map.groupBy(page.problems, ({ item }) => item);
    for (const [index, { owner }] of selected.entries()) {
      const object = objects[owner];
      if (object !== undefined) this.#mapItem(index, page, problems.get(index) ?? [], object);
    }
    return objects;
  }

  async #toItems(bodies: readonly JsonObject[], objects: readonly Counted[]): Promise<readonly Item[]> {
    if (this.#resource.itemsToParse === undefined) return bodies.map((body, owner) => ({ owner, body }));
    const { items, problems } = await expandItems(bodies, this.#resource, this.#jq);
    for (const { owner, problem } of problems) {
      const object = objects[owner];
      object?.problems.push(problem);
      if (object && problem.level === "error") object.rejected++;
    }
    return items;
  }

  /** The items for which the selector's query says true. There is no truthiness: anything but true and false is an error. */
  async #select(items: readonly Item[], objects: readonly Counted[]): Promise<readonly Item[]> {
    const { source } = this.#resource.query;
    const { values, problems } = await this.#jq.evaluatePage([source], toInputs(items));
    const messages = new Map(problems.map(({ item, message }) => [item, message]));
    return items.filter(({ owner }, index) => {
      const verdict = values[0]?.[index];
      const object = objects[owner];
      if (verdict === true || object === undefined) return true;
      if (verdict === false) {
        object.filtered++;
        return false;
      }
      const message = messages.get(index) ?? `gave ${JSON.stringify(verdict) ?? "nothing"}, not true or false`;
      object.problems.push({
        level: "error",
        code: "selector_failed",
        field: "selector.query",
        expression: source,
        message,
      });
      object.rejected++;
      return false;
    });
  }

  #mapItem(item: number, page: PageResult, failed: PageResult["problems"], object: Counted): void {
    for (const template of this.#templates) {
      const entity = template.build((program) => page.values[program]?.[item]);
      if (typeof entity === "object") object.entities.push(entity);
      else this.#reject(template, entity, failed, object);
    }
    for (const { program, message } of failed) {
      if (this.#templates.some(({ essential }) => essential.has(program))) continue;
      object.problems.push(this.#toProblem(program, message, "expression_failed", "warning"));
    }
  }

  /** An error of an essential expression proves nothing about the entity; no output without an error means: no entity. */
  #reject(
    template: EntityTemplate,
    lacking: "identifier" | "blueprint",
    failed: PageResult["problems"],
    object: Counted,
  ): void {
    object.rejected++;
    const error = failed.find(({ program }) => template.essential.has(program));
    const culprit = this.#programs.findIndex(
      ({ field }, program) => template.essential.has(program) && field.startsWith(lacking),
    );
    object.problems.push(
      error === undefined
        ? this.#toProblem(culprit, `gave no ${lacking}: the object has no entity`, "no_identifier", "warning")
        : this.#toProblem(error.program, error.message, "expression_failed", "error"),
    );
  }

  #toProblem(
    program: number,
    message: string,
    code: MappingProblem["code"],
    level: MappingProblem["level"],
  ): MappingProblem {
    const { field = "", source: expression = "" } = this.#programs[program] ?? {};
    return { level, code, field, expression, message };
  }
}

function toInputs(items: readonly Item[]): readonly JqValue[] {
  return items.map(({ body }) => body);
}

/** True if nothing can be concluded from what the object did not give. */
export function hasErrors(object: MappedObject): boolean {
  return object.problems.some(({ level }) => level === "error");
}
