import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Artifact,
  artifactHash,
  helmArtifact,
  kubernetesArtifact,
  programsArtifact,
} from './artifacts';

describe('the hash of an artifact', () => {
  let folder: string;
  let artifact: Artifact;

  beforeEach(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'artifact-'));
    await fs.mkdir(join(folder, 'tool'));
    await fs.writeFile(join(folder, 'go.sum'), 'sum');
    await fs.writeFile(join(folder, 'tool', 'main.go'), 'package main');
    artifact = {
      name: 'tool',
      folder,
      sources: ['go.sum', 'tool/'],
      build: ['-trimpath'],
      packages: ['./tool'],
    };
  });

  afterEach(() => fs.rm(folder, { recursive: true, force: true }));

  it('stays the same as long as nothing changes', async () => {
    const before = await artifactHash(artifact);
    await fs.writeFile(join(folder, 'README.md'), 'not a source');

    expect(await artifactHash(artifact)).toBe(before);
  });

  it.each([
    ['a file changes', 'go.sum', 'another sum'],
    ['a file in a folder changes', 'tool/main.go', 'package other'],
    ['a folder gets another file', 'tool/second.go', 'package main'],
  ])('changes when %s', async (_, file, content) => {
    const before = await artifactHash(artifact);
    await fs.writeFile(join(folder, file), content);

    expect(await artifactHash(artifact)).not.toBe(before);
  });

  it('changes with the flags of the build', async () => {
    expect(await artifactHash({ ...artifact, build: ['-race'] })).not.toBe(
      await artifactHash(artifact),
    );
  });

  it.each([kubernetesArtifact, helmArtifact, programsArtifact])(
    'can be had of $name',
    async real => {
      expect(await artifactHash(real)).toMatch(/^[0-9a-f]{16}$/);
    },
  );
});
