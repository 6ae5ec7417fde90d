import { eventually } from '../testUtils/sockets';
import { openSessionHarness } from '../testUtils/sessionHarness';

describe('a session whose browser leaves while its exec is being opened', () => {
  it('is looked for leftovers only when no shell can begin any more', async () => {
    const harness = await openSessionHarness();
    const { reaps, sessions } = harness.stores;
    const request = await harness.activeRequest();
    let open: () => void = () => {};
    let isOpening = false;
    harness.cluster.beforeOpen = () => {
      isOpening = true;
      return new Promise<void>(resolve => {
        open = resolve;
      });
    };
    const { socket } = await harness.connect(await harness.ticketFor(request));
    await eventually(() => isOpening);
    socket.terminate();
    await eventually(() => harness.sessions.live.count() === 0);
    for (let look = 0; look < 50; look++) {
      const [row] = await sessions.listByRequest(request.id);
      expect(row.state).toBe('opening');
    }
    expect(await reaps.listByRequest(request.id)).toEqual([]);

    open();

    const [exec] = harness.execs;
    await eventually(() => exec.arrived.closed !== undefined);
    let state: string = 'opening';
    while (state !== 'closed') {
      [{ state }] = await sessions.listByRequest(request.id);
    }
    expect(await reaps.listByRequest(request.id)).toMatchObject([
      { state: 'waiting' },
    ]);
    await harness.close();
  });
});
