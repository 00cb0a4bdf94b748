import { isJsonObject, type Json, type JsonObject } from "../model/json.ts";
import { closest } from "../runtime/closest.ts";
import type { JiraSession } from "./jira-session.ts";

export interface JiraField {
  /** As in `.fields` of an issue: `summary`, `customfield_10016`. */
  readonly id: string;
  readonly name: string;
  readonly isCustom: boolean;
  /** The type of a custom field, e.g. `com.pyxis.greenhopper.jira:gh-sprint`. */
  readonly schemaType: string | undefined;
}

const WELL_KNOWN: Readonly<Record<string, string>> = {
  sprint: "com.pyxis.greenhopper.jira:gh-sprint",
  "epic link": "com.pyxis.greenhopper.jira:gh-epic-link",
};

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

  /**
   * The field of that name or id. "Sprint" and "Epic Link" are known by their type, because every language has its own
   * words for them. Names are not unique: the site's own field comes before a team-managed project's.
   */
  find(nameOrId: string): JiraField | undefined {
    const wanted = nameOrId.toLowerCase();
    const type = WELL_KNOWN[wanted];
    return (
      this.fields.find((field) => field.id === nameOrId) ??
      (type === undefined ? undefined : this.fields.find((field) => field.schemaType === type)) ??
      this.fields.find((field) => field.name === nameOrId) ??
      this.fields.find((field) => field.name.toLowerCase() === wanted)
    );
  }

  /** All fields that are called like this one, itself among them. */
  listNamesakes({ name }: JiraField): readonly JiraField[] {
    return this.fields.filter((field) => field.name === name);
  }

  /** Why `find` finds nothing, with the nearest name. */
  explainUnknown(name: string): string {
    const suggestion = closest(
      name,
      this.fields.map((each) => each.name),
    );
    return `Jira has no field "${name}"${suggestion === undefined ? "" : `; did you mean "${suggestion}"?`}`;
  }
}

/** A field as Jira lists it. */
export function toField(json: JsonObject): JiraField {
  const { id, name, custom, schema } = json;
  const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
  const type = isJsonObject(schema) ? text(schema["custom"]) : "";
  return { id: text(id), name: text(name), isCustom: custom === true, schemaType: type === "" ? undefined : type };
}
