import { JqUnsupportedError } from "../jq-errors.ts";
import type { JqValue } from "../jq-engine.ts";
import { fail, name } from "../jq-value.ts";
import { native, type Builtin, type BuiltinTable } from "./builtin.ts";

export const MATH: BuiltinTable = {
  ...numeric(
    {
      floor: Math.floor,
      ceil: Math.ceil,
      trunc: Math.trunc,
      round: roundHalfAway,
      rint: roundHalfEven,
      nearbyint: roundHalfEven,
      fabs: Math.abs,
      sqrt: Math.sqrt,
      exp2: (value) => exactPower(2, value),
      exp10: (value) => exactPower(10, value),
      significand: (value) => (isFiniteNonZero(value) ? splitBinary(value).fraction * 2 : value),
      logb: (value) => {
        if (value === 0) return -Infinity;
        return Number.isFinite(value) ? splitBinary(value).exponent - 1 : Math.abs(value);
      },
    },
    1,
  ),
  ...numeric(
    {
      pow: exactPower,
      fmod: (left, right) => left % right,
      fmin: (left, right) => (Number.isNaN(left) ? right : Number.isNaN(right) ? left : Math.min(left, right)),
      fmax: (left, right) => (Number.isNaN(left) ? right : Number.isNaN(right) ? left : Math.max(left, right)),
      fdim: (left, right) => (left <= right ? 0 : left - right),
      copysign: copySign,
      drem: remainderToNearest,
      remainder: remainderToNearest,
      ldexp: scale,
      scalb: scale,
      scalbln: scale,
      nextafter: stepTowards,
      nexttoward: stepTowards,
    },
    2,
  ),
  // JavaScript either lacks them or may differ from C in the last digit.
  ...unsupported("acos/0 acosh/0 asin/0 asinh/0 atan/0 atan2/2 atanh/0 cbrt/0 cos/0 cosh/0 erf/0 erfc/0 exp/0 expm1/0"),
  ...unsupported("fma/3 gamma/0 hypot/2 j0/0 j1/0 jn/2 lgamma/0 lgamma_r/0 log/0 log10/0 log1p/0 log2/0 sin/0 sinh/0"),
  ...unsupported("tan/0 tanh/0 tgamma/0 y0/0 y1/0 yn/2"),
  "frexp/0": native((input) => {
    const value = toNumber(input);
    if (!Number.isFinite(value)) throw new JqUnsupportedError("frexp of what is not finite");
    const { fraction, exponent } = splitBinary(value);
    return [fraction, exponent];
  }),
  "modf/0": native((input) => {
    const value = toNumber(input);
    const whole = Math.trunc(value);
    if (Number.isNaN(value)) return [value, value];
    return [copySign(Number.isFinite(value) ? Math.abs(value - whole) : 0, value), whole];
  }),
  "abs/0": native((input) => {
    if (typeof input === "number") return input < 0 ? -input : input;
    return typeof input === "string" || (typeof input === "object" && input !== null)
      ? input
      : fail(`${name(input)} cannot be negated`);
  }),
  "infinite/0": native(() => Infinity),
  "nan/0": native(() => Number.NaN),
  "isnan/0": native((input) => Number.isNaN(input)),
  "isinfinite/0": native((input) => input === Infinity || input === -Infinity),
  "isfinite/0": native((input) => typeof input === "number" && !(input === Infinity || input === -Infinity)),
  "isnormal/0": native((input) => typeof input === "number" && Number.isFinite(input) && Math.abs(input) >= 2 ** -1022),
  "have_decnum/0": native(() => false),
  "have_literal_numbers/0": native(() => false),
};

/** Functions of numbers that fail for everything else. */
function numeric(
  table: Readonly<Record<string, (...values: readonly number[]) => number>>,
  arity: 1 | 2,
): Record<string, Builtin> {
  return Object.fromEntries(
    Object.entries(table).map(([name, calculate]) => [
      arity === 1 ? `${name}/0` : `${name}/${arity}`,
      arity === 1
        ? native((input) => calculate(toNumber(input)))
        : native((_, args) => calculate(...args.map(toNumber))),
    ]),
  );
}

function unsupported(keys: string): Record<string, Builtin> {
  return Object.fromEntries(keys.split(" ").map((key) => [key, { kind: "unsupported" }]));
}

function toNumber(value: JqValue): number {
  return typeof value === "number" ? value : fail(`${name(value)} number required`);
}

/** A whole power of a whole number that is exact; others may differ from C in the last digit. */
function exactPower(base: number, exponent: number): number {
  if (base === 1 || exponent === 0) return 1;
  const power = base ** exponent;
  const isExact = Number.isInteger(base) && Number.isInteger(exponent) && exponent > 0 && Number.isSafeInteger(power);
  if (!isExact) throw new JqUnsupportedError("a power that is not a whole number");
  return power;
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

function copySign(size: number, sign: number): number {
  if (Number.isNaN(sign)) throw new JqUnsupportedError("the sign of NaN");
  return isNegative(sign) === isNegative(size) ? size : -size;
}

function roundHalfAway(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const excess = value - below;
  if (excess === 0 || !Number.isFinite(value)) return value;
  const isUp = excess > 0.5 || (excess === 0.5 && below % 2 !== 0);
  return copySign(Math.abs(isUp ? below + 1 : below), value);
}

/** `value = fraction * 2 ** exponent`, with the fraction between 0.5 and 1. */
function splitBinary(value: number): { readonly fraction: number; readonly exponent: number } {
  if (value === 0) return { fraction: value, exponent: 0 };
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1);
  let fraction = value * 2 ** -exponent;
  while (Math.abs(fraction) < 0.5) {
    fraction *= 2;
    exponent--;
  }
  while (Math.abs(fraction) >= 1) {
    fraction /= 2;
    exponent++;
  }
  return { fraction, exponent };
}

function isFiniteNonZero(value: number): boolean {
  return Number.isFinite(value) && value !== 0;
}

function scale(value: number, exponent: number): number {
  if (!Number.isInteger(exponent)) throw new JqUnsupportedError("scaling by a part of a power of two");
  // In two steps, because 2 ** 1024 is not a number although the result may be.
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

function remainderToNearest(left: number, right: number): number {
  if (Math.abs(right) === Infinity) return Number.isFinite(left) ? left : Number.NaN;
  const rest = left % right;
  const size = Math.abs(right);
  const isOdd = Math.abs(left) % (2 * size) >= size;
  const isBeyond = 2 * Math.abs(rest) > size || (2 * Math.abs(rest) === size && isOdd);
  const nearest = isBeyond ? rest - Math.sign(rest) * size : rest;
  return nearest === 0 ? copySign(0, left) : nearest;
}

const WORD = new DataView(new ArrayBuffer(8));

/** The next number that can be told apart, in the direction of `target`. */
function stepTowards(value: number, target: number): number {
  if (Number.isNaN(value) || Number.isNaN(target)) return Number.NaN;
  if (value === target) return target;
  if (value === 0) return copySign(Number.MIN_VALUE, target);
  WORD.setFloat64(0, value);
  const isAway = value < target === value > 0;
  WORD.setBigInt64(0, WORD.getBigInt64(0) + (isAway ? 1n : -1n));
  return WORD.getFloat64(0);
}
