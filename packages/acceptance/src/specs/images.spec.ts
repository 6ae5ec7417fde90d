import { expect, test } from '@playwright/test';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { createHash } from 'node:crypto';
import { Person, Shell, until } from '../support';

const MEGABYTE = 1024 * 1024;

test.describe('a shell in every kind of image', () => {
  let ada: Person;
  let olga: Person;
  let sam: Person;

  test.beforeAll(async () => {
    [ada, olga, sam] = await Promise.all([
      Person.signIn('ada'),
      Person.signIn('olga'),
      Person.signIn('sam'),
    ]);
  });
  test.beforeEach(() =>
    Promise.all([ada, olga].map(who => who.endsEverything())),
  );
  test.afterAll(() =>
    Promise.all([ada, olga].map(who => who.endsEverything())),
  );

  test('is not root where the image is not', async () => {
    const shell = await open(ada, olga, 'payments-worker');
    await shell.showsPrompt();
    shell.type('echo "user $(id -u)"\n');
    await shell.shows('user 1000');
    shell.close();
  });

  test('marks its processes with a limit that they cannot raise again', async () => {
    const shell = await open(ada, olga, 'payments-api');
    await shell.showsPrompt();
    shell.type(
      "echo limit $(awk '/file locks/ {print $5}' /proc/self/limits)\n",
    );
    await shell.shows(/limit \d{3,}\r/);
    shell.type('ulimit -Hx unlimited; echo raised $?\n');
    await shell.shows(/raised [1-9]/);
    shell.close();
  });

  test('says in plain words that there is no shell', async () => {
    const shell = await open(ada, olga, 'payments-ledger');
    expect((await shell.isClosed()).code).toBe(4410);
    expect(shell.ending?.message).toContain('no shell');
  });

  test('keeps up with a noisy neighbour in the same pod', async () => {
    const shell = await open(olga, sam, 'storefront-logger');
    await shell.showsPrompt();
    shell.type('echo $((6*7))\n');
    await shell.shows(/^42\r?$/m);
    shell.close();
  });

  test('carries a megabyte in and five out, and loses nothing', async () => {
    const shell = await open(ada, olga, 'payments-api');
    await shell.showsPrompt();
    shell.type(
      `stty raw -echo; echo ready-$((1+1)); head -c ${MEGABYTE} | md5sum; stty sane\n`,
    );
    // What comes before that would be read as a line, which has a limit.
    await shell.shows('ready-2');
    const paste = Buffer.alloc(MEGABYTE, 'pasted text, again and again. ');
    for (let start = 0; start < paste.length; start += 64 * 1024) {
      shell.type(paste.subarray(start, start + 64 * 1024));
    }
    await shell.shows(createHash('md5').update(paste).digest('hex'));

    const before = shell.output.length;
    shell.type(
      `head -c ${5 * MEGABYTE} /dev/zero | tr '\\0' x; echo; echo over\n`,
    );
    await shell.shows(/x\r\nover/);
    expect(
      shell.output.slice(before).match(/x/g)!.length,
    ).toBeGreaterThanOrEqual(5 * MEGABYTE);
    shell.close();
  });

  test('offers no shell in a container while it is crashed', async () => {
    const request = await active(olga, sam, 'storefront-import');
    // The kubelet lets it lie for ten seconds at least before it starts it again.
    const crashed = await until(
      'the container lies crashed',
      async () => {
        const pods = await olga.api.listPods(request.id);
        return pods.find(
          ({ containers }) => containers[0].state === 'CrashLoopBackOff',
        );
      },
      60_000,
    );
    const answer = await olga.send('POST', `/requests/${request.id}/sessions`, {
      namespace: crashed.namespace,
      pod: crashed.name,
      container: crashed.containers[0].name,
      columns: 80,
      rows: 24,
    });
    expect(answer.status).toBe(409);
    expect(answer.body).toContain('is not running');
  });

  async function active(
    requester: Person,
    approver: Person,
    component: string,
  ): Promise<AccessRequestDetail> {
    const request = await requester.ask(component);
    await approver.approve(request);
    return requester.seesPhase(request.id, 'Active');
  }

  async function open(
    requester: Person,
    approver: Person,
    component: string,
  ): Promise<Shell> {
    const request = await active(requester, approver, component);
    return Shell.open(await requester.ticket(request));
  }
});
