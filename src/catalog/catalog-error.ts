import { QuaysideError, type ErrorCode } from "../runtime/errors.ts";

/** The words that clients of Port's API look for in `error`; see docs/api.md. */
export type PortCode =
  | "bad_request"
  | "invalid_request"
  | "not_found"
  | "identifier_taken"
  | "blueprint_schema_mismatch"
  | "required_relation"
  | "relation_many_violation"
  | "has_dependents"
  | "protected_resource"
  | "protected_entity"
  | "inherited_ownership_enabled"
  | "team_inheritance_enabled"
  | "invalid_inherited_ownership_path";

const CODES: Readonly<Record<PortCode, ErrorCode>> = {
  bad_request: "invalid_input",
  invalid_request: "invalid_input",
  not_found: "not_found",
  identifier_taken: "conflict",
  blueprint_schema_mismatch: "invalid_input",
  required_relation: "invalid_input",
  relation_many_violation: "invalid_input",
  has_dependents: "not_allowed",
  protected_resource: "not_allowed",
  protected_entity: "not_allowed",
  inherited_ownership_enabled: "invalid_input",
  team_inheritance_enabled: "invalid_input",
  invalid_inherited_ownership_path: "invalid_input",
};

/** Something that the catalog refuses, in Port's words. */
export class CatalogError extends QuaysideError {
  readonly portCode: PortCode;

  constructor(portCode: PortCode, message: string, details?: Readonly<Record<string, unknown>>) {
    super(CODES[portCode], message, details && { details });
    this.portCode = portCode;
  }
}
