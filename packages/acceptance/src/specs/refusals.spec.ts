import { expect, test } from '@playwright/test';
import { grantObjectsOf, Person, readDemo, Shell } from '../support';

const STRANGE_ID = '01jhz0000000000000000000zz';

test.describe('what nobody gets', () => {
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
  test.beforeEach(async () => {
    await Promise.all([ada, olga, sam].map(who => who.endsEverything()));
  });
  test.afterAll(async () => {
    await Promise.all([ada, olga, sam].map(who => who.endsEverything()));
  });

  test('an approval of the requester, who sees the request but may not decide', async () => {
    const request = await ada.ask('payments-api');
    const answer = await ada.send('POST', `/requests/${request.id}/approve`, {
      digest: request.digest,
    });
    expect(answer.status).toBe(403);
    expect((await ada.api.getRequest(request.id)).phase).toBe('Pending');
  });

  test('an approval of an owner who asked themselves', async () => {
    const request = await olga.ask('payments-api');
    const answer = await olga.send('POST', `/requests/${request.id}/approve`, {
      digest: request.digest,
    });
    expect(answer.status).toBe(403);
  });

  test('any word of an outsider, for whom the request does not exist', async () => {
    const request = await ada.ask('payments-api');
    const body = { digest: request.digest, comment: 'Let me in.' };
    const unknown = await sam.send('GET', `/requests/${STRANGE_ID}`);
    expect(unknown.status).toBe(404);

    for (const action of ['approve', 'deny']) {
      const answer = await sam.send(
        'POST',
        `/requests/${request.id}/${action}`,
        body,
      );
      expect(answer.status, action).toBe(404);
    }
    for (const action of ['cancel', 'revoke']) {
      const answer = await sam.send(
        'POST',
        `/requests/${request.id}/${action}`,
        {},
      );
      expect(answer.status, action).toBe(404);
    }
    const read = await sam.send('GET', `/requests/${request.id}`);
    expect(read.status).toBe(404);
    expect(read.body).not.toContain(request.reason);
    expect((await ada.api.getRequest(request.id)).phase).toBe('Pending');
  });

  test('a decision on something else than was asked', async () => {
    const request = await ada.ask('payments-api');
    const answer = await olga.send('POST', `/requests/${request.id}/approve`, {
      digest: `sha256:${'0'.repeat(64)}`,
    });
    expect(answer.status).toBe(409);
    expect((await ada.api.getRequest(request.id)).phase).toBe('Pending');
  });

  test('a session under the request of somebody else', async () => {
    const request = await approved();
    const [pod] = await ada.api.listPods(request.id);
    const body = {
      namespace: pod.namespace,
      pod: pod.name,
      container: pod.containers[0].name,
      columns: 80,
      rows: 24,
    };
    expect(
      (await sam.send('POST', `/requests/${request.id}/sessions`, body)).status,
    ).toBe(404);
    expect(
      (await olga.send('POST', `/requests/${request.id}/sessions`, body))
        .status,
    ).toBe(403);
  });

  test('a pod that is not one of the entity', async () => {
    const request = await approved();
    for (const [namespace, pod] of [
      ['payments', 'payments-worker-0'],
      ['storefront', 'storefront-web-0'],
      ['kube-system', 'kube-apiserver'],
      ['payments', '../../secrets'],
    ]) {
      const answer = await ada.send(
        'POST',
        `/requests/${request.id}/sessions`,
        { namespace, pod, container: 'app', columns: 80, rows: 24 },
      );
      expect([400, 404, 403], `${namespace}/${pod}`).toContain(answer.status);
    }
  });

  test('a ticket that was used, guessed, or is for another session', async () => {
    const request = await approved();
    const first = await ada.ticket(request);
    const second = await ada.ticket(request);
    const crossed = { path: second.path, ticket: first.ticket };
    await expectRefused(crossed);
    await expectRefused({ path: first.path, ticket: 'A'.repeat(43) });

    const shell = await Shell.open(first);
    await shell.showsPrompt();
    await expectRefused(first);
    shell.close();
  });

  test('a terminal in a page of another origin', async () => {
    const request = await approved();
    const ticket = await ada.ticket(request);
    await expect(
      Shell.open(ticket, { origin: 'https://evil.example' }),
    ).rejects.toThrow('403');
  });

  test('pods of another team, whatever the catalog file says', async () => {
    const access = await ada.api.getEntityAccess(
      'component:default/sneaky-web',
    );
    expect(access.targets.map(({ problem }) => problem?.code)).toEqual([
      'no-consent',
    ]);
    expect(access.targets[0].pods).toEqual([]);
    await expect(ada.ask('sneaky-web')).rejects.toThrow();
  });

  test('pods in a namespace that consents to nobody', async () => {
    await expect(olga.ask('legacy-batch')).rejects.toThrow();
  });

  test('a request that is nonsense, and is told why', async () => {
    const good = {
      entityRef: 'component:default/payments-api',
      accessLevel: 'exec',
      reason: 'The queue is stuck since the last deploy.',
      durationSeconds: 900,
    };
    for (const [what, body] of Object.entries({
      'too short a reason': { ...good, reason: 'x' },
      'too long a time': { ...good, durationSeconds: 999_999 },
      'part of a second': { ...good, durationSeconds: 0.5 },
      'an unknown level': { ...good, accessLevel: 'root' },
      'somebody else as requester': { ...good, requester: 'user:default/pia' },
      'no entity': { ...good, entityRef: '' },
      'no body': undefined,
    })) {
      const answer = await ada.send('POST', '/requests', body);
      expect(answer.status, what).toBe(400);
    }
  });

  test('anything without signing in', async () => {
    const { url } = readDemo();
    for (const path of ['/counts', '/requests?scope=all']) {
      const response = await fetch(`${url}/api/kubernetes-access${path}`);
      expect(response.status, path).toBe(401);
    }
  });

  async function approved() {
    const request = await ada.ask('payments-api');
    await olga.approve(request);
    const active = await ada.seesPhase(request.id, 'Active');
    expect(await grantObjectsOf(request.id)).toHaveLength(3);
    return active;
  }

  /** Refused before or right after the upgrade; no shell either way. */
  async function expectRefused(ticket: { path: string; ticket: string }) {
    const outcome = await Shell.open(ticket).then(
      async shell => (await shell.isClosed()).code,
      error => String(error),
    );
    expect(String(outcome)).toMatch(/4401|40[134]/);
  }
});
