/** A program and the JSON text of its input. What comes out is asked of real jq. */
export type Scenario = readonly [program: string, input: string];
