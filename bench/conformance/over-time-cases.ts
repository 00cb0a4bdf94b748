import {
  assertOk,
  EVERYTHING,
  toEntityRequest,
  unauthorized,
  unreadable,
  type Document,
  type Make,
  type OperationCases,
} from "./case.ts";

const AGGREGATE = "/v1/entities/aggregate-over-time";
const HISTORY = "/v1/entities/properties-history";
const PRESETS = ["today", "lastDay", "lastWeek", "last2Weeks", "lastMonth", "last3Months"] as const;
const INTERVALS = ["hour", "day", "isoWeek", "month", "quarter"] as const;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"] as const;

/** An entity made now, and a range of time with it in its last interval. */
const withEntity =
  (toBody: (identifier: string, blueprint: string, range: Document) => Document, path: string, value: Document): Make =>
  async (world) => {
    const { blueprint, path: entities, body } = await toEntityRequest(world);
    const { dice, api } = world;
    assertOk(await api.send("POST", entities, { ...body, properties: { ...body.properties, text: "now" } }));
    const timeRange = { preset: dice.pick(PRESETS), timeZone: dice.pick(ZONES) };
    const range = { timeRange, timeInterval: dice.pick(INTERVALS) };
    return {
      method: "POST",
      path,
      body: toBody(body.identifier, blueprint.identifier, range),
      status: 200,
      // Read back: the last of the intervals has the entity that was made just now.
      isFitting: ({ result }) => {
        const { data } = result as { data: readonly Document[] }; // else it fails, which is told
        const last = data.at(-1);
        return Object.entries(value).every(([name, expected]) => last?.[name] === expected);
      },
    };
  };

const counted = (identifier: string, blueprint: string, range: Document): Document => ({
  blueprint,
  query: { combinator: "and", rules: [{ property: "$identifier", operator: "=", value: identifier }] },
  measureTimeBy: "$createdAt",
  aggregationType: "countEntities",
  func: "count",
  ...range,
});

const refused =
  (path: string, body: Document, status = 422, code = "invalid_request"): Make =>
  () => ({ method: "POST", path, body, status, code });

const BASE = counted("x", "_team", { timeRange: { preset: "today" }, timeInterval: "hour" });
const HISTORY_BASE = { blueprintIdentifier: "_team", entityIdentifier: "absent", propertyNames: ["size"] };

export const OVER_TIME_CASES: Readonly<Record<string, OperationCases>> = {
  [`POST ${AGGREGATE}`]: {
    valid: [
      withEntity(counted, AGGREGATE, { count: 1 }),
      withEntity((...of) => ({ ...counted(...of), breakdownProperty: "text" }), AGGREGATE, { now: 1 }),
      withEntity(
        (identifier, blueprint, range) => ({
          ...counted(identifier, blueprint, range),
          query: EVERYTHING,
          aggregationType: "aggregatePropertiesValues",
          func: "last",
          properties: ["text"],
        }),
        AGGREGATE,
        { text: undefined },
      ),
    ],
    invalid: [
      refused(AGGREGATE, { ...BASE, func: "mode" }),
      refused(AGGREGATE, { ...BASE, aggregationType: "aggregatePropertiesValues" }),
      refused(AGGREGATE, { ...BASE, timeRange: { preset: "last2Years" } }),
      refused(AGGREGATE, { ...BASE, timeRange: { preset: "someday" } }),
      refused(AGGREGATE, { ...BASE, timeRange: { preset: "today", timeZone: "Nowhere" } }),
      refused(AGGREGATE, { ...BASE, measureTimeBy: "absent" }),
      refused(AGGREGATE, { ...BASE, query: { rules: [] } }),
      refused(AGGREGATE, { ...BASE, blueprint: "absent" }, 404, "not_found"),
      ...unauthorized("POST", AGGREGATE),
      ...unreadable("POST", AGGREGATE),
    ],
  },
  [`POST ${HISTORY}`]: {
    valid: [
      withEntity(
        (entityIdentifier, blueprintIdentifier, range) => {
          return { entityIdentifier, blueprintIdentifier, propertyNames: ["text"], ...range };
        },
        HISTORY,
        { text: "now" },
      ),
    ],
    invalid: [
      refused(HISTORY, HISTORY_BASE, 404, "not_found"),
      refused(HISTORY, { ...HISTORY_BASE, blueprintIdentifier: "absent" }, 404, "not_found"),
      refused(HISTORY, { ...HISTORY_BASE, propertyNames: ["absent"] }),
      refused(HISTORY, { ...HISTORY_BASE, timeInterval: "minute" }),
      refused(HISTORY, { ...HISTORY_BASE, unknown: 1 }),
      ...unauthorized("POST", HISTORY),
      ...unreadable("POST", HISTORY),
    ],
  },
};
