import { Ajv, type ValidateFunction } from "ajv";

export type Verdict =
  | { readonly outcome: "valid" }
  /** The document gives this answer no schema; its body is not looked at. */
  | { readonly outcome: "unspecified" }
  | { readonly outcome: "invalid"; readonly complaint: string };

type Schema = Record<string, unknown>;

interface OpenApi {
  readonly paths: Record<
    string,
    Record<string, { readonly responses?: Record<string, { readonly content?: Content }> }>
  >;
  readonly components: { readonly schemas: Record<string, Schema> };
}

type Content = Record<string, { readonly schema?: Schema }>;

/**
 * Validates answers against OpenAPI documents. Unknown keys are errors where the document closes a schema. Three
 * relaxations, needed because real Jira answers differ from the document in just these points:
 *
 * 1. `date-time` is not enforced: dates of issues have no colon in their offset.
 * 2. `Project.entityId` and `IssueTypeDetails.untranslatedName` are not in the document.
 * 3. `ChangeDetails` has values that are null, and `tmpFromAccountId` and `tmpToAccountId`.
 */
export class AnswerChecker {
  readonly #documents: readonly OpenApi[];
  readonly #ajvs: readonly Ajv[];
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(documents: readonly OpenApi[]) {
    this.#documents = documents;
    for (const { components } of documents) relax(components.schemas);
    this.#ajvs = documents.map((document) => {
      const ajv = new Ajv({ strict: false, validateFormats: false, ownProperties: true });
      ajv.addSchema({ $id: "document", ...document });
      return ajv;
    });
  }

  /** `endpoint` is the path template of the document. */
  check(method: string, endpoint: string, status: number, contentType: string, text: string): Verdict {
    const found = this.#find(method, endpoint);
    if (found === undefined) return { outcome: "unspecified" };
    const { place, responses } = found;
    const content = responses[String(status)]?.content;
    const [type, body] = Object.entries(content ?? {})[0] ?? [];
    if (type === undefined || body?.schema === undefined || Object.keys(body.schema).length === 0) {
      return this.#checkWithoutSchema(responses, status, text);
    }
    if (!contentType.includes("json")) return { outcome: "invalid", complaint: `content type ${contentType}` };
    const pointer = ["paths", endpoint, method.toLowerCase(), "responses", String(status), "content", type, "schema"];
    const validate = this.#compile(place, pointer.map(escapePointer).join("/"));
    if (validate(JSON.parse(text))) return { outcome: "valid" };
    const [error] = validate.errors ?? [];
    return {
      outcome: "invalid",
      complaint: `${error?.instancePath} ${error?.message} ${JSON.stringify(error?.params)}`,
    };
  }

  #find(
    method: string,
    endpoint: string,
  ): { place: number; responses: Record<string, { content?: Content }> } | undefined {
    for (const [place, document] of this.#documents.entries()) {
      const responses = document.paths[endpoint]?.[method.toLowerCase()]?.responses;
      if (responses !== undefined) return { place, responses };
    }
    return undefined;
  }

  /** Errors without a schema must at least be Jira's error body; an empty answer must be empty. */
  #checkWithoutSchema(responses: Record<string, unknown>, status: number, text: string): Verdict {
    if (!(String(status) in responses))
      return { outcome: "invalid", complaint: `the document knows no answer ${status}` };
    if (status === 204)
      return text === "" ? { outcome: "valid" } : { outcome: "invalid", complaint: "204 with a body" };
    if (status < 400) return { outcome: "unspecified" };
    const validate = this.#compile(0, "components/schemas/ErrorCollection");
    return validate(JSON.parse(text))
      ? { outcome: "valid" }
      : { outcome: "invalid", complaint: `no error body: ${text.slice(0, 200)}` };
  }

  #compile(place: number, pointer: string): ValidateFunction {
    const key = `${place} ${pointer}`;
    let validate = this.#compiled.get(key);
    if (validate === undefined) {
      const ajv = this.#ajvs[place];
      if (ajv === undefined) throw new Error(`There is no document ${place}`);
      validate = ajv.compile({ $ref: `document#/${pointer}` });
      this.#compiled.set(key, validate);
    }
    return validate;
  }
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function relax(schemas: Record<string, Schema>): void {
  addProperties(schemas.Project, { entityId: { type: "string" } });
  addProperties(schemas.IssueTypeDetails, { untranslatedName: { type: "string" } });
  const nullable = { type: ["string", "null"] };
  addProperties(schemas.ChangeDetails, {
    from: nullable,
    fromString: nullable,
    to: nullable,
    toString: nullable,
    tmpFromAccountId: nullable,
    tmpToAccountId: nullable,
  });
}

function addProperties(schema: Schema | undefined, properties: Schema): void {
  if (schema !== undefined) schema.properties = { ...(schema.properties as Schema | undefined), ...properties };
}
