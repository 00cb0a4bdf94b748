/** Jira refuses the query; each message goes into `errorMessages` of a 400. */
export class JqlRefusal extends Error {
  readonly messages: readonly string[];

  constructor(messages: readonly string[]) {
    super(messages.join(" "));
    this.name = "JqlRefusal";
    this.messages = messages;
  }
}
