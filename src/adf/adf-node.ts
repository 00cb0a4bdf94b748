/** A node of an Atlassian document, read defensively: nothing about its parts is taken for granted. */
export interface AdfNode {
  readonly type: string;
  readonly text: string | undefined;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly marks: readonly AdfMark[];
  readonly content: readonly unknown[];
}

export interface AdfMark {
  readonly type: string;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** The nodes among some values; whatever is no object is dropped. */
export function toNodes(values: readonly unknown[]): AdfNode[] {
  return values.filter(isObject).map(toNode);
}

export function toNode(value: Readonly<Record<string, unknown>>): AdfNode {
  const { type, text, attrs, marks, content } = value;
  return {
    type: typeof type === "string" ? type : "",
    text: typeof text === "string" ? text : undefined,
    attrs: isObject(attrs) ? attrs : {},
    marks: Array.isArray(marks)
      ? marks
          .filter(isObject)
          .map((mark) => ({ type: String(mark["type"]), attrs: isObject(mark["attrs"]) ? mark["attrs"] : {} }))
      : [],
    content: Array.isArray(content) ? content : [],
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first of some attributes that is a text with something in it. */
export function textAttribute(node: Pick<AdfNode, "attrs">, ...names: readonly string[]): string | undefined {
  return names.map((name) => node.attrs[name]).find((value) => typeof value === "string" && value !== "") as
    | string
    | undefined; // `find` accepted only strings
}
