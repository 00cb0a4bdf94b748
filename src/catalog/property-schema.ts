import { z } from "zod";

export const PROPERTY_TYPES = ["string", "number", "boolean", "object", "array"] as const;
type PropertyType = (typeof PROPERTY_TYPES)[number];

/** Formats by the type that carries them. */
const FORMATS: Readonly<Partial<Record<PropertyType, readonly string[]>>> = {
  string: [
    "date-time",
    "url",
    "email",
    "idn-email",
    "ipv4",
    "ipv6",
    "markdown",
    "yaml",
    "proto",
    "user",
    "team",
    "blueprints",
    "timer",
  ],
  object: ["labeled-url", "proto"],
};

const COLORS = [
  "blue",
  "turquoise",
  "orange",
  "purple",
  "pink",
  "yellow",
  "green",
  "red",
  "gold",
  "silver",
  "paleBlue",
  "darkGray",
  "lightGray",
  "bronze",
  "lime",
  "olive",
  "brown",
] as const;

export const colors = z.record(z.string(), z.enum(COLORS));

const specification = {
  spec: z.enum(["open-api", "embedded-url", "async-api"]).optional(),
  specAuthentication: z
    .strictObject({
      clientId: z.string(),
      authorizationUrl: z.string(),
      tokenUrl: z.string(),
      authorizationScope: z.array(z.string()).optional(),
    })
    .optional(),
};

const count = z.int().min(0).optional();

const limits = {
  enum: z.array(z.unknown()).min(1).optional(),
  enumColors: colors.optional(),
  pattern: z.string().optional(),
  minLength: count,
  maxLength: count,
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
};

const item = z
  .looseObject({ type: z.enum(PROPERTY_TYPES).optional(), format: z.string().optional(), ...limits })
  .superRefine((value, context) => checkKeywords({ type: "string", ...value }, context));

/** A property of a blueprint; keys that are not named here are kept. */
export const property = z
  .looseObject({
    type: z.enum(PROPERTY_TYPES),
    title: z.string().max(100).optional(),
    description: z.string().optional(),
    icon: z.string().nullish(),
    format: z.string().optional(),
    ...specification,
    ...limits,
    items: item.optional(),
    minItems: count,
    maxItems: count,
    uniqueItems: z.boolean().optional(),
  })
  .superRefine(checkKeywords);

export const calculation = z.looseObject({
  calculation: z.string(),
  type: z.enum(PROPERTY_TYPES),
  title: z.string().max(100).optional(),
  description: z.string().optional(),
  icon: z.string().nullish(),
  format: z.string().optional(),
  ...specification,
  colorized: z.boolean().optional(),
  colors: colors.optional(),
});

interface Keywords {
  readonly type?: PropertyType | undefined;
  readonly format?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly enumColors?: Readonly<Record<string, string>> | undefined;
  readonly items?: unknown;
}

function checkKeywords(
  { type = "string", format, enum: values, enumColors, items }: Keywords,
  context: z.RefinementCtx,
): void {
  const refuse = (key: string, message: string): void =>
    context.addIssue({ code: "custom", path: [key], message, input: undefined });
  const formats = FORMATS[type] ?? [];
  if (format !== undefined && !formats.includes(format)) {
    const known = formats.length > 0 ? `use one of ${formats.join(", ")}` : "it has none";
    refuse("format", `"${format}" is not a format of the type ${type}: ${known}`);
  }
  const stray = values && Object.keys(enumColors ?? {}).find((name) => !values.some((value) => String(value) === name));
  if (stray !== undefined) refuse("enumColors", `names "${stray}", which is not a value of the enum`);
  if (items !== undefined && type !== "array") refuse("items", "is only for the type array");
}
