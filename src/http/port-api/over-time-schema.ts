import { z } from "@hono/zod-openapi";
import { INTERVALS } from "../../catalog/time-intervals.ts";
import type { JsonObject } from "../../model/json.ts";

const PRESETS = ["today", "yesterday", "lastDay", "lastWeek", "last2Weeks", "lastMonth", "last3Months"] as const;
const LONG_PRESETS = ["last6Months", "last12Months", "last2Years", "last3Years"] as const;

export const timeRange = z
  .strictObject({
    preset: z.enum([...PRESETS, ...LONG_PRESETS]),
    timeZone: z.string().optional().openapi({ example: "Europe/Berlin", description: "UTC unless said" }),
  })
  .openapi("TimeRange");

export const timeInterval = z.enum(INTERVALS).openapi({ description: "Only `quarter` for last2Years and last3Years" });

export const overTime = z
  .object({
    minDate: z.number().openapi({ description: "Milliseconds since 1970" }),
    maxDate: z.number(),
    data: z
      .array(z.custom<JsonObject>().openapi({ type: "object" }))
      .readonly()
      .openapi({ description: "One for each interval: `date`, where it begins, and its values by name" }),
  })
  .openapi("OverTime");
