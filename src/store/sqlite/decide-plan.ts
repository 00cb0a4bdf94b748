import { ConflictError } from "../../runtime/errors.ts";
import type { PlanStatus } from "../plan-store.ts";
import type { Connection } from "./connection.ts";

export const decidePlan =
  (db: Connection) =>
  ({ id, decision, atMs }: { readonly id: string; readonly decision: PlanStatus; readonly atMs: number }): void => {
    const row = db.get("SELECT status, document FROM removal_plan WHERE id = ?", id);
    const status = row === undefined ? "gone" : String(row["status"]);
    if (row === undefined || (status !== "held" && status !== "rejected")) {
      throw new ConflictError(`The plan "${id}" cannot be ${decision} any more: it is ${status}`);
    }
    const document = JSON.stringify({ ...(JSON.parse(String(row["document"])) as object), decidedAtMs: atMs });
    db.run("UPDATE removal_plan SET status = ?, document = ? WHERE id = ?", decision, document, id);
  };
