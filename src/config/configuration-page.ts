import { listOptions, type Option } from "./options.ts";
import { listReferenceSettings } from "./reference-settings.ts";

/** docs/configuration.md, written from the tables of settings. */
export function toConfigurationPage(): string {
  const groups = Map.groupBy(listOptions(), ([, option]) => option.group);
  const sections = [...groups].map(([group, rows]) =>
    toSection(
      `### ${group}`,
      ["variable", "value", "default", "meaning"],
      rows.map(([, option]) => [`\`${option.env}\``, toKind(option), toDefault(option), toMeaning(option)]),
    ),
  );
  const reference = toSection(
    REFERENCE,
    ["setting", "standing", "what that means"],
    listReferenceSettings().map(({ name, standing, note }) => [`\`${name}\``, standing, note]),
  );
  return [INTRODUCTION, FORMS, "## Settings of Quayside\n", ...sections, reference].join("\n");
}

/** The same table for a terminal. */
export function toSettingsHelp(): string {
  return listOptions()
    .map(([, option]) => {
      const preset = option.default === undefined ? "" : ` [${option.default}]`;
      return `${option.env}${preset}\n    ${option.description.replaceAll("`", "")}`;
    })
    .join("\n");
}

const INTRODUCTION = `# Settings

<!-- Written by \`npm run docs\` from src/config. -->

Every setting is an environment variable. Those that start with \`OCEAN__\` or \`APPLICATION__\` have the names that Port's integration container (the reference) gives them; [below](#settings-of-the-reference) stands what becomes of each of those. An empty value counts as not set. All mistakes are reported at once, with line and column where they are in a file, and nothing starts before they are mended.
`;

const FORMS = `## Where settings come from

The first of these that has a value wins:

1. A flag: \`--port 3100\` for \`QUAYSIDE_PORT\`. Secrets have none.
2. An environment variable. Upper and lower case are the same.
3. A file of variables, if \`QUAYSIDE_ENV_FILE\` (\`--env-file\`) names one: lines of \`NAME=value\`. Only settings are read from it.
4. A file of settings, if \`QUAYSIDE_CONFIG\` (\`--config\`) names one.
5. The default.

No file is read that was not named: a start does not depend on the folder that it happens in. Paths are relative to that folder.

\`__\` in a name is a step into a map, and a map can be given as JSON, with keys in snake or camel case. These two are the same, and where they differ the longer name wins:

\`\`\`sh
OCEAN__EVENT_LISTENER__TYPE=ONCE
OCEAN__EVENT_LISTENER='{"type":"ONCE"}'
\`\`\`

In a file of settings the steps are maps of YAML and the words are in camel case. \`QUAYSIDE_\` is the section \`quayside\`, \`APPLICATION__\` the section \`application\`, everything else is \`OCEAN__\`. \`{{ from env NAME }}\` takes the value of a variable, and it is a mistake if that is not set. An unknown key is refused.

\`\`\`yaml
eventListener:
  type: POLLING
scheduledResyncInterval: 120
port:
  clientId: "{{ from env PORT_CLIENT_ID }}"
  clientSecret: "{{ from env PORT_CLIENT_SECRET }}"
  baseUrl: https://api.us.getport.io
integration:
  identifier: my-jira-integration
  type: jira
  config:
    jiraHost: https://acme.atlassian.net
    atlassianUserEmail: you@acme.com
    atlassianUserToken: "{{ from env ATLASSIAN_USER_TOKEN }}"
quayside:
  mapping: ./mapping.yaml
\`\`\`
`;

const REFERENCE = `## Settings of the reference

- **honoured**: as there.
- **honoured, with a difference**: understood, and the difference is named.
- **no effect**: accepted with a warning that tells why (without one where the name belongs to all programs).
- **refused**: nothing starts, because the process would not do what is asked of it.

A name that the reference does not know is warned of, with the likely one if there is one; a wrong \`QUAYSIDE_\` name is refused. A name that ends in \`*\` stands for all names that start like it.`;

function toSection(heading: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, columns.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
  );
  return [heading, "", ...lines, ""].join("\n");
}

function toKind(option: Option): string {
  switch (option.type) {
    case "choice":
      return (option.choices ?? []).map((choice) => `\`${choice}\``).join(", ");
    case "url":
      return "URL";
    case "string":
    case "integer":
    case "boolean":
      return option.type;
  }
}

function toDefault(option: Option): string {
  return option.default === undefined ? "" : `\`${option.default}\``;
}

function toMeaning({ description, secret, alias }: Option): string {
  const also = alias ? `. Also \`${alias.env}\`` : "";
  return `${description}${also}${secret ? " (secret)" : ""}`;
}
