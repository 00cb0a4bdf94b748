/** Words with a meaning in the grammar. They can be values or fields only in quotes. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  "after and asc before by changed desc during empty from in is not null on or order to was".split(" "),
);

/** Words without a meaning that Jira keeps for itself; in quotes they are ordinary. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `abort access add alias alter any as audit avg begin between boolean break byte catch char character check
  checkpoint collate collation column commit connect continue count create current date decimal declare decrement
  default defaults define delete delimiter difference distinct divide do double drop else encoding end equals escape
  exclusive exec execute exists explain false fetch file field first float for function go goto grant greater group
  having identified if immediate increment index initial inner inout input insert int integer intersect intersection
  into isempty isnull join last left less like limit lock long max min minus mode modify modulo more multiply next
  noaudit notin nowait number object of option outer output power previous prior privileges public raise raw remainder
  rename resource return returns revoke right row rowid rownum rows select session set share size sqrt start strict
  string subtract sum synonym table then trans transaction trigger true uid union unique update user validate values
  view when whenever where while with`.split(/\s+/),
);

/** `cf` begins a custom field given by number, so it is no plain word either. */
export const CUSTOM_FIELD_WORD = "cf";

/** The operators of clauses about present values, as Jira lists them to people. */
export const OPERATORS: readonly string[] = [
  "=",
  "!=",
  "<",
  ">",
  "<=",
  ">=",
  "~",
  "!~",
  "IN",
  "NOT IN",
  "IS",
  "IS NOT",
];

const WHITE_SPACE = " \t\r\n";
/** Characters that end a word because they mean something. */
const STRUCTURAL = "()[],!<>=~&|";
/** Characters that mean nothing but may stand only in quotes. */
const RESERVED_CHARACTERS = "#$%*+/;?@^{}";

export type CharacterClass = "white space" | "structural" | "reserved" | "quote" | "escape" | "forbidden" | "word";

/** What a UTF-16 unit is in JQL. Jira takes only four characters for white space: a no-break space is part of a word. */
export function classify(character: string): CharacterClass {
  if (WHITE_SPACE.includes(character)) return "white space";
  if (STRUCTURAL.includes(character)) return "structural";
  if (RESERVED_CHARACTERS.includes(character)) return "reserved";
  if (character === '"' || character === "'") return "quote";
  if (character === "\\") return "escape";
  return isForbidden(character.charCodeAt(0)) ? "forbidden" : "word";
}

/** Control characters and code points that Unicode promises never to assign. They can only be written as escapes. */
function isForbidden(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0xfdd0 && code <= 0xfdef) || code >= 0xfffe;
}

/** Whether a word, as it stands in the text, has a role other than naming something. */
export function isSpecialWord(word: string): boolean {
  // Without the ASCII check, letters such as the Kelvin sign would become ASCII ones in lower case.
  if (!/^[A-Za-z]+$/.test(word)) return false;
  const lower = word.toLowerCase();
  return KEYWORDS.has(lower) || RESERVED_WORDS.has(lower) || lower === CUSTOM_FIELD_WORD;
}

export function isWholeNumber(text: string): boolean {
  return /^-?[0-9]+$/.test(text);
}
