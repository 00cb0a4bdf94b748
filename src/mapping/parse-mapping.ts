import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { isJsonObject, type JsonObject } from "../model/json.ts";
import type {
  EntityMapping,
  JqSource,
  MappedSearch,
  MappingDocument,
  MappingResource,
  SelectorPosition,
} from "../model/mapping.ts";
import { closest } from "../runtime/closest.ts";
import { InputError, type InputProblem, type Position } from "../runtime/errors.ts";

export interface ParsedMapping {
  readonly document: MappingDocument;
  /** Keys that nobody reads, when they are tolerated; otherwise empty. */
  readonly warnings: readonly InputProblem[];
}

interface ParseOptions {
  /** Names of the kinds that can be read. */
  readonly kinds: readonly string[];
  /** A mapping that is saved now refuses unknown keys; one that was stored by others only warns of them. */
  readonly unknownKeys: "refuse" | "warn";
  /** How messages name the mapping, e.g. its file. */
  readonly name: string;
}

type Path = readonly (string | number)[];

const ROOT_FLAGS = ["enableMergeEntity", "createMissingRelatedEntities", "deleteDependentEntities"] as const;
const ROOT_KEYS = [...ROOT_FLAGS, "entityDeletionThreshold", "resources"];
const RESOURCE_KEYS = ["kind", "selector", "port"];
const PORT_KEYS = ["entity", "itemsToParse", "itemsToParseName", "itemsToParseTopLevelTransform"];
const MAPPING_KEYS = ["identifier", "blueprint", "title", "icon", "team", "properties", "relations"];
const RULE_KEYS = ["property", "operator", "value"];

/**
 * Reads a mapping (Port's "port app config") from YAML or JSON, which YAML includes. Throws one InputError with every
 * problem and its line and column. jq programs and the selector's own keys are not judged here.
 */
export function parseMapping(text: string, options: ParseOptions): ParsedMapping {
  const reader = new MappingReader(text, options);
  const document = reader.readDocument();
  if (document === undefined || reader.problems.length > 0) throw toMappingError(options.name, reader.problems);
  return { document, warnings: reader.warnings };
}

/** One error for all problems of a mapping, each on a line of its own that starts with its place. */
export function toMappingError(name: string, problems: readonly InputProblem[]): InputError {
  const lines = problems.map(({ position, path, message }) => {
    const place = position ? `line ${position.line}, column ${position.column}` : (path ?? []).join(".");
    return `- ${place === "" ? "" : `${place}: `}${message}`;
  });
  return new InputError([`The mapping (${name}) cannot be used:`, ...lines].join("\n"), problems);
}

class MappingReader {
  readonly problems: InputProblem[] = [];
  readonly warnings: InputProblem[] = [];
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #options: ParseOptions;

