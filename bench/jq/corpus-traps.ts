/** What is easily misread in jq, or differs from JavaScript; the input does not matter. */
export const TRAPS: readonly string[] = [
  // the alternative operator: all true outputs of the left, else the right; errors of the left end it only after a value
  "[(false, null, 1, 2) // 42]", "[empty // 42]", "[(null, false) // (1, 2)]", '[(1, error("x")) // 2]', '[(null, error("x")) // 2]',
  '(error("x") // 1)', '"a" | tonumber // 1', '("a" | tonumber)? // 1', "first((1, 2) // 3)", "null // false", "false // null // 3",
  "[.missing.deep // 1, 0 // 2]", "1 // error", '{} | .a //= 1 | .a //= 2',
  // ? covers the last step alone; try covers its term
  '{"a": 1} | .a.b?', '{"a": 1} | [.a.b.c?]', '[{"a": 1} | .a.b?.c]', '[1 | .[]?]', '[1, [2] | .[]?]', '[(1 | .a)?]', "[.[0]?, 1]?",
  'try error("x") catch .', '[try (1, error("x"), 3) catch .]', '[.a?, .b?] | length', '[try error(null) catch .]', '["a" | (1, tonumber)?]',
  "[{} | .a.b.c.d?]", '[[1] | .a.b?, 2]',
  // assignments: the value is computed on the input, once for each of its outputs; |= takes the first output, none deletes
  '{"a": 1, "b": 2} | .a = .b', '{"a": {"b": 1}, "b": 5} | .a = .b', '{"a": {"b": 1}, "b": 5} | .a |= .b', '{"a": 1} | .a = (2, 3)',
  '{"a": 1} | .a |= (2, 3)', '{"a": 1} | .a += (2, 3)', "[1, 2, 3] | .[1:] = [9]", "[1, 2, 3] | .[-1] = 9",
  "[1, 2, 3] | (.[] | select(. > 1)) |= empty", "null | .a.b[1] = 1", '{"a": [1, 2]} | .a[] += 1', "[[1, 2], [3]] | .[][0] = 0",
  '{"a": 1} | .b.c |= . + 1', '{"a": 1, "b": 2} | to_entries | .[0].value = 9 | from_entries', '{"a": 3} | .a as $x | .b = $x',
  '{"a": 1} | del(.a, .b)', "[1, 2, 3, 4] | del(.[0, 2])", "[1, 2, 3] | del(.[1:])", '{"a": {"b": 1}} | .a.b = {"c": .a}',
  // text counts in code points
  '"a😀b"[1:2]', '"a😀b"[2:]', '"a😀b"[:2]', '"a😀b"[-2:]', '"👩‍👩‍👧x"[1:3]', '"😀😀"[1:]', '"a😀b" | length', '"a😀b" | explode', '"a😀b" | index("b")',
  '"a😀b" | indices("b")', '"😀a😀" | split("a")', '"a😀b" | [match("b").offset]', '"a😀b" | sub("😀"; "-")', '"a😀b" | test("^a.b$")', '"a😀b" | split("")',
  '"日本語"[1:2]', '"e\\u0301"[:1]', '"😀" | utf8bytelength', '["😀", "\\uff5e", "a"] | sort', '"a😀b" | ascii_downcase | .[1:]',
  '"\\ud83d\\ude00" | explode',
  // keys are sorted by code points, outputs keep the order in which keys came
  '{"b": 1, "a": 2} | keys', '{"b": 1, "a": 2, "c": 3} | keys | join(",")', '{"b": 1, "a": 2} | to_entries | map(.key)',
  '{"b": 1, "a": 2} | keys_unsorted', '{"b": 1, "a": 2} | map_values(. + 1)', '{"😀": 1, "\\uff5e": 2, "B": 3, "a": 4, "é": 5} | keys',
  '{"b": 1, "a": 2} + {"c": 0, "a": 1} | tojson', '[{"b": 1, "a": 2}, {"a": 1, "c": 0}] | sort', '[{"b": 2}, {"a": 3}] | sort',
  '{"b": 1, "a": {"d": 1, "c": 2}} | [paths]', '{"b": 1, "a": 2} | [.[]]', '{"b": 1, "a": 2} | with_entries(.) | tojson',
  '[{"z": 1, "y": 2}] | unique | tojson', '{"b": 1, "a": 2} | del(.b) | .b = 3 | tojson',
  '[{"k": "b"}, {"k": "a"}, {"k": "b"}] | group_by(.k) | map(.[0].k)', 'INDEX({"k": "b"}, {"k": "a"}; .k) | keys',
  // names that objects of JavaScript have by themselves
  "{} | .constructor", "{} | .toString", "{} | .__proto__", '{} | has("hasOwnProperty")', '{"__proto__": 1} | .__proto__',
  '{"__proto__": {"a": 1}} | .a', '{} | .__proto__ = 1 | keys', '{"toString": 1} | to_entries', '"constructor" | in({})',
  '{} | getpath(["constructor", "name"])', '[{"key": "__proto__", "value": 1}] | from_entries | keys', '{"constructor": 1} + {"valueOf": 2} | length',
  // several outputs, their order, and where they end
  "[(1, 2) + (10, 20)]", "[[1, 2][0, 1]]", "[{a: (1, 2), b: (3, 4)} | tojson]", "[range(0, 1; 3, 4)]", '["\\(1, 2)-\\(3, 4)"]',
  "[(true, false) and (true, false)]", "[limit(0; 1, 2)]", "[first(empty)]", "[limit(3; range(10))]", "[label $f | 1, break $f, 2]", "isempty(error)",
  "isempty(1, error)", "[.[]?, 1] | last", "[foreach (1, 2, 3) as $x (0; . + $x; select(. > 1))]", "reduce empty as $x (0; 1)",
  "reduce (1, 2) as $x (0; empty)", "reduce (1, 2) as $x (0; ., $x)", "[1, 2] as [$a, $b] | $a + $b",
  '[[1, 2], {"a": 3}] | .[] as [$x] ?// {a: $x} | $x', "def f($a; g): $a + g; f(1; 2, 3)", "def f: def g: 3; g; f",
  "[recurse(if . < 2 then . + 1 else empty end; . != null)]?",
  // numbers and the order of values
  "[null, true, false, 0, -1, \"a\", [], {}, [0], {\"a\": 1}] | sort", "[nan] | sort | length", "nan < nan", "nan > nan", "[nan, 1] | min", "5 % -2",
  "-5 % 3", "5.9 % 2.1", "1 / 3", "[1, 1.0, 1.5] | unique", "[.1 + .2]", "1e1000", "[-0, 0] | unique", "[3.7, -3.7] | map(floor, round, trunc)",
  "\"3.0\" | tonumber", "\" 3\" | tonumber?", "[1, [2]] | flatten", "\"abc\" * 0", "{} * {\"a\": {\"b\": 1}} * {\"a\": {\"c\": 2}}",
  "[3, 1, 2] - [1]", "\"a,b\" / \",\"", "[1, 2, 1] | indices(1)", "null + 1", "{} + null", "[] | add", "[[1, 2], [1]] | sort", "[1, 2] | .[1.7]",
  "[1, 2, 3] | .[1:][0]", "[1, 2] | .[5]", "null | .[1:]",
  // text, dates, patterns
  '"aXbX" | gsub("x"; "-"; "i")', '"abc" | gsub(""; "-")', '"abc" | gsub("(?<l>[a-z])"; "\\(.l)\\(.l)")',
  '"a1b2" | [capture("(?<l>[a-z])(?<d>[0-9])"; "g")]', '"test" | [match("t"; "g").offset]', '"a\\nb" | test("^b"; "")', '"x" | test("(?<n>y)?x")',
  '"x" | capture("(?<n>y)?x")', '"2015-03-05T23:51:47Z" | fromdate', "1425599621 | todate", '"10:20" | strptime("%H:%M")?',
  "0 | strftime(\"%A, %B %d, %Y %j %U\")", '"2024-02-30T00:00:00Z" | fromdate?', "[1, 2] | @csv", '["a\\"b", 1, null, true] | @csv',
  '["a\\tb"] | @tsv', '"it\'s" | @sh', '"<&>" | @html', '"ä &" | @uri', '"aGk=" | @base64d', '[1, {"a": "é"}] | @json',
  '"a b" | ascii_downcase | ltrimstr("a") | trim', '[1, null, "a", true] | join("-")', '"x" | tojson | tojson', '"[1, {\\"a\\": null}]" | fromjson',
  '"1 2" | fromjson?', '"nan" | fromjson', '"a-b_c" | split("[-_]"; null)', '[splits("a")?]', "[1, 2] | tostring", '"x" | tostring',
  '[{"name": "a", "value": 1}, {"k": "b", "v": 2}, {"Key": null}] | from_entries?', "[3, 1] | @text",
  '{"a": [1, {"b": 2}]} | [paths(type == "number")]', '{"a": [1, {"b": 2}]} | [getpath(paths)]', '{"a": 1} | pick(.b.c)', "[[1, 2], [3]] | transpose",
  '[1, [2, 3]] | getpath([1, 0])', "[1, 2, 3] | IN(2)?", "[1, 2] | contains([1])", '"foobar" | contains("bar")',
  '{"a": [1, 2]} | contains({"a": [1]})', "[1, 2] | bsearch(3)", "[range(5)] | [limit(2; .[])]", '"\\("a" + "b")"', "[1, 2] | tostream",
  "[1 | truncate_stream([[0], 1], [[1, 0], 2])]", "[walk(1)]", "[[1, [2]] | .. | numbers]", "{(\"a\", \"b\"): 1}", "{\"a\": 1} | {a, b: 2}",
  ". as [$a] ?// $a | [$a] | length", "$__loc__.line | type", "$ENV | length", "env | length",
]; // prettier-ignore
