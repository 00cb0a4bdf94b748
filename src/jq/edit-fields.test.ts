import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isFieldPath, readFields, removeFields, setFields } from "./edit-fields.ts";
import { DEFAULT_LIMITS, JqBudget } from "./jq-budget.ts";
import type { JqValue } from "./jq-engine.ts";
import { PathEditor, readPath } from "./jq-paths.ts";

const budget = new JqBudget(DEFAULT_LIMITS, () => 0);
const NAMES = ["a", "b", "__proto__", "toString"];

const { tree } = fc.letrec<{ tree: JqValue; leaf: JqValue; object: JqValue }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, tie("leaf"), tie("object")),
  leaf: fc.constantFrom<JqValue>(null, false, 1, "x", [], [1]),
  object: fc
    .array(fc.tuple(fc.constantFrom(...NAMES), tie("tree")))
    .map((entries) => Object.fromEntries(entries) as JqValue), // of a tree's own values
}));
const path = fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 });

function edit(value: JqValue, change: (editor: PathEditor) => void): JqValue {
  const editor = new PathEditor(value, budget);
  change(editor);
  return editor.root;
}

test("edits of fields give what the editor of any path gives, and change nothing that there was", () => {
  let followed = 0;
  fc.assert(
    fc.property(tree, path, path, (value, keys, others) => {
      fc.pre(isFieldPath(value, keys) && isFieldPath(value, others));
      followed++;
      const before = JSON.stringify(value);
      expect(readFields(value, keys)).toEqual(readPath(value, keys));
      expect(setFields(value, keys, "new", budget)).toEqual(edit(value, (editor) => editor.write(keys, "new")));
      expect(removeFields(value, [keys], budget)).toEqual(edit(value, (editor) => editor.delete([keys])));
      expect(removeFields(value, [keys, others], budget)).toEqual(
        edit(value, (editor) => editor.delete([keys, others])),
      );
      expect(JSON.stringify(value)).toBe(before);
    }),
  );
  expect(followed).toBeGreaterThan(50);
});

test.each<[JqValue, readonly JqValue[]]>([
  [{ a: 1 }, ["a", "b"]],
  [{ a: [1] }, ["a", "b"]],
  ["text", ["a"]],
  [{ a: 1 }, [0]],
  [{ a: 1 }, []],
])("in %j the path %j is left to the editor of any path", (value, keys) => {
  expect(isFieldPath(value, keys)).toBe(false);
});
