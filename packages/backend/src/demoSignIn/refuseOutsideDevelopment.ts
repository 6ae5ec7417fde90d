import { NotAllowedError } from '@backstage/errors';

/** Whoever can reach this sign-in is anybody they like, so that it must never run where it matters. */
export function refuseOutsideDevelopment(nodeEnv: string | undefined): void {
  if (nodeEnv === 'development') return;

  throw new NotAllowedError(
    `The demo's sign-in lets everybody sign in as anybody and exists only where NODE_ENV is 'development', but it is '${
      nodeEnv ?? 'not set'
    }'. Remove the demoSignIn module from this back end and configure a real auth provider.`,
  );
}
