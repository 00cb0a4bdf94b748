import { Ajv, type ValidateFunction } from "ajv";
import type { Answer } from "./api.ts";

interface Document {
  readonly paths: Readonly<Record<string, object>>;
}

type Responses = Record<string, { readonly content?: Record<string, { readonly schema?: object }> }>;

/**
 * The schemas of answers in Port's OpenAPI document, with what its clients show that the document leaves out:
 *
 * 1. refusals have `details`, which Port's command line reads;
 * 2. an entity tells its `blueprint`, which Ocean asks for, and by whom and when it was written, as Terraform reads;
 * 3. deleting all entities answers a `migrationId`, which Terraform follows;
 * 4. `next` is null on the last page, and the `icon` of an entity where none is set.
 */
export class ResponseSchemas {
  readonly #document: Document;
  readonly #ajv = new Ajv({ strict: false, validateFormats: false });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: Document) {
    this.#document = document;
    this.#ajv.addSchema({ $id: "document", ...document });
  }

  /** What is wrong with an answer, or "" if nothing is; undefined when the document has no schema for it. */
  check(operation: string, { status, body }: Answer): string | undefined {
    const [method = "", path = ""] = operation.split(" ");
    const operations = this.#document.paths[path] as Record<string, { readonly responses?: Responses }>; // of OpenAPI
    const schema = operations[method.toLowerCase()]?.responses?.[String(status)]?.content?.["application/json"]?.schema;
    if (schema === undefined || EVIDENTLY_OTHERS.has(operation)) return undefined;
    const place = [
      "paths",
      path,
      method.toLowerCase(),
      "responses",
      String(status),
      "content",
      "application/json",
      "schema",
    ];
    const pointer = place.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    const validate = this.#compile(pointer);
    if (validate(withoutUnsaid(body))) return "";
    const [error] = validate.errors ?? [];
    return `the document says that "${error?.instancePath}" ${error?.message} (${JSON.stringify(error?.params)})`;
  }

  #compile(pointer: string): ValidateFunction {
    let validate = this.#compiled.get(pointer);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: `document#/${pointer}` });
      this.#compiled.set(pointer, validate);
    }
    return validate;
  }
}

/** Keys of entities and of whole answers that the document leaves out. */
const UNSAID_OF_ENTITIES = ["blueprint", "createdAt", "createdBy", "updatedAt", "updatedBy"];
const UNSAID = ["details", "migrationId"];

function withoutUnsaid(body: Answer["body"]): unknown {
  const { entity, entities, next } = body;
  return {
    ...without(UNSAID, body),
    ...(entity !== undefined && { entity: withoutUnsaidOfEntity(entity) }),
    ...(Array.isArray(entities) && { entities: entities.map(withoutUnsaidOfEntity) }),
    ...(next === null && { next: "" }),
  };
}

function withoutUnsaidOfEntity(entity: unknown): object {
  const { icon = null, ...rest } = without(UNSAID_OF_ENTITIES, entity) as { readonly icon?: unknown }; // if it is one
  return icon === null ? rest : { ...rest, icon };
}

function without(keys: readonly string[], value: unknown): object {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([key]) => !keys.includes(key)));
}

/**
 * Operations whose answer is evidently another one in the document: it repeats that of the search, or has bare numbers
 * where several properties are asked for.
 */
const EVIDENTLY_OTHERS = new Set(["POST /v1/entities/aggregate", "POST /v1/entities/properties-history"]);
