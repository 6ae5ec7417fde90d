import { setImmediate as turn } from 'node:timers/promises';
import { OutputTurn, TURN_BYTES } from './OutputTurn';

describe('OutputTurn', () => {
  let log: string[];
  let output: OutputTurn;

  beforeEach(() => {
    log = [];
    output = new OutputTurn({
      wire: { cork: () => log.push('cork'), uncork: () => log.push('uncork') },
      onSpent: () => log.push('spent'),
      onNext: () => log.push('next'),
    });
  });

  it('writes what comes in one go in one go', async () => {
    output.add(10);
    output.add(10);
    await Promise.resolve();
    await turn();
    output.add(10);
    await turn();
    expect(log).toEqual(['cork', 'uncork', 'cork', 'uncork']);
  });

  it('says once that the turn is spent, and when it is the next one', async () => {
    output.add(TURN_BYTES - 1);
    expect(log).not.toContain('spent');
    output.add(1);
    output.add(1);
    await turn();
    expect(log).toEqual(['cork', 'spent', 'uncork', 'next']);
  });

  it('begins each turn anew', async () => {
    output.add(TURN_BYTES - 1);
    await turn();
    output.add(TURN_BYTES - 1);
    await turn();
    expect(log).not.toContain('spent');
  });
});
