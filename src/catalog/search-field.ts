import type { Blueprint } from "../model/blueprint.ts";
import { META_PROPERTIES, type SearchField } from "../model/search.ts";

/** A property of a blueprint, or a meta-property, as searches know it; undefined when there is no such. */
export function toField(property: string, blueprint: Blueprint): SearchField | undefined {
  if (property.startsWith("$")) {
    const name = META_PROPERTIES.find((each) => each === property);
    return name && { kind: "meta", name };
  }
  const { schema, calculationProperties, mirrorProperties } = blueprint;
  if (Object.hasOwn(schema.properties, property)) return { kind: "property", name: property, isCalculated: false };
  const isComputed = [calculationProperties, mirrorProperties].some((each) => Object.hasOwn(each, property));
  return isComputed ? { kind: "property", name: property, isCalculated: true } : undefined;
}
