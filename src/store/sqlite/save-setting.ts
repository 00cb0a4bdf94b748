import type { Json } from "../../model/json.ts";
import { addChange } from "./add-change.ts";
import type { Connection } from "./connection.ts";

export const saveSetting =
  (db: Connection) =>
  ({ name, value, atMs }: { readonly name: string; readonly value: Json; readonly atMs: number }): void => {
    db.run(
      "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      name,
      JSON.stringify(value),
    );
    addChange(
      db,
      { subject: "setting", action: "updated", identifier: name },
      { actor: "", dataSource: "", runId: null, atMs },
    );
  };
