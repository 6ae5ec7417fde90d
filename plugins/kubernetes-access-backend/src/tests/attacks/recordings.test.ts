import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { policyOf } from '../../testUtils/policies';
import { aRequestId } from '../../testUtils/requests';
import { aNewSession } from '../../testUtils/sessions';
import type { Person } from '../../testUtils/TestApi';
import { TestApi } from '../../testUtils/TestApi';

const SECRET = 'the customer list of Acme';

describe('what was recorded', () => {
  let api: TestApi;
  let adas: AccessRequestDetail;
  let sams: AccessRequestDetail;
  let session: string;

  beforeEach(async () => {
    api = await TestApi.start();
    adas = await api.ask();
    sams = await api.ask({}, 'sam');
    session = await record(adas.id);
  });

  afterEach(async () => {
    await api.stop();
  });

  /** A session that closed, with one segment that the trail vouches for. */
  async function record(requestId: string, recorded = true): Promise<string> {
    const { sessions, recordings, audit } = api.stores;
    const id = aRequestId();
    await sessions.create(
      aNewSession({ id, requestId, clusterUid: 'cluster-uid', recorded }),
      { hash: id.padEnd(64, '0'), expiresAt: new Date(0) },
      [],
    );
    const data = gzipSync(
      `{"version":2,"width":80,"height":24}\n[1,"o","${SECRET}"]\n`,
    );
    const digest = createHash('sha256').update(data).digest('hex');
    await recordings.append({ sessionId: id, sequence: 0, data, digest });
    await audit.append([
      {
        eventId: 'recording-segment',
        actor: 'system',
        outcome: 'succeeded',
        requestId,
        meta: { session: id, first: 0, digests: [digest] },
      },
    ]);
    return id;
  }

  const play = (
    person: Person,
    requestId: string = adas.id,
    sessionId: string = session,
  ) =>
    api
      .get(person, `/requests/${requestId}/sessions/${sessionId}/recording`)
      .buffer(true)
      .parse((res, done) => {
        let text = '';
        res.setEncoding('utf8');
        res.on('data', piece => {
          text += piece;
        });
        res.on('end', () => done(null, text));
      });

  it.each(['ada', 'pia', 'kim'] as const)(
    'is given out to %s, whose or for whom it is, and that is on record beforehand',
    async person => {
      const response = await play(person);
      expect(response.status).toBe(200);
      expect(response.headers).toMatchObject({
        'content-type': 'application/x-asciicast; charset=utf-8',
        'cache-control': 'no-store',
        'content-disposition': `attachment; filename="${session}.cast"`,
        'x-content-type-options': 'nosniff',
      });
      expect(response.body).toContain(SECRET);
      expect((await api.stores.audit.read(adas.id)).at(-1)).toMatchObject({
        eventId: 'recording-read',
        actor: `user:default/${person}`,
        outcome: 'succeeded',
        meta: { session, segments: 1, state: 'whole' },
      });
    },
  );

  it('is not given out when that cannot be put on record', async () => {
    jest
      .spyOn(api.stores.audit, 'append')
      .mockRejectedValueOnce(new Error('no room left'));
    const response = await play('ada');
    expect(response.status).toBe(500);
    expect(response.body).not.toContain(SECRET);
  });

  it('is not for approvers, unless that is configured', async () => {
    const refused = await play('olga');
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body).error.message).toBe(
      'What was recorded is for the requester, auditors and admins',
    );
    expect((await api.stores.audit.read(adas.id)).at(-1)).toMatchObject({
      actor: 'user:default/olga',
      outcome: 'refused',
      meta: { action: 'recording-read', reason: 'not-allowed' },
    });
    const { body } = await api.get('olga', `/requests/${adas.id}`);
    expect(body.sessions).toMatchObject([{ recorded: true, playable: false }]);

    await api.stop();
    api = await TestApi.start({
      options: {
        recording: {
          enabled: true,
          maxBytesPerSession: 1_000_000,
          approversMayPlay: true,
        },
      },
    });
    adas = await api.ask();
    session = await record(adas.id);
    expect((await play('olga')).body).toContain(SECRET);
    expect((await play('sam')).status).toBe(404);
  });

  it.each(['sam', 'zoe', 'guest'] as const)(
    'does not exist for %s',
    async person => {
      const there = await play(person);
      const notThere = await play(person, adas.id, aRequestId());
      expect(there.status).toBe(404);
      expect(JSON.parse(there.body).error).toEqual(
        JSON.parse(notThere.body).error,
      );
      expect(there.body).not.toContain(SECRET);
    },
  );

  it('cannot be reached through a request of one’s own', async () => {
    const response = await play('sam', sams.id, session);
    expect(response.status).toBe(404);
    expect(JSON.parse(response.body).error.message).toBe(
      'This request has no such session',
    );
    const own = await record(sams.id);
    expect((await play('sam', adas.id, own)).status).toBe(404);
    expect((await play('sam', sams.id, own)).status).toBe(200);
  });

  it.each([
    ['..%2F..%2F..%2Frequests', '..%2f'],
    ['..%2Frequests', '..%2Frecording'],
    ['%2e%2e', '%2e%2e'],
    ["' OR 1=1 --", "' OR 1=1 --"],
    ['%00', '%00'],
  ])('is not reached by the path %s', async (requestId, sessionId) => {
    for (const [request, of] of [
      [requestId, session],
      [sams.id, sessionId],
      [sams.id, `${session}%00`],
      [sams.id, `..%2F..%2F${adas.id}%2Fsessions%2F${session}`],
    ]) {
      const response = await play('sam', request, of);
      expect([400, 404]).toContain(response.status);
      expect(response.body).not.toContain(SECRET);
    }
  });

  it('is not there where nothing was recorded', async () => {
    const unrecorded = await record(adas.id, false);
    const response = await play('ada', adas.id, unrecorded);
    expect(response.status).toBe(404);
    expect(JSON.parse(response.body).error.message).toBe(
      'This session was not recorded',
    );
  });

  it('is kept back by the permission framework from those who could have it', async () => {
    await api.stop();
    api = await TestApi.start({
      permissions: policyOf(
        ({ permission }) => permission !== 'kubernetes-access.recording.read',
      ),
    });
    adas = await api.ask();
    session = await record(adas.id);
    for (const person of ['ada', 'pia', 'kim'] as const) {
      expect((await play(person)).status).toBe(403);
      const { body } = await api.get(person, `/requests/${adas.id}`);
      expect(body.sessions).toMatchObject([{ playable: false }]);
    }
  });
});
