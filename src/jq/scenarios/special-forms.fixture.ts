import type { Scenario } from "./scenario.fixture.ts";

const OBJECT = '{"a": {"b": 1, "c": {"d": [1, "x"]}}, "k": "a", "n": null, "__proto__": {"p": 1}, "toString": "t"}';
const TREE = '{"a": [1, {"b": [2, null]}, "x"], "c": {"d": {"e": false}}, "f": []}';

/** What is compiled in a way of its own when its parts allow it, together with inputs for which they do not. */
export const SPECIAL_FORMS: readonly Scenario[] = [
  // One output at most.
  ["[.a, empty, .k, (.n | select(.)), .a.b]", OBJECT],
  ["[.a.b?, .k.x?, (.k | .x? // 7), (.n? // empty)]", OBJECT],
  ["[.[] | .b? // .p? // empty]", OBJECT],
  ["{a: .k, b: (.n | select(.))}, {a: (.k | select(.))}", OBJECT],
  ["[if .n then 1 else empty end, if .k then empty else 2 end, if empty then 1 else 2 end]", OBJECT],
  ["[(empty + 1), (1 + empty), (error(1) + empty)?, ((1 | select(false)) == 1)]", "null"],
  ["[(.k | tonumber?), (try (.k | tonumber) catch .), (try error(empty) catch 1)]", OBJECT],
  ['[first(.a[]), first(empty), (first(.a[] | select(type == "object")) // 3)]', OBJECT],
  ["[label $out | try first(break $out) catch 1]", "null"],
  ["[label $out | (1, try [break $out] catch 2, 3) | if . == 3 then ., break $out else . end]", "null"],
  ["[limit(1; label $out | try [break $out] catch (1, 2))]", "null"],
  ['[.[] as $x | $x | select(. != null and . != "a") | type]', OBJECT],
  ["reduce (1, 2, 3) as $x (0; if $x == 2 then empty else . + $x end)", "null"],
  ["[.[]? | (strings, numbers, objects) | type]", OBJECT],
  ['map(select(. == 1)), map(select(. != null)), map(select(. == "x"))', '[1, null, "x", [1], {"a": 1}, true]'],
  ["map(. == null), map(. != false), map(. == 1.0)", "[null, false, 1, [], {}]"],
  // Edits of fields.
  [".a.b = 2, .n.x.y = 3, .new = .k, .toString = 1, .__proto__.p |= . + 1", OBJECT],
  [".a.b |= empty, .a.c |= empty, .nothing |= empty, .n.x |= empty", OBJECT],
  [".a.b += 1, .a.b -= 1, .n //= 4, .k *= 2, .a.c |= keys", OBJECT],
  [".[.k].b = 5, .[.k] |= length, (.k as $k | .[$k].c.d |= reverse), .[.k, .n]? = 1", OBJECT],
  ["try (.k.x = 1) catch ., try (.a.b.c |= 1) catch ., try (.a.c.d.e = 1) catch .", OBJECT],
  ["try (.[1] = 1) catch ., try (.[null] = 1) catch ., try (.[.a] |= 1) catch .", OBJECT],
  ['reduce ("x", "y", "x") as $k ({}; .[$k] += 1)', "null"],
  ["del(.a), del(.a.b), del(.a.b.z), del(.zz), del(.zz.y), del(.__proto__), del(.toString)", OBJECT],
  ["del(.a, .k), del(.a.b, .a.c), del(.a, .a.b), del(.a.c.d, .n), del(.zz, .k), del(.[.k], .k)", OBJECT],
  ["try del(.k.x) catch ., try del(.a.b.c) catch ., try del(.a, .k.x) catch ., del(.a.c.d[0], .k)", OBJECT],
  ["del(.), del(empty), del(.[]), del(.a[])", OBJECT],
  ["to_entries | map(select(.value != null)) | from_entries", OBJECT],
  ["with_entries(.key |= ascii_upcase), with_entries(.value |= (tostring | length))", OBJECT],
  // Walks.
  ['walk(.), walk(if type == "object" then del(.b) else . end)', TREE],
  ['walk(select(. != null)), walk(select(type != "number")), [walk(empty)]', TREE],
  ['walk(if type == "array" then sort else . end), walk(if type == "boolean" then empty else . end)', TREE],
  ["[walk(., 1)], walk(if . == 1 then 8, 9 else . end)", '[1, {"a": 1, "b": [1]}]'],
  ['[..], [.. | select(type == "array")], [.. | .b? // empty], first(.. | select(. == null))', TREE],
  ['[paths(type == "number")], [paths(true, true)], [paths(empty)], [paths(..)]', TREE],
  ["[limit(2; .a[], .c[])], [limit(0; 1)], [limit(1.5; 1, 2, 3)], [limit(9; .a[])]", TREE],
  // Texts and dates.
  ['[gsub("(?<x>[a-z])"; .x + "-"), sub("b"; null), gsub("q"; "z"), gsub("";"-")]', '"abc"'],
  ['try gsub("b"; 1) catch ., [gsub("b"; "x", "y")], [sub("b"; empty)], gsub("a"; "A"; "i")', '"abcAB"'],
  ["[.[:2], .[-2:], .[1:][:1], .[2:1], .[:1.5], .[null:2]]", '"a🚀bé"'],
  ["[.[:2], .[-2:], .[1:][:1], .[2:1], .[:1.5], .[null:2]]", "[1, 2, 3, 4]"],
  ["length, utf8bytelength, ascii_downcase, ascii_upcase, @base64", '"Aé🚀Z"'],
  ["length, utf8bytelength, ascii_downcase, ascii_upcase, @base64", '"Plain-Text"'],
  [
    'fromdate, (strptime("%Y-%m-%dT%H:%M:%SZ") | ., mktime, todate), (.[:10] | try fromdate catch .)',
    '"2024-02-29T23:59:59Z"',
  ],
  ['[.[] | gmtime, todate, strftime("%j %G-W%V %a %e")]', "[0, 951782400, 1709164799.5, -86401, 1e9, 4102444799]"],
  ["keys, (to_entries | length), (keys | length), ([keys, keys] | .[0] == .[1])", OBJECT],
];
