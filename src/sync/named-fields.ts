import { FieldCatalog, type JiraField } from "../jira/field-catalog.ts";
import type { JiraSession } from "../jira/jira-session.ts";
import { listPrograms } from "../mapping/check-programs.ts";
import type { MappingResource } from "../model/mapping.ts";
import { isJsonObject, type Json } from "../model/json.ts";
import { NotAllowedError, toMessage } from "../runtime/errors.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import { isFatal } from "./is-fatal.ts";

type KnownField = Pick<JiraField, "id" | "name">;

/**
 * Which fields of Jira a mapping means. It remembers from run to run, because people rename and remove fields: a name
 * goes on meaning the field that it meant until the mapping is corrected, so that nothing is emptied meanwhile.
 */
export class NamedFields {
  /** What people should know about the names, each thing once. */
  readonly warnings = new Set<string>();
  /** Undefined if Jira does not show it. */
  readonly catalog: FieldCatalog | undefined;
  readonly #before: ReadonlyMap<string, KnownField>;
  /** By the name or id that the mapping uses. */
  readonly #meant = new Map<string, KnownField>();

  constructor(catalog: FieldCatalog | undefined, before: ReadonlyMap<string, KnownField>) {
    this.catalog = catalog;
    this.#before = before;
  }

  static async load(
    session: JiraSession,
    notes: SettingsStore,
    options: { readonly dataSource: string; readonly signal: AbortSignal },
  ): Promise<NamedFields> {
    const before = parseFields(await notes.find(toNote(options.dataSource)));
    try {
      return new NamedFields(await FieldCatalog.load(session, options.signal), before);
    } catch (error) {
      if (isFatal(error) || options.signal.aborted) throw error;
      const fields = new NamedFields(undefined, before);
      fields.warnings.add(`the list of Jira's fields could not be read: ${toMessage(error)}`);
      return fields;
    }
  }

  async save(notes: SettingsStore, dataSource: string): Promise<void> {
    if (this.catalog === undefined) return; // nothing was learned
    await notes.save(
      toNote(dataSource),
      Object.fromEntries([...this.#meant].map(([key, field]) => [key, { ...field }])),
    );
  }

  /** The id of the field that a name means. Throws NotAllowedError if Jira does not tell, now or earlier. */
  find(name: string): string | undefined {
    const before = this.#before.get(name);
    if (this.catalog === undefined) {
      if (before === undefined) {
        throw new NotAllowedError(`What field("${name}") means is not known: the list of Jira's fields cannot be read`);
      }
      return this.#remember(name, before).id;
    }
    const field = this.catalog.find(name);
    if (field !== undefined) {
      this.#warnOfNamesakes(name, field, this.catalog);
      return this.#remember(name, field).id;
    }
    const renamed = before && this.catalog.find(before.id);
    if (before !== undefined) this.#remember(name, before);
    if (renamed !== undefined) {
      this.warnings.add(
        `"${name}" is called "${renamed.name}" in Jira now: write field("${renamed.name}"). Until then the field is read on`,
      );
      return renamed.id;
    }
    const hint = before === undefined ? "" : `; it had one, ${before.id}`;
    this.warnings.add(`field("${name}") gives null: ${this.catalog.explainUnknown(name)}${hint}`);
    return undefined;
  }

  /** Looks at the custom fields that a resource names by their ids. */
  check(resource: MappingResource): void {
    if (this.catalog === undefined) return;
    for (const { source } of listPrograms(resource)) {
      for (const [id] of source.matchAll(/\bcustomfield_\d+\b/g)) this.#checkId(id, this.catalog);
    }
  }

  #warnOfNamesakes(name: string, field: JiraField, catalog: FieldCatalog): void {
    const namesakes = catalog.listNamesakes(field);
    if (namesakes.length < 2 || name === field.id) return;
    const ids = namesakes.map(({ id }) => id).join(", ");
    this.warnings.add(
      `Jira has ${namesakes.length} fields called "${field.name}" (${ids}): ${field.id} is read; write the id of the one you mean`,
    );
  }

  #checkId(id: string, catalog: FieldCatalog): void {
    const field = catalog.find(id);
    if (field !== undefined) return void this.#remember(id, field);
    const before = this.#before.get(id);
    if (before === undefined) return void this.warnings.add(`Jira has no field ${id}`);
    this.#remember(id, before);
    const heir = catalog.find(before.name);
    const hint = heir === undefined ? "" : `; the field of that name is ${heir.id} now`;
    this.warnings.add(`Jira has no field ${id} any more, which was called "${before.name}"${hint}`);
  }

  #remember(key: string, { id, name }: KnownField): KnownField {
    this.#meant.set(key, { id, name });
    return { id, name };
  }
}

function toNote(dataSource: string): string {
  return `fields that the mapping names: ${dataSource}`;
}

/** As they were saved; what cannot be read counts as forgotten. */
export function parseFields(note: Json | undefined): ReadonlyMap<string, KnownField> {
  const fields = new Map<string, KnownField>();
  for (const [key, field] of Object.entries(isJsonObject(note) ? note : {})) {
    const { id, name } = isJsonObject(field) ? field : {};
    if (typeof id === "string" && typeof name === "string") fields.set(key, { id, name });
  }
  return fields;
}
