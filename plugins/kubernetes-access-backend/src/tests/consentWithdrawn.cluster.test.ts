import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  CLOSE_CODES,
  OWNERS_ANNOTATION,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Clock } from '../controller';
import { SystemClock } from '../controller';
import { RECHECK_MS } from '../sessions/SessionGuard';
import { aComponent } from '../testUtils/catalog';
import { eventually } from '../testUtils/RealCluster';
import { type } from '../testUtils/SessionHost';
import { SessionScene } from '../testUtils/SessionScene';
import { createAuthority } from '../wiring/createAuthority';

/** Names nobody as its owner, unless a test does. */
const NAMESPACE = 'legacy';
const system = new SystemClock();
/** What is looked at each minute is looked at twice a second. */
const hasty: Clock = {
  now: () => system.now(),
  monotonic: () => system.monotonic(),
  schedule: (delayMs, task) =>
    system.schedule(delayMs === RECHECK_MS ? 500 : delayMs, task),
};

jest.setTimeout(240_000);

describe('the consent of a namespace in a real cluster', () => {
  let scene: SessionScene;
  let pod: string;

  beforeAll(async () => {
    scene = await SessionScene.set({
      namespace: NAMESPACE,
      clock: hasty,
      authority: ({ app, clusters, options }) =>
        createAuthority({
          auth: mockServices.auth(),
          catalog: catalogServiceMock({
            entities: [aComponent(app, NAMESPACE, 'payments')],
          }),
          permissions: mockServices.permissions(),
          clusters,
          options,
          clock: hasty,
        }),
    });
    await setOwners('group:default/payments');
    pod = await scene.addPod('shell', scene.cluster.cluster.info.images.shell);
    await scene.untilReady(pod);
  });

  afterAll(async () => {
    try {
      await setOwners(undefined);
    } finally {
      await scene.clear();
    }
  });

  it('ends open terminals when it is withdrawn, says why, and lets no new one open', async () => {
    const request = await scene.granted();
    const browser = await scene.openShell(request, { pod });
    type(browser, 'echo $((6*7))\r');
    await scene.shows(browser, /\r\n42\r\n/);

    await setOwners(undefined);
    await eventually(() => expect(browser.seen.closed).toBeDefined(), 30_000);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.notAllowed);
    expect(browser.seen.message('ending')).toEqual({
      type: 'ending',
      reason: 'notAllowed',
      message: expect.stringContaining(
        `The namespace ${NAMESPACE} does not name group:default/payments as an owner`,
      ),
    });
    await expect(scene.ticket(request, { pod })).rejects.toThrow(
      /does not name/,
    );
  });

  /** Who may open the namespace to others, by the word of the cluster's people. */
  async function setOwners(owners: string | undefined): Promise<void> {
    await scene.cluster.kubectl([
      'annotate',
      'namespace',
      NAMESPACE,
      owners ? `${OWNERS_ANNOTATION}=${owners}` : `${OWNERS_ANNOTATION}-`,
      '--overwrite',
    ]);
  }
});
