import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../folders';

/** Something that is compiled once and then kept under the hash of all that it is made of. */
export interface Artifact {
  name: string;
  /** What to tell people about the first time. */
  announcement?: string;
  /** The module's folder. */
  folder: string;
  /** Files and (with a slash at the end) folders of Go files, below that folder, that decide what comes out. */
  sources: string[];
  /** Arguments of `go build`; the target folder follows as `-o <folder>/`. */
  build: string[];
  packages: string[];
  /** Further names of the binary that comes out. */
  links?: { binary: string; names: string[] };
}

const KUBERNETES_VERSION = 'v1.34.4';
const HELM_VERSION = 'v3.20.0';
const moduleFolder = join(packageFolder, 'components');

function versionFlags(variable: string, values: Record<string, string>) {
  return Object.entries(values)
    .map(([key, value]) => `-X ${variable}${key}=${value}`)
    .join(' ');
}

/** etcd, the control plane, the kubelet and kubectl in one binary. */
export const kubernetesArtifact: Artifact = {
  name: 'kubernetes',
  announcement: `Compiling Kubernetes ${KUBERNETES_VERSION} from its Go modules. This happens once and takes about 5 minutes on two cores.`,
  folder: moduleFolder,
  sources: ['go.mod', 'go.sum', 'main.go'],
  build: [
    '-tags',
    'providerless',
    '-ldflags',
    `-s -w ${versionFlags('k8s.io/component-base/version.git', {
      Version: KUBERNETES_VERSION,
      Major: '1',
      Minor: '34',
      TreeState: 'clean',
    })}`,
  ],
  packages: ['.'],
  links: {
    binary: 'components',
    names: [
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
      'kubectl',
    ],
  },
};

export const helmArtifact: Artifact = {
  name: 'helm',
  announcement: `Compiling helm ${HELM_VERSION} from its Go module. This happens once and takes about a minute and a half on two cores.`,
  folder: join(moduleFolder, 'helm'),
  sources: ['go.mod', 'go.sum'],
  build: [
    '-ldflags',
    `-s -w ${versionFlags('helm.sh/helm/v3/internal/version.', {
      version: HELM_VERSION,
      gitTreeState: 'clean',
    })}`,
  ],
  packages: ['helm.sh/helm/v3/cmd/helm'],
};

/** Our own small programs: the one around the components, and the one in images without a shell. */
export const programsArtifact: Artifact = {
  name: 'programs',
  folder: moduleFolder,
  sources: ['clusternode/', 'static/'],
  build: ['-ldflags', '-s -w'],
  packages: ['./clusternode', './static'],
};

/** Of everything that decides what comes out, except for the Go version: any that can compile the module will do. */
export async function artifactHash(artifact: Artifact): Promise<string> {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([
      process.platform,
      process.arch,
      artifact.build,
      artifact.packages,
      artifact.links ?? null,
    ]),
  );
  for (const source of await sourceFiles(artifact)) {
    const content = await fs.readFile(join(artifact.folder, source));
    hash.update(`${source}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

async function sourceFiles({ folder, sources }: Artifact): Promise<string[]> {
  const files = await Promise.all(
    sources.map(async source =>
      source.endsWith('/')
        ? (
            await fs.readdir(join(folder, source))
          )
            .filter(file => file.endsWith('.go'))
            .sort()
            .map(file => `${source}${file}`)
        : [source],
    ),
  );
  return files.flat();
}
