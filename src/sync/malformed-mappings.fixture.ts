/** A mistake in a mapping, what is said about it, and the same mapping without it. */
export interface MalformedMapping {
  readonly name: string;
  readonly wrong: string;
  readonly right: string;
  /** Code, path, line and column. */
  readonly problem: string;
}

const MAPPING = `createMissingRelatedEntities: true
resources:
  - kind: issue
    selector:
      query: "true"
      jql: project = AL
    port:
      itemsToParse: .fields.subtasks
      entity:
        mappings:
          identifier: .key
          title: .fields.summary
          blueprint: '"jiraIssue"'
          properties:
            status: .fields.status.name
          relations:
            project:
              combinator: '"and"'
              rules:
                - { property: '"$title"', operator: '"="', value: .fields.project.name }
`;
const ENTITY = "resources.0.port.entity";

/** The mapping above with one thing in it changed. */
function change(name: string, part: string, wrong: string, problem: string): MalformedMapping {
  if (!MAPPING.includes(part)) throw new Error(`The mapping has no "${part}"`);
  return { name, wrong: MAPPING.replace(part, wrong), right: MAPPING, problem };
}

export const MALFORMED_MAPPINGS: readonly MalformedMapping[] = [
  // Its form
  { name: "nothing at all", wrong: "", right: MAPPING, problem: "missing_value " },
  { name: "a bracket that stays open", wrong: "resources: [", right: MAPPING, problem: "invalid_yaml  1:13" },
  { name: "a list", wrong: "- kind: issue\n", right: MAPPING, problem: "invalid_value  1:1" },
  change("a key twice", "resources:", "createMissingRelatedEntities: false\nresources:", "invalid_yaml  2:1"),
  change("a tab to indent", "    selector:", "\t  selector:", "invalid_yaml  4:1"),
  { name: "no resources", wrong: "resources: []\n", right: MAPPING, problem: "missing_value resources 1:12" },
  { name: "a map of resources", wrong: "resources: {}\n", right: MAPPING, problem: "invalid_value resources 1:12" },

  // The root
  change(
    "a flag that is a text",
    "Entities: true",
    "Entities: sometimes",
    "invalid_value createMissingRelatedEntities 1:31",
  ),
  change("a key that nobody reads", "resources:", "resourses: []\nresources:", "unknown_key resourses 2:1"),
  change(
    "a threshold above 1",
    "resources:",
    "entityDeletionThreshold: 20\nresources:",
    "invalid_value entityDeletionThreshold 2:26",
  ),

  // The resource
  change("a kind that there is not", "kind: issue", "kind: isue", "unknown_kind resources.0.kind 3:11"),
  change("a list of kinds", "kind: issue", "kind: [issue]", "invalid_value resources.0.kind 3:11"),
  change("no query", '      query: "true"\n', "", "missing_value resources.0.selector.query 5:7"),
  change("a query that is a list", '"true"', "[true]", "invalid_value resources.0.selector.query 5:14"),
  change(
    "a key of another place",
    "      itemsToParse:",
    "      itemToParse:",
    "unknown_key resources.0.port.itemToParse 8:7",
  ),
  change(
    "a flag of itemsToParse that is a number",
    "      entity:",
    "      itemsToParseTopLevelTransform: 1\n      entity:",
    "invalid_value resources.0.port.itemsToParseTopLevelTransform 9:38",
  ),

  // The selector
  change(
    "a jql that Jira cannot read",
    "project = AL",
    "project = AL ADN x = 1",
    "invalid_jql resources.0.selector.jql 6:25",
  ),
  change("a jql that is a list", "project = AL", "[AL]", "invalid_selector resources.0.selector.jql 6:12"),
  change(
    "a key that the kind does not have",
    "jql: project = AL",
    "jqll: project = AL",
    "unknown_selector_key resources.0.selector.jqll 6:13",
  ),

  // The entity
  change("no identifier", ".key\n", "\n", `missing_value ${ENTITY}.mappings.identifier 11:23`),
  change("a misspelt identifier", "identifier:", "idntifier:", `unknown_key ${ENTITY}.mappings.idntifier 11:11`),
  change("no blueprint", "'\"jiraIssue\"'", "null", `missing_value ${ENTITY}.mappings.blueprint 13:22`),
  change("a title that is a list", ".fields.summary", "[a]", `invalid_value ${ENTITY}.mappings.title 12:18`),
  change(
    "properties that are a list",
    "properties:\n            status: .fields.status.name",
    "properties: [status]",
    `invalid_value ${ENTITY}.mappings.properties 14:23`,
  ),
  change(
    "a property that is a map",
    ".fields.status.name",
    "{ name: x }",
    `invalid_value ${ENTITY}.mappings.properties.status 15:21`,
  ),
  change(
    "a search without a combinator",
    "              combinator: '\"and\"'\n",
    "",
    `missing_value ${ENTITY}.mappings.relations.project.combinator 18:15`,
  ),
  change(
    "a rule without a property",
    "property: '\"$title\"', ",
    "",
    `missing_value ${ENTITY}.mappings.relations.project.rules.0.property 20:19`,
  ),
  change(
    "rules that are no list",
    "- { property",
    "{ property",
    `invalid_value ${ENTITY}.mappings.relations.project.rules 20:17`,
  ),

  // The expressions
  change("a query that breaks off", '"true"', '".a =="', "invalid_jq resources.0.selector.query 5:20"),
  change("a bracket that stays open in jq", ".fields.summary", ".fields[", `invalid_jq ${ENTITY}.mappings.title 12:26`),
  change(
    "a function that jq does not have",
    ".fields.status.name",
    ".fields.status | nam",
    `invalid_jq ${ENTITY}.mappings.properties.status 15:38`,
  ),
  change(
    "a blueprint without its own quotes",
    "'\"jiraIssue\"'",
    "jiraIssue",
    `invalid_jq ${ENTITY}.mappings.blueprint 13:22`,
  ),
  change(
    "a list that is no jq",
    "itemsToParse: .fields.subtasks",
    "itemsToParse: .fields.subtasks |",
    "invalid_jq resources.0.port.itemsToParse 8:39",
  ),
  change(
    "a value of a rule that is no jq",
    "value: .fields.project.name",
    "value: .fields. project",
    `invalid_jq ${ENTITY}.mappings.relations.project.rules.0.value 20:76`,
  ),
];
