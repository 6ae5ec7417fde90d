/** Runs tasks of the same key one after the other, in the order in which they came. */
export class InTurn {
  readonly #tails = new Map<string, Promise<void>>();

  async run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const result = (this.#tails.get(key) ?? Promise.resolve()).then(task);
    const tail = result.then(
      () => {},
      () => {},
    );
    this.#tails.set(key, tail);
    await tail;
    if (this.#tails.get(key) === tail) {
      this.#tails.delete(key);
    }
    return result;
  }
}
