/** Where commands talk to people: what they asked for goes to `out`, everything on the way there to `err`. */
export interface Terminal {
  readonly in: NodeJS.ReadStream;
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

export function sayLine(stream: NodeJS.WritableStream, line: string): void {
  stream.write(`${line}\n`);
}
