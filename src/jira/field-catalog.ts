import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { closest } from "../runtime/closest.ts";
import { InputError } from "../runtime/errors.ts";
import type { JiraSession } from "./jira-session.ts";

export interface JiraField {
  /** As in `.fields` of an issue: `summary`, `customfield_10016`. */
  readonly id: string;
  readonly name: string;
  readonly isCustom: boolean;
  /** The type of a custom field, e.g. `com.pyxis.greenhopper.jira:gh-sprint`. */
  readonly schemaType: string | undefined;
}

export interface FieldChange {
  readonly type: "renamed" | "removed";
  readonly field: JiraField;
  /** The new name of a renamed field. */
  readonly name?: string;
}

const SPRINT_TYPE = "com.pyxis.greenhopper.jira:gh-sprint";
const EPIC_LINK_TYPE = "com.pyxis.greenhopper.jira:gh-epic-link";

/** The fields of a Jira by name, because people know "Story Points" and issues carry `customfield_10016`. */
export class FieldCatalog {
  readonly fields: readonly JiraField[];

  constructor(fields: readonly JiraField[]) {
    this.fields = fields;
  }

  /** Read once per run. */
  static load(session: JiraSession, signal: AbortSignal): Promise<FieldCatalog> {
    const path = session.deployment === "cloud" ? "/rest/api/3/field" : "/rest/api/2/field";
    return session.shared.get("fields", async () => {
      const answer = await session.client.getJson(path, { signal });
      return new FieldCatalog(Array.isArray(answer) ? answer.filter(isJsonObject).map(toField) : []);
    });
  }

  /** The field of that name or id. Names are not unique: the site's own field comes before a team-managed project's. */
  find(nameOrId: string): JiraField | undefined {
    const wanted = nameOrId.toLowerCase();
    return (
      this.fields.find((field) => field.id === nameOrId) ??
      this.fields.find((field) => field.name === nameOrId) ??
      this.fields.find((field) => field.name.toLowerCase() === wanted)
    );
  }

  /** Throws an InputError that names the nearest field. */
  get(nameOrId: string): JiraField {
    const field = this.find(nameOrId);
    if (field !== undefined) return field;
    const suggestion = closest(
      nameOrId,
      this.fields.map((each) => each.name),
    );
    const hint = suggestion === undefined ? "" : `; did you mean "${suggestion}"?`;
    const message = `Jira has no field "${nameOrId}"${hint}`;
    throw new InputError(message, [
      { code: "unknown_field", message, ...(suggestion !== undefined && { suggestion }) },
    ]);
  }

  /** Where issues carry their sprints. */
  get sprintField(): JiraField | undefined {
    return this.fields.find((field) => field.schemaType === SPRINT_TYPE);
  }

  /** Where issues of older sites carry the key of their epic; newer ones have `parent`. */
  get epicLinkField(): JiraField | undefined {
    return this.fields.find((field) => field.schemaType === EPIC_LINK_TYPE);
  }

  /** What became of the fields since an earlier catalog. */
  changesSince(earlier: FieldCatalog): readonly FieldChange[] {
    const now = new Map(this.fields.map((field) => [field.id, field]));
    return earlier.fields.flatMap((field): FieldChange[] => {
      const current = now.get(field.id);
      if (current === undefined) return [{ type: "removed", field }];
      return current.name === field.name ? [] : [{ type: "renamed", field, name: current.name }];
    });
  }
}

function toField(json: JsonObject): JiraField {
  const { id, name, custom, schema } = json;
  const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
  const type = isJsonObject(schema) ? text(schema["custom"]) : "";
  return { id: text(id), name: text(name), isCustom: custom === true, schemaType: type === "" ? undefined : type };
}
