import { must } from "../../runtime/errors.ts";
import type { Queries } from "./database.ts";
import { sql } from "./sql.ts";

/** The number of a bucket, made when it is new. */
export async function toBucketId(tx: Queries, name: string): Promise<number> {
  const find = () => tx.get<{ id: number }>(sql`SELECT id FROM bucket WHERE name = ${name}`);
  const existing = await find();
  if (existing !== undefined) return existing.id;
  await tx.run(sql`INSERT INTO bucket (name) VALUES (${name}) ON CONFLICT DO NOTHING`);
  return must(await find(), "a bucket is there after it was made").id;
}
