import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stampFolder } from './folders.mjs';

/** Remembers for which inputs a step was last done, so that it need not be done again for the same. */
export class Stamp {
  constructor(name) {
    this.file = join(stampFolder, name);
  }

  matches(hash) {
    try {
      return readFileSync(this.file, 'utf8') === hash;
    } catch {
      return false;
    }
  }

  /** Before the step begins: one that is broken off must be done again. */
  clear() {
    rmSync(this.file, { force: true });
  }

  set(hash) {
    mkdirSync(stampFolder, { recursive: true });
    writeFileSync(this.file, hash);
  }
}
