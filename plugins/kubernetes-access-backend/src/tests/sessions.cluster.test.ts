import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  CHANNEL,
  CLOSE_CODES,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database';
import { eventually } from '../testUtils/RealCluster';
import type { FakeBrowser } from '../testUtils/SessionHost';
import { resize, screenOf, type } from '../testUtils/SessionHost';
import { SessionScene } from '../testUtils/SessionScene';

/** For clusters without an image that has no shell: one that nobody finds. */
const HIDDEN_SHELL = {
  command: ['/bin/sleep', '86400'],
  env: [{ name: 'PATH', value: '/nowhere' }],
};

jest.setTimeout(240_000);

describe('sessions in a real cluster, with the rights of the chart', () => {
  let scene: SessionScene;
  let pod: string;
  let bare: string;

  beforeAll(async () => {
    scene = await SessionScene.set({ namespace: 'platform' });
    const { shell, distroless } = scene.cluster.cluster.info.images;
    pod = await scene.addPod('shell', shell);
    bare = distroless
      ? await scene.addPod('bare', distroless, { command: undefined })
      : await scene.addPod('bare', shell, HIDDEN_SHELL);
    await scene.untilReady(pod, bare);
  });

  afterAll(async () => {
    await scene?.clear();
  });

  async function openShell(
    request: StoredRequest,
  ): Promise<FakeBrowser & { id: string }> {
    return scene.openShell(request, { pod });
  }

  it('runs a shell that computes, knows its size and follows the window', async () => {
    const browser = await openShell(await scene.granted());
    type(browser, 'echo $((6*7)); stty size; echo "TERM is $TERM"\r');
    await scene.shows(browser, /\r\n42\r\n/);
    await scene.shows(browser, /\r\n24 80\r\n/);
    await scene.shows(browser, /\r\nTERM is xterm-256color\r\n/);
    resize(browser, 132, 43);
    // The kubelet handles sizes beside what is typed, so that the next line may still run in the old one.
    type(browser, 'until stty size | grep "43 132"; do sleep 0.1; done\r');
    await scene.shows(browser, /\r\n43 132\r\n/);
    type(browser, 'exit 3\r');
    await eventually(() => expect(browser.seen.closed).toBeDefined());
    expect(browser.seen.message('exit')).toEqual({ type: 'exit', code: 3 });
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.normal);
  });

  it('marks what the shell starts, so that it can be told from the container’s own', async () => {
    const request = await scene.granted();
    const browser = await openShell(request);
    const session = (
      await scene.stores.sessions.listByRequest(request.id)
    ).find(({ id }) => id === browser.id);
    type(
      browser,
      'setsid sh -c \'echo "[$KUBERNETES_ACCESS_SESSION]"; cat /proc/self/limits\'\r',
    );
    await scene.shows(browser, new RegExp(`\\[${browser.id}\\]`));
    await scene.shows(
      browser,
      new RegExp(`Max file locks +${session!.mark} +${session!.mark}`),
    );
    type(
      browser,
      'clear; cat /proc/1/limits; ulimit -x unlimited; echo done\r',
    );
    await scene.shows(browser, /Max file locks +unlimited/);
    await scene.shows(browser, /\r\ndone\r\n/);
    expect(screenOf(browser)).toMatch(/not permitted/);
  });

  it('carries 5 MB of output without losing a byte, recorded', async () => {
    const request = await scene.granted();
    const browser = await openShell(request);
    const before = screenOf(browser).length;
    type(
      browser,
      'stty -onlcr -echo; head -c 5242880 /dev/zero | tr "\\0" x; echo; echo END\r',
    );
    await eventually(() => expect(screenOf(browser)).toMatch(/END\n/), 30_000);
    const text = screenOf(browser).slice(before);
    const runs = text.split(/[^x]/).map(({ length }) => length);
    expect(Math.max(...runs)).toBe(5 * 1024 * 1024);
    browser.socket.close(1000);
    await eventually(async () => {
      const [row] = await scene.stores.sessions.listByRequest(request.id);
      expect(row.state).toBe('closed');
      expect(row.bytesOut).toBe(browser.seen.channel(CHANNEL.stdout).length);
    });
    const segments = await scene.stores.recordings.read(browser.id);
    const cast = segments
      .map(({ data }) => gunzipSync(data).toString('utf8'))
      .join('');
    const shown = cast
      .split('\n')
      .filter(line => line.startsWith('['))
      .map(line => JSON.parse(line))
      .filter(([, kind]) => kind === 'o')
      .map(([, , output]) => output)
      .join('');
    expect(shown).toBe(screenOf(browser));
    for (const { data, digest } of segments) {
      expect(createHash('sha256').update(data).digest('hex')).toBe(digest);
    }
  });

  it('takes a paste of 1 MB in one frame and loses nothing', async () => {
    const browser = await openShell(await scene.granted());
    type(browser, 'stty raw -echo; echo READY; head -c 1000000 | md5sum\r');
    await scene.shows(browser, /READY/);
    const paste = randomBytes(500_000).toString('hex');
    type(browser, paste);
    const digest = createHash('md5').update(paste).digest('hex');
    await eventually(() => expect(screenOf(browser)).toContain(digest), 30_000);
  });

  it('takes a paste of 10 MB in many frames, whole and in order', async () => {
    const browser = await openShell(await scene.granted());
    const paste = Buffer.from(
      Array.from({ length: 1_250_000 }, (_, i) =>
        String(i).padStart(8, '0'),
      ).join(''),
    );
    type(
      browser,
      `stty raw -echo; echo READY; head -c ${paste.length} | sha256sum\r`,
    );
    await scene.shows(browser, /READY/);
    for (let at = 0; at < paste.length; at += 100_000) {
      type(browser, paste.subarray(at, at + 100_000).toString());
    }
    const digest = createHash('sha256').update(paste).digest('hex');
    await eventually(() => expect(screenOf(browser)).toContain(digest), 50_000);
  });

  it('keeps characters whole that are split across frames, both ways', async () => {
    const browser = await openShell(await scene.granted());
    const text = 'grüße-🙂-日本';
    type(browser, 'stty -echo\r');
    await scene.shows(browser, /[#$] $/);
    for (const byte of Buffer.from(`echo "[${text}]"\r`)) {
      browser.socket.send(Buffer.of(CHANNEL.stdin, byte));
    }
    await eventually(() => expect(screenOf(browser)).toContain(`[${text}]`));
  });

  it('lets one flood without keeping another one’s keys from arriving', async () => {
    const request = await scene.granted();
    const flooded = await openShell(request);
    const quiet = await openShell(request);
    type(
      flooded,
      'while true; do head -c 1000000 /dev/zero | tr "\\0" x; done\r',
    );
    await scene.shows(flooded, /x{1000}/);
    for (let n = 1; n <= 5; n++) {
      const typedAt = performance.now();
      type(quiet, `echo $((${n}+100))\r`);
      await scene.shows(quiet, new RegExp(`\r\n${n + 100}\r\n`));
      expect(performance.now() - typedAt).toBeLessThan(10_000);
    }
    flooded.socket.terminate();
  });

  it('goes on through a storm of window sizes, and ends up with the last', async () => {
    const browser = await openShell(await scene.granted());
    for (let columns = 20; columns <= 500; columns++) {
      resize(browser, columns, 40);
    }
    type(browser, 'until stty size | grep "40 500"; do sleep 0.1; done\r');
    await scene.shows(browser, /\r\n40 500\r\n/);
    expect(browser.seen.closed).toBeUndefined();
  });

  it('says that the pod was deleted, not that the shell ended', async () => {
    const { shell } = scene.cluster.cluster.info.images;
    const name = await scene.addPod('doomed', shell);
    await scene.untilReady(name);
    const browser = await scene.openShell(await scene.granted(), { pod: name });
    await scene.deletePod(name);
    await eventually(() => expect(browser.seen.closed).toBeDefined(), 30_000);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.podGone);
    expect(browser.seen.message('ending')?.message).toMatch(
      new RegExp(`The pod ${name} (was|is being) deleted`),
    );
    expect(browser.seen.message('exit')).toBeUndefined();
  });

  it('says that the container was restarted, when it was', async () => {
    const { shell } = scene.cluster.cluster.info.images;
    const mortal = await scene.addPod('mortal', shell, {
      command: ['sh', '-c', 'until test -e /tmp/die; do sleep 0.2; done'],
    });
    await scene.untilReady(mortal);
    const browser = await scene.openShell(await scene.granted(), {
      pod: mortal,
    });
    type(browser, 'touch /tmp/die\r');
    await eventually(() => expect(browser.seen.closed).toBeDefined(), 30_000);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.podGone);
    expect(browser.seen.message('ending')?.message).toMatch(
      /The container app of .* (was restarted|has ended)/,
    );
  });

  it('is cut within moments when the request is revoked, while output is running', async () => {
    const request = await scene.granted();
    const browser = await openShell(request);
    type(browser, 'while true; do echo running; done\r');
    await scene.shows(browser, /running\r\nrunning/);
    const revokedAt = performance.now();
    await scene.revoke(request);
    expect(scene.sessions.live.requestIds()).not.toContain(request.id);
    await eventually(() => expect(browser.seen.closed).toBeDefined());
    expect(performance.now() - revokedAt).toBeLessThan(2_000);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.revoked);
    await expect(scene.ticket(request, { pod })).rejects.toThrow();
  });

  it('says in plain words that a container has no shell', async () => {
    const browser = await scene.openTerminal(await scene.granted(), {
      pod: bare,
    });
    await eventually(() => expect(browser.seen.closed).toBeDefined());
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.noShell);
    expect(browser.seen.message('ending')?.message).toContain('no shell');
  });
});
