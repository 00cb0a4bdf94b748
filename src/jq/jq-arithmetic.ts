import type { JqBudget } from "./jq-budget.ts";
import type { JqValue } from "./jq-engine.ts";
import type { ArithmeticOperator } from "./jq-node.ts";
import { splitText } from "./builtins/strings.ts";
import { copyCharged } from "./copy-charged.ts";
import { fail, getField, isArray, isEqual, isObject, name, writeField, type JqObject } from "./jq-value.ts";

type Apply = (left: JqValue, right: JqValue, budget: JqBudget) => JqValue;

export const applyArithmetic: Readonly<Record<ArithmeticOperator, Apply>> = {
  "+": add,
  "-": subtract,
  "*": multiply,
  "/": divide,
  "%": remainder,
};

export function negate(value: JqValue): JqValue {
  // Subtracted from zero, so that zero stays zero.
  return typeof value === "number" ? 0 - value : fail(`${name(value)} cannot be negated`);
}

export function add(left: JqValue, right: JqValue, budget: JqBudget): JqValue {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "string" && typeof right === "string") {
    // JavaScript keeps a sum as a rope, so its price is not its length.
    budget.checkString(left.length + right.length);
    budget.allocate(32);
    return left + right;
  }
  if (left === null) return right;
  if (right === null) return left;
  if (isArray(left) && isArray(right)) {
    budget.steps((left.length + right.length) >> 2);
    budget.allocate(8 * (left.length + right.length));
    return left.concat(right);
  }
  if (isObject(left) && isObject(right)) {
    const sum = copyCharged(left, budget);
    for (const key of Object.keys(right)) {
      budget.step();
      budget.allocate(32);
      writeField(sum, key, getField(right, key));
    }
    return sum;
  }
  return fail(`${name(left)} and ${name(right)} cannot be added`);
}

function subtract(left: JqValue, right: JqValue, budget: JqBudget): JqValue {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (isArray(left) && isArray(right)) {
    return left.filter((item) => {
      budget.steps(right.length);
      return !right.some((other) => isEqual(item, other));
    });
  }
  return fail(`${name(left)} and ${name(right)} cannot be subtracted`);
}

function multiply(left: JqValue, right: JqValue, budget: JqBudget): JqValue {
  if (typeof left === "number" && typeof right === "number") return left * right;
  if (typeof left === "string" && typeof right === "number") return repeatText(left, right, budget);
  if (typeof left === "number" && typeof right === "string") return repeatText(right, left, budget);
  if (isObject(left) && isObject(right)) return mergeDeep(left, right, budget);
  return fail(`${name(left)} and ${name(right)} cannot be multiplied`);
}

function repeatText(text: string, count: number, budget: JqBudget): JqValue {
  if (Number.isNaN(count) || count < 0) return null;
  const times = Math.floor(count);
  if (text !== "") budget.allocateString(text.length * times);
  return text === "" ? "" : text.repeat(times);
}

function mergeDeep(left: JqObject, right: JqObject, budget: JqBudget): JqObject {
  const merged = copyCharged(left, budget);
  for (const key of Object.keys(right)) {
    budget.step();
    budget.allocate(32);
    const [old, value] = [getField(merged, key), getField(right, key)];
    writeField(merged, key, isObject(old) && isObject(value) ? mergeDeep(old, value, budget) : value);
  }
  return merged;
}

function divide(left: JqValue, right: JqValue, budget: JqBudget): JqValue {
  if (typeof left === "number" && typeof right === "number") {
    if (right === 0) fail(`${name(left)} and ${name(right)} cannot be divided because the divisor is zero`);
    return left / right;
  }
  if (typeof left === "string" && typeof right === "string") return splitText(left, right, budget);
  return fail(`${name(left)} and ${name(right)} cannot be divided`);
}

const INT64_LIMIT = 2 ** 63;
const INT64_MAX = 2n ** 63n - 1n;

function remainder(left: JqValue, right: JqValue): JqValue {
  if (typeof left !== "number" || typeof right !== "number") {
    return fail(`${name(left)} and ${name(right)} cannot be divided (remainder)`);
  }
  if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
  const divisor = Math.trunc(right);
  if (divisor === 0)
    return fail(`${name(left)} and ${name(right)} cannot be divided (remainder) because the divisor is zero`);
  if (Number.isSafeInteger(divisor) && Number.isSafeInteger(Math.trunc(left))) {
    return (Math.trunc(left) % Math.abs(divisor)) + 0;
  }
  const size = toInt64(right);
  return Number(toInt64(left) % (size < 0n ? -size : size));
}

/** Numbers beyond 64 bits count as the last one within. */
function toInt64(value: number): bigint {
  if (value >= INT64_LIMIT) return INT64_MAX;
  return value <= -INT64_LIMIT ? -INT64_MAX - 1n : BigInt(Math.trunc(value));
}
