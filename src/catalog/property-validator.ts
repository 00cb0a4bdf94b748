import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import addFormatsModule from "ajv-formats";
import { RE2JS } from "re2js";
import type { Blueprint } from "../model/blueprint.ts";
import type { JsonObject } from "../model/json.ts";
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
  made.addFormat("idn-email", /^[^\s@]+@[^\s@]+$/);
  made.addFormat("timer", (text: string) => !Number.isNaN(Date.parse(text)));
  for (const format of ANY_TEXT) made.addFormat(format, true);
  return made;
}

function isLabeledUrl({ url, displayText = "", ...others }: JsonObject, isUrl: (text: string) => boolean): boolean {
  return typeof url === "string" && isUrl(url) && typeof displayText === "string" && Object.keys(others).length === 0;
}

/** A property as ajv is to read it. */
function toJsonSchema(property: JsonObject): JsonObject {
  const { format, ...rest } = property;
  return property["type"] === "object" && format !== undefined ? { ...rest, "format-of-object": format } : property;
}

/** A user's pattern must not be able to hold the process: RE2 takes time in proportion to the text. */
function toLinearRegExp(pattern: string): { test(text: string): boolean } {
  const compiled = RE2JS.compile(pattern);
  return { test: (text) => compiled.matcher(text).find() };
}

/** Checks property values against a blueprint. A null counts as unset. */
export class PropertyValidator {
  readonly #blueprint: Blueprint;
  readonly #validate: ValidateFunction;

  /** Throws CatalogError when the blueprint's schemas themselves are not usable, e.g. a pattern with look-ahead. */
  constructor(blueprint: Blueprint) {
    this.#blueprint = blueprint;
    const { properties, required } = blueprint.schema;
    try {
      // One Ajv per blueprint: it keeps whatever it ever compiled.
      this.#validate = createAjv().compile({
        type: "object",
        properties: mapValues(properties, toJsonSchema),
        required: [...required],
        additionalProperties: false,
      });
    } catch (cause) {
      throw new CatalogError(
        "invalid_request",
        `The schema of "${blueprint.identifier}" is not usable: ${toMessage(cause)}`,
      );
    }
  }

  /** Of each value that does not fit, apart from those that are missing. */
  listMisfits(properties: JsonObject): readonly string[] {
    if (this.#validate(properties)) return [];
    return (this.#validate.errors ?? []).filter(({ keyword }) => keyword !== "required").map(toProblem);
  }

  /** Throws CatalogError `invalid_request` when a default does not fit its own property. */
  assertDefaults(): void {
    const defaults = Object.entries(this.#blueprint.schema.properties).flatMap(([name, { default: value }]) =>
      value === undefined || value === null ? [] : [[name, value] as const],
    );
    const [problem] = this.listMisfits(Object.fromEntries(defaults));
    if (problem !== undefined) throw new CatalogError("invalid_request", `The default of ${problem}`);
  }

  /** Throws CatalogError `blueprint_schema_mismatch` naming every value that does not fit. */
  assertValid(properties: JsonObject): void {
    if (this.#validate(properties)) return;
    const problems = (this.#validate.errors ?? []).map(toProblem);
    throw new CatalogError(
      "blueprint_schema_mismatch",
      `The entity does not fit the blueprint "${this.#blueprint.identifier}": ${problems.join("; ")}`,
      { problems },
    );
  }
}

function toProblem(error: ErrorObject): string {
  const path = `properties${error.instancePath}`;
  if (error.keyword === "additionalProperties") {
    return `"${path}/${String(error.params["additionalProperty"])}" is not a property of it`;
  }
  if (error.keyword === "required") return `"${path}/${String(error.params["missingProperty"])}" is required`;
  if (error.keyword === "enum") return `"${path}" must be one of ${JSON.stringify(error.params["allowedValues"])}`;
  return `"${path}" ${error.message ?? "is not valid"}`;
}

function mapValues<Value, Result>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
