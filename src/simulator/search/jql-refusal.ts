/** Jira refuses the query; each message goes into `errorMessages` of a 400. */
export class JqlRefusal extends Error {
  readonly messages: readonly string[];

  constructor(messages: readonly string[]) {
    super(messages.join(" "));
    this.name = "JqlRefusal";
    this.messages = messages;
  }
}

/** How the server words a syntax error; where the query just ends, it names no place. */
export function toSyntaxMessage({ message }: Error): string {
  const text = message.replace(/(before the end of the query\.) \(.*\)$/, "$1");
  return `Error in ${text.startsWith("Expecting either a value") ? "" : "the "}JQL Query: ${text}`;
}
