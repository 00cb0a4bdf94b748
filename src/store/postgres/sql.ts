export type SqlScalar = string | number | boolean | null;
export type SqlValue = SqlScalar | readonly SqlScalar[];

/** A statement or a part of one. Values are bound, never written into the text. */
export class Sql {
  /** One text more than there are values; value by value they alternate. */
  readonly texts: readonly string[];
  readonly values: readonly SqlValue[];

  constructor(texts: readonly string[], values: readonly SqlValue[]) {
    this.texts = texts;
    this.values = values;
  }

  get text(): string {
    return this.texts.reduce((all, text, index) => `${all}$${index}${text}`);
  }
}

/**
 * @example sql`SELECT * FROM entity WHERE id = ${id} AND ${condition}`
 */
export function sql(strings: TemplateStringsArray, ...given: readonly (Sql | SqlValue)[]): Sql {
  const texts: string[] = [strings[0] ?? ""];
  const values: SqlValue[] = [];
  const append = (text: string): void => void texts.push(`${texts.pop() ?? ""}${text}`);
  for (const [index, each] of given.entries()) {
    if (each instanceof Sql) {
      append(each.texts[0] ?? "");
      texts.push(...each.texts.slice(1));
      values.push(...each.values);
      append(strings[index + 1] ?? "");
    } else {
      values.push(each);
      texts.push(strings[index + 1] ?? "");
    }
  }
  return new Sql(texts, values);
}

/** Text of the product's own, as it is. */
export function raw(text: string): Sql {
  return new Sql([text], []);
}

/** A text as a literal, for places where an index is found by it. */
export function literal(text: string): Sql {
  return raw(`'${text.replaceAll("'", "''")}'`);
}

export function quoteName(name: string): Sql {
  return raw(`"${name.replaceAll('"', '""')}"`);
}

export function join(parts: readonly Sql[], separator: string): Sql {
  const [first, ...rest] = parts;
  return first === undefined ? raw("") : rest.reduce((all, part) => sql`${all}${raw(separator)}${part}`, first);
}
