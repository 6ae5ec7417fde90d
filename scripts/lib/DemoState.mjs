import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './folders.mjs';
import { own, ownerOf } from './ownership.mjs';

/** The folder of one running demo: database, logs, generated configuration. */
export class DemoState {
  constructor(name) {
    this.folder = join(cacheFolder, 'demo', name);
    this.config = join(this.folder, 'app-config.demo.yaml');
    this.databaseFolder = join(this.folder, 'database');
    this.auditKeyFile = join(this.folder, 'audit-key.json');
    /** Where the demo can be used; once it can. */
    this.url = undefined;
  }

  log(name) {
    return join(this.folder, `${name}.log`);
  }

  /** Makes the folder ours; what an earlier run left is removed unless it is to be kept. */
  async claim({ keep }) {
    const owner = await ownerOf(this.folder);
    if (owner) {
      throw new Error(
        `The demo runs already${owner.url ? ` at ${owner.url}` : ''} (process ${
          owner.pid
        }). Stop it with Ctrl-C where it was started.`,
      );
    }
    await own(this.folder, () => ({ pid: process.pid, url: this.url }));
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.databaseFolder, { recursive: true, mode: 0o700 });
  }
}
