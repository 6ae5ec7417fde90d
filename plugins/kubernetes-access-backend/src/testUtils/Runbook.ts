import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Cluster } from '@kubernetes-access/dev-cluster';

// eslint-disable-next-line no-restricted-syntax -- tests run from their sources
const REPOSITORY = resolve(__dirname, '../../../..');
const FENCE = /^ *```sh\n([\s\S]*?)^ *```$/gm;

/** The commands of docs/runbook.md, run as people run them: in a shell, from the repository, as administrator. */
export class Runbook {
  static async open(cluster: Cluster): Promise<Runbook> {
    const text = await readFile(resolve(REPOSITORY, 'docs/runbook.md'), 'utf8');
    const [, ...sections] = text.split(/^## /m);
    return new Runbook(
      cluster,
      new Map(
        sections.map(section => [
          section.slice(0, section.indexOf('\n')),
          [...section.matchAll(FENCE)].map(([, block]) => block),
        ]),
      ),
    );
  }

  readonly #cluster: Cluster;
  readonly #sections: ReadonlyMap<string, string[]>;
  readonly #run = new Set<string>();

  private constructor(
    cluster: Cluster,
    sections: ReadonlyMap<string, string[]>,
  ) {
    this.#cluster = cluster;
    this.#sections = sections;
  }

  /** The blocks that were never run. */
  get notRun(): string[] {
    return [...this.#sections.values()]
      .flat()
      .filter(block => !this.#run.has(block));
  }

  /** The blocks of a section, in their order; each is run by calling it. Fails when there are not as many. */
  section(
    title: string,
    count: number,
  ): Array<(variables?: Record<string, string>) => Promise<string>> {
    const blocks = this.#sections.get(title) ?? [];
    if (blocks.length !== count) {
      throw new Error(
        `docs/runbook.md has ${blocks.length} blocks of commands under '${title}', not ${count}`,
      );
    }
    return blocks.map(block => variables => this.#execute(block, variables));
  }

  async #execute(
    block: string,
    variables: Record<string, string> = {},
  ): Promise<string> {
    this.#run.add(block);
    const { kubectl, helm, kubeconfig } = this.#cluster.info;
    const { stdout } = await promisify(execFile)('sh', ['-euc', block], {
      cwd: REPOSITORY,
      timeout: 120_000,
      env: {
        ...variables,
        HOME: process.env.HOME,
        KUBECONFIG: kubeconfig,
        PATH: [dirname(kubectl), dirname(helm), process.env.PATH].join(
          delimiter,
        ),
      },
    });
    return stdout;
  }
}
