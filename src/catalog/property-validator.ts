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
const ANY_TEXT = ["markdown", "yaml", "user", "team", "proto", "blueprints", "idn-email"];

function createAjv(): Ajv {
  const regExp = Object.assign((pattern: string) => toLinearRegExp(pattern), { code: "linear" });
  const made = new Ajv({ allErrors: true, strict: false, logger: false, code: { regExp } });
  addFormats(made, { mode: "full" });
  const isUrl = (text: string): boolean => URL.canParse(text) && URL_SCHEMES.test(new URL(text).protocol);
  made.addFormat("url", isUrl);
  made.addFormat("uri", isUrl);
  made.addFormat("timer", (text: string) => !Number.isNaN(Date.parse(text)));
  for (const format of ANY_TEXT) made.addFormat(format, true);
  return made;
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
        properties,
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
