import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Children } from './Children.mjs';

const log = () => join(mkdtempSync(join(tmpdir(), 'children-')), 'log');
const node = (code, options) => [process.execPath, ['--eval', code], options];

/** A child that has begun; it says so, since a signal before that would find no handler. */
async function begun(children, name, code, options = {}) {
  let child;
  await new Promise(resolve => {
    child = children.start(
      name,
      ...node(`${code}; process.send('begun'); setInterval(() => {}, 1000)`, {
        log: log(),
        onMessage: resolve,
        ...options,
      }),
    );
  });
  return child;
}

describe('the children of a run', () => {
  it('end with it, the youngest first', async () => {
    const children = new Children();
    const ended = [];
    for (const name of ['cluster', 'back end']) {
      const child = await begun(children, name, '');
      child.exited.then(() => ended.push(name));
    }

    await children.stopAll();

    assert.deepEqual(ended, ['back end', 'cluster']);
    assert.deepEqual(children.names(), []);
  });

  it('are killed when they do not end in time', async () => {
    const children = new Children();
    const child = await begun(
      children,
      'deaf',
      "process.on('SIGTERM', () => {})",
      { graceMs: 50 },
    );

    await children.stopAll();

    assert.equal((await child.exited).signal, 'SIGKILL');
  });

  it('take their own children with them', async () => {
    const children = new Children();
    const grandchild =
      "require('child_process').spawn('sleep', ['60'], { stdio: 'inherit' }).pid";
    let pid;
    const child = children.start(
      'parent',
      ...node(`process.send(${grandchild}); setInterval(() => {}, 1000)`, {
        log: log(),
        onMessage: message => {
          pid = message;
        },
      }),
    );
    while (!pid) await new Promise(resolve => setImmediate(resolve));

    await child.stop();

    await assert.doesNotReject(untilGone(pid));
  });

  it('are not started any more once the run is being stopped', async () => {
    const children = new Children();
    await children.stopAll();
    assert.throws(
      () => children.start('late', ...node('')),
      /late: not started/,
    );
  });

  it('say why they failed with the end of what they printed', async () => {
    const children = new Children();
    const failing = children.run(
      'build',
      ...node("console.log('no such module'); process.exit(3)", { log: log() }),
    );
    await assert.rejects(failing, /build failed: exit code 3\nno such module/);
  });

  it('say so when their program does not exist', async () => {
    const children = new Children();
    await assert.rejects(
      children.run('ghost', 'no-such-program', [], { log: log() }),
      /ENOENT/,
    );
  });
});

async function untilGone(pid) {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}
