/** Runs tasks of the same key one after the other, in the order in which they came. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Whether a task of this key is running or waits. */
  isBusy(key: string): boolean {
    return this.#last.has(key);
  }

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const current = before.then(task, task);
    const settled = current.catch(() => undefined);
    this.#last.set(key, settled);
    try {
      return await current;
    } finally {
      if (this.#last.get(key) === settled) {
        this.#last.delete(key);
      }
    }
  }
}
