import fc from 'fast-check';
import { sessionUserAgent } from './userAgent';

const session = { user: 'user:default/ada', requestId: '01r', id: '01s' };

describe('sessionUserAgent', () => {
  it('names user, request and session', () => {
    expect(sessionUserAgent('0.1.0', session)).toBe(
      'kubernetes-access/0.1.0 (user=user:default/ada; request=01r; session=01s)',
    );
  });

  it('is a header whatever the user is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), user => {
        expect(sessionUserAgent('0.1.0', { ...session, user })).toMatch(
          /^[!-~ ]{1,1000}$/,
        );
      }),
    );
  });

  it('cannot be made to name another request', () => {
    const user = 'user:default/ada; request=other)';
    expect(sessionUserAgent('0.1.0', { ...session, user })).toBe(
      'kubernetes-access/0.1.0 (user=user:default/ada%3B%20request%3Dother%29; request=01r; session=01s)',
    );
  });
});
