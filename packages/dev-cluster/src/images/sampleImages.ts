import { SampleImages } from '../Cluster';
import { Image } from './dockerArchive';
import { TarEntry } from './tar';

const REGISTRY = 'kubernetes-access.dev';

export const PAUSE_IMAGE = `${REGISTRY}/pause:1`;

export const BUILT_IMAGES: Required<SampleImages> = {
  shell: `${REGISTRY}/shell:1`,
  distroless: `${REGISTRY}/distroless:1`,
  nonroot: `${REGISTRY}/nonroot:1`,
  logger: `${REGISTRY}/logger:1`,
  crashloop: `${REGISTRY}/crashloop:1`,
};

export interface ImageParts {
  /** The distribution's static busybox, and the names that it answers to. */
  busybox: Buffer;
  applets: string[];
  /** Our own program, see components/static. */
  staticProgram: Buffer;
}

const NONROOT_USER = 1000;

const LOGGER = `#!/bin/sh
trap 'exit 0' TERM
n=0
while true; do
  n=$((n + 1))
  printf '\\033[2m%s\\033[0m \\033[32mINFO\\033[0m  cart %d: 3 items, checkout in \\033[36m%d ms\\033[0m\\n' "$(date +%T)" "$n" "$((n % 90 + 10))"
  [ $((n % 7)) -eq 0 ] && printf '\\033[2m%s\\033[0m \\033[33mWARN\\033[0m  cart %d: stock is low\\n' "$(date +%T)" "$n"
  [ $((n % 31)) -eq 0 ] && printf '\\033[2m%s\\033[0m \\033[1;31mERROR\\033[0m cart %d: the payment was refused\\n' "$(date +%T)" "$n" >&2
  sleep 0.4 &
  wait $!
done
`;

const IMPORT = `#!/bin/sh
echo 'import: reading /data/catalogue.csv'
sleep 2
echo 'import: /data/catalogue.csv does not exist' >&2
exit 1
`;

export function sampleImages(parts: ImageParts): Image[] {
  const shellFiles = [...skeleton(), ...busyboxFiles(parts)];
  const program: TarEntry = {
    path: 'ledger',
    mode: 0o755,
    content: parts.staticProgram,
  };
  return [
    { name: BUILT_IMAGES.shell, files: shellFiles, command: ['sh'] },
    {
      name: BUILT_IMAGES.distroless,
      files: [...skeleton(), program],
      entrypoint: ['/ledger'],
      command: [],
      user: '65532',
    },
    {
      name: BUILT_IMAGES.nonroot,
      files: shellFiles,
      command: ['sh'],
      user: `${NONROOT_USER}:${NONROOT_USER}`,
      workingDir: '/home/worker',
    },
    {
      name: BUILT_IMAGES.logger,
      files: [...shellFiles, script('usr/local/bin/logger-demo', LOGGER)],
      command: ['logger-demo'],
    },
    {
      name: BUILT_IMAGES.crashloop,
      files: [...shellFiles, script('usr/local/bin/import-demo', IMPORT)],
      command: ['import-demo'],
    },
    {
      name: PAUSE_IMAGE,
      files: [{ ...program, path: 'pause' }],
      entrypoint: ['/pause', 'pause'],
      command: [],
      user: '65535:65535',
    },
  ];
}

function skeleton(): TarEntry[] {
  const folder = (path: string, mode = 0o755, owner = 0): TarEntry => ({
    path,
    mode,
    owner,
    directory: true,
  });
  const file = (path: string, ...lines: string[]): TarEntry => ({
    path,
    mode: 0o644,
    content: Buffer.from(`${lines.join('\n')}\n`),
  });
  return [
    folder('etc'),
    file(
      'etc/passwd',
      'root:x:0:0:root:/root:/bin/sh',
      `worker:x:${NONROOT_USER}:${NONROOT_USER}:worker:/home/worker:/bin/sh`,
      'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin',
    ),
    file(
      'etc/group',
      'root:x:0:',
      `worker:x:${NONROOT_USER}:`,
      'nonroot:x:65532:',
    ),
    folder('home'),
    folder('home/worker', 0o755, NONROOT_USER),
    folder('root', 0o700),
    folder('tmp', 0o1777),
    folder('var'),
    folder('var/log'),
  ];
}

function busyboxFiles({ busybox, applets }: ImageParts): TarEntry[] {
  const folders = ['bin', 'usr', 'usr/local', 'usr/local/bin'].map(path => ({
    path,
    mode: 0o755,
    directory: true,
  }));
  const links = applets
    .filter(applet => applet !== 'busybox')
    .map(applet => ({
      path: `bin/${applet}`,
      mode: 0o777,
      linkTarget: '/bin/busybox',
    }));
  return [
    ...folders,
    { path: 'bin/busybox', mode: 0o755, content: busybox },
    ...links,
  ];
}

function script(path: string, text: string): TarEntry {
  return { path, mode: 0o755, content: Buffer.from(text) };
}
