import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './folders.mjs';

/** The folder of one running demo: database, logs, generated configuration, and who runs it. */
export class DemoState {
  constructor(name) {
    this.folder = join(cacheFolder, 'demo', name);
    this.config = join(this.folder, 'app-config.demo.yaml');
    this.databaseFolder = join(this.folder, 'database');
    this.auditKeyFile = join(this.folder, 'audit-key.json');
    this.owner = join(this.folder, 'owner.json');
  }

  log(name) {
    return join(this.folder, `${name}.log`);
  }

  /** Makes the folder ours; what an earlier run left is removed unless it is to be kept. */
  claim({ keep }) {
    const owner = this.#livingOwner();
    if (owner) {
      throw new Error(
        `The demo runs already${owner.url ? ` at ${owner.url}` : ''} (process ${
          owner.pid
        }). Stop it with Ctrl-C where it was started.`,
      );
    }
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.databaseFolder, { recursive: true, mode: 0o700 });
    this.announce({});
  }

  announce(facts) {
    writeFileSync(this.owner, JSON.stringify({ pid: process.pid, ...facts }));
  }

  #livingOwner() {
    try {
      const owner = JSON.parse(readFileSync(this.owner, 'utf8'));
      process.kill(owner.pid, 0);
      return owner;
    } catch {
      // No file, or nobody behind it any more.
      return undefined;
    }
  }
}
