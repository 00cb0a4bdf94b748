/** Something that went wrong while one object was mapped. It never stops the others. */
export interface MappingProblem {
  /** An error costs the object's entity; a warning costs one value, which is null instead. */
  readonly level: "error" | "warning";
  readonly code: "selector_failed" | "expression_failed" | "no_identifier" | "not_a_list";
  /** Where in the resource, e.g. `properties.url`. */
  readonly field: string;
  readonly expression: string;
  readonly message: string;
}
