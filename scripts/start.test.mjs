import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('start.mjs', import.meta.url));
const cache = mkdtempSync(join(tmpdir(), 'start-'));
const started = [];

/** Starts a demo without a cluster, which needs no rights, and waits until it says that it can be used. */
async function startDemo(name) {
  const readyFile = join(cache, `ready-${started.length}.json`);
  const args = ['--no-cluster', '--port=0', `--cluster-name=${name}`];
  const demo = spawn(
    process.execPath,
    [script, ...args, `--ready-file=${readyFile}`],
    {
      env: { ...process.env, KUBERNETES_ACCESS_CACHE: cache },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  started.push(demo);
  await until('the demo is ready', () => {
    assert.equal(demo.exitCode, null, 'the demo has ended');
    return existsSync(readyFile);
  });
  const { url, cluster } = JSON.parse(readFileSync(readyFile, 'utf8'));
  return { demo, url, cluster };
}

async function until(what, condition) {
  const deadline = Date.now() + 240_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, `waited in vain until ${what}`);
    await sleep(200);
  }
}

const answers = url =>
  fetch(url).then(
    () => true,
    () => false,
  );

describe('npm start', () => {
  after(() => {
    started.forEach(demo => demo.kill('SIGTERM'));
    rmSync(cache, { recursive: true, force: true });
  });

  let running;
  before(async () => {
    running = await startDemo('demo');
  });

  it('starts without a cluster and lets people in', async () => {
    const { url, cluster } = running;
    assert.equal(cluster, undefined);

    const page = await fetch(url);
    assert.match(await page.text(), /<div id="root">/);
    const signIn = await fetch(`${url}/api/auth/demo/refresh`, {
      headers: {
        'x-demo-person': 'ada',
        'x-requested-with': 'XMLHttpRequest',
      },
    });
    const { backstageIdentity } = await signIn.json();
    assert.deepEqual(backstageIdentity.identity.ownershipEntityRefs, [
      'user:default/ada',
      'group:default/storefront',
    ]);
  });

  it('runs the same demo only once at a time', async () => {
    await assert.rejects(startDemo('demo'), /the demo has ended/);
    assert.equal(await answers(running.url), true);
  });

  it('stops everything at Ctrl-C', async () => {
    const { demo, url } = running;
    demo.kill('SIGINT');
    const [code] = await once(demo, 'exit');
    assert.equal(code, 130);
    assert.equal(await answers(url), false);
  });

  it('leaves no back end behind when it is killed', async () => {
    const { demo, url } = await startDemo('killed');
    demo.kill('SIGKILL');
    await until('the back end is gone', async () => !(await answers(url)));
  });
});
