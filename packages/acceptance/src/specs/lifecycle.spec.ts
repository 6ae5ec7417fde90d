import { expect, test } from '@playwright/test';
import {
  grantObjectsOf,
  inCluster,
  Person,
  podsOf,
  podsReachedBy,
  Shell,
  until,
} from '../support';

test.describe('the life of a grant', () => {
  let ada: Person;
  let olga: Person;
  let omar: Person;
  let pia: Person;

  test.beforeAll(async () => {
    [ada, olga, omar, pia] = await Promise.all([
      Person.signIn('ada'),
      Person.signIn('olga'),
      Person.signIn('omar'),
      Person.signIn('pia'),
    ]);
  });
  test.beforeEach(() => ada.endsEverything());
  test.afterAll(() => ada.endsEverything());

  test('makes nothing before it is approved', async () => {
    const request = await ada.ask('payments-api');
    expect(await grantObjectsOf(request.id)).toEqual([]);
    const answer = await ada.send('GET', `/requests/${request.id}/pods`);
    expect(answer.body).not.toContain('"token"');
  });

  test('reaches exactly the pods of the entity and no other', async () => {
    const request = await approved('payments-api');
    expect(await podsReachedBy(request.id, 'payments')).toEqual(
      await podsOf('payments-api', 'payments'),
    );
    const rights = await inCluster(
      'auth',
      'can-i',
      '--list',
      '--namespace',
      'payments',
      '--as',
      await serviceAccountOf(request.id),
    );
    expect(rights).toContain('pods/exec');
    expect(rights).not.toContain('secrets');
    expect(rights).not.toContain('payments-worker');
  });

  test('is denied with a reason that the requester reads', async () => {
    const request = await ada.ask('payments-api');
    await omar.api.denyRequest(request.id, {
      digest: request.digest,
      comment: 'Use staging.',
    });
    expect(await ada.api.getRequest(request.id)).toMatchObject({
      phase: 'Denied',
      endedBy: 'user:default/omar',
      endComment: 'Use staging.',
    });
    expect(await grantObjectsOf(request.id)).toEqual([]);
  });

  test('takes the decision of whoever is first and tells the other who it was', async () => {
    const request = await ada.ask('payments-api');
    await olga.approve(request);
    const late = await omar.send('POST', `/requests/${request.id}/deny`, {
      digest: request.digest,
      comment: 'Rather not.',
    });
    expect(late.status).toBe(409);
    expect(late.body.toLowerCase()).toContain('olga');
  });

  test('ends when the requester withdraws, before and after the approval', async () => {
    const pending = await ada.ask('payments-api');
    await ada.api.cancelRequest(pending.id);
    expect((await ada.api.getRequest(pending.id)).phase).toBe('Cancelled');

    const active = await approved('payments-api');
    await ada.api.cancelRequest(active.id);
    await ada.seesRemoved(active.id);
    expect(await grantObjectsOf(active.id)).toEqual([]);
  });

  test('ends at once when an approver revokes it while output is running', async () => {
    const request = await approved('payments-api');
    const shell = await Shell.open(await ada.ticket(request, 'app'));
    await shell.showsPrompt();
    shell.type('while true; do date; done\n');
    await shell.shows(/\d\d:\d\d:\d\d/);

    await omar.api.revokeRequest(request.id, { comment: 'That is enough.' });
    expect((await shell.isClosed(10_000)).code).toBe(4403);
    await ada.seesRemoved(request.id);
    expect(await grantObjectsOf(request.id)).toEqual([]);
    expect(await ada.api.getRequest(request.id)).toMatchObject({
      phase: 'Revoked',
      endedBy: 'user:default/omar',
    });
  });

  test('can be ended by an administrator, who may not approve', async () => {
    const request = await ada.ask('payments-api');
    const answer = await pia.send('POST', `/requests/${request.id}/approve`, {
      digest: request.digest,
    });
    expect(answer.status).toBe(403);
    await pia.api.revokeRequest(request.id, { comment: 'Freeze.' });
    expect((await ada.api.getRequest(request.id)).phase).toBe('Revoked');
  });

  test('expires on time, cuts the terminal and is taken back', async () => {
    const request = await approved('payments-api', { durationSeconds: 10 });
    const shell = await Shell.open(await ada.ticket(request, 'app'));
    await shell.showsPrompt();

    const { code } = await shell.isClosed();
    expect(code).toBe(4408);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(request.expiresAt!));
    const [pod] = await podsOf('payments-api', 'payments');
    const late = await ada.send('POST', `/requests/${request.id}/sessions`, {
      namespace: 'payments',
      pod,
      container: 'app',
      columns: 80,
      rows: 24,
    });
    expect(late.status).toBe(409);
    expect((await ada.seesRemoved(request.id)).phase).toBe('Expired');
    expect(await grantObjectsOf(request.id)).toEqual([]);
  });

  test('follows the pods through a rollout', async () => {
    const request = await approved('payments-api');
    const before = await podsOf('payments-api', 'payments');
    await inCluster(
      'rollout',
      'restart',
      'deployment/payments-api',
      '--namespace',
      'payments',
    );
    await inCluster(
      'rollout',
      'status',
      'deployment/payments-api',
      '--namespace',
      'payments',
      '--timeout=60s',
    );
    const after = await until('only new pods are left', async () => {
      const pods = await podsOf('payments-api', 'payments');
      return pods.some(pod => before.includes(pod)) ? undefined : pods;
    });
    await until('the grant reaches the new pods and only them', async () =>
      String(await podsReachedBy(request.id, 'payments')) === String(after)
        ? true
        : undefined,
    );
    const shell = await Shell.open(await ada.ticket(request, 'app'));
    await shell.showsPrompt();
    shell.type('echo $((6*7))\n');
    await shell.shows(/^42\r?$/m);
    shell.close();
  });

  test('ends when its resource is deleted in the cluster', async () => {
    const request = await approved('payments-api');
    await inCluster('delete', 'accessrequest', `ar-${request.id}`);
    const ended = await ada.seesRemoved(request.id);
    expect(ended).toMatchObject({ phase: 'Revoked', endReason: 'deleted' });
    expect(await grantObjectsOf(request.id)).toEqual([]);
  });

  test('leaves an image in the cluster that tells administrators who is in', async () => {
    const request = await approved('payments-api');
    const table = await until('the resource says Active', async () => {
      const output = await inCluster('get', 'accessrequests');
      return output
        .split('\n')
        .find(line => line.includes(request.id) && line.includes('Active'));
    });
    expect(table).toContain('user:default/ada');
  });

  async function approved(component: string, overrides = {}) {
    const request = await ada.ask(component, overrides);
    await olga.approve(request);
    return ada.seesPhase(request.id, 'Active');
  }

  async function serviceAccountOf(requestId: string): Promise<string> {
    const name = (await grantObjectsOf(requestId))
      .find(object => object.startsWith('serviceaccount/'))!
      .split('/')[1];
    return `system:serviceaccount:kubernetes-access-grants:${name}`;
  }
});
