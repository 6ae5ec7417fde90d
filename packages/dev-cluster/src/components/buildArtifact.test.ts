import { existsSync, promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../process/run';
import { Artifact, artifactHash } from './artifacts';
import { buildArtifact } from './buildArtifact';

jest.setTimeout(120_000);

describe('buildArtifact', () => {
  let folder: string;
  let artifact: Artifact;
  let lines: string[];
  const log = (line: string) => lines.push(line);
  const cache = process.env.KUBERNETES_ACCESS_CACHE;

  beforeEach(async () => {
    lines = [];
    folder = await fs.mkdtemp(join(tmpdir(), 'build-'));
    process.env.KUBERNETES_ACCESS_CACHE = join(folder, 'cache');
    await fs.writeFile(join(folder, 'go.mod'), 'module hello\n\ngo 1.24\n');
    await fs.writeFile(
      join(folder, 'main.go'),
      'package main\n\nfunc main() { print("hello") }\n',
    );
    artifact = {
      name: 'hello',
      announcement: 'Compiling hello',
      folder,
      sources: ['go.mod', 'main.go'],
      build: [],
      packages: ['.'],
      links: { binary: 'hello', names: ['greet'] },
    };
  });

  afterEach(async () => {
    process.env.KUBERNETES_ACCESS_CACHE = cache;
    if (cache === undefined) {
      delete process.env.KUBERNETES_ACCESS_CACHE;
    }
    await fs.rm(folder, { recursive: true, force: true });
  });

  const target = async () =>
    join(
      folder,
      'cache',
      'components',
      `hello-${await artifactHash(artifact)}`,
    );

  it.each([
    [
      'too old',
      '#!/bin/sh\necho go version go1.19.8 linux/amd64\n',
      /'go version go1.19.8 linux\/amd64' is too old/,
    ],
    ['broken', '#!/bin/sh\nexit 1\n', /no `go` on the PATH/],
  ])('says what to install when Go is %s', async (_, program, message) => {
    const path = process.env.PATH;
    await fs.writeFile(join(folder, 'go'), program, { mode: 0o755 });
    process.env.PATH = `${folder}:${path}`;
    try {
      await expect(buildArtifact(artifact, log)).rejects.toThrow(message);
    } finally {
      process.env.PATH = path;
    }
  });

  it('compiles once, even when two ask at once', async () => {
    const [first, second] = await Promise.all([
      buildArtifact(artifact, log),
      buildArtifact(artifact, log),
    ]);
    const third = await buildArtifact(artifact, log);

    expect(new Set([first, second, third])).toEqual(new Set([await target()]));
    expect(lines.filter(line => line === 'Compiling hello')).toHaveLength(1);
    await run(join(first, 'greet'), []);
  });

  it('is not taken in by what a killed build left behind', async () => {
    const unfinished = `${await target()}.unfinished`;
    await fs.mkdir(unfinished, { recursive: true });
    await fs.writeFile(join(unfinished, 'hello'), 'half a program');

    const built = await buildArtifact(artifact, log);

    await run(join(built, 'hello'), []);
    expect(existsSync(unfinished)).toBe(false);
  });

  it('shows what the compiler says and leaves nothing that looks finished', async () => {
    await fs.writeFile(join(folder, 'main.go'), 'package main\n\nfunc main( {');

    await expect(buildArtifact(artifact, log)).rejects.toThrow('syntax error');

    expect(existsSync(await target())).toBe(false);
  });
});
