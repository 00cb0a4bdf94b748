import { z } from "zod";

export const averageOf = z.enum(["hour", "day", "week", "month", "total"]);
const measureTimeBy = z.string().optional();
const property = z.string();

const calculationSpec = z.union([
  z.strictObject({ calculationBy: z.literal("entities"), func: z.literal("count") }),
  z.strictObject({ calculationBy: z.literal("entities"), func: z.literal("average"), averageOf, measureTimeBy }),
  z.strictObject({ calculationBy: z.literal("property"), func: z.enum(["sum", "min", "max", "median"]), property }),
  z.strictObject({
    calculationBy: z.literal("property"),
    func: z.literal("average"),
    property,
    averageOf,
    measureTimeBy,
  }),
]);

export const aggregation = z.strictObject({
  title: z.string().max(100),
  target: z.string(),
  calculationSpec,
  description: z.string().optional(),
  icon: z.string().nullish(),
  type: z.literal("number").optional(),
  query: z.looseObject({}).optional(),
  pathFilter: z
    .array(z.strictObject({ path: z.array(z.string()).min(1), fromBlueprint: z.string().optional() }))
    .max(1)
    .optional(),
});