  constructor(text: string, options: ParseOptions) {
    this.#options = options;
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const { message, pos } of this.#document.errors) {
      const { line, col } = this.#lines.linePos(pos[0]);
      this.problems.push({
        code: "invalid_yaml",
        message: message.split("\n")[0] ?? "",
        position: { line, column: col },
      });
    }
  }

  readDocument(): MappingDocument | undefined {
    if (this.problems.length > 0) return undefined;
    const keys = this.#keysOf([], ROOT_KEYS, "the mapping must hold `resources`");
    if (keys === undefined) return undefined;
    const resources = this.#itemsOf(["resources"]) ?? [];
    if (resources.length === 0 && this.problems.length === 0) {
      this.#report(["resources"], "missing_value", "`resources` must be a list with at least one resource");
    }
    return {
      enableMergeEntity: this.#flag(["enableMergeEntity"], true),
      createMissingRelatedEntities: this.#flag(["createMissingRelatedEntities"], true),
      deleteDependentEntities: this.#flag(["deleteDependentEntities"], true),
      entityDeletionThreshold: this.#threshold(),
      resources: resources.flatMap((path, index) => this.#resource(path, index) ?? []),
    };
  }

  #resource(path: Path, index: number): MappingResource | undefined {
    const keys = this.#keysOf(path, RESOURCE_KEYS, "a resource must have `kind`, `selector` and `port`");
    if (keys === undefined) return undefined;
    const kind = this.#kind([...path, "kind"]);
    const selector = [...path, "selector"];
    const port = [...path, "port"];
    const selectorKeys = this.#keysOf(
      selector,
      undefined,
      'the resource must have a `selector` with a `query` (for all objects: `query: "true"`)',
    );
    const query =
      selectorKeys &&
      this.#jq([...selector, "query"], 'the selector must have a `query` (for all objects: `query: "true"`)');
    const portKeys = this.#keysOf(port, PORT_KEYS, "the resource must have `port` with `entity.mappings`");
    const mappings = portKeys && this.#mappings([...port, "entity"]);
    if (kind === undefined || query === undefined || portKeys === undefined || mappings === undefined) return undefined;
    const itemsToParse = portKeys.includes("itemsToParse") ? this.#jq([...port, "itemsToParse"]) : undefined;
    const { query: _query, ...ownKeys } = this.#toObject(selector);
    return {
      index,
      kind,
      selector: ownKeys,
      selectorPositions: Object.fromEntries(
        Object.keys(ownKeys).flatMap((key) => {
          const position = this.#selectorPosition([...selector, key]);
          return position ? [[key, position]] : [];
        }),
      ),
      query,
      mappings,
      ...(itemsToParse && { itemsToParse }),
      itemsToParseName: this.#text([...port, "itemsToParseName"]) ?? "item",
      itemsToParseTopLevelTransform: this.#flag([...port, "itemsToParseTopLevelTransform"], true),
    };
  }

  #selectorPosition(path: Path): SelectorPosition | undefined {
    const node = this.#node(path);
    const position = this.#positionOf(path);
    if (position === undefined || node === undefined || !this.#isVerbatim(node)) return position;
    return { ...position, textColumn: toTextColumn(position, node) };
  }

  #kind(path: Path): string | undefined {
    const kind = this.#text(path);
    if (kind === undefined) {
      this.#report(
        path,
        "missing_value",
        `the resource must have a \`kind\`: one of ${this.#options.kinds.join(", ")}`,
      );
      return undefined;
    }
    if (this.#options.kinds.includes(kind)) return kind;
    const suggestion = closest(kind, this.#options.kinds);
    const hint =
      suggestion === undefined ? `use one of ${this.#options.kinds.join(", ")}` : `did you mean "${suggestion}"?`;
    this.#report(path, "unknown_kind", `"${kind}" is not a kind that can be read: ${hint}`, suggestion);
    return undefined;
  }

  /** One mapping, or a list of them: each gives an entity per object. */
  #mappings(entity: Path): readonly EntityMapping[] | undefined {
    if (this.#keysOf(entity, ["mappings"], "`port` must have `entity` with `mappings`") === undefined) return undefined;
    const path = [...entity, "mappings"];
    const paths = isSeq(this.#node(path)) ? (this.#itemsOf(path) ?? []) : [path];
    const mappings = paths.flatMap((each) => this.#mapping(each) ?? []);
    return mappings.length === paths.length ? mappings : undefined;
  }

  #mapping(path: Path): EntityMapping | undefined {
    const keys = this.#keysOf(path, MAPPING_KEYS, "`mappings` must have at least `identifier` and `blueprint`");
    if (keys === undefined) return undefined;
    const identifier = this.#jqOrSearch([...path, "identifier"], "the mapping must have an `identifier`");
    const blueprint = this.#jq(
      [...path, "blueprint"],
      "the mapping must have a `blueprint`, as jq: '\"jiraIssue\"' with both pairs of quotes",
    );
    if (identifier === undefined || blueprint === undefined) return undefined;
    const optional = (key: string): JqSource | undefined => (keys.includes(key) ? this.#jq([...path, key]) : undefined);
    const title = optional("title");
    const icon = optional("icon");
    const team = keys.includes("team") ? this.#jqOrSearch([...path, "team"]) : undefined;
    return {
      identifier,
      blueprint,
      ...(title && { title }),
      ...(icon && { icon }),
      ...(team && { team }),
      properties: this.#each([...path, "properties"], (each) => this.#jq(each)),
      relations: this.#each([...path, "relations"], (each) => this.#jqOrSearch(each)),
    };
  }

  #each<T>(path: Path, read: (path: Path) => T | undefined): Readonly<Record<string, T>> {
    if (this.#isAbsent(path)) return {};
    const keys = this.#keysOf(path, undefined, `\`${path.at(-1)}\` must map names to jq expressions`) ?? [];
    return Object.fromEntries(
      keys.flatMap((key): [string, T][] => {
        const value = read([...path, key]);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  }

  #jqOrSearch(path: Path, whenAbsent?: string): JqSource | MappedSearch | undefined {
    return isMap(this.#node(path)) ? this.#search(path) : this.#jq(path, whenAbsent);
  }

  #search(path: Path): MappedSearch | undefined {
    const keys = this.#keysOf(path, ["combinator", "rules"], "a search must have `combinator` and `rules`");
    const combinator =
      keys && this.#jq([...path, "combinator"], "a search must have a `combinator`: '\"and\"' or '\"or\"'");
    const rulePaths = keys && this.#itemsOf([...path, "rules"]);
    if (combinator === undefined || rulePaths === undefined) return undefined;
    const rules = rulePaths.flatMap((each): MappedSearch["rules"][number][] => {
      const node = this.#node(each);
      if (isMap(node) && node.has("combinator")) return [this.#search(each) ?? []].flat();
      if (this.#keysOf(each, RULE_KEYS, "a rule must have `property`, `operator` and `value`") === undefined) return [];
      const [property, operator, value] = RULE_KEYS.map((key) =>
        this.#jq([...each, key], `the rule must have \`${key}\``),
      );
      return property && operator && value ? [{ property, operator, value }] : [];
    });
    return { combinator, rules };
  }

  /** A scalar of any type is a program: `title: 5` means the program `5`, as in the reference. */
  #jq(path: Path, whenAbsent?: string): JqSource | undefined {
    const node = this.#node(path);
    if (isScalar(node) && node.value !== null) {
      const position = this.#positionOf(path);
      const source = typeof node.value === "string" ? node.value : (node.source ?? JSON.stringify(node.value));
      if (position === undefined) return { source, path };
      const column = toTextColumn(position, node);
      return { source, path, position: { line: position.line, column }, isVerbatim: this.#isVerbatim(node) };
    }
    const isAbsent = this.#isAbsent(path);
    const message =
      isAbsent && whenAbsent !== undefined ? whenAbsent : `\`${path.at(-1)}\` must be a jq expression, as text`;
    this.#report(path, isAbsent ? "missing_value" : "invalid_value", message);
    return undefined;
  }

  /** True if columns inside the program are columns of the line: one line, nothing escaped. */
  #isVerbatim(node: Node): boolean {
    if (!isScalar(node) || typeof node.value !== "string" || !node.range) return false;
    const [start, end] = node.range;
    const quotes = isQuoted(node) ? 2 : 0;
    return node.type !== "BLOCK_LITERAL" && node.type !== "BLOCK_FOLDED" && end - start === node.value.length + quotes;
  }

  #flag(path: Path, preset: boolean): boolean {
    const node = this.#node(path);
    if (isScalar(node) && typeof node.value === "boolean") return node.value;
    if (!this.#isAbsent(path)) this.#report(path, "invalid_value", `\`${path.at(-1)}\` must be true or false`);
    return preset;
  }

  #threshold(): number | undefined {
    const path = ["entityDeletionThreshold"];
    if (this.#isAbsent(path)) return undefined;
    const node = this.#node(path);
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === "number" && value >= 0 && value <= 1) return value;
    this.#report(path, "invalid_value", "`entityDeletionThreshold` must be a number from 0 to 1");
    return undefined;
  }

  #text(path: Path): string | undefined {
    const node = this.#node(path);
    if (isScalar(node) && typeof node.value === "string" && node.value !== "") return node.value;
    if (!this.#isAbsent(path)) this.#report(path, "invalid_value", `\`${path.at(-1)}\` must be a text`);
    return undefined;
  }

  /** The keys of the map at `path`; undefined after reporting that there is none. `known` undefined takes any key. */
  #keysOf(path: Path, known: readonly string[] | undefined, whenNoMap: string): readonly string[] | undefined {
    const node = path.length === 0 ? this.#document.contents : this.#node(path);
    if (!isMap(node)) {
      this.#report(path, this.#isAbsent(path) ? "missing_value" : "invalid_value", whenNoMap);
      return undefined;
    }
    if (known !== undefined) this.#findUnknown(path, node, known);
    return node.items.map(({ key }) => toKeyText(key));
  }

  #findUnknown(path: Path, node: YAMLMap, known: readonly string[]): void {
    for (const { key } of node.items) {
      const name = toKeyText(key);
      if (known.includes(name)) continue;
      const suggestion = closest(name, known);
      const hint = suggestion === undefined ? `known are ${known.join(", ")}` : `did you mean "${suggestion}"?`;
      const position = isNode(key) ? this.#toPosition(key) : undefined;
      (this.#options.unknownKeys === "refuse" ? this.problems : this.warnings).push({
        code: "unknown_key",
        message: `"${name}" means nothing here: ${hint}`,
        path: [...path, name],
        ...(position && { position }),
        ...(suggestion && { suggestion }),
      });
    }
  }

  #itemsOf(path: Path): Path[] | undefined {
    const node = this.#node(path);
    if (isSeq(node)) return node.items.map((_, index) => [...path, index]);
    this.#report(path, this.#isAbsent(path) ? "missing_value" : "invalid_value", `\`${path.at(-1)}\` must be a list`);
    return undefined;
  }

  #node(path: Path): Node | undefined {
    const node = this.#document.getIn(path, true);
    return node === null ? undefined : (node as Node | undefined); // with keepScalar, getIn gives nodes only
  }

  #toObject(path: Path): JsonObject {
    const value: unknown = this.#node(path)?.toJS(this.#document);
    return isJsonObject(value) ? value : {};
  }

  #isAbsent(path: Path): boolean {
    const node = this.#node(path);
    return node === undefined || (isScalar(node) && node.value === null);
  }

  #report(path: Path, code: string, message: string, suggestion?: string): void {
    this.problems.push(this.#toProblem(path, code, message, suggestion));
  }

  #toProblem(path: Path, code: string, message: string, suggestion?: string): InputProblem {
    const position = this.#positionOf(path);
    return { code, message, path, ...(position && { position }), ...(suggestion && { suggestion }) };
  }

  /** Where the value at `path` starts, or for what is missing, the nearest thing around it. */
  #positionOf(path: Path): Position | undefined {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? this.#document.contents : this.#node(path.slice(0, length));
      const position = node ? this.#toPosition(node) : undefined;
      if (position !== undefined) return position;
    }
    return undefined;
  }

  #toPosition(node: Node): Position | undefined {
    if (!node.range) return undefined;
    const { line, col } = this.#lines.linePos(node.range[0]);
    return { line, column: col };
  }
}

/** A text starts behind its quote, when there is one. */
function toTextColumn({ column }: Position, node: Node): number {
  return column + (isScalar(node) && isQuoted(node) ? 1 : 0);
}

function isQuoted(node: Scalar): boolean {
  return node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE";
}

function toKeyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
