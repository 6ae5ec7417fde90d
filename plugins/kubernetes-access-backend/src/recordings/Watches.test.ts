import { ManualClock } from '../testUtils/ManualClock';
import { Watches } from './Watches';

describe('Watches', () => {
  const clock = new ManualClock();

  it('sends everybody away when the process ends', async () => {
    const watches = new Watches({ clock });
    const isOpen = jest.fn().mockResolvedValue(true);
    const rounds = watches.rounds({ isOpen, mayStill: async () => {} });
    const first = rounds.next();
    await clock.advance(500);
    expect(await first).toEqual({ done: false, value: true });

    const second = rounds.next();
    watches.stop();
    await second;
    expect(await rounds.next()).toEqual({ done: true, value: undefined });
    expect(clock.pending).toBe(0);
    const late = watches.rounds({ isOpen, mayStill: async () => {} });
    expect(await late.next()).toEqual({ done: true, value: undefined });
  });
});
