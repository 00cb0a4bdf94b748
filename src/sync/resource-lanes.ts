import type { SyncResource } from "./read-resource.ts";

/**
 * Which resources may be read at the same time. Those that write the same blueprint share a lane and take their turns in
 * the mapping's order, so that the last one has the last word on what they both set; a computed blueprint may be any, so
 * then all share one. Lanes without relations come first: what others point at is there when they come, and nothing has
 * to wait for its target.
 */
export function toLanes(resources: readonly SyncResource[]): readonly (readonly (readonly SyncResource[])[])[] {
  const lanes: SyncResource[][] = [];
  for (const resource of resources) {
    const shared = lanes.filter((lane) => lane.some((other) => mayMeet(other, resource)));
    for (const lane of shared) lanes.splice(lanes.indexOf(lane), 1);
    lanes.push([...shared.flat(), resource].toSorted((a, b) => a.index - b.index));
  }
  const [related, plain] = [true, false].map((wanted) =>
    lanes.filter((lane) => lane.some(({ hasRelations }) => hasRelations) === wanted),
  );
  return [plain ?? [], related ?? []];
}

/** Whether both may write one entity. */
export function mayMeet(one: SyncResource, other: SyncResource): boolean {
  if (one.fields === undefined || other.fields === undefined) return true;
  return Object.keys(one.fields).some((blueprint) => other.fields?.[blueprint] !== undefined);
}
