import { CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { openSessionHarness, PLACE } from '../testUtils/sessionHarness';
import type { FakeBrowser } from '../testUtils/SessionHost';
import { actAsTerminal, type } from '../testUtils/SessionHost';
import { eventually } from '../testUtils/sockets';
import { GRACE_BYTES, MAX_REST_MS, WANTED_MS } from './OutputShare';

const FLOOD_BYTES = 4 * GRACE_BYTES;
const FRAME = Buffer.concat([
  Buffer.of(CHANNEL.stdout),
  Buffer.alloc(4096, 'x'),
]);

describe('a terminal that floods', () => {
  let harness: Awaited<ReturnType<typeof openSessionHarness>>;

  beforeEach(async () => {
    harness = await openSessionHarness();
  });

  afterEach(async () => {
    await harness.close();
  });

  async function openTerminal(requester: string) {
    const request = await harness.activeRequest({ requester });
    const ticket = await harness.ticketFor(request, PLACE, requester);
    const browser = await harness.connect(ticket);
    await eventually(() => browser.seen.message('ready') !== undefined);
    actAsTerminal(browser);
    return { browser, exec: harness.execs[harness.execs.length - 1] };
  }

  async function openTwo() {
    const flooding = await openTerminal('user:default/ada');
    const other = await openTerminal('user:default/sam');
    // What was asked to open them is over.
    await harness.clock.advance(WANTED_MS);
    return { flooding, other };
  }

  function flood({ exec }: { exec: { socket: FakeBrowser['socket'] } }): void {
    for (let sent = 0; sent < FLOOD_BYTES; sent += FRAME.length - 1) {
      exec.socket.send(FRAME);
    }
  }

  const shown = ({ browser }: { browser: FakeBrowser }) =>
    browser.seen.channel(CHANNEL.stdout).length;

  /** By then, over loopback, everything would have come that is not held back. */
  async function comesToRest(terminal: { browser: FakeBrowser }) {
    for (let before = -1; before !== shown(terminal); ) {
      before = shown(terminal);
      await new Promise(resolve => setTimeout(resolve, 200));
    }
  }

  it('has all of the host while nobody else wants anything', async () => {
    const { flooding } = await openTwo();
    type(flooding.browser, 'yes\r');
    flood(flooding);
    await eventually(() => shown(flooding) === FLOOD_BYTES);
    expect(harness.execs[0].arrived.channel(CHANNEL.stdin)).toHaveLength(4);
  });

  it.each([
    [
      'Backstage is asked for something',
      async () => {
        await fetch(`http://127.0.0.1:${harness.host.port}/api/catalog`);
      },
    ],
    [
      'somebody types in another terminal',
      async (other: Awaited<ReturnType<typeof openTerminal>>) => {
        type(other.browser, 'l');
        await eventually(
          () => other.exec.arrived.channel(CHANNEL.stdin).length === 1,
        );
      },
    ],
  ])('stands back while %s, and then goes on', async (_, wantSomething) => {
    const { flooding, other } = await openTwo();
    await wantSomething(other);
    flood(flooding);
    await comesToRest(flooding);
    expect(shown(flooding)).toBeGreaterThanOrEqual(GRACE_BYTES);
    expect(shown(flooding)).toBeLessThan(FLOOD_BYTES);

    other.exec.socket.send(FRAME);
    await eventually(() => shown(other) === FRAME.length - 1);

    await harness.clock.advance(MAX_REST_MS);
    await eventually(() => shown(flooding) === FLOOD_BYTES);
  });
});
