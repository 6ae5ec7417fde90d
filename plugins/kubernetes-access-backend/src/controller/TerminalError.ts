/** An error that another try cannot fix: it is recorded and the key left alone until something changes. */
export class TerminalError extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'TerminalError';
  }
}
