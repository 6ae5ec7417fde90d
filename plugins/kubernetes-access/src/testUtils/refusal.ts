const NAMES: Record<number, string> = {
  400: 'InputError',
  401: 'AuthenticationError',
  403: 'NotAllowedError',
  404: 'NotFoundError',
  409: 'ConflictError',
};

/** An error as the API client rejects with when the back end refuses. */
export function refusal(status: number, message: string): Error {
  const name = NAMES[status] ?? 'Error';
  return Object.assign(new Error(`Request failed with ${status} ${name}`), {
    name: 'ResponseError',
    response: { status, statusText: name },
    body: { error: { name, message }, response: { statusCode: status } },
    cause: Object.assign(new Error(message), { name }),
  });
}
