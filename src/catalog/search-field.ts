import type { Blueprint } from "../model/blueprint.ts";
import { META_PROPERTIES, type SearchField } from "../model/search.ts";

const SCALARS: readonly unknown[] = ["string", "number", "boolean"];

/** A property of a blueprint, or a meta-property, as searches know it; undefined when there is no such. */
export function toField(property: string, blueprint: Blueprint): SearchField | undefined {
  if (property.startsWith("$")) {
    const name = META_PROPERTIES.find((each) => each === property);
    return name && { kind: "meta", name };
  }
  const { schema, calculationProperties, mirrorProperties } = blueprint;
  const find = <Value>(map: Readonly<Record<string, Value>>): Value | undefined =>
    Object.hasOwn(map, property) ? map[property] : undefined;
  const own = find(schema.properties);
  const definition = own ?? find(calculationProperties) ?? find(mirrorProperties);
  if (definition === undefined) return undefined;
  const isScalar = "type" in definition && SCALARS.includes(definition.type);
  return { kind: "property", name: property, isCalculated: own === undefined, isScalar };
}
