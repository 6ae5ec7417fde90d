import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Image, writeDockerArchive } from './dockerArchive';

const read = (archive: Buffer, path: string) =>
  execFileSync('tar', ['--extract', '--to-stdout', '-f', '-', path], {
    input: archive,
  });

const readJson = (archive: Buffer, path: string) =>
  JSON.parse(read(archive, path).toString());

const anImage = (overrides: Partial<Image> = {}): Image => ({
  name: 'example.org/shell:1',
  files: [{ path: 'hello', mode: 0o644, content: Buffer.from('hello') }],
  command: ['sh'],
  ...overrides,
});

describe('writeDockerArchive', () => {
  it('names each image and the layer that its configuration describes', () => {
    const archive = writeDockerArchive([anImage()], 'amd64');

    const [entry] = readJson(archive, 'manifest.json');
    expect(entry.RepoTags).toEqual(['example.org/shell:1']);
    const config = readJson(archive, entry.Config);
    const layer = read(archive, entry.Layers[0]);
    expect(config.rootfs.diff_ids).toEqual([
      `sha256:${createHash('sha256').update(layer).digest('hex')}`,
    ]);
    expect(config).toMatchObject({ architecture: 'amd64', os: 'linux' });
  });

  it('says who runs what', () => {
    const archive = writeDockerArchive(
      [
        anImage({
          entrypoint: ['/ledger'],
          command: ['serve'],
          user: '1000:1000',
          workingDir: '/home/worker',
        }),
      ],
      'arm64',
    );

    const [{ Config }] = readJson(archive, 'manifest.json');
    expect(readJson(archive, Config).config).toMatchObject({
      Entrypoint: ['/ledger'],
      Cmd: ['serve'],
      User: '1000:1000',
      WorkingDir: '/home/worker',
    });
  });

  it('holds a layer once that several images share', () => {
    const archive = writeDockerArchive(
      [anImage(), anImage({ name: 'example.org/worker:1', user: '1000' })],
      'amd64',
    );

    const [shell, worker] = readJson(archive, 'manifest.json');
    expect(shell.Layers).toEqual(worker.Layers);
    expect(shell.Config).not.toEqual(worker.Config);
    const names = execFileSync('tar', ['--list', '-f', '-'], { input: archive })
      .toString()
      .trim()
      .split('\n');
    expect(names).toHaveLength(4);
  });
});
