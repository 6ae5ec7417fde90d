import { existsSync, promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { Log } from '../Cluster';
import { cacheFolder } from '../folders';
import { withLock } from '../process/FileLock';
import { run } from '../process/run';
import { Artifact, artifactHash } from './artifacts';
import { BuildProgress } from './BuildProgress';

/** The folder with the compiled artifact, which is built first where it is missing. */
export async function buildArtifact(
  artifact: Artifact,
  log: Log,
  signal?: AbortSignal,
): Promise<string> {
  const hash = await artifactHash(artifact);
  const target = join(cacheFolder(), 'components', `${artifact.name}-${hash}`);
  if (existsSync(target)) {
    return target;
  }
  return withLock(
    `${target}.lock`,
    async () => {
      if (!existsSync(target)) {
        await build(artifact, target, log, signal);
      }
      return target;
    },
    {
      signal,
      onWait: holder =>
        log(
          `Waiting for process ${holder.pid}, which is compiling ${artifact.name} already`,
        ),
    },
  );
}

/** Builds under another name and renames at the end, so that a build that was killed leaves nothing that looks finished. */
async function build(
  artifact: Artifact,
  target: string,
  log: Log,
  signal?: AbortSignal,
): Promise<void> {
  const unfinished = `${target}.unfinished`;
  await fs.rm(unfinished, { recursive: true, force: true });
  await fs.mkdir(unfinished, { recursive: true });
  if (artifact.announcement) {
    log(artifact.announcement);
  }
  await requireGo();
  const progress = new BuildProgress(artifact.name, log);
  try {
    await run(
      'go',
      [
        'build',
        '-v',
        '-trimpath',
        ...artifact.build,
        '-o',
        `${unfinished}/`,
        ...artifact.packages,
      ],
      {
        cwd: artifact.folder,
        env: goEnvironment(),
        signal,
        onLine: line => progress.see(line),
      },
    );
  } finally {
    progress.stop();
  }
  for (const name of artifact.links?.names ?? []) {
    await fs.symlink(artifact.links!.binary, join(unfinished, name));
  }
  await fs.mkdir(dirname(target), { recursive: true });
  await fs.rename(unfinished, target);
  if (artifact.announcement) {
    log(`Compiled ${artifact.name} in ${progress.elapsed()}`);
  }
}

function goEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CGO_ENABLED: '0',
    GOFLAGS: '-mod=readonly -buildvcs=false',
    GOWORK: 'off',
  };
}

/** From this version on, Go fetches a newer one by itself where the modules ask for it. */
const OLDEST_GO = 21;

async function requireGo(): Promise<void> {
  const version = await run('go', ['version']).catch(() => '');
  const [, minor] = /\bgo1\.(\d+)/.exec(version) ?? [];
  if (!version || Number(minor) < OLDEST_GO) {
    throw new Error(
      `Go is needed to compile the components of the cluster, and ${
        version
          ? `'${version.trim()}' is too old`
          : 'there is no `go` on the PATH'
      }. Install Go 1.24 or newer (https://go.dev/dl), or use your own cluster with --kubeconfig and --context.`,
    );
  }
}
