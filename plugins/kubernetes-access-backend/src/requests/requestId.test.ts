import fc from 'fast-check';
import { createRequestId, REQUEST_ID_PATTERN } from './requestId';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
const time = fc.nat({ max: 2 ** 48 - 1 });

describe('createRequestId', () => {
  it('has 26 characters that may stand in a name of Kubernetes', () => {
    fc.assert(
      fc.property(time, bytes, (now, random) => {
        expect(createRequestId(now, random)).toMatch(REQUEST_ID_PATTERN);
      }),
    );
  });

  it('sorts by time', () => {
    fc.assert(
      fc.property(time, time, bytes, bytes, (a, b, x, y) => {
        fc.pre(a < b);
        expect(createRequestId(a, x) < createRequestId(b, y)).toBe(true);
      }),
    );
  });

  it('uses every random bit', () => {
    const ids = new Set<string>();
    for (let byte = 0; byte < 10; byte++) {
      for (let bit = 0; bit < 8; bit++) {
        const random = new Uint8Array(10);
        random[byte] = 2 ** bit;
        ids.add(createRequestId(0, random));
      }
    }
    expect(ids.size).toBe(80);
  });
});
