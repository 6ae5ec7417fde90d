import { createHash } from 'node:crypto';
import { TarEntry, writeTar } from './tar';

export interface Image {
  /** `repository:tag` */
  name: string;
  files: TarEntry[];
  entrypoint?: string[];
  command: string[];
  user?: string;
  workingDir?: string;
}

/** Writes several images as one archive in the form of `docker save`. What several have in common is there once. */
export function writeDockerArchive(
  images: readonly Image[],
  architecture: string,
): Buffer {
  const entries = new Map<string, TarEntry>();
  const add = (path: string, content: Buffer) =>
    entries.set(path, { path, mode: 0o644, content });

  const manifest = images.map(image => {
    const layer = writeTar(image.files);
    const layerDigest = sha256(layer);
    const layerPath = `${layerDigest}.tar`;
    add(layerPath, layer);
    const config = Buffer.from(
      JSON.stringify(configOf(image, architecture, layerDigest)),
    );
    const configPath = `${sha256(config)}.json`;
    add(configPath, config);
    return { Config: configPath, RepoTags: [image.name], Layers: [layerPath] };
  });
  add('manifest.json', Buffer.from(JSON.stringify(manifest)));
  return writeTar([...entries.values()]);
}

function configOf(image: Image, architecture: string, layerDigest: string) {
  return {
    architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: {
      Entrypoint: image.entrypoint,
      Cmd: image.command,
      User: image.user ?? '',
      WorkingDir: image.workingDir ?? '/',
      Env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ],
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layerDigest}`] },
  };
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
