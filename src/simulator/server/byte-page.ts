const firstLength = 1 << 20;
const sparesKept = 16;
/** Buffers of pages that were sent. To allocate a megabyte for each page costs more than to fill it. */
const spares: Buffer[] = [];

/** The body of a long answer while it is written: one UTF-8 byte for each character, see `wire/utf8-bytes.ts`. */
export class BytePage {
  #buffer = spares.pop() ?? Buffer.allocUnsafe(firstLength);
  #length = 0;

  readonly write = (bytes: string): void => {
    const end = this.#length + bytes.length;
    if (end > this.#buffer.length) this.#grow(end);
    this.#buffer.write(bytes, this.#length, bytes.length, "latin1");
    this.#length = end;
  };

  /** What was written; valid until `release`. */
  get body(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** To be called when the body was sent, and by nobody who still needs it. */
  readonly release = (): void => {
    if (spares.length < sparesKept) spares.push(this.#buffer);
  };

  #grow(needed: number): void {
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    this.body.copy(grown);
    this.#buffer = grown;
  }
}
