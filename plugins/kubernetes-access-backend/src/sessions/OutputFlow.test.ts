import { FLOW_CONTROL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import fc from 'fast-check';
import { OutputFlow } from './OutputFlow';

const { high, low, ack } = FLOW_CONTROL;

describe('OutputFlow', () => {
  it('pauses above the high mark and resumes below the low one', () => {
    const flow = new OutputFlow();
    flow.sent(high);
    expect(flow.mustPause(0, true)).toBe(false);
    flow.sent(1);
    expect(flow.mustPause(0, true)).toBe(true);
    flow.acknowledged(high - low, 0);
    expect(flow.mayResume(0, true)).toBe(false);
    flow.acknowledged(2, 0);
    expect(flow.mayResume(0, true)).toBe(true);
  });

  it('does not believe an acknowledgement of what still waits in the socket', () => {
    const flow = new OutputFlow();
    flow.sent(high + 1);
    flow.acknowledged(Number.MAX_SAFE_INTEGER, high + 1);
    expect(flow.mustPause(high + 1, true)).toBe(true);
  });

  it('counts only what waits in the socket while acknowledgements are not heard', () => {
    const flow = new OutputFlow();
    flow.sent(high * 2);
    expect(flow.mustPause(0, false)).toBe(false);
    expect(flow.mayResume(0, false)).toBe(true);
    expect(flow.mustPause(high + 1, false)).toBe(true);
  });

  it('never stays paused for a browser that acknowledges as agreed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 64 * 1024 }), {
          minLength: 50,
          maxLength: 200,
        }),
        sizes => {
          const flow = new OutputFlow();
          let seen = 0;
          for (const size of sizes) {
            flow.sent(size);
            seen += size;
          }
          for (; seen >= ack; seen -= ack) {
            flow.acknowledged(ack, 0);
          }
          expect(flow.mayResume(0, true)).toBe(true);
        },
      ),
    );
  });
});
