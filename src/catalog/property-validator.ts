import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormatsModule from "ajv-formats";
import { RE2JS } from "re2js";
import type { Blueprint } from "../model/blueprint.ts";
import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { toMessage } from "../runtime/errors.ts";
import { CatalogError } from "./catalog-error.ts";

// ajv-formats is CommonJS whose types promise a default export of the function itself.
const addFormats = addFormatsModule as unknown as (ajv: Ajv, options: { mode: "full" }) => Ajv;

const URL_SCHEMES = /^(https?|ftp|ssh|git|mailto|tel|slack|vscode|file|s3):$/;

/** Formats that Port gives a meaning in its pages, not a syntax. */
const ANY_TEXT = ["markdown", "yaml", "user", "team", "proto", "blueprints"];

function createAjv(): Ajv {
  const regExp = Object.assign((pattern: string) => toLinearRegExp(pattern), { code: "linear" });
  const made = new Ajv({ allErrors: true, strict: false, logger: false, code: { regExp } });
  addFormats(made, { mode: "full" });
  const isUrl = (text: string): boolean => URL.canParse(text) && URL_SCHEMES.test(new URL(text).protocol);
  made.addFormat("url", isUrl);
  made.addFormat("uri", isUrl);
  // ajv looks at the format of a text alone; the shape of an object is checked by its own keyword.
  made.addKeyword({
    keyword: "format-of-object",
    type: "object",
    schemaType: "string",
    error: { message: "must be { url, displayText? }" },
    validate: (format: string, value: JsonObject) => format !== "labeled-url" || isLabeledUrl(value, isUrl),
  });
  // ajv's own compares every element with every other.
  made.removeKeyword("uniqueItems");
  made.addKeyword({
    keyword: "different-items",
    type: "array",
    error: { message: "must NOT have duplicate items" },
    validate: (_: true, items: readonly Json[]) => hasDifferentItems(items),
  });
  made.addFormat("idn-email", /^[^\s@]+@[^\s@]+$/);
  made.addFormat("timer", (text: string) => !Number.isNaN(Date.parse(text)));
  for (const format of ANY_TEXT) made.addFormat(format, true);
  return made;
}

function isLabeledUrl({ url, displayText = "", ...others }: JsonObject, isUrl: (text: string) => boolean): boolean {
  return typeof url === "string" && isUrl(url) && typeof displayText === "string" && Object.keys(others).length === 0;
}

/** What is enforced of a property; other keywords are kept and shown, and mean nothing here. */
const KEYWORDS: ReadonlySet<string> = new Set(
  `type format enum const pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf
  minItems maxItems uniqueItems items`.split(/\s+/),
);

/** A property as ajv is to read it. */
function toJsonSchema(property: JsonObject): JsonObject {
  const reference = Object.keys(property).find((key) => key.startsWith("$"));
  if (reference !== undefined) throw new Error(`"${reference}" is not supported: a property stands for itself`);
  const { format, items, uniqueItems, ...rest } = property;
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => KEYWORDS.has(key))),
    ...(format !== undefined && { [rest["type"] === "object" ? "format-of-object" : "format"]: format }),
    ...(isJsonObject(items) && { items: toJsonSchema(items) }),
    ...(uniqueItems === true && { "different-items": true }),
  };
}

const MAX_PATTERN_LENGTH = 1000;
/** A longer text takes a pattern so long that others would wait for it. */
const MAX_MATCHED_LENGTH = 100_000;

/** A user's pattern must not be able to hold the process: RE2 takes time in proportion to the text, and there is an end to that too. */
function toLinearRegExp(pattern: string): { test(text: string): boolean } {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new Error(`a pattern has at most ${MAX_PATTERN_LENGTH} characters`);
  }
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => text.length <= MAX_MATCHED_LENGTH && compiled.matcher(text).find() };
}

/** Every element as a text of its own, whatever the order of its keys. */
function hasDifferentItems(items: readonly Json[]): boolean {
  return new Set(items.map((item) => JSON.stringify(item, sortKeys))).size === items.length;
}

function sortKeys(_key: string, value: Json): Json {
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;
}

/** Making one takes a millisecond, and most properties are like others. */
const MAX_COMPILED = 2000;
let compiler = createAjv();
const compiled = new Map<string, ValidateFunction>();

function compile(schema: JsonObject): ValidateFunction {
  const text = JSON.stringify(schema);
  let validate = compiled.get(text);
  if (validate !== undefined) return validate;
  if (compiled.size >= MAX_COMPILED) {
    compiled.clear();
    compiler = createAjv(); // it keeps whatever it ever compiled
  }
  validate = compiler.compile(schema);
  compiled.set(text, validate);
  return validate;
}

/** More of what does not fit is not listed. */
const MAX_PROBLEMS = 20;

/** Checks property values against a blueprint. A null counts as unset. */
export class PropertyValidator {
  readonly #blueprint: Blueprint;
  readonly #properties: ReadonlyMap<string, ValidateFunction>;

  /** Throws CatalogError when the blueprint's schemas themselves are not usable, e.g. a pattern with look-ahead. */
  constructor(blueprint: Blueprint) {
    this.#blueprint = blueprint;
    try {
      const schemas = Object.entries(blueprint.schema.properties);
      this.#properties = new Map(schemas.map(([name, schema]) => [name, compile(toJsonSchema(schema))]));
    } catch (cause) {
      throw new CatalogError(
        "invalid_request",
        `The schema of "${blueprint.identifier}" is not usable: ${toMessage(cause)}`,
      );
    }
  }

  /** Of each value that does not fit, apart from those that are missing. */
  listMisfits(properties: JsonObject): readonly string[] {
    return Object.entries(properties)
      .flatMap(([name, value]) => this.#judge(name, value))
      .slice(0, MAX_PROBLEMS);
  }

  /** Throws CatalogError `invalid_request` when a default does not fit its own property. */
  assertDefaults(): void {
    const defaults = Object.entries(this.#blueprint.schema.properties).flatMap(([name, { default: value }]) =>
      value === undefined || value === null ? [] : [[name, value] as const],
    );
    const [problem] = this.listMisfits(Object.fromEntries(defaults));
    if (problem !== undefined) throw new CatalogError("invalid_request", `The default of ${problem}`);
  }

  /** Throws CatalogError `blueprint_schema_mismatch` naming the values that do not fit. */
  assertValid(properties: JsonObject): void {
    const missing = this.#blueprint.schema.required.filter((name) => !Object.hasOwn(properties, name));
    const problems = [...missing.map((name) => `"properties/${name}" is required`), ...this.listMisfits(properties)];
    if (problems.length === 0) return;
    throw new CatalogError(
      "blueprint_schema_mismatch",
      `The entity does not fit the blueprint "${this.#blueprint.identifier}": ${problems.join("; ")}`,
      { problems },
    );
  }

  #judge(name: string, value: Json): readonly string[] {
    const validate = this.#properties.get(name);
    if (validate === undefined) return [`"properties/${name}" is not a property of it`];
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, MAX_PROBLEMS).map((error) => toProblem(`properties/${name}`, error));
  }
}

const MAX_SHOWN_VALUES = 500;

function toProblem(name: string, { keyword, instancePath, params, message }: ErrorObject): string {
  const path = `${name}${instancePath}`;
  if (keyword !== "enum") return `"${path}" ${message ?? "is not valid"}`;
  return `"${path}" must be one of ${JSON.stringify(params["allowedValues"]).slice(0, MAX_SHOWN_VALUES)}`;
}
