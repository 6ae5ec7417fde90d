import { eventually } from '../../testUtils/RealCluster';
import { ChaosStage } from '../../testUtils/chaos/ChaosStage';
import type { ApiCall, Match } from '../../testUtils/chaos/faults';

jest.setTimeout(240_000);

/** What a request's life changes in the cluster, in the order of the life, and its terminals. */
const STEPS: Array<{ step: string; match: Match }> = [
  {
    step: 'the AccessRequest is made',
    match: { method: 'POST', path: /\/accessrequests$/ },
  },
  {
    step: 'the ServiceAccount is made',
    match: { method: 'POST', path: /\/serviceaccounts$/ },
  },
  { step: 'the Role is made', match: { method: 'POST', path: /\/roles$/ } },
  {
    step: 'the RoleBinding is made',
    match: { method: 'POST', path: /\/rolebindings$/ },
  },
  {
    step: 'the status is written first',
    match: { method: 'PATCH', path: /\/accessrequests\/[^/]+\/status$/ },
  },
  {
    step: 'the token is made',
    match: { method: 'POST', path: /\/serviceaccounts\/[^/]+\/token$/ },
  },
  {
    step: 'the terminal is opened',
    match: { path: /\/exec$/, upgrade: true },
  },
  {
    step: 'the RoleBinding is deleted',
    match: { method: 'DELETE', path: /\/rolebindings\/[^/]+$/ },
  },
  {
    step: 'the processes are ended',
    match: { path: /\/exec$/, upgrade: true, nth: 2 },
  },
  {
    step: 'the Role is deleted',
    match: { method: 'DELETE', path: /\/roles\/[^/]+$/ },
  },
  {
    step: 'the ServiceAccount is deleted',
    match: { method: 'DELETE', path: /\/serviceaccounts\/[^/]+$/ },
  },
  {
    step: 'the status is written again',
    match: {
      method: 'PATCH',
      path: /\/accessrequests\/[^/]+\/status$/,
      nth: 2,
    },
  },
  {
    step: 'the AccessRequest is let go',
    match: { method: 'PATCH', path: /\/accessrequests\/[^/]+$/ },
  },
];

const isOfALife = ({ method, isUpgrade, path }: ApiCall) =>
  (method !== 'GET' || isUpgrade) && !/\/leases(\/|$)|selfsubject/.test(path);

describe('a back end that is killed', () => {
  let stage: ChaosStage;

  beforeAll(async () => {
    stage = await ChaosStage.start();
  });

  afterEach(() => stage?.proxy.clear());

  afterAll(async () => {
    await stage?.close();
  });

  /** From asking to the last object gone, as people live it who try again when the page says so. */
  async function life(): Promise<void> {
    const { id } = await stage.active();
    await stage.open(id);
    await stage.revoke(id);
    const { phase } = await stage.untilRemoved(id);
    expect(phase).toBe('Revoked');
  }

  it('would otherwise live a life of exactly these steps', async () => {
    stage.proxy.calls.length = 0;
    await life();
    const unknown = stage.proxy.calls
      .filter(isOfALife)
      .filter(
        ({ method, path, isUpgrade }) =>
          !STEPS.some(
            ({ match }) =>
              match.path?.test(path) &&
              (match.upgrade ? isUpgrade : match.method === method),
          ),
      );
    expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  it.each(STEPS)(
    'just before $step leaves nothing that the next one does not finish',
    async ({ match }) => {
      const rule = stage.proxy.when(
        { nth: 1, ...match },
        { kind: 'instead', run: () => stage.crash() },
      );
      await life();
      await eventually(() => expect(rule.hits).toBe(1));
      await stage.expectNoViolations();
    },
  );

  it.each(STEPS)(
    'just after $step leaves nothing that the next one does not finish',
    async ({ match }) => {
      const rule = stage.proxy.when(
        { nth: 1, ...match },
        { kind: 'after', run: () => stage.crash() },
      );
      await life();
      await eventually(() => expect(rule.hits).toBe(1));
      await stage.expectNoViolations();
    },
  );

  it('has left no session open on record, no object, and no complaint of an unhandled error', async () => {
    expect(await stage.settle()).toBe('sound');
  });
});
