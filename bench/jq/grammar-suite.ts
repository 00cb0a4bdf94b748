import type { Suite } from "./differential.ts";
import { FOCUSES, ProgramGenerator } from "./program-generator.ts";
import { Random } from "./random.ts";
import { valueOf } from "./shapes.ts";

/** How much of an input is not as the program expects; one input for each. */
const NOISE = [0, 0.05, 0.15];

/** Programs made from the grammar; the builtin or form that one is made around takes turns. */
export const GRAMMAR_SUITE: Suite = {
  name: "grammar",
  makeCase(seed, index) {
    const random = new Random(seed, index);
    const { text, input } = new ProgramGenerator(random).program(FOCUSES[index % FOCUSES.length] ?? "identity");
    return { program: text, inputs: NOISE.map((noise) => valueOf(input, random, noise)) };
  },
};
