import type { Person } from '../../testUtils/TestApi';
import { anAsk, TestApi } from '../../testUtils/TestApi';

/** An id as one that was never given. */
const NEVER_GIVEN = '01kf0000000000000000000000';

describe.each<Person>(['zoe', 'sam', 'guest'])(
  'for %s, a request of somebody else',
  person => {
    let api: TestApi;

    beforeEach(async () => {
      api = await TestApi.start();
    });

    afterEach(async () => {
      await api.stop();
    });

    /** Everything that one can find out without knowing of it. */
    async function findOut() {
      const answers = [
        api.get(person, '/requests?scope=all'),
        api.get(person, '/requests?scope=mine'),
        api.get(person, '/requests?scope=to-decide'),
        api.get(
          person,
          '/requests?scope=all&entityRef=component%3Adefault%2Fpayments-api',
        ),
        api.get(person, '/requests?scope=all&open=true&limit=1'),
        api.get(
          person,
          '/requests?scope=all&cursor=7zzzzzzzzzzzzzzzzzzzzzzzzz',
        ),
        api.get(person, '/counts'),
        api.get(person, '/entities/component/default/payments-api/access'),
        api.get(person, '/audit/events'),
        api.get(person, '/audit/verification'),
      ];
      const found = [];
      for (const answer of answers) {
        const { status, body } = await answer;
        found.push({ status, body });
      }
      return found;
    }

    /** What comes of every way to touch a request. */
    async function touch(id: string, digest: string) {
      const place = {
        namespace: 'payments',
        pod: 'payments-api-1',
        container: 'api',
        columns: 80,
        rows: 24,
      };
      const answers = [
        api.get(person, `/requests/${id}`),
        api.get(person, `/requests/${id}/pods`),
        api.post(person, `/requests/${id}/approve`, { digest }),
        api.post(person, `/requests/${id}/deny`, { digest, comment: 'No.' }),
        api.post(person, `/requests/${id}/cancel`),
        api.post(person, `/requests/${id}/revoke`),
        api.post(person, `/requests/${id}/sessions`, place),
        api.post(person, `/requests/${id}/sessions`, { ...place, columns: 0 }),
        api.post(person, `/requests/${id}/approve`, { digest: 1 }),
        api.get(person, `/audit/events?chain=${id}`),
      ];
      const found = [];
      for (const answer of answers) {
        const { status, body, headers } = await answer;
        found.push({
          status,
          message: body.error.message.replaceAll(id, '<id>'),
          error: Object.keys(body.error),
          headers: Object.keys(headers),
        });
      }
      return found;
    }

    it('changes nothing that they can see', async () => {
      const before = await findOut();
      const asked = await api.ask({}, 'ada');
      await api.approve('olga', asked);
      await api.grant(asked.id);
      await api.ask({}, 'olga');
      expect(await findOut()).toEqual(before);
    });

    it('looks like one that there never was, whatever they try', async () => {
      const asked = await api.ask();
      const there = await touch(asked.id, asked.digest);
      expect(there).toEqual(await touch(NEVER_GIVEN, asked.digest));
      expect(new Set(there.map(({ status }) => status))).toEqual(
        new Set([400, 404]),
      );
    });

    it('costs as little to be refused as one that there never was: no cluster is asked', async () => {
      const asked = await api.ask();
      await api.approve('olga', asked);
      await api.grant(asked.id);
      const calls = jest.spyOn(api.cluster, 'list');
      const reads = jest.spyOn(api.cluster, 'get');
      await touch(asked.id, asked.digest);
      expect([...calls.mock.calls, ...reads.mock.calls]).toEqual([]);
    });

    it('does not stand in the way of asking, with whatever key', async () => {
      const key = { 'Idempotency-Key': 'key' };
      const alone = await api.post(person, '/requests', anAsk()).set(key);
      await api.stop();
      api = await TestApi.start();
      await api.post('ada', '/requests', anAsk()).set(key);
      const beside = await api.post(person, '/requests', anAsk()).set(key);
      expect([beside.status, beside.body.error?.message]).toEqual([
        alone.status,
        alone.body.error?.message,
      ]);
    });
  },
);
