import { expect, test } from "vitest";
import type { JsonObject } from "../model/json.ts";
import type { RawObject } from "../model/raw-object.ts";
import { hideSecrets, RawExamples } from "./raw-examples.ts";

const toRaw = (body: JsonObject): RawObject => ({ id: "1", kind: "issue", hash: "", body: () => body });

test("the first five objects of each kind are kept", () => {
  const examples = new RawExamples();
  examples.add(
    "issue",
    [1, 2, 3].map((n) => toRaw({ n })),
  );
  examples.add(
    "issue",
    [4, 5, 6].map((n) => toRaw({ n })),
  );
  examples.add("user", [toRaw({ n: 7 })]);
  expect(examples.list()).toEqual([
    ["issue", [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }]],
    ["user", [{ n: 7 }]],
  ]);
});

test("what looks secret by its key or by its form is hidden, at any depth; the rest is left as it is", () => {
  expect(
    hideSecrets({
      fields: {
        apiToken: "x",
        password: null,
        comment: ["see ghp_abcdefghijklmnopqrstuvwx", "harmless"],
        description: "key: AKIAABCDEFGHIJKLMNOP",
        summary: "Rotate the signing keys",
      },
    }),
  ).toEqual({
    fields: {
      apiToken: "[hidden]",
      password: null,
      comment: ["[hidden]", "harmless"],
      description: "[hidden]",
      summary: "Rotate the signing keys",
    },
  });
});
