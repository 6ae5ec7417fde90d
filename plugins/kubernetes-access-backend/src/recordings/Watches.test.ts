import { ManualClock } from '../testUtils/ManualClock';
import { Watches } from './Watches';

describe('Watches', () => {
  let clock: ManualClock;
  let watches: Watches;
  const isOpen = async () => true;
  const mayStill = jest.fn();

  beforeEach(() => {
    clock = new ManualClock();
    watches = new Watches({ clock });
    mayStill.mockReset().mockResolvedValue(undefined);
  });

  it('asks again for the right to look after five seconds, and not before', async () => {
    const watch = watches.begin({ isOpen, mayStill });
    await clock.advance(4_900);
    await watch.mayGoOn();
    expect(mayStill).not.toHaveBeenCalled();
    await clock.advance(200);
    await watch.mayGoOn();
    await watch.mayGoOn();
    expect(mayStill).toHaveBeenCalledTimes(1);
  });

  it('lets nobody go on who may no longer, however little time they take', async () => {
    const watch = watches.begin({ isOpen, mayStill });
    mayStill.mockRejectedValue(new Error('not for you'));
    await clock.advance(5_000);
    await expect(watch.mayGoOn()).rejects.toThrow('not for you');
    await expect(watch.mayGoOn()).rejects.toThrow('not for you');
  });

  it('sends everybody away when the process ends', async () => {
    const watch = watches.begin({ isOpen, mayStill });
    const first = watch.nextRound();
    await clock.advance(500);
    expect(await first).toBe('open');

    const second = watch.nextRound();
    watches.stop();
    expect(await second).toBe('over');
    expect(clock.pending).toBe(0);
    expect(await watches.begin({ isOpen, mayStill }).mayGoOn()).toBe(false);
  });
});
