import type { Answer, Api } from "./api.ts";
import { Dice, toBlueprint, toName, toProperties } from "./documents.ts";

export type Document = Record<string, unknown>;

/** A request and what must be answered. */
export interface Case {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  /** `error` of a refusal. */
  readonly code?: string;
  /** The answer has all of this. */
  readonly has?: unknown;
  /** What else must hold of the answer. */
  readonly isFitting?: (body: Document) => boolean;
  /** What is read afterwards, and all of what it must have. */
  readonly afterwards?: { readonly path: string; readonly status?: number; readonly has?: unknown };
}

/** What exists before a case is made. */
export interface World {
  readonly api: Api;
  readonly dice: Dice;
  readonly index: number;
  /** A name that nothing has yet. */
  readonly newName: () => string;
  /** A blueprint made for this case. */
  readonly newBlueprint: () => Promise<Document & { identifier: string }>;
  /** An entity of a blueprint made for this case. */
  readonly newEntity: () => Promise<{
    readonly blueprint: Document;
    readonly identifier: string;
    readonly path: string;
  }>;
}

export type Make = (world: World) => Promise<Case> | Case;

/** Makers of requests that must succeed and, taken in turn, of those that must be refused. */
export interface OperationCases {
  readonly valid: readonly Make[];
  readonly invalid: readonly Make[];
}

export const encode = encodeURIComponent;
export const BLUEPRINTS = "/v1/blueprints";
export const ABSENT = `${BLUEPRINTS}/absent`;
export const EVERYTHING = { combinator: "and", rules: [] };

export function createWorld(api: Api, seed: number): World {
  const dice = new Dice(seed + 1);
  let made = 0;
  const newName = (): string => toName(dice, seed * 100 + made++);
  const newBlueprint = async (): Promise<Document & { identifier: string }> => {
    const identifier = newName();
    const blueprint = toBlueprint(identifier, dice);
    assertOk(await api.send("POST", BLUEPRINTS, blueprint));
    return { ...blueprint, identifier };
  };
  return {
    api,
    dice,
    index: seed,
    newName,
    newBlueprint,
    newEntity: async () => {
      const blueprint = await newBlueprint();
      const identifier = newName();
      const entities = `${BLUEPRINTS}/${encode(blueprint.identifier)}/entities`;
      assertOk(await api.send("POST", entities, { identifier, properties: toProperties(blueprint, dice) }));
      return { blueprint, identifier, path: `${entities}/${encode(identifier)}` };
    },
  };
}

export function assertOk({ status, body }: Answer): void {
  if (status >= 300) throw new Error(`a case cannot be prepared: ${status} ${JSON.stringify(body)}`);
}

/** Refusals that every operation has: without a token, and with one that is none. */
export function unauthorized(method: string, path: string): Make[] {
  const refuse =
    (authorization: string): Make =>
    () => ({
      method,
      path,
      headers: { authorization },
      ...(method !== "GET" && { body: {} }),
      status: 401,
      code: "unauthorized",
    });
  return [refuse(""), refuse("Bearer x.y.z"), refuse("Basic eDp5")];
}

/** Refusals that every operation with a body has. */
export function unreadable(method: string, path: string): Make[] {
  return [
    () => ({ method, path, body: "{", status: 400, code: "bad_request" }),
    () => ({ method, path, body: `{"x":"${"y".repeat(1024 * 1024)}"}`, status: 413, code: "bad_request" }),
    () => ({ method, path, body: "[]", status: 422, code: "invalid_request" }),
  ];
}

/** The path of a blueprint. */
export const getBlueprint = (identifier: unknown): string => `${BLUEPRINTS}/${encode(String(identifier))}`;

/** The path of an entity's collection, its document, and how it must read back. */
export async function toEntityRequest(world: World) {
  const blueprint = await world.newBlueprint();
  const identifier = world.newName();
  const path = `${BLUEPRINTS}/${encode(blueprint.identifier)}/entities`;
  const properties = toProperties(blueprint, world.dice);
  const body = { identifier, title: "T", icon: "X", team: ["a"], properties, relations: { others: [identifier] } };
  return { blueprint, path, body, one: `${path}/${encode(identifier)}` };
}

/** Reading what there is, and what there is not. */
export const reads = (
  toPath: (entity: Awaited<ReturnType<World["newEntity"]>>) => string,
  has: (entity: Awaited<ReturnType<World["newEntity"]>>) => unknown,
  absent: string,
): OperationCases => ({
  valid: [
    async ({ newEntity }) => {
      const entity = await newEntity();
      return { method: "GET", path: toPath(entity), status: 200, has: has(entity) };
    },
  ],
  invalid: [() => ({ method: "GET", path: absent, status: 404, code: "not_found" }), ...unauthorized("GET", absent)],
});
