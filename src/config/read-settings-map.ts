import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type YAMLMap } from "yaml";
import type { InputProblem, Position } from "../runtime/errors.ts";
import { isKnownName, isMapName, isSectionName, toChildName } from "./setting-names.ts";
import { toSettingProblem, type GivenSetting, type SettingPlace } from "./setting-place.ts";

/** The settings of a file (`config.yaml`) with their places in it. */
export function readConfigFile(text: string, file: string, problems: InputProblem[]): readonly GivenSetting[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const toPosition = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const toPlace = (path: readonly string[], node: unknown): SettingPlace => {
    const position = isNode(node) && node.range ? toPosition(node.range[0]) : undefined;
    const where = position ? `${file}, line ${position.line}, column ${position.column}` : file;
    return { label: `${path.join(".")} (${where})`, path, isKey: true, ...(position && { position }) };
  };
  for (const { message, pos } of document.errors) {
    const position = toPosition(pos[0]);
    // What follows the colon may quote the file, and with it a secret.
    const [reason = ""] = message.split(/\n|: "/);
    const label = `${file}, line ${position.line}, column ${position.column}:`;
    problems.push(toSettingProblem({ label, path: [], position }, "invalid_yaml", reason));
  }
  if (document.errors.length > 0 || isAbsent(document.contents)) return [];
  if (!isMap(document.contents)) {
    const place = { ...toPlace([], document.contents), label: file };
    problems.push(toSettingProblem(place, "invalid_value", "must hold settings, such as `port: {clientId: ...}`"));
    return [];
  }
  const reader = new MapReader(document, toPlace, problems);
  reader.read(document.contents, undefined, []);
  return reader.settings;
}

/** The settings in a variable that holds a map of them as JSON. Its text may hold secrets, so no message shows it. */
export function readJsonVariable(
  name: string,
  text: string,
  variable: SettingPlace,
  problems: InputProblem[],
): readonly GivenSetting[] {
  const document = parseJsonMap(text);
  if (document === undefined) {
    const what = 'must be a JSON object, such as {"key":"value"}; in a shell it stands in single quotes';
    problems.push(toSettingProblem(variable, "invalid_json", what));
    return [];
  }
  const toPlace = (keys: readonly string[]): SettingPlace => ({
    label: `${keys.join(".")} in ${variable.label}`,
    path: [...variable.path, ...keys],
    ...(variable.position && { position: variable.position }),
  });
  const reader = new MapReader(document.document, toPlace, problems);
  reader.read(document.map, name, []);
  return reader.settings;
}

/** JSON is YAML, so one reader serves both; but a value that is only YAML is a mistake. */
function parseJsonMap(text: string): { readonly document: Document; readonly map: YAMLMap } | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  const document = parseDocument(text, { uniqueKeys: false });
  return isMap(document.contents) ? { document, map: document.contents } : undefined;
}

/** Walks maps of maps down to the settings in them. */
class MapReader {
  readonly settings: GivenSetting[] = [];
  readonly #document: Document;
  readonly #toPlace: (path: readonly string[], node: unknown) => SettingPlace;
  readonly #problems: InputProblem[];

  constructor(
    document: Document,
    toPlace: (path: readonly string[], node: unknown) => SettingPlace,
    problems: InputProblem[],
  ) {
    this.#document = document;
    this.#toPlace = toPlace;
    this.#problems = problems;
  }

  /** `parent` is the setting whose map this is; undefined at the top of a file. */
  read(map: YAMLMap, parent: string | undefined, path: readonly string[]): void {
    for (const { key, value } of map.items) {
      const word = String(isScalar(key) ? key.value : key);
      const name = toChildName(parent, word);
      const childPath = [...path, word];
      const node: unknown = isAlias(value) ? value.resolve(this.#document) : value;
      if (isAbsent(node)) continue;
      const place = this.#toPlace(childPath, isKnownName(name) ? value : key);
      if (!isMapName(name) && !isSectionName(name)) this.#add({ name, text: toText(node), place });
      else if (isMap(node)) this.read(node, name, childPath);
      else this.#problems.push(toSettingProblem(place, "invalid_map", "must hold settings, not one value"));
    }
  }

  /** `jiraHost` and `jira_host` are one setting, so YAML does not see that it is there twice. */
  #add(setting: GivenSetting): void {
    if (this.settings.some(({ name }) => name === setting.name)) {
      this.#problems.push(toSettingProblem(setting.place, "duplicate_setting", "is given twice, in two spellings"));
    }
    this.settings.push(setting);
  }
}

function isAbsent(node: unknown): boolean {
  return node === undefined || node === null || (isScalar(node) && node.value === null);
}

function toText(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
}
