import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { own, ownerOf } from './ownership.mjs';

const folder = () => mkdtempSync(join(tmpdir(), 'owned-'));

it('knows no owner of a folder that nobody owns', async () => {
  assert.equal(await ownerOf(folder()), undefined);
});

it('hears what the owner knows at that moment', async () => {
  const mine = folder();
  let url;
  const server = await own(mine, () => ({ url }));
  url = 'http://localhost:7007';

  assert.deepEqual(await ownerOf(mine), { url });
  server.close();
});

it('can be owned again after its owner was killed', async () => {
  const mine = folder();
  const module = JSON.stringify(new URL('ownership.mjs', import.meta.url).href);
  const owner = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `const { own } = await import(${module});
       await own(${JSON.stringify(mine)}, () => ({}));
       console.log('owned');
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(owner.stdout, 'data');
  assert.deepEqual(await ownerOf(mine), {});
  owner.kill('SIGKILL');
  await once(owner, 'exit');

  assert.equal(await ownerOf(mine), undefined);
  const server = await own(mine, () => ({}));
  server.close();
});
