/** Thrown when a request keeps changing under our hands; looking again later is all there is to do. */
export class GrantUnfinishedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GrantUnfinishedError';
  }
}
