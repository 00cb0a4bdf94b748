import { parseJq } from "../parse-jq.ts";
import type { Builtin } from "./builtin.ts";

/** Builtins that are clearest in jq itself. `ascii`, `toarray`, `leaf_paths` and the `date` functions are of other versions of jq. */
const SOURCE = `
def first: .[0];
def last: .[-1];
def nth($n): .[$n];
def nth($n; f): if $n < 0 then error("nth doesn't support negative indices") else first(skip($n; f)) end;
def range($from; $upto; $by):
  if $by > 0 then $from | while(. < $upto; . + $by)
  elif $by < 0 then $from | while(. > $upto; . + $by)
  else empty end;
def leaf_paths: paths(scalars);
def toarray: if type == "array" then . else [.] end;
def INDEX(stream; key): reduce stream as $row ({}; .[$row | key | tostring] |= $row);
def INDEX(key): INDEX(.[]; key);
def IN(source; wanted): any(source == wanted; .);
def JOIN($index; key): [.[] | [., $index[key]]];
def JOIN($index; stream; key): stream | [., $index[key]];
def JOIN($index; stream; key; merge): stream | [., $index[key]] | merge;
def combinations:
  if length == 0 then [] else .[0][] as $head | (.[1:] | combinations) as $rest | [$head] + $rest end;
def combinations(n): . as $items | [range(n)] | map($items) | combinations;
def truncate_stream(stream):
  . as $depth | stream | . as $event
  | if (.[0] | length) > $depth then setpath([0]; .[0][$depth:]) else empty end;
def fromstream(stream):
  foreach stream as $event ({value: null, done: false};
    if .done then {value: null, done: false} else . end
    | if ($event | length) == 2
      then setpath(["done"]; ($event[0] | length) == 0) | setpath(["value"] + $event[0]; $event[1])
      else setpath(["done"]; ($event[0] | length) == 1) end;
    if .done then .value else empty end);
def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def date: todate;
def dateadd(unit; amount): . + amount;
def datesub(unit; amount): . - amount;
def ascii: [.] | implode;
.`;

export function listDefined(): Record<string, Builtin> {
  const table: Record<string, Builtin> = {};
  for (let node = parseJq(SOURCE); node.kind === "define"; node = node.body) {
    const { definition } = node;
    table[`${definition.name}/${definition.parameters.length}`] = { kind: "defined", definition };
  }
  return table;
}
