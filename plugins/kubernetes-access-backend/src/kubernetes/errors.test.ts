import {
  apiErrorFrom,
  isConflict,
  isForbidden,
  isGone,
  isNotFound,
  isUnauthorized,
  KubeConnectionError,
} from './errors';

describe('apiErrorFrom', () => {
  it('says what was called and what Kubernetes says about it', () => {
    const error = apiErrorFrom(
      'GET /api/v1/namespaces/x/pods/y',
      404,
      JSON.stringify({
        kind: 'Status',
        reason: 'NotFound',
        message: 'pods "y" not found',
      }),
    );

    expect(error).toMatchObject({
      name: 'KubeApiError',
      status: 404,
      reason: 'NotFound',
      message: 'GET /api/v1/namespaces/x/pods/y: pods "y" not found',
    });
  });

  it.each([
    '',
    '<html>502 Bad Gateway</html>',
    'null',
    '[]',
    '{"message":"x"}',
  ])(
    'makes do with the status when the body is no word of Kubernetes: %j',
    body => {
      expect(apiErrorFrom('GET /version', 502, body)).toMatchObject({
        status: 502,
        message: 'GET /version: the API server answered with status 502',
      });
    },
  );

  it.each([
    [401, isUnauthorized],
    [403, isForbidden],
    [404, isNotFound],
    [409, isConflict],
    [410, isGone],
  ])('is told apart by its status %d', (status, is) => {
    expect(is(apiErrorFrom('GET /x', status, ''))).toBe(true);
    expect(is(apiErrorFrom('GET /x', 500, ''))).toBe(false);
    expect(is(new KubeConnectionError('GET /x: no answer'))).toBe(false);
    expect(is(undefined)).toBe(false);
  });
});
