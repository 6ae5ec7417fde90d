import { existsSync, promises as fs } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { writeDockerArchive } from '../../images/dockerArchive';
import { sampleImages } from '../../images/sampleImages';
import { run } from '../../process/run';
import { requireProgram } from '../../system/programs';
import { Layout } from './layout';

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
};

export async function writeImages(
  layout: Layout,
  staticProgram: string,
): Promise<void> {
  const busybox = requireProgram('busybox');
  const images = sampleImages({
    busybox: await fs.readFile(busybox),
    applets: (await run(busybox, ['--list'])).split('\n').filter(Boolean),
    staticProgram: await fs.readFile(staticProgram),
  });
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  await fs.writeFile(layout.images, writeDockerArchive(images, architecture));
}

export async function importImages(
  layout: Layout,
  aborted: AbortSignal,
): Promise<void> {
  const ctr = requireProgram('ctr');
  for (let attempt = 1; ; attempt++) {
    while (!existsSync(layout.containerdSocket)) {
      await delay(50, undefined, { signal: aborted });
    }
    try {
      await run(
        ctr,
        [
          '--address',
          layout.containerdSocket,
          '--namespace',
          'k8s.io',
          'images',
          'import',
          layout.images,
        ],
        { timeoutMs: 20_000 },
      );
      return;
    } catch (error) {
      if (attempt === 20 || aborted.aborted) {
        throw error;
      }
      await delay(200, undefined, { signal: aborted });
    }
  }
}
